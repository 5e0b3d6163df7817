"""A real Dovecot: mailboxes made over doveadm's HTTP API, LMTP in, IMAP out."""

import imaplib
import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import default
from getpass import getuser
from pathlib import Path
from tempfile import mkdtemp
from time import monotonic, sleep

DOMAIN = "mail.example"
PASSWORD = "only-for-tests"
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Dovecot:
    """A running server; every address of DOMAIN is a user, whose mailbox is made when asked for."""

    host: str
    lmtp_port: int
    imap_port: int
    http_port: int
    key: str
    mail: Path

    @property
    def options(self) -> dict[str, object]:
        """Options of the provider."""
        return {
            "domain": DOMAIN,
            "doveadm_url": f"http://{self.host}:{self.http_port}/doveadm/v1",
            "doveadm_key": self.key,
            "lmtp_host": self.host,
            "lmtp_port": self.lmtp_port,
            "allow_http": True,
        }

    def has(self, address: str) -> bool:
        """Whether the mailbox was made."""
        return (self.mail / address).exists()

    def read(self, address: str) -> list[EmailMessage]:
        """What lies in the mailbox, as its owner reads it."""
        with imaplib.IMAP4(self.host, self.imap_port, timeout=60) as imap:
            imap.login(address, PASSWORD)
            imap.select(readonly=True)
            messages = []
            for number in imap.search(None, "ALL")[1][0].split():
                answer = imap.fetch(number.decode(), "(RFC822)")[1][0]
                assert isinstance(answer, tuple)
                message = BytesParser(policy=default).parsebytes(answer[1])
                assert isinstance(message, EmailMessage)
                messages.append(message)
            return messages


@contextmanager
def dovecot() -> Iterator[Dovecot]:
    """Serves on free ports of 127.0.0.1 until the end of the block."""
    folder = Path(mkdtemp(prefix="dovecot-"))
    folder.chmod(0o755)
    (folder / "mail").mkdir()
    (folder / "mail").chmod(0o777)
    ports = _free_ports(3)
    server = Dovecot("127.0.0.1", *ports, secrets.token_hex(16), folder / "mail")
    (folder / "dovecot.conf").write_text(_configuration(server, folder))
    command = [shutil.which("dovecot") or "/usr/sbin/dovecot", "-F", "-c", folder / "dovecot.conf"]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            for port in ports:
                _wait_for(port, process, folder / "log")
            yield server
        finally:
            process.terminate()
            process.wait(60)
            shutil.rmtree(folder, ignore_errors=True)


def _free_ports(count: int) -> list[int]:
    """Different ones: all are open until the last is found."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for item in sockets:
            item.bind(("127.0.0.1", 0))
        return [item.getsockname()[1] for item in sockets]


def _wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + SECONDS_TO_START
    while monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        sleep(0.05)
    raise AssertionError(f"Dovecot did not start: {log.read_text() if log.exists() else 'no log'}")


def _configuration(server: Dovecot, folder: Path) -> str:
    """As root, Dovecot takes other users for its parts; as anybody else it stays that one."""
    is_root = os.geteuid() == 0
    internal, login = ("dovecot", "dovenull") if is_root else (getuser(), getuser())
    owner = "uid=nobody gid=nogroup" if is_root else f"uid={os.geteuid()} gid={os.getegid()}"
    return f"""
base_dir = {folder}/run
state_dir = {folder}/run
log_path = {folder}/log
protocols = imap lmtp
listen = {server.host}
ssl = no
disable_plaintext_auth = no
default_internal_user = {internal}
default_internal_group = {internal if is_root else ""}
default_login_user = {login}
first_valid_uid = 1
mail_privileged_group =
mail_location = maildir:{server.mail}/%u
doveadm_api_key = {server.key}
passdb {{
  driver = static
  args = password={PASSWORD}
}}
userdb {{
  driver = static
  args = {owner} home={server.mail}/%u allow_all_users=yes
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {server.imap_port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = {server.host}
    port = {server.lmtp_port}
  }}
}}
service doveadm {{
  inet_listener http {{
    address = {server.host}
    port = {server.http_port}
  }}
}}
"""
