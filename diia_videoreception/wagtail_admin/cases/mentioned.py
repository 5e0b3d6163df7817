"""How other screens mention a case: where it is, and the beginning of its question."""

from django.urls import reverse
from django.utils.text import Truncator

from diia_videoreception.models import Application

MAX_TOPIC_LINE = 80


def case_url(application: Application) -> str:
    return reverse("videoreception_applications:inspect", args=[application.public_id])


def topic_line(application: Application) -> str:
    """Return the beginning of the question, in one line."""
    return Truncator(" ".join(application.topic.split())).chars(MAX_TOPIC_LINE)
