"""Every write of the device check: one act, one function."""
