"""What may go wrong at a service outside, for whoever wants to see how the portal bears it."""

import time
from enum import StrEnum

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext_lazy as _

from sandbox.authority import maker
from sandbox.authority.keys import DstuPrivateKey
from sandbox.authority.maker import Holder

SLOW_SECONDS = 8
"""Longer than the portal of the demonstration waits."""


class Trouble(StrEnum):
    """Chosen on the page of the mock service, or in SANDBOX_TROUBLES for a service as a whole."""

    NONE = ""
    DOWN = "down"
    SLOW = "slow"
    HTML = "html"
    NUMBER = "number"
    WRONG_STATE = "wrong_state"
    SPENT_CODE = "spent_code"
    OTHER_KEY = "other_key"
    OTHER_BANK = "other_bank"
    NOT_SIGNED = "not_signed"
    FOREIGN_SIGNER = "foreign_signer"


LABELS = {
    Trouble.NONE: _("nothing, sign in"),
    Trouble.DOWN: _("the service is down"),
    Trouble.SLOW: _("the service is slow"),
    Trouble.HTML: _("the service answers with a web page"),
    Trouble.NUMBER: _("the service answers with an error number"),
    Trouble.WRONG_STATE: _("the browser comes back from another sign-in"),
    Trouble.SPENT_CODE: _("the permit has already been used"),
    Trouble.OTHER_KEY: _("the answer is encrypted for somebody else"),
    Trouble.OTHER_BANK: _("another bank answers"),
    Trouble.NOT_SIGNED: _("the answer is not signed"),
    Trouble.FOREIGN_SIGNER: _("the answer is signed by someone unknown"),
}

OF_ID_GOV_UA = tuple(trouble for trouble in Trouble if trouble is not Trouble.OTHER_BANK)
OF_BANKID = tuple(Trouble)


def trouble_of(service: str, chosen: str) -> Trouble:
    """Return the trouble of the service as a whole, else the one that was chosen for this sign-in."""
    everywhere = getattr(settings, "SANDBOX_TROUBLES", {}).get(service, "")
    wanted = everywhere or chosen
    return Trouble(wanted) if wanted in set(Trouble) else Trouble.NONE


def troubled_answer(trouble: Trouble) -> HttpResponse | None:
    """Show the answer of a service in trouble; None when this one is answered as usual."""
    if trouble is Trouble.DOWN:
        return HttpResponse("Service Unavailable", status=503, content_type="text/plain")
    if trouble is Trouble.SLOW:
        time.sleep(SLOW_SECONDS)
    if trouble is Trouble.HTML:
        return HttpResponse("<!doctype html><title>502</title><h1>502 Bad Gateway</h1>")
    if trouble is Trouble.NUMBER:
        return JsonResponse({"error": "7", "message": "n/a", "error_description": "n/a"})
    return None


def stranger() -> Holder:
    """Return a seal with the bank's name and number, from an authority that nobody trusts."""
    subject = maker.Subject(attributes={maker.EDRPOU: "40000121"}, seal=True)
    issuer = maker.authority("Ніким не визнаний", DstuPrivateKey("nobody"))
    return maker.issue(subject, DstuPrivateKey("stranger"), issuer)
