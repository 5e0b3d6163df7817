"""Configuration of the server processes that tests/harness/http.py starts."""

import os
from typing import Any

reuse_port = True
worker_class = os.environ["TEST_SERVER_WORKER_CLASS"]
workers = 1
threads = int(os.environ["TEST_SERVER_THREADS"])
timeout = 120
graceful_timeout = 5


def post_worker_init(worker: Any) -> None:
    os.write(int(os.environ["TEST_SERVER_READY"]), b".")
