"""OpenCV, set up for files from strangers: everything here takes `cv2` from this module."""

from __future__ import annotations

import os
from typing import Final

MAX_PIXELS: Final = 4_194_304

# Read once, when cv2 is loaded. A second line of defence: headers are checked before decoding.
os.environ.setdefault("OPENCV_IO_MAX_IMAGE_PIXELS", str(MAX_PIXELS))

import cv2  # noqa: E402

# Many analyses run side by side, each in its own process: threads would only fight for cores.
cv2.setNumThreads(1)
# Damaged files are reported by exceptions, not by lines on standard error.
cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)

__all__ = ["MAX_PIXELS", "cv2"]
