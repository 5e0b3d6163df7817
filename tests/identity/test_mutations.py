"""Whatever is damaged in a token or made up, the answer is a refusal and nothing else."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.identity.base import IdentityError
from integrations.identity.portal_tokens import PortalTokens
from integrations.identity.signing_keys import SigningKey
from tests.identity.forge import forge, parts
from tests.steps.identity import NOW

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
lasting = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)


def test_every_changed_byte__is_refused(provider: PortalTokens, handover: str, access: str) -> None:
    for token, read in ((handover, provider.read_handover), (access, provider.read_access)):
        assert read(token, NOW)
        for position, letter in enumerate(token):
            # One bit, the next letter of the alphabet, a separator, nothing.
            for other in {chr(ord(letter) ^ 1), chr(ord(letter) + 1), "A", ".", "="} - {letter}:
                with pytest.raises(IdentityError):
                    read(token[:position] + other + token[position + 1 :], NOW)
            with pytest.raises(IdentityError):
                read(token[:position] + token[position + 1 :], NOW)


@lasting
@given(data=st.data())
def test_any_changed_character__is_refused(
    provider: PortalTokens, handover: str, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(handover) - 1))
    other = data.draw(st.characters().filter(lambda character: character != handover[position]))
    with pytest.raises(IdentityError):
        provider.read_handover(handover[:position] + other + handover[position + 1 :], NOW)


@lasting
@given(text=st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_any_text__is_refused(provider: PortalTokens, text: str) -> None:
    with pytest.raises(IdentityError):
        provider.read_access(text, NOW)


@lasting
@given(payload=st.binary(max_size=300))
def test_any_signed_bytes__are_refused(
    provider: PortalTokens, handover: str, key: SigningKey, payload: bytes
) -> None:
    header, _claims = parts(handover)
    with pytest.raises(IdentityError):
        provider.read_handover(forge(key, header, payload), NOW)
    with pytest.raises(IdentityError):
        provider.read_handover(forge(key, payload, b"{}"), NOW)


@lasting
@given(data=st.data(), value=json_values)
def test_any_value_of_a_claim__is_read_or_refused(
    provider: PortalTokens, handover: str, key: SigningKey, data: st.DataObject, value: object
) -> None:
    header, claims = parts(handover)
    name = data.draw(st.sampled_from(sorted(claims)))
    token = forge(key, header, json.dumps({**claims, name: value}).encode())
    try:
        result = provider.read_handover(token, NOW)
    except IdentityError:
        return
    # What was let through can be stored and shown.
    for text in (result.identity.subject, result.identity.last_name, result.jti):
        text.encode()
