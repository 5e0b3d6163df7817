"""One bounded request, and what id.gov.ua and BankID have in common."""

import logging
from collections.abc import Callable

import pytest

from integrations.common.fetching import AnswerTooLarge, FetchFailed, FetchLimits, fetch
from integrations.identity.base import IdentityError
from integrations.identity.oauth import (
    AccessToken,
    Reply,
    authorize_url,
    read_code,
    read_token,
    refusal,
    require_start,
    require_success,
)
from integrations.identity.rnokpp import number_of_person
from integrations.identity.values import normal_email, normal_name, normal_phone
from integrations.kep.memory import MemoryCache
from tests.identity.outside import Answer, Outside, Request, as_json

QUICK = FetchLimits(connect=5, read=0.3, total=0.6, max_bytes=1000)
PATIENT = FetchLimits(connect=30, read=30, total=30, max_bytes=1000)


def test_fetch__gives_status_and_octets(outside: Outside) -> None:
    outside.paths["/a"] = Answer(b"octets", 418)
    answer = fetch("GET", f"{outside.url}/a?b=c", limits=PATIENT)
    assert (answer.status, answer.body) == (418, b"octets")
    assert outside.requests[0].query == {"b": "c"}


def test_fetch__posts(outside: Outside) -> None:
    outside.paths["/a"] = lambda request: Answer(request.body[::-1])
    headers = {"Content-Type": "text/plain", "X-A": "b"}
    answer = fetch("POST", f"{outside.url}/a", limits=PATIENT, body=b"abc", headers=headers)
    assert answer.body == b"cba"
    assert outside.requests[0].headers["x-a"] == "b"
    assert outside.requests[0].headers["accept-encoding"] == "identity"


def test_fetch__follows_nobody(outside: Outside) -> None:
    outside.paths["/a"] = Answer(b"", 302, {"Location": f"{outside.url}/b"})
    assert fetch("GET", f"{outside.url}/a", limits=PATIENT).status == 302
    assert outside.asked("/b") == []


def test_fetch__takes_no_proxy_from_the_environment(
    outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside.paths["/a"] = Answer(b"direct")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert fetch("GET", f"{outside.url}/a", limits=PATIENT).body == b"direct"


@pytest.mark.parametrize(
    "answer",
    [
        Answer(hangs=True),
        Answer(b"x" * 200, seconds_per_byte=0.02),
        Answer(b"x" * 10, promised=20),
        # A redirect too, though nobody follows it.
        Answer(b"x" * 200, 302, {"Location": "/b"}, seconds_per_byte=0.02),
    ],
)
def test_fetch__waits_no_longer_than_it_may(outside: Outside, answer: Answer) -> None:
    outside.paths["/a"] = answer
    with pytest.raises(FetchFailed) as caught:
        fetch("GET", f"{outside.url}/a", limits=QUICK)
    assert not isinstance(caught.value, AnswerTooLarge)


def test_fetch__takes_no_more_than_it_may(outside: Outside) -> None:
    outside.paths["/a"] = Answer(b"x" * 1000)
    assert len(fetch("GET", f"{outside.url}/a", limits=PATIENT).body) == 1000
    for answer in (
        Answer(b"x" * 1001),
        Answer(b"x" * 1001, 404),
        Answer(b"x" * 1001, 302, {"Location": "/b"}),
    ):
        outside.paths["/a"] = answer
        with pytest.raises(AnswerTooLarge):
            fetch("GET", f"{outside.url}/a", limits=PATIENT)


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:1/?secret", "http://:80/", "nonsense", "http://[/"]
)
def test_fetch__tells_the_kind_of_failure_only(url: str) -> None:
    with pytest.raises(FetchFailed) as caught:
        fetch("GET", url, limits=QUICK)
    assert str(caught.value).isalpha()
    assert caught.value.__suppress_context__


