"""What a person signed in with and how they are reminded, in words."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.models import CitizenSession, ReminderChoice
from diia_videoreception.providers import identity_providers
from diia_videoreception.rules.reminders import Lead
from integrations.identity.base import Flow

_METHODS = {
    "kep": gettext_lazy("Electronic signature (KEP)"),
    "bankid": gettext_lazy("BankID"),
    "idgovua+dig_sign": gettext_lazy("Electronic signature through id.gov.ua"),
    "idgovua+bank_id": gettext_lazy("BankID through id.gov.ua"),
    "idgovua+diia_id": gettext_lazy("Diia.Signature"),
    "idgovua+mobile_id": gettext_lazy("MobileID"),
}


def way_in_words(session: CitizenSession) -> str:
    """«Електронний підпис (КЕП), АЦСК ІДД»; of a portal its name and what the portal was told."""
    known = _METHODS.get(session.method) or _METHODS.get(session.method.partition("+")[0])
    if known and session.credential is not None:
        return _("%(way)s, %(issuer)s") % {"way": known, "issuer": session.credential.label}
    provider = identity_providers().get(session.provider)
    label = _(str(provider.label)) if provider else session.provider
    if known and provider and provider.flow is Flow.HANDOVER:
        return f"{label}: {known}"
    return str(known or label)


_LEADS = {
    Lead.DAY: gettext_lazy("24 hours before the reception"),
    Lead.HOUR: gettext_lazy("1 hour before the reception"),
}


def reminders_in_words(choice: ReminderChoice) -> list[str]:
    """«за 24 години до прийому», «за 1 годину до прийому»; empty when the person wants none."""
    return [str(words) for lead, words in _LEADS.items() if lead in choice.leads]
