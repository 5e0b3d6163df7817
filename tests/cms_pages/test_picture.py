"""The picture beside the title of a service page."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from wagtail.images.models import Image
from wagtail.images.tests.utils import get_test_image_file
from wagtail.test.utils.form_data import streamfield

from cms_pages.models import ServicePage
from tests.harness.html import Page

pytestmark = pytest.mark.django_db
DRAWING = "Посадова особа говорить із заявницею через відеозв’язок"


@pytest.fixture
def image() -> Image:
    file = get_test_image_file(size=(1600, 1000))
    found: Image = Image.objects.create(title="IMG_2041", file=file)
    return found


def hero(client: Client, page: ServicePage) -> Page:
    """The heading, the lead and the picture."""
    return Page(client.get(page.url)).one(".vr-split:has(h1)")


def chosen(image: Image, *, alt: str = "", decorative: str = "") -> dict[str, object]:
    value = {"image": image.pk, "alt_text": alt, "decorative": decorative}
    return streamfield([("image", value)])


def test_without_a_picture_of_their_own__the_drawing_stays(
    client: Client, page: ServicePage
) -> None:
    assert DRAWING in str(hero(client, page).tree)


def test_a_picture__replaces_the_drawing_and_is_told(
    client: Client, publish: Callable[..., ServicePage], image: Image
) -> None:
    page = publish(picture=chosen(image, alt="Приймальня міністерства"))

    shown = hero(client, page)

    picture = shown.one("img")
    assert picture.attribute("alt") == "Приймальня міністерства"
    sizes = re.findall(r"\d+w", picture.attribute("srcset") or "")
    assert {"480w", "800w", "1200w"} <= set(sizes)
    assert DRAWING not in str(shown.tree)
    assert "IMG_2041" not in str(shown.tree)


def test_a_decorative_picture__is_passed_over_by_screen_readers(
    client: Client, publish: Callable[..., ServicePage], image: Image
) -> None:
    page = publish(picture=chosen(image, decorative="on"))

    assert hero(client, page).one("img").attribute("alt") == ""


def test_a_picture_that_nobody_describes__is_not_published(
    desk: Client, publish: Callable[..., ServicePage], image: Image
) -> None:
    with pytest.raises(AssertionError, match="picture"):
        publish(picture=chosen(image))


def test_a_picture_taken_from_the_library__gives_the_drawing_back(
    client: Client, publish: Callable[..., ServicePage], image: Image
) -> None:
    page = publish(picture=chosen(image, alt="Приймальня"))
    image.delete()

    assert DRAWING in str(hero(client, page).tree)
