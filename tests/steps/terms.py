"""Terms of an agency, and the people who set and extend them."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser

from diia_videoreception.models import Agency, Application, Term, TermExtension
from diia_videoreception.rules.terms import Counting, Extender, TermKind
from diia_videoreception.services.booking import extending
from diia_videoreception.services.booking.terms import TermWanted, save_term
from tests.harness.clock import NOW

GROUND = "Порядок особистого прийому, пункт 7."
REASON = "Чекаємо на відповідь пенсійного фонду."


def set_term(agency: Agency, **changed: Any) -> Term:
    """Five working days, which a moderator may extend to ten; as if the agency always had it."""
    values = {
        "kind": TermKind.DECISION.value,
        "days": 5,
        "counting": Counting.WORKING.value,
        "legal_ground": GROUND,
        "extended_by": Extender.MODERATOR.value,
        "max_days": 10,
    }
    return Term.objects.create(agency=agency, **values | changed)


def save(
    agency: Agency, staff: AbstractBaseUser, *, seen: int = 0, now: datetime = NOW, **wanted: Any
) -> Term:
    return save_term(
        agency.pk,
        TermKind.DECISION,
        TermWanted(**{"days": 5} | wanted),
        seen_version=seen,
        staff=staff,
        now=now,
    )


def extend(
    application: Application,
    staff: AbstractBaseUser,
    *,
    days: int = 8,
    reason: str = REASON,
    now: datetime = NOW,
) -> TermExtension:
    application.refresh_from_db()
    return extending.extend(
        staff=staff,
        public_id=application.public_id,
        version=application.version,
        days=days,
        reason=reason,
        now=now,
    )
