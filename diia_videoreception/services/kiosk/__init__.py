"""Self-service workplaces: the browser that is paired with a place, and the visitor who is at it.

Writes the pairing and the visits of places, ends what a visitor had signed in to, and keeps nothing of what
visitors enter. Order of locks: centre where staff act, then the browser of the place, then its visitor.
Others call pairing, phone, visitors.
Tests: tests/services/kiosk, tests/web/kiosk.
"""
