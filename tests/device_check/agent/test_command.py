"""The portal's key, and what `device_check_reports` says when it is not set up."""

import stat
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from device_check.reports import KEY_FILE, portal_address

ENDPOINT = "tcp://127.0.0.1:5571"


def run(*arguments: str) -> str:
    output = StringIO()
    call_command("device_check_reports", *arguments, stdout=output, skip_checks=True)
    return output.getvalue()


def test_generate_key__once(settings: Any, tmp_path: Path) -> None:
    settings.DEVICE_CHECK = {"REPORTS": {"ENDPOINT": ENDPOINT, "KEYS": str(tmp_path)}}

    printed = run("--generate-key")
    secret = (tmp_path / KEY_FILE).read_text()

    assert stat.S_IMODE((tmp_path / KEY_FILE).stat().st_mode) == 0o600
    assert secret.strip() not in printed
    assert portal_address().server_key in printed
    assert portal_address().endpoint == ENDPOINT
    with pytest.raises(CommandError, match=f"{tmp_path}/{KEY_FILE}: "):
        run("--generate-key")
    assert (tmp_path / KEY_FILE).read_text() == secret


def test_not_set_up__is_named(settings: Any, tmp_path: Path) -> None:
    for reports, named in (
        ({}, "KEYS"),
        ({"KEYS": str(tmp_path)}, KEY_FILE),
        ({"KEYS": str(tmp_path / "missing")}, "missing"),
    ):
        settings.DEVICE_CHECK = {"REPORTS": reports}
        with pytest.raises(CommandError, match=named):
            run()
    settings.DEVICE_CHECK = {"REPORTS": {"KEYS": str(tmp_path)}}
    run("--generate-key")
    with pytest.raises(CommandError, match="ENDPOINT"):
        run()
    settings.DEVICE_CHECK = {"REPORTS": {"KEYS": str(tmp_path), "ENDPOINT": "tcp://256.1.1.1:x"}}
    with pytest.raises(CommandError, match=r"256\.1\.1\.1"):
        run()
