"""Writing, checking and filing an application (A-36 to A-51)."""
