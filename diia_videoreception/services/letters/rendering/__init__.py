"""Letters in words: from kind, version and facts to subject, text and HTML."""

from diia_videoreception.services.letters.rendering.render import (
    NothingToSend,
    RenderedLetter,
    current_version,
    render_letter,
)

__all__ = ["NothingToSend", "RenderedLetter", "current_version", "render_letter"]
