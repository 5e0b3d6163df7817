"""Video receptions of citizens by officials: the booking domain of a Wagtail portal."""

__version__ = "0.1.0"
