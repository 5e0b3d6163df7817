"""Checks the camera and the microphone of a workplace unattended and reports to the portal.

Runs without Django: `python -m device_check.agent`. Pictures and sound never leave the workplace.
"""

VERSION = "1.0"
