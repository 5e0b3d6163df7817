"""The mock BankID НБУ. Exists only with DEBUG: it lets anybody in as anybody."""

import base64
import binascii
import json

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.identity.base import IdentifierKind
from integrations.kep.certificates import Certificate, read_certificate
from integrations.kep.errors import KepError
from sandbox.authority.parties import bank_sender, bank_signer, envelope, keyring, signed
from sandbox.brokers.choosing import Service, authorize
from sandbox.brokers.tickets import TOKEN_SECONDS, Ticket, find_token, issue_token, take_code
from sandbox.brokers.troubles import OF_BANKID, Trouble, stranger, trouble_of, troubled_answer
from sandbox.identity.views import only_in_debug

NAME = "bankid"
BANKS: tuple[dict[str, object], ...] = (
    {"id": "kalyna", "name": "Банк «Калина» (демо)", "workable": True, "memberId": "999001"},
    {"id": "dnipro", "name": "Банк «Дніпро» (демо)", "workable": True, "memberId": "999002"},
    {"id": "barvinok", "name": "Банк «Барвінок» (демо)", "workable": False, "memberId": "999003"},
)
OTHER_MEMBER = "999002"
SERVICE = Service(
    name=NAME,
    title="BankID НБУ (демонстрація)",
    troubles=OF_BANKID,
    ways=tuple((str(bank["id"]), str(bank["name"])) for bank in BANKS),
)


@only_in_debug
@require_GET
def banks(request: HttpRequest) -> HttpResponse:
    """Show the list of banks."""
    if answer := troubled_answer(trouble_of(NAME, "")):
        return answer
    listed = [
        bank | {"logoUrl": "", "loginUrl": "", "order": order} for order, bank in enumerate(BANKS)
    ]
    return JsonResponse(listed, safe=False)


@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Show the page of the bank: asks who signs in."""
    way = request.GET.get("bank_id", "")
    if way not in {bank["id"] for bank in BANKS}:
        way = str(BANKS[0]["id"])
    return authorize(
        request,
        SERVICE,
        client_id=settings.BANKID_CLIENT[0],
        way=way,
        dataset=request.GET.get("dataset", ""),
    )


@csrf_exempt
@only_in_debug
@never_cache
@require_POST
def token(request: HttpRequest) -> HttpResponse:
    """Exchange a code."""
    given = request.POST
    if (given.get("client_id"), given.get("client_secret")) != settings.BANKID_CLIENT:
        return JsonResponse({"error": "unauthorized_client"}, status=401)
    ticket = take_code(NAME, given.get("code", ""))
    if ticket is None or given.get("grant_type") != "authorization_code":
        return JsonResponse({"error": "invalid_grant"}, status=400)
    if ticket.trouble == Trouble.DOWN and (answer := troubled_answer(Trouble.DOWN)):
        return answer
    value, _ = issue_token(ticket)
    return JsonResponse(
        {
            "token_type": "bearer",
            "access_token": value,
            "expires_in": TOKEN_SECONDS,
            "refresh_token": "n/a",
        }
    )


@csrf_exempt
@only_in_debug
@never_cache
@require_POST
def client(request: HttpRequest) -> HttpResponse:
    """Tell about the person, signed by the bank and enveloped; errors come with status 200."""
    kind, _, value = request.headers.get("Authorization", "").partition(" ")
    ticket = find_token(NAME, value) if kind == "Bearer" else None
    if ticket is None:
        return JsonResponse({"error": "invalid_token"})
    if answer := troubled_answer(Trouble(ticket.trouble)):
        return answer
    try:
        asked = json.loads(request.body)
        certificate = read_certificate(base64.b64decode(asked["cert"], validate=True))
        fields = _asked_fields(asked, ticket)
        crypto = _sealed(_questionnaire(ticket, fields), certificate, Trouble(ticket.trouble))
    except (binascii.Error, ValueError, TypeError, KeyError, KepError):
        return JsonResponse({"error": "invalid_cert"})
    other = ticket.trouble == Trouble.OTHER_BANK
    member = next(bank["memberId"] for bank in BANKS if bank["id"] == ticket.way)
    return JsonResponse(
        {
            "state": "ok",
            "cert": base64.b64encode(bank_sender().raw).decode(),
            "customerCrypto": base64.b64encode(crypto).decode(),
            "memberId": OTHER_MEMBER + "0" if other else member,
        }
    )


def _asked_fields(asked: dict[str, object], ticket: Ticket) -> set[str]:
    """Version 1 names the fields; in version 2 the data set was named at the beginning."""
    fields = asked.get("fields")
    if isinstance(fields, list) and asked.get("type") == "physical":
        return {str(field) for field in fields}
    if not ticket.dataset:
        raise ValueError("neither fields nor a data set")
    return {"lastName", "firstName", "middleName", "phone", "inn", "email", "birthDay", "sex"}


def _questionnaire(ticket: Ticket, fields: set[str]) -> dict[str, object]:
    person = ticket.citizen
    values: dict[str, object] = {
        "lastName": person.last_name,
        "firstName": person.first_name,
        "middleName": person.patronymic,
        "phone": (person.phone or "").removeprefix("+"),
        "email": person.email or "",
        # Banks know no УНЗР: who has nothing else gives the number of the ID card.
        "inn": "900421517" if person.kind is IdentifierKind.UNZR else person.identifier,
        "birthDay": "01.01.1980",
        "sex": "F" if person.patronymic.endswith("а") else "M",
    }
    claims = {name: value for name, value in values.items() if name in fields}
    return {"type": "physical", **claims, "flagPEPs": 0, "uaResident": 1}


def _sealed(person: dict[str, object], certificate: Certificate, trouble: Trouble) -> bytes:
    """Sign and encrypt what is told, or something that the portal has to refuse."""
    content = json.dumps(person, ensure_ascii=False).encode()
    if trouble is Trouble.FOREIGN_SIGNER:
        content = signed(content, stranger())
    elif trouble is not Trouble.NOT_SIGNED:
        content = signed(content, bank_signer())
    if trouble is Trouble.OTHER_KEY:
        certificate = keyring().holders["broker-agreement"].certificate
    return envelope(content, certificate, sender=bank_sender())
