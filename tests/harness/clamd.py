"""A real clamd with signatures of its own: it knows EICAR's test file and nothing else."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from getpass import getuser
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

SECONDS_TO_START = 60
STREAM_BYTES = 6 * 1024 * 1024
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
"""The text that every scanner takes for a virus, and that harms nobody: www.eicar.org."""
FINDING = "Eicar-Test-Signature.UNOFFICIAL"
BACKEND = "integrations.antivirus.clamd.Clamd"


@dataclass(frozen=True)
class Daemon:
    """A running daemon, by both its sockets."""

    path: Path
    port: int
    process: subprocess.Popen[bytes]

    @property
    def options(self) -> dict[str, object]:
        """Options of the provider, over the Unix socket."""
        return {"socket": str(self.path)}

    @property
    def tcp_options(self) -> dict[str, object]:
        return {"host": "127.0.0.1", "port": self.port}

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Lets the kernel take connections that the daemon does not answer."""
        self.process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self.process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(60)


@contextmanager
def clamd(*, stream_bytes: int = STREAM_BYTES) -> Iterator[Daemon]:
    """Serves on a socket and a free port of 127.0.0.1 until the end of the block."""
    folder = Path(mkdtemp(prefix="clamd-"))
    (folder / "signatures").mkdir()
    # Name, any kind of file, anywhere in it.
    (folder / "signatures" / "eicar.ndb").write_text(f"Eicar-Test-Signature:0:*:{EICAR.hex()}\n")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    (folder / "clamd.conf").write_text(
        f"""
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/socket
TCPAddr 127.0.0.1
TCPSocket {port}
LogFile {folder}/log
Foreground yes
User {getuser()}
StreamMaxLength {stream_bytes}
"""
    )
    command = [shutil.which("clamd") or "/usr/sbin/clamd", "-c", str(folder / "clamd.conf")]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            _wait_for(folder / "socket", process, folder / "log")
            yield Daemon(folder / "socket", port, process)
        finally:
            process.kill()
            process.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


def _wait_for(path: Path, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while monotonic() < deadline and process.poll() is None:
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(path)) == 0:
                return
        sleep(0.05)
    raise AssertionError(f"clamd did not start: {log.read_text() if log.exists() else 'no log'}")


Scan = Callable[..., None]
