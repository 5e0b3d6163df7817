"""What an editor fills in."""

from typing import Any

from wagtail.test.utils.form_data import nested_form_data, rich_text, streamfield

TERMS = "<p>Послуга безоплатна.</p>"


def page_form(**changes: Any) -> dict[str, Any]:
    """The form of a service page as an editor fills it in."""
    step = {"title": "Залишити заявку", "text": rich_text("<p>Оберіть час.</p>")}
    notice = {"title": "", "text": rich_text(""), "show_earliest_day": ""}
    steps = {
        "heading": "Як потрапити на прийом",
        "intro": rich_text(""),
        "steps": streamfield([("item", step)]),
        "notice": notice,
    }
    # The items of a list have no type.
    form = {
        "title": "Прийом громадян за допомогою відеозв’язку",
        "slug": "pryiom",
        "lead": "Поговоріть з керівником державної установи, не виходячи з дому.",
        "picture": streamfield([]),
        "body": streamfield([("booking_button", ""), ("steps", steps)]),
        "terms": rich_text(TERMS),
        "is_paused": "",
        "paused_until": "",
        "comments": {
            "TOTAL_FORMS": "0",
            "INITIAL_FORMS": "0",
            "MIN_NUM_FORMS": "0",
            "MAX_NUM_FORMS": "",
        },
        "action-publish": "action-publish",
        **changes,
    }
    return dict(nested_form_data(form))
