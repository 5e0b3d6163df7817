"""What was done by whom: `record` writes a row in the act's transaction, `sealing` chains the rows.

The acts are those of `models.journal.JournalAct`; each is written somewhere in services, by `record`
alone. Touches the journal's own table only.
Others call record, sealing.
Tests: tests/services/test_journal.py, tests/housekeeping/test_sealing.py.
"""

from diia_videoreception.services.journal.recording import record

__all__ = ["record"]
