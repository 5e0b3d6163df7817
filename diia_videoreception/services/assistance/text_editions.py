"""Editions of the text of consents: published by the portal's operator, never changed afterwards (B-36)."""

from datetime import datetime
from hashlib import sha256

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import Incomplete, WrongState
from diia_videoreception.models import CentreVisit, JournalAct, MandateText
from diia_videoreception.rules.mandates import MAX_BODY, ConsentField, problem_of_body
from diia_videoreception.rules.texts import clean_text
from diia_videoreception.selectors.assistance.mandates import text_in_language
from diia_videoreception.services import journal
from diia_videoreception.services.centres.guard import require_operator
from diia_videoreception.services.transactions import act, insert_new


def checked_body(body: str) -> str:
    """Return a text as it would be published.

    Raises:
        Incomplete: it is empty or too long, names a field that there is not, or lacks one.
    """
    text = clean_text(body)
    words = ""
    if not text:
        words = _("Write the text.")
    elif len(text) > MAX_BODY:
        words = _("The text is longer than %(max)s characters.") % {"max": MAX_BODY}
    elif problem := problem_of_body(text):
        known = problem.strip("{}") in set(ConsentField)
        words = (_("%(field)s is missing.") if known else _("%(field)s is no field.")) % {
            "field": problem
        }
    if words:
        raise Incomplete(fields={"body": words})
    return text


@act
def publish(
    body: str,
    language: CentreVisit.Language,
    *,
    seen: int,
    staff: AbstractBaseUser,
    now: datetime,
) -> MandateText:
    """Publish the next edition of a language; consents that were given keep the words that were read.

    Args:
        seen: the number of the edition that was in force when this one was written; 0 for none.

    Raises:
        NotFound: who asks is not the operator.
        Incomplete: as `checked_body`, or nothing is changed.
        WrongState: another edition was published meanwhile.
    """
    require_operator(staff)
    text = checked_body(body)
    last = text_in_language(language.value)
    if seen != (last.number if last else 0):
        raise WrongState
    if last is not None and last.body == text:
        raise Incomplete(fields={"body": _("This is the edition in force, word for word.")})
    published = MandateText(
        language=language.value,
        number=seen + 1,
        body=text,
        sha256=sha256(text.encode()).hexdigest(),
        published_at=now,
    )
    if not insert_new(published):
        raise WrongState
    journal.record(
        JournalAct.PUBLISH_MANDATE_TEXT,
        subject=published,
        staff_id=staff.pk,
        now=now,
        details={
            "language": language.value,
            "number": published.number,
            "sha256": published.sha256,
        },
    )
    return published
