"""What has just been done, told once on the page that follows, whichever it is."""

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.web.browser_state import NOTICE

TEXTS: dict[str, Promise] = {
    "registered": _("You are registered."),
    "more_time": _("You have more time now: this page will wait for you."),
    "draft_saved": _("Saved. The text is a draft: the citizen does not see it yet."),
    "noted": _("Recorded. The citizen can see it in their account."),
    "answer_sent": _("Sent. The citizen has it by letter and in their account."),
    "centre_invited": _("Invited. The person gets a letter with a link that works for 7 days."),
    "centre_withdrawn": _("The invitation is withdrawn."),
    "centre_joined": _("You work in this centre now."),
    "test_time_over": _("The time for this attempt is over. It counts as used."),
    "centre_test_allowed": _("Allowed. The person can take the test again."),
    "centre_saved": _("Saved."),
    "centre_blocked": _(
        "Blocked. The person cannot act any more and gets a letter with the reason."
    ),
    "centre_unblocked": _("Unblocked. The person can work in the centre again."),
    "centre_reset": _("The second factor is reset. We will tell the person by letter."),
    "centre_ended": _("The person does not work in the centre any more."),
    "centre_place_added": _("The place is added."),
    "centre_place_removed": _("The place is removed. Its computer is shut out."),
    "centre_switched_on": _("Saved and switched on."),
    "centre_switched_off": _("Switched off. Nobody begins anything new by it."),
    "visit_ended": _("The visit has ended. What was noted of the person is wiped."),
    "training_as_advised": _(
        "The exercise is finished, and you helped in the way that it is about. What was typed is wiped."
    ),
    "training_otherwise": _(
        "The exercise is finished. You helped in another way than it is about: talk about it with your"
        " colleague. What was typed is wiped."
    ),
    "visits_handed_over": _("Handed over. Your colleague sees the visits among their own."),
    "consent_code_sent": _("The code is sent."),
    "taken_over": _("The case is in your account now."),
    "disowned": _("We offer it to you no more. The head of the centre is told."),
    "slip_sent": _("The slip is on its way to the person."),
    "consent_revoked": _("The consent is revoked."),
    "call_noted": _("The call is noted."),
    "objected": _("Sent. The agency will read it and answer you by letter and here."),
    "queue_joined": _("You are in the queue. We will tell you as soon as a time is free."),
    "queue_left": _("You have left the queue."),
    "offer_declined": _("Declined. We offer the time to the next person."),
    "proposal_accepted": _("The new time is confirmed. We have sent you a letter."),
    "proposal_refused": _("Sent. The earlier time stays yours; the agency has your wishes."),
    "clarified": _("Sent. The agency goes on considering your application."),
    "corrected": _("Sent. The agency reads your correction before it decides."),
    "move_requested": _(
        "Sent. The agency will answer by letter and here. Your time stays as it is."
    ),
    "move_withdrawn": _("You no longer ask for another time. Your time stays as it is."),
    "rated": _("Thank you for the rating."),
    "erasure_taken_back": _("Your account stays. What went at once is not restored."),
    "address_confirmed": _("The address is confirmed. We will send letters there."),
}


def add(request: HttpRequest, slug: str) -> None:
    """Remember for the next page what has been done; `slug` is a key of `TEXTS`."""
    NOTICE.save(request, slug)


def take(request: HttpRequest) -> str | Promise:
    """Return the words of what has been done, once; else empty."""
    if not NOTICE.is_in(request):
        return ""
    return TEXTS.get(NOTICE.take(request) or "", "")
