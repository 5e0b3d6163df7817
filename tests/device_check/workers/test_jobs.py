"""Jobs of the broker are told apart as such, not by what they carry."""

from device_check.workers.broker import _Job
from integrations.zmq import Message


def test_job__is_equal_to_itself_only() -> None:
    """One is looked for among those that wait: by content that would compare megabytes."""
    first, second = (_Job(b"a", "1", Message({}, (b"\xff" * 10,)), 1.0, "x") for _ in range(2))
    assert first != second
    assert [first, second].index(second) == 1
