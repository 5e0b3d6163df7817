"""Pages for the person of a visit, in a browser of their own."""
