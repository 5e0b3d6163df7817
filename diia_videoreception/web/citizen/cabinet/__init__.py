"""The cabinet: own applications, what happens to them, letters (C11, C12, C14)."""
