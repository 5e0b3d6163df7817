"""The background tasks, in one place for workers; each stands beside its service."""

from diia_videoreception.services.letters.delivery import deliver_letter

__all__ = ["deliver_letter"]
