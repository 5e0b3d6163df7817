"""Text messages to phones (SMS)."""
