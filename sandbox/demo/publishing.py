"""Publishing the pages of the demonstration."""

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page


def publish(parent: Page, page: Page, editor: AbstractBaseUser) -> None:
    """Publish as an editor does, so that what hangs on publishing happens."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision(user=editor).publish(user=editor)
