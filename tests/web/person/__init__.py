"""Pages for the person of a visit."""
