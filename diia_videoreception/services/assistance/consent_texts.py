"""What a person is read before they agree, and whose phone is given too often."""

from collections.abc import Collection
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.translation import pgettext

from diia_videoreception.models import JournalAct, JournalRecord, Mandate, MandateScope
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.rules.mandates import (
    ConsentField,
    HelpScope,
    MandateTerm,
    filled_body,
    has_too_many_people,
)
from diia_videoreception.selectors.centres.rights import today_in
from diia_videoreception.services import journal
from diia_videoreception.services.transactions import act


def rendered_text(
    mandate: Mandate,
    body: str,
    scopes: Collection[HelpScope],
    term: MandateTerm,
    language: str,
) -> str:
    """Return the text as the person is read it: exactly this is kept and hashed."""
    with translation.override(language):
        labels, terms = dict(MandateScope.SCOPES), words_of_terms()
        return filled_body(
            body,
            {
                ConsentField.PERSON: mandate.person.full_name,
                ConsentField.CENTRE: mandate.centre.name,
                ConsentField.CENTRE_PHONE: mandate.centre.phone,
                ConsentField.SCOPES: ", ".join(str(labels[scope.value]) for scope in scopes),
                ConsentField.TERM: terms[term],
            },
        )


def words_of_terms() -> dict[MandateTerm, str]:
    """Return how long a consent holds, as the person is told it."""
    return {
        MandateTerm.THIS_VISIT: pgettext("the consent holds", "until the end of this visit"),
        MandateTerm.UNTIL_RECEPTION: pgettext(
            "the consent holds", "until the reception is over, but no longer than 60 days"
        ),
        MandateTerm.DAYS_30: pgettext("the consent holds", "for 30 days"),
    }


@act
def flag_shared_phone(mandate: Mandate, *, now: datetime) -> None:
    """Write down for the head, once a day, that one phone is given for more people than is usual."""
    zone = ZoneInfo(mandate.centre.time_zone)
    since = datetime.combine(today_in(mandate.centre, now=now), time(), zone)
    found = Mandate.objects.filter(
        centre=mandate.centre, phone=mandate.phone, created_at__gte=since
    )
    people = found.values("person").distinct().count()
    if not has_too_many_people(people):
        return
    key = lookup_hash("phone_of_day", f"{mandate.centre_id} {mandate.phone} {since.date()}")
    told = JournalRecord.objects.filter(
        act=JournalAct.FLAG_PHONE.value,
        subject_kind="centre",
        subject_id=str(mandate.centre.public_id),
        moment__gte=since,
    )
    if told.filter(details__phone=key).exists():
        return
    details: dict[str, object] = {"phone": key, "mandate": mandate.reference}
    journal.record(JournalAct.FLAG_PHONE, subject=mandate.centre, now=now, details=details)
