"""What citizens write beside their rating: a moderator reads it before the official does."""

import uuid
from datetime import datetime

from django.contrib.auth.models import AbstractBaseUser
from django.utils.translation import gettext as _

from diia_videoreception.errors import CommentOnOneself, Incomplete, NotFound, WrongState
from diia_videoreception.models import JournalAct, Rating
from diia_videoreception.models.answers import MAX_REASON
from diia_videoreception.selectors.access import applications_visible_to
from diia_videoreception.services import journal
from diia_videoreception.services.booking.typed_texts import typed_text
from diia_videoreception.services.transactions import act


@act
def judge_comment(
    *,
    moderator: AbstractBaseUser,
    public_id: uuid.UUID,
    seen: str,
    is_shown: bool,
    reason: str,
    now: datetime,
) -> None:
    """Show the words of a citizen to the official of the reception, or keep them back; either can be changed.

    Args:
        seen: How it stood when the moderator looked, a value of `Rating.WordsState`.
        reason: Why they are kept back; the citizen reads it too.

    Raises:
        NotFound: the application is not of the moderator's agencies, or nothing was written.
        CommentOnOneself: the words are about who decides.
        WrongState: somebody else has decided meanwhile.
        Incomplete: the reason is missing or too long.
    """
    ratings = Rating.objects.select_for_update(of=("self",)).exclude(words="")
    rating = ratings.filter(
        application__in=applications_visible_to(moderator).filter(public_id=public_id)
    ).first()
    if rating is None:
        raise NotFound
    application = rating.application
    if application.official.user_id == moderator.pk:
        raise CommentOnOneself
    if rating.words_state != seen:
        raise WrongState
    cleaned = "" if is_shown else typed_text(reason, name="reason", most=MAX_REASON)
    if not is_shown and not cleaned:
        raise Incomplete(fields={"reason": _("Write why the words are not shown.")})
    state = Rating.WordsState.SHOWN if is_shown else Rating.WordsState.HIDDEN
    rating.words_state, rating.words_reason, rating.words_decided_at = state, cleaned, now
    rating.save(update_fields=["words_state", "words_reason", "words_decided_at"])
    what = JournalAct.SHOW_COMMENT if is_shown else JournalAct.HIDE_COMMENT
    journal.record(what, subject=application, staff_id=moderator.pk, now=now)
