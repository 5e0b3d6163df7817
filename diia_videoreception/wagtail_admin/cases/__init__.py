"""The work list of a moderator, the page of a case and the acts on it."""
