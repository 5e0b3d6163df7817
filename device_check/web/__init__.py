"""The page of the device check and what its script calls."""
