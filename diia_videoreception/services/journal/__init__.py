"""What was done by whom: `record` writes a row in the act's transaction, `sealing` chains the rows.

The acts are those of `models.journal.JournalAct`; each is written somewhere in services, by `record`
alone. That staff looked at a case, which is no act, `looking` writes and seals. Touches the tables of
journal and looks only.
Others call record, record_look, record_help, sealing, looking.
Tests: tests/services/test_journal.py, tests/services/test_looking.py, tests/housekeeping/test_sealing.py.
"""

from diia_videoreception.services.journal.looking import record_help, record_look
from diia_videoreception.services.journal.recording import record

__all__ = ["record", "record_help", "record_look"]
