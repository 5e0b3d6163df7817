"""The room of a reception: coming in, signalling, messages, documents, the end.

Above booking: rooms may do what booking offers, booking knows no room.
Others call admitting, conversation, documents, ending, entering, events, inviting, presence,
signalling, signing, switching, trials.
Tests: tests/services/rooms, tests/web/room.
"""
