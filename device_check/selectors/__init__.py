"""Every read of the device check's rows."""
