"""A folder for sockets and everybody around them."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from device_check.workers.conf import WorkersConf
from tests.device_check.workers.party import Held, Party, conf_in, folder_for_sockets


@pytest.fixture
def sockets() -> Iterator[Path]:
    with folder_for_sockets() as folder:
        yield folder


@pytest.fixture
def conf(sockets: Path) -> WorkersConf:
    return conf_in(sockets)


@pytest.fixture
def party(conf: WorkersConf) -> Iterator[Party]:
    """Nobody has been started yet."""
    party = Party(conf)
    yield party
    party.end()


@pytest.fixture(scope="module")
def _shared_party() -> Iterator[Party]:
    with folder_for_sockets() as folder:
        party = Party(conf_in(folder))
        party.start_broker()
        party.start_worker(count=2)
        yield party
        party.end()


@pytest.fixture
def at_work(_shared_party: Party) -> Party:
    """A broker and two workers, all ready; shared, so leave them alive."""
    _shared_party.wait_until_free(2)
    return _shared_party


@pytest.fixture
def held(tmp_path: Path) -> Held:
    return Held(tmp_path)


@pytest.fixture
def callers() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(50) as threads:
        yield threads
