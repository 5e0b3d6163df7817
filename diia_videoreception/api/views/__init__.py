"""The views of the API: parse, call a service, render."""
