"""Why an application is not filed, changed, answered or signed."""

from http import HTTPStatus
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from diia_videoreception.errors.base import (
    ActRefused,
    LimitReached,
    RequestTooLarge,
    WrongState,
)


class OpenLimitOfficial(LimitReached):
    code = "open_limit_official"
    message = _(
        "You already have open applications to this official. Wait for a decision or cancel one of them."
    )


class NotAModerator(ActRefused):
    """For staff: a case is seen to by who has the right to moderate its agency, be it only for themselves."""

    code = "not_a_moderator"
    message = _("Only a moderator of the agency can see to its applications. Choose a colleague.")


class NoteLimit(LimitReached):
    """For staff: internal notes are for a few words, not for an archive."""

    code = "note_limit"
    message = _("A case can have %(count)s internal notes at most.")


class OpenLimitTotal(LimitReached):
    code = "open_limit_total"
    message = _("You have too many open applications. Wait for a decision or cancel one of them.")


class CommentOnOneself(ActRefused):
    """The official of a reception decides nothing about what was written of it."""

    code = "comment_on_oneself"
    message = _("These words are about your own reception. Another moderator decides about them.")


class CorrectionClosed(ActRefused):
    """The application is decided, or its time has come; it says how it stands."""

    code = "correction_closed"
    message = _(
        "You can no longer correct this application: it is decided, or its time has come. Below you "
        "see how it stands now."
    )


class CorrectionOutdated(ActRefused):
    """The form was opened before something else happened to the application."""

    code = "correction_outdated"
    message = _(
        "The application has changed since you opened this page. Check your correction and send it "
        "again."
    )


class CorrectionLimitDay(LimitReached):
    code = "correction_limit_day"
    message = _("You have corrected this application too often today. Try again after %(moment)s.")


class CorrectedMeanwhile(WrongState):
    """For staff: the citizen has corrected the application since the page was opened."""

    code = "corrected_meanwhile"
    message = _(
        "The citizen corrected the application: %(moment)s. Read what has changed, then decide."
    )


class TermNotExtended(ActRefused):
    code = "term_not_extended"
    message = _("This term cannot be extended: the agency has not provided for it.")


class OnlyHeadExtends(ActRefused):
    code = "only_head_extends"
    message = _("Only the head of the agency extends this term.")


class OnlyHeadCloses(ActRefused):
    code = "only_head_closes"
    message = _("Only the head of the agency ends the consideration of an application.")


class RegistrationTaken(ActRefused):
    code = "registration_taken"
    message = _("Another case of this year has this registration number.")


class TermPassed(ActRefused):
    code = "term_passed"
    message = _("The term has passed already. It can no longer be extended.")


class PriorNumberUnknown(ActRefused):
    """A-42: the number must be the person's own, with the same official."""

    code = "prior_number_unknown"
    message = _("You do not have an application with this number.")
    status = HTTPStatus.BAD_REQUEST


class PriorNumberOtherOfficial(ActRefused):
    code = "prior_number_other_official"
    message = _(
        "The application with this number was made to another official. Leave the field "
        "empty or choose that official."
    )
    status = HTTPStatus.BAD_REQUEST


class AlreadySubmitted(ActRefused):
    """The draft has been filed, from another tab or by going back; `public_id` is the application's."""

    code = "already_submitted"
    message = _("This application has already been submitted.")

    def __init__(self, *, public_id: UUID) -> None:
        self.public_id = public_id
        super().__init__()


class DraftChanged(ActRefused):
    """Somebody else has changed the same answers since they were read; `fields` names them."""

    code = "draft_changed"
    message = _(
        "This was changed elsewhere while you were editing. Read the draft again and "
        "choose which text to keep."
    )

    def __init__(self, *, fields: list[str]) -> None:
        self.fields = fields
        super().__init__()


class ShownDraftChanged(DraftChanged):
    """What is to be filed differs from what was shown; `fields` names what has changed."""

    message = _(
        "The application was changed in another tab or program after you opened this "
        "page. Check it again before you submit it."
    )


class DocumentsTooLarge(RequestTooLarge):
    """A form with documents is too large; `limit` says how many megabytes one may have."""

    message = _("This is too much at once. Add documents one at a time, each up to %(limit)s MB.")


class TooManyFiles(ActRefused):
    code = "too_many_files"
    message = _("You can add at most %(limit)s files.")
    status = HTTPStatus.BAD_REQUEST


class DocumentLimit(LimitReached):
    """The documents of one person in all come to too much; `params["megabytes"]` is the other bound."""

    code = "document_limit"
    message = _(
        "All your applications together can have up to %(files)s documents and "
        "%(megabytes)s MB. Remove files that you do not need from this application, or "
        "wait: we stop counting the documents of closed and cancelled applications one "
        "day after you added them. You can also submit the application without this file."
    )


class StorageUnavailable(ActRefused):
    """The storage of documents does not answer; nothing was added or given, and the row stands."""

    code = "storage_unavailable"
    message = _(
        "We cannot reach the place where documents are kept now. Try again in a minute. We have "
        "saved the rest of the application."
    )
    status = HTTPStatus.SERVICE_UNAVAILABLE
    wait_seconds = 60


class AnswerChanged(ActRefused):
    """The text to the citizen was saved or sent by somebody else, or in another window."""

    code = "answer_changed"
    message = _(
        "The text has been changed or sent meanwhile. Look at it once more; what you have written "
        "is below."
    )


class AbsenceTooEarly(ActRefused):
    code = "absence_too_early"
    message = _(
        "Wait a little longer: you can record that somebody did not come from %(minutes)s minutes after "
        "the start."
    )


class CitizenCame(ActRefused):
    """The room knows that the citizen was there."""

    code = "citizen_came"
    message = _(
        "The citizen came to the room in time, so you cannot record that they did not come. If the "
        "reception failed all the same, choose another answer."
    )


class AlreadySigned(ActRefused):
    code = "already_signed"
    message = _("This application is signed already.")


class ReasonChanged(ActRefused):
    """For staff: the head of the agency has changed the reason that they picked."""

    code = "reason_changed"
    message = _("This reason has been changed meanwhile. Choose a reason again.")


class ReasonInUse(ActRefused):
    """For heads: something was declined for this reason."""

    code = "reason_in_use"
    message = _(
        "Applications were declined for this reason, so it cannot be deleted. "
        "Mark it as no longer offered instead."
    )


class TooLateToCancel(ActRefused):
    code = "too_late_to_cancel"
    message = _("The reception has already started: you cannot cancel it.")


class CheckNotAskable(ActRefused):
    code = "check_not_askable"
    message = _(
        "You cannot ask the citizen now: the reception is not upcoming, or a letter "
        "about it was sent less than a day ago."
    )


class LetterOutOfDate(ActRefused):
    code = "letter_out_of_date"
    message = _("This letter is out of date: there is a later one, or its time has passed.")


class RemindedAlready(ActRefused):
    code = "reminded_already"
    message = _("The citizen was reminded less than 24 hours ago. Wait, or call them.")


class LetterSentAgain(ActRefused):
    code = "letter_sent_again"
    message = _("This letter was sent again less than 10 minutes ago. Wait, or call the citizen.")
