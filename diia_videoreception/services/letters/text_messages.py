"""Text messages (SMS): sent like letters, within limits, and what the gateway tells of them later."""

from datetime import datetime

from django.db.models import Q

from diia_videoreception.conf import app_settings
from diia_videoreception.models import Agency, Letter, RequestCounter, SpentToken, WaitingEntry
from diia_videoreception.personal_data import lookup_hash
from diia_videoreception.providers import sms_provider
from diia_videoreception.rules.phones import is_foreign
from diia_videoreception.selectors.letters import takes_sms
from diia_videoreception.services.letters.failures import CLEARED, SmsLimitReached
from diia_videoreception.services.letters.rendering import waiting
from diia_videoreception.services.letters.rendering.text_messages import render_text, valid_until
from diia_videoreception.services.transactions import act, insert_new
from integrations.common.counters import count
from integrations.sms.base import (
    DeliveryOutcome,
    DeliveryReport,
    SignedReports,
    SmsRefused,
    TextMessage,
)


def send_text(letter: Letter, *, now: datetime) -> dict[str, str]:
    """Hand a text message to the gateway, outside any transaction.

    Returns:
        The columns by which a report finds the message.

    Raises:
        NothingToSend: it is too late, or not true any more.
        SmsUnavailable, SmsRefused: as the gateway says; refused as well where the agency or the portal
            sends no text messages to such a phone any more.
        SmsLimitReached: the phone, the agency or the portal has had enough for now.
    """
    text, agency = render_text(letter, now=now), _agency_of(letter)
    provider = sms_provider(abroad=is_foreign(letter.phone))
    if (agency is None and letter.centre_id is None) or provider is None:
        raise SmsRefused("no gateway")
    if not takes_sms(letter.phone, agency=agency):
        raise SmsRefused("not to this phone")
    if letter.attempts <= 1:
        # Counted once: an attempt that failed may have cost nothing.
        _require_room("sms_phone", letter.phone, now=now)
        who = f"agency {agency.pk}" if agency else f"centre {letter.centre_id}"
        _require_room("sms_agency", who, now=now)
        _require_room("sms_all", "portal", now=now)
    message = TextMessage(letter.message_id, letter.phone, text, valid_until=valid_until(letter))
    return {"gateway": provider.name, "gateway_key": provider.send(message, now=now)}


def _agency_of(letter: Letter) -> Agency | None:
    """Return the agency that a message is about; None for one of a centre."""
    if letter.kind in waiting.RENDERED:
        entry = WaitingEntry.objects.select_related("official__unit__agency")
        return entry.get(public_id=letter.facts["waiting"]).official.agency
    return letter.application.agency if letter.application else None


def _require_room(scope: str, whose: str, *, now: datetime) -> None:
    rate = app_settings.rate(scope)
    if count(RequestCounter, scope=scope, who=whose, rate=rate, now=now) is not None:
        raise SmsLimitReached


@act
def take_reports(alias: str, signed: SignedReports, *, now: datetime) -> int:
    """Keep what a gateway tells of its messages; the same call again changes nothing.

    What was told first stays: a gateway that says otherwise later is not believed.

    Returns:
        How many messages it was news of.
    """
    spent = SpentToken(
        jti_hash=lookup_hash("sms_report", f"{alias} {signed.signature}"),
        expires_at=signed.expires_at,
    )
    if not insert_new(spent):
        return 0
    return sum(_take(alias, report, now=now) for report in signed.reports)


def _take(alias: str, report: DeliveryReport, *, now: datetime) -> int:
    ours = Letter.objects.exclude(phone="").filter(delivered_at__isnull=True)
    known = ours.filter(Q(message_id=report.key) | Q(gateway_key=report.key), gateway=alias)
    if report.outcome is DeliveryOutcome.DELIVERED:
        # Also one whose answer got lost on the way to us: it must not be sent once more.
        under_way = ours.filter(
            message_id=report.key, gateway="", state=Letter.State.QUEUED, attempts__gt=0
        )
        values = {"delivered_at": now, "leased_until": None, "next_attempt_at": None, **CLEARED}
        return known.filter(state=Letter.State.SENT).update(**values) or under_way.update(
            state=Letter.State.SENT, sent_at=now, gateway=alias, **values
        )
    return known.filter(state=Letter.State.SENT).update(
        state=Letter.State.FAILED, error_kind=Letter.ErrorKind.SMS_LOST
    )
