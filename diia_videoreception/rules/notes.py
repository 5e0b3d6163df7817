"""How much moderators may note about a case."""

MAX_NOTE = 2000
MAX_NOTES = 100
"""Of one case."""
