"""Template tags of the device check."""
