"""Choosing the official and the time, and holding it (A-23 to A-35)."""
