"""The invented people, body and official of the training, in words."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.rules.training import TrainingStep


@dataclass(frozen=True, slots=True)
class InventedPerson:
    """Somebody who does not exist.

    Attributes:
        role: what the colleague who plays the person is to know.
        task: what the exercise is about.
    """

    name: Promise
    role: Promise
    task: Promise


OFFICIAL = _("Invented Agency, Head Bohdan Vyhadanyi")
PEOPLE = {
    "beside": InventedPerson(
        _("Ostap Vyhadanyi"),
        _(
            "Mr Ostap is 44 and has BankID on his phone. He wants to talk about a fine and does not"
            " know where to press."
        ),
        _("Help side by side: the person types."),
    ),
    "paper_consent": InventedPerson(
        _("Odarka Vyhadana"),
        _(
            "Mrs Odarka is 71 and has a push-button phone. She wants to talk with somebody about her"
            " pension. She has no signature."
        ),
        _("Booking on behalf with a consent on paper."),
    ),
    "sms_consent": InventedPerson(
        _("Mykola Vyhadanyi"),
        _(
            "Mr Mykola is 63 and reads badly. He has a phone on which he gets messages, and no"
            " signature. He asks about a benefit."
        ),
        _("Booking on behalf with a code from SMS."),
    ),
    "alone": InventedPerson(
        _("Solomiia Vyhadana"),
        _(
            "Mrs Solomiia is 29 and has the Diia app. Her laptop is broken, and she would like to"
            " book by herself."
        ),
        _("Inviting to a self-service workplace."),
    ),
    "paper_form": InventedPerson(
        _("Panas Vyhadanyi"),
        _(
            "Mr Panas is 80 and wants nothing to do with phones. He asks for a sheet of paper and"
            " is in no hurry."
        ),
        _("The paper form, without pressing."),
    ),
}
HEADINGS: dict[TrainingStep, Promise] = {
    TrainingStep.CONSENT: _("Consent to help"),
    TrainingStep.TIME: _("To whom and when"),
}
