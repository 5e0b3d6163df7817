"""What citizens wrote beside their ratings, for the moderators who read it first."""

from django.db.models import QuerySet

from diia_videoreception.models import Rating


def unread_comments() -> QuerySet[Rating]:
    """Return the ratings with words about which nobody has decided yet, of all agencies."""
    return Rating.objects.filter(words_state=Rating.WordsState.NEW).exclude(words="")
