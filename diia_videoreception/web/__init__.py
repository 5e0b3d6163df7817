"""Server-rendered screens: they parse, call a service, render; rules live elsewhere."""