def test_fetch__nothing_of_the_address_is_logged(
    outside: Outside, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    outside.paths["/a"] = Answer(b"")
    fetch("GET", f"{outside.url}/a?client_secret=s3cret", limits=PATIENT)
    assert "s3cret" not in caplog.text
    # Whoever else uses the library keeps its log.
    logging.getLogger("urllib3.connectionpool").debug("another client")
    assert "another client" in caplog.text


def test_authorize_url__encodes_what_it_is_given() -> None:
    address = authorize_url("https://a.example/", [("a", "b&c=d"), ("e", "ї /?")])
    assert address == "https://a.example/?a=b%26c%3Dd&e=%D1%97+%2F%3F"


def test_require_start__https_unless_the_demonstration_allows_less() -> None:
    require_start("x" * 16, "http://127.0.0.1/back/", allow_http=True)
    for address in ("http://127.0.0.1/back/", "https:///back/", "javascript:alert(1)"):
        with pytest.raises(IdentityError, match="insecure_return"):
            require_start("x" * 16, address, allow_http=False)
    for nonce, address in (
        ("x" * 15, "https://a.example/"),
        ("x" * 129, "https://a.example/"),
        ("x" * 15 + "\n", "https://a.example/"),
    ):
        with pytest.raises(ValueError):
            require_start(nonce, address, allow_http=False)


def test_read_code__an_error_outweighs_a_code() -> None:
    assert read_code({"code": "abc", "state": "x"}) == "abc"
    with pytest.raises(IdentityError, match="cancelled"):
        read_code({"code": "abc", "error": "access_denied"})


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        ("access_denied", "cancelled"),
        ("ACCESS_DENIED", "cancelled"),
        ("invalid_client", "misconfigured"),
        (1, "refused"),
        ("0", "refused"),
        (0, "refused"),
        ("x" * 500, "refused"),
        (True, "bad_answer"),
        ([], "bad_answer"),
        (1.5, "bad_answer"),
    ],
)
def test_error_of_the_provider__becomes_a_reason(error: object, reason: str) -> None:
    assert refusal(error).reason == reason


def test_refusal__logs_codes_and_no_texts(caplog: pytest.LogCaptureFixture) -> None:
    refusal("invalid_cert")
    assert "invalid_cert" in caplog.text
    refusal("user 3287401015 not found")
    refusal("a\nb")
    assert "3287401015" not in caplog.text
    assert len(caplog.records) == 1


def test_require_success__an_error_with_status_200_is_one() -> None:
    assert require_success(Reply(200, {"a": 1, "error": None})) == {"a": 1, "error": None}
    for reply, reason in (
        (Reply(200, {"error": "0"}), "refused"),
        (Reply(200, {"error": 0}), "refused"),
        (Reply(200, {"error": ""}), "refused"),
        (Reply(200, {"error": "invalid_data"}), "bad_answer"),
        (Reply(403, {"a": 1}), "refused"),
        (Reply(200, ["a"]), "bad_answer"),
    ):
        with pytest.raises(IdentityError, match=reason):
            require_success(reply)


def test_read_token__kind_and_life_may_be_left_out() -> None:
    assert read_token({"access_token": "abc"}) == AccessToken("abc")
    assert "abc" not in repr(AccessToken("abc", "17"))


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        (normal_phone, "380501234567", "+380501234567"),
        (normal_phone, "+38 (050) 123-45-67", "+380501234567"),
        (normal_phone, "0501234567", "+380501234567"),
        (normal_phone, "+48123456789", "+48123456789"),
        (normal_name, " Мар’яна ", "Мар’яна"),
        (normal_email, "a.b@example.com", "a.b@example.com"),
    ],
)
def test_odd_values__are_read_or_refused(
    reader: Callable[[str], str], text: str, expected: str
) -> None:
    assert reader(text) == expected


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (normal_phone, "48123456789"),
        (normal_phone, "12345"),
        (normal_phone, "1" * 1000),
        (normal_phone, ""),
        (normal_name, "\u202eТарас"),
        (normal_name, "123"),
        (normal_email, "a@b"),
        (number_of_person, "000000"),
        (number_of_person, "абвгд"),
        (number_of_person, "1" * 100),
    ],
)
def test_values__refused_without_repeating_them(reader: Callable[[str], object], text: str) -> None:
    with pytest.raises(ValueError) as caught:
        reader(text)
    assert not text or text not in str(caught.value)


def test_memory_cache__forgets_in_time_and_in_order() -> None:
    now = [0.0]
    cache = MemoryCache(clock=lambda: now[0])
    cache.set("a", b"1", 10)
    assert cache.get("a") == b"1"
    now[0] = 10
    assert cache.get("a") is None
    for number in range(1001):
        cache.set(str(number), b"x", 10)
    assert (cache.get("0"), cache.get("1"), cache.get("1000")) == (None, b"x", b"x")


def test_requests__of_the_test_server_are_seen_as_sent(outside: Outside) -> None:
    outside.paths["/a"] = lambda request: as_json(_seen(request))
    fetch("POST", f"{outside.url}/a?b=%2525", limits=PATIENT, body=b"c=%2525")
    assert (outside.requests[0].query, outside.requests[0].form) == ({"b": "%25"}, {"c": "%25"})


def _seen(request: Request) -> dict[str, str]:
    return dict(request.query)
