"""The outside world: signatures, identity, conference, mail, messages and events."""
