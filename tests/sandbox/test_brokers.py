"""The mock id.gov.ua and BankID: the production clients sign in with them, and nobody without DEBUG."""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
import requests
from django.http import Http404
from django.test import RequestFactory

from integrations.common.levels import Level
from integrations.identity.bankid import BankId, BankIdOptions
from integrations.identity.base import IdentityError, Proof, RedirectProvider
from integrations.identity.id_gov_ua import IdGovUa, IdGovUaOptions
from sandbox.bankid import views as bankid
from sandbox.brokers.troubles import Trouble, trouble_of
from sandbox.id_gov_ua import views as id_gov_ua
from tests.harness.demo import Demo, Visitor
from tests.harness.html import Page

NONCE = "mB4Zk1X9q0vYt7sLw2RcNg"


@pytest.mark.parametrize(
    "view",
    [
        id_gov_ua.choose,
        id_gov_ua.get_access_token,
        id_gov_ua.get_user_info,
        id_gov_ua.get_user_logout,
        bankid.banks,
        bankid.choose,
        bankid.token,
        bankid.client,
    ],
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_services_that_trust_anybody__do_not_exist_without_debug(
    settings: Any, view: Callable[..., Any], method: str
) -> None:
    settings.DEBUG = False
    with pytest.raises(Http404):
        view(getattr(RequestFactory(), method)("/"))


def test_trouble__of_the_whole_service_outweighs_the_chosen_one(settings: Any) -> None:
    assert trouble_of("bankid", "html") is Trouble.HTML
    assert trouble_of("bankid", "nonsense") is Trouble.NONE
    settings.SANDBOX_TROUBLES = {"bankid": "down"}
    assert trouble_of("bankid", "html") is Trouble.DOWN
    assert trouble_of("id_gov_ua", "html") is Trouble.HTML


# --- By the production clients -----------------------------------------------------------------


SEAL_EDRPOU = "40000121"
"""What the seals of the demonstration name."""


def _options(demo: Demo, service: str, **changes: Any) -> dict[str, Any]:
    secret_key = json.loads((demo.folder / "secrets.json").read_text())["secret_key"]
    folder = demo.folder / "authority"
    return {
        "client_id": "demo-portal",
        "client_secret": hashlib.sha256(f"{service} {secret_key}".encode()).hexdigest(),
        "certificate_file": folder / "portal.cer",
        "key_file": folder / "portal.key",
        "trust": folder / "trust",
        "connect_timeout": 30.0,
        "read_timeout": 30.0,
        "total_timeout": 30.0,
        "allow_http_loopback": True,
        **changes,
    }


def _id_gov_ua(demo: Demo, **changes: Any) -> IdGovUa:
    changes = {"base_url": f"{demo.url}/id-gov-ua", "signers": [SEAL_EDRPOU]} | changes
    options = _options(demo, "id.gov.ua", **changes)
    return IdGovUa(IdGovUaOptions(**options))


def _bankid(demo: Demo, **changes: Any) -> BankId:
    options = {"base_url": f"{demo.url}/bankid", "dataset": "11"} | changes
    return BankId(BankIdOptions(**_options(demo, "bankid", **options)))


class Journey:
    """The way of a browser to a mock service and back, up to the callback of the portal."""

    def __init__(self, demo: Demo, provider: RedirectProvider) -> None:
        self.provider = provider
        self.back = f"{demo.url}/callback/"
        self.answer: dict[str, str] = {}
        self.choice = ""

    def go(self, person: str, *, button: str = "", choice: str = "", trouble: str = "") -> Proof:
        address = self.provider.start(
            nonce=NONCE, return_url=self.back, button=button, choice=choice
        )
        browser = requests.Session()
        browser.trust_env = False
        token = Page(browser.get(address, timeout=30)).token
        fields = {"csrfmiddlewaretoken": token, "citizen": person, "trouble": trouble}
        sent = browser.post(address, fields, timeout=30, allow_redirects=False)
        self.answer = dict(parse_qsl(urlsplit(sent.headers["Location"]).query))
        self.choice = choice
        return self.finish()

    def finish(self) -> Proof:
        now = datetime.now(UTC)
        return self.provider.finish(self.answer, return_url=self.back, choice=self.choice, now=now)

    def refusal(self, person: str, **how: str) -> str:
        with pytest.raises(IdentityError) as caught:
            self.go(person, **how)
        return f"{caught.value.reason} {caught.value.detail}".strip()


def test_id_gov_ua__people_by_every_way(demo: Demo) -> None:
    journey = Journey(demo, _id_gov_ua(demo, auth_types=["dig_sign", "mobile_id", "bank_id"]))
    in_file, on_phone = (
        journey.go("taras", button="dig_sign"),
        journey.go("taras", button="mobile_id"),
    )
    assert (in_file.identity.level, on_phone.identity.level) == (Level.SUBSTANTIAL, Level.HIGH)
    assert in_file.credential != on_phone.credential
    halyna = journey.go("halyna", button="dig_sign")
    assert (halyna.identity.last_name, halyna.identity.first_name) == ("Щербань-Їжакевич", "Галина")
    assert (halyna.identity.patronymic, halyna.identity.level) == ("Євгенівна", Level.HIGH)
    assert (halyna.identity.edrpou, halyna.identity.method) == ("40000121", "idgovua+dig_sign")
    assert {"answer.p7s", "revocation-1.der"} <= set(halyna.evidence)
    assert journey.answer["state"] == NONCE
    with pytest.raises(IdentityError, match="refused"):
        journey.finish()
    iosyp = journey.go("iosyp", button="mobile_id")
    assert (iosyp.identity.identifier, iosyp.identity.phone) == ("PASUA-АЕ431207", None)
    amina = journey.go("amina", button="bank_id")
    assert (amina.identity.identifier, amina.credential) == ("19930517-04212", None)
    assert amina.identity.level is Level.SUBSTANTIAL


def test_bankid__people_in_both_versions(demo: Demo) -> None:
    for version in ("v1", "v2"):
        journey = Journey(demo, _bankid(demo, version=version))
        assert [choice.available for choice in journey.provider.choices()] == [True, True, False]
        taras = journey.go("taras", choice="dnipro")
        assert (taras.identity.last_name, taras.identity.phone) == ("Гончарук", "+380671110002")
        assert taras.credential is not None
        assert taras.credential.label == "Банк «Дніпро» (демо)"
        with pytest.raises(IdentityError, match="code_refused"):
            journey.finish()


def test_troubles__are_real(demo: Demo) -> None:
    broker, bank = Journey(demo, _id_gov_ua(demo)), Journey(demo, _bankid(demo))
    released = {
        trouble: (
            broker.refusal("olena", button="dig_sign", trouble=trouble),
            bank.refusal("olena", choice="kalyna", trouble=trouble),
        )
        for trouble in (
            "down",
            "html",
            "number",
            "spent_code",
            "other_key",
            "foreign_signer",
            "not_signed",
        )
    }
    assert released == {
        "down": ("unavailable status", "unavailable status"),
        "html": ("bad_answer json", "bad_answer json"),
        "number": ("refused error", "refused error"),
        "spent_code": ("refused error", "code_refused error"),
        "other_key": ("bad_answer wrong_key_usage", "bad_answer wrong_key_usage"),
        "foreign_signer": ("bad_answer untrusted_issuer", "bad_answer untrusted_issuer"),
        "not_signed": ("bad_answer not_signed", "bad_answer not_signed"),
    }
    assert bank.refusal("olena", choice="kalyna", trouble="other_bank") == "wrong_bank memberId"
    assert broker.refusal("", button="dig_sign") == "cancelled error"
    assert bank.refusal("", choice="kalyna") == "cancelled error"
    bank.go("olena", choice="kalyna", trouble="wrong_state")
    assert bank.answer["state"] != NONCE


def test_strangers__get_no_code_and_no_token(demo: Demo) -> None:
    unknown = Journey(demo, _bankid(demo, client_secret="guessed"))
    assert unknown.refusal("olena", choice="kalyna") == "misconfigured error"
    for service in ("id-gov-ua/", "bankid/v1/bank/oauth2/authorize"):
        for back in ("https://evil.example/", "//evil.example/", "/local/", ""):
            answer = requests.get(
                f"{demo.url}/{service}",
                {"response_type": "code", "client_id": "demo-portal", "redirect_uri": back},
                timeout=30,
            )
            assert answer.status_code == 400


# --- By a browser ------------------------------------------------------------------------------


def test_citizen__comes_back_signed_in(visitor: Visitor) -> None:
    visitor.go("/videoreception/sign-in/?next=/videoreception/cabinet/")
    visitor.send('value="diia_id"', button="diia_id")
    assert "/id-gov-ua/?" in visitor.address
    assert "Дія.Підпис" in visitor.page
    visitor.send('name="citizen"', citizen="olena")
    assert visitor.address.endswith("/videoreception/cabinet/")


def test_newcomer__by_bank_is_led_to_the_registration(visitor: Visitor) -> None:
    visitor.go("/videoreception/sign-in/")
    visitor.send("/bankid/start/")
    assert "Барвінок" in visitor.page
    visitor.send('value="kalyna"')
    visitor.send('name="citizen"', citizen="petra")
    assert visitor.address.endswith("/videoreception/registration/")
    assert "Лугова Петра Остапівна" in visitor.page
