"""The address of a calendar feed as pages show it: whole only in the browser that has made it."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from cryptography.fernet import InvalidToken
from django.http import HttpRequest

from diia_videoreception.models import CalendarFeed
from diia_videoreception.personal_data import decrypt, encrypt
from diia_videoreception.services.letters.feeds import feed_url
from diia_videoreception.web.browser_state import FEED_SECRET


@dataclass(frozen=True, slots=True)
class FeedAddress:
    """A feed on a page; `url` and `webcal_url` are empty in any other browser than the one that made it."""

    feed: CalendarFeed
    url: str

    @property
    def webcal_url(self) -> str:
        """What a calendar opens by itself."""
        parts = urlsplit(self.url)
        return parts._replace(scheme="webcal").geturl() if self.url else ""


def keep_secret(request: HttpRequest, feed: CalendarFeed, secret: str) -> None:
    """Let the pages of this session show the address: it can be read nowhere else."""
    FEED_SECRET.save(request, (feed.pk, encrypt(secret)))


def shown_address(request: HttpRequest, feed: CalendarFeed | None) -> FeedAddress | None:
    """Return the address of a feed as this browser may see it; None for no feed."""
    if feed is None:
        return None
    kept = FEED_SECRET.load(request)
    if kept is None or kept[0] != feed.pk:
        return FeedAddress(feed, "")
    try:
        return FeedAddress(feed, feed_url(decrypt(kept[1])))
    except InvalidToken:
        return FeedAddress(feed, "")
