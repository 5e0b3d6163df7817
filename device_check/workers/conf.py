"""Where broker, workers and clients find each other, and how much they may use."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import Final

from integrations.common.options import whole, wrong_fields

_MAX_SOCKET_PATH: Final = 100
_MEGABYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class WorkersConf:
    """The broker that hands analyses to workers; without an endpoint they run in the process."""

    endpoint: str = ""
    """Where clients find the broker: "ipc:///run/portal/check.sock" or "tcp://10.0.0.5:5570"."""
    workers_endpoint: str = ""
    """Where workers find it; needed for TCP, next to the clients' socket otherwise."""
    deadline_seconds: int = field(default=5, metadata=whole(1, 60))
    """How long a client waits for its result."""
    queue: int = field(default=20, metadata=whole(1, 1000))
    """Jobs that may wait for a worker; further ones are refused at once."""
    job_seconds: int = field(default=4, metadata=whole(1, 60))
    """How long one analysis may take before its process is ended."""
    memory_mb: int = field(default=512, metadata=whole(64, 4096))
    """Address space that the analyses of one worker may use beyond what the libraries take."""
    keys: str = ""
    """Folder of the CURVE keys; needed for TCP."""

    @property
    def back(self) -> str:
        """Where workers find the broker, also when it is not set."""
        if self.workers_endpoint or not is_local(self.endpoint):
            return self.workers_endpoint
        return f"{self.endpoint}.workers"

    @property
    def memory_bytes(self) -> int:
        return self.memory_mb * _MEGABYTE

    def problems(self) -> list[str]:
        """Return what is wrong, each with the name of its key; nothing when there are no workers."""
        if not self.endpoint:
            return []
        found = [*_endpoint_problems("ENDPOINT", self.endpoint)]
        if self.back:
            found += _endpoint_problems("WORKERS_ENDPOINT", self.back)
        else:
            found.append("WORKERS_ENDPOINT is needed when ENDPOINT is TCP.")
        if self.back == self.endpoint:
            found.append("WORKERS_ENDPOINT must differ from ENDPOINT.")
        if not self.keys and not (is_local(self.endpoint) and is_local(self.back)):
            found.append("KEYS is needed for TCP.")
        found += [f"{name.upper()} {wanted}." for name, wanted in wrong_fields(self).items()]
        return found


def is_local(endpoint: str) -> bool:
    """Return whether the endpoint is a socket in the file system, which its folder protects."""
    return endpoint.startswith("ipc://")


def _endpoint_problems(name: str, endpoint: str) -> list[str]:
    if is_local(endpoint):
        path = endpoint.removeprefix("ipc://")
        if not path.startswith("/"):
            return [f"{name} needs an absolute path: ipc:///run/portal/check.sock."]
        if len(os.fsencode(path)) > _MAX_SOCKET_PATH:
            return [f"{name} is longer than a socket's path may be ({_MAX_SOCKET_PATH})."]
        return []
    host, _, port = endpoint.removeprefix("tcp://").rpartition(":")
    if not endpoint.startswith("tcp://") or not host or not port.isdecimal():
        return [f"{name} must look like ipc:///run/portal/check.sock or tcp://10.0.0.5:5570."]
    return []
