"""Two moderators open one case: the second sees who works on it, and may take over."""

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from diia_videoreception.models import CasePresence
from tests.harness.html import Page
from tests.steps.admin import World, client_of, dump, staff


def test_two_at_one_case__the_second_is_told_and_takes_over(world: World) -> None:
    second = client_of(staff("second", world.agency, last_name="Іваненко"))
    first = world.client("moderator")

    def url(name: str) -> str:
        return reverse(f"videoreception_applications:{name}", args=[world.submitted.public_id])

    before = dump()
    assert "опрацьовує" not in Page(first.get(url("inspect"))).text
    assert dump() | {"Look": []} == before, "looking writes nothing but who looked"
    assert first.post(url("presence")).json() == {"at_work": ""}

    page = Page(second.get(url("inspect")))
    assert "Цю заявку опрацьовує" in page.text
    assert ", з 10:00. Остання дія: 10:00." in page.text
    assert "Опрацювати замість колеги" in page.texts("button")
    assert "Підтвердити…" in page.texts("a"), "nobody is locked out"
    assert "Цю заявку опрацьовує" in second.post(url("presence")).json()["at_work"]
    assert first.post(url("presence")).json() == {"at_work": ""}

    second.post(url("take"), {"seen": 0})

    assert "Іваненко" in first.post(url("presence")).json()["at_work"]
    assert second.post(url("presence")).json() == {"at_work": ""}
    assert CasePresence.objects.count() == 2
    with CaptureQueriesContext(connection) as taken:
        first.get(url("inspect"))
    CasePresence.objects.all().delete()
    with CaptureQueriesContext(connection) as alone:
        first.get(url("inspect"))
    assert len(taken) == len(alone) + 1
