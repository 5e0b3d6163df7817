"""The screens of the citizen (ux.md C01–C14)."""
