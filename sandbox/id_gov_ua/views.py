"""The mock id.gov.ua. Exists only with DEBUG: it lets anybody in as anybody."""

import base64
import binascii
import json
from urllib.parse import unquote_plus

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from integrations.identity.base import IdentifierKind
from integrations.kep.certificates import Certificate, read_certificate
from integrations.kep.errors import KepError
from integrations.kep.identity import read_name
from sandbox.authority.parties import broker_signer, envelope, keyring, signed
from sandbox.authority.people import Signer, signer
from sandbox.brokers.choosing import Service, authorize
from sandbox.brokers.tickets import Ticket, drop_token, find_token, issue_token, take_code
from sandbox.brokers.troubles import OF_ID_GOV_UA, Trouble, stranger, troubled_answer
from sandbox.identity.views import only_in_debug

NAME = "id_gov_ua"
ABSENT = "n/a"
WAYS = (
    ("dig_sign", "Електронний підпис"),
    ("diia_id", "Дія.Підпис"),
    ("mobile_id", "MobileID"),
    ("bank_id", "BankID"),
)
ON_DEVICE = {"diia_id": "D1", "mobile_id": "51"}
"""What the numbers of keys begin with that never leave a phone or its SIM card."""
SERVICE = Service(
    name=NAME,
    title="id.gov.ua (демонстрація)",
    troubles=OF_ID_GOV_UA,
    ways=WAYS,
)


@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def choose(request: HttpRequest) -> HttpResponse:
    """Ask who signs in; without `auth_type` by electronic signature."""
    wanted = request.GET.get("auth_type", "").split(",")
    way = next((way for way, _ in WAYS if way in wanted), "dig_sign")
    return authorize(request, SERVICE, client_id=settings.ID_GOV_UA_CLIENT[0], way=way)


@csrf_exempt
@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def get_access_token(request: HttpRequest) -> HttpResponse:
    """Exchange a code; parameters are taken from the address or from the body."""
    given = _parameters(request)
    if (given.get("client_id"), given.get("client_secret")) != settings.ID_GOV_UA_CLIENT:
        return _refusal(1, "client")
    ticket = take_code(NAME, given.get("code", ""))
    if ticket is None or given.get("grant_type") != "authorization_code":
        return _refusal("2", "code")
    if ticket.trouble == Trouble.DOWN and (answer := troubled_answer(Trouble.DOWN)):
        return answer
    token, ticket = issue_token(ticket)
    return JsonResponse(
        {
            "access_token": token,
            "token_type": "bearer",
            "expires_in": "180",
            "refresh_token": ABSENT,
            "user_id": ticket.user_id,
        }
    )


@csrf_exempt
@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def get_user_info(request: HttpRequest) -> HttpResponse:
    """Tell about the person, enveloped for the certificate, which comes encoded twice."""
    given = _parameters(request)
    ticket = _ticket(given)
    if ticket is None:
        return _refusal("3", "session")
    if answer := troubled_answer(Trouble(ticket.trouble)):
        return answer
    fields = _fields(ticket, given.get("fields", "").split(","))
    if not given.get("cert"):
        return JsonResponse(fields)
    try:
        certificate = read_certificate(base64.b64decode(unquote_plus(given["cert"]), validate=True))
        data = _sealed(fields, certificate, Trouble(ticket.trouble))
    except (binascii.Error, ValueError, TypeError, KepError):
        return _refusal("4", "cert")
    return JsonResponse({"encryptedUserInfo": base64.b64encode(data).decode()})


@csrf_exempt
@only_in_debug
@never_cache
@require_http_methods(["GET", "POST"])
def get_user_logout(request: HttpRequest) -> HttpResponse:
    """End the session; here `error` "0" is success."""
    given = _parameters(request)
    ticket = _ticket(given)
    if ticket is None:
        return _refusal("3", "session")
    drop_token(NAME, given["access_token"])
    return JsonResponse({"error": "0", "error_description": "Дані користувача видалено успішно"})


def _parameters(request: HttpRequest) -> dict[str, str]:
    return request.GET.dict() | request.POST.dict()


def _ticket(given: dict[str, str]) -> Ticket | None:
    """Return the session that token and user name."""
    ticket = find_token(NAME, given.get("access_token", ""))
    return ticket if ticket and given.get("user_id") == ticket.user_id else None


def _refusal(number: int | str, message: str) -> HttpResponse:
    body = {"error": number, "message": message, "error_description": ABSENT}
    return JsonResponse(body, status=401)


def _sealed(fields: dict[str, str], certificate: Certificate, trouble: Trouble) -> bytes:
    """Sign and encrypt what is told, or something that the portal has to refuse."""
    signing = broker_signer()
    if trouble is Trouble.FOREIGN_SIGNER:
        signing = stranger()
    if trouble is Trouble.OTHER_KEY:
        certificate = keyring().holders["broker-agreement"].certificate
    content = json.dumps(fields, ensure_ascii=False).encode()
    data = content if trouble is Trouble.NOT_SIGNED else signed(content, signing)
    return envelope(data, certificate)


def _fields(ticket: Ticket, asked: list[str]) -> dict[str, str]:
    """Return the certificate of the person as id.gov.ua tells it: texts, and `n/a` for what is absent."""
    person, by_bank = ticket.citizen, ticket.way == "bank_id"
    key = signer(person.slug)
    on_device = ticket.way in ON_DEVICE or (key is not None and key.on_device)
    values = {} if by_bank or key is None else _certificate(key, ticket.way)
    values |= {
        "subjectcn": person.full_name,
        "lastname": person.last_name,
        # As in certificates: both in one place, and the patronymic once more in its own.
        "givenname": " ".join(filter(None, (person.first_name, person.patronymic))),
        "middlename": person.patronymic,
        "email": person.email or "",
        "phone": (person.phone or "").removeprefix("+"),
        "drfocode": "" if person.kind is IdentifierKind.UNZR else person.identifier,
        "unzr": person.identifier if person.kind is IdentifierKind.UNZR else "",
        "isqscd": "" if by_bank else str(int(on_device)),
    }
    if key is not None and key.edrpou and ticket.way == "dig_sign":
        values |= {"edrpoucode": key.edrpou, "o": key.organisation}
    fields = {name: values.get(name) or ABSENT for name in asked}
    return fields | {"auth_type": ticket.way, "user_id": ticket.user_id}


def _certificate(key: Signer, way: str) -> dict[str, str]:
    """Return who has issued the key of this way, and its number: a phone holds another key than a token."""
    certificate = keyring().person(key).certificate
    issuer = read_name(certificate.issuer)["2.5.4.3"][0]
    serial = ON_DEVICE.get(way, "") + f"{certificate.serial:X}"
    return {"issuer": f"CN={issuer}", "issuercn": issuer, "serial": serial.rjust(40, "0")}
