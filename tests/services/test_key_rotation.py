"""Encrypting again under a new key: everything, beside those who write, and what may go is said."""

import ast
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from cryptography.fernet import Fernet
from django.core.management import CommandError, call_command

from diia_videoreception.models import (
    AnswerSignature,
    CaseNote,
    Citizen,
    ConsentEvidence,
    Draft,
    EmailConfirmation,
    Evidence,
    HandOver,
    HelpedPerson,
    MandateCode,
    PersonView,
    Purpose,
    Reception,
    TypedCode,
    TypedDraft,
)
from diia_videoreception.personal_data import decrypt, encrypt, key_of
from diia_videoreception.services.booking.notes import add_note
from diia_videoreception.services.booking.representing import name_represented
from diia_videoreception.services.housekeeping import key_rotation
from diia_videoreception.services.kiosk import pairing, phone, visitors
from tests.factories import NOW, ApplicationFactory, CitizenFactory
from tests.harness.at_once import at_once
from tests.steps.centres import CentreWorld
from tests.steps.kiosk import new_kiosk_world
from tests.steps.mandates import consent_of
from tests.steps.moderation import moderator_of
from tests.steps.representing import MOTHER

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("diia_videoreception", "device_check", "cms_pages")


def with_keys(settings: Any, *keys: str) -> None:
    settings.DIIA_VIDEORECEPTION = {**settings.DIIA_VIDEORECEPTION, "ENCRYPTION_KEYS": list(keys)}


@pytest.fixture
def new_key(settings: Any) -> str:
    """Encrypts from now on; what lies in the database has the key before."""
    key = Fernet.generate_key().decode()
    with_keys(settings, key, *settings.DIIA_VIDEORECEPTION["ENCRYPTION_KEYS"])
    return key


@pytest.fixture
def rows(db: None) -> list[Citizen]:
    """A value in every encrypted column, some more in one of them than fit in a batch."""
    people: list[Citizen] = CitizenFactory.create_batch(3)
    citizen = people[0]
    application = ApplicationFactory(citizen=citizen)
    name_represented(application, MOTHER)
    Draft.objects.create(
        citizen=citizen, ground_number_encrypted=encrypt("1"), created_at=NOW, updated_at=NOW
    )
    Reception.objects.create(
        application=application,
        conference="default",
        login="vp-a2b3c4d5",
        password_encrypted=encrypt("secret"),
        confirmed_at=NOW,
    )
    HandOver.objects.create(
        provider="portal", nonce_hash="x", proof_encrypted=encrypt("{}"), expires_at=NOW
    )
    EmailConfirmation.objects.create(
        citizen=citizen,
        address="new@example.com",
        code_encrypted=encrypt("418263"),
        sent_at=NOW,
        expires_at=NOW,
    )
    Evidence.objects.create(
        citizen=citizen,
        purpose=Purpose.SIGN,
        provider="kep",
        method="kep",
        level="high",
        archive_encrypted=encrypt("archive"),
        created_at=NOW,
    )
    AnswerSignature.objects.create(
        application=application,
        kind=AnswerSignature.Kind.KEP,
        signer="Коваленко Олена Петрівна",
        serial="1",
        archive_encrypted=encrypt("archive"),
        created_at=NOW,
    )
    add_note(
        moderator=moderator_of(application.official.agency),
        public_id=application.public_id,
        text="Просить говорити повільніше.",
        key=uuid4(),
        now=NOW,
    )
    # With an invitation to a centre.
    place = new_kiosk_world()
    visitor = visitors.begin(pairing.pair(place.code(), now=NOW).browser, now=NOW).visitor
    phone.ask(visitor, now=NOW)
    helped(citizen, place.centres)
    return people


def helped(citizen: Citizen, world: CentreWorld) -> None:
    """What a consent to help leaves."""
    mandate = consent_of(citizen, world)
    HelpedPerson.objects.create(
        citizen=citizen, claimed_encrypted=encrypt("3184710691"), created_at=NOW
    )
    MandateCode.objects.create(
        mandate=mandate, code_encrypted=encrypt("418260"), sent_at=NOW, expires_at=NOW
    )
    TypedCode.objects.create(
        typed=TypedDraft.objects.create(visit=mandate.visit, mandate=mandate),
        code_encrypted=encrypt("418261"),
        sent_at=NOW,
        expires_at=NOW,
    )
    ConsentEvidence.objects.create(
        mandate=mandate,
        method="kep_signature",
        captured_at=NOW,
        captured_by=mandate.taken_by,
        archive_encrypted=encrypt("archive"),
    )
    PersonView.objects.create(
        visit=mandate.visit,
        shows="consent",
        secret_hash="x",
        secret_encrypted=encrypt("secret"),
        number=47,
        created_at=NOW,
        expires_at=NOW,
    )


def output_of(*options: str) -> str:
    output = StringIO()
    call_command("rotate_keys", *options, stdout=output, stderr=output)
    return output.getvalue()


def test_every_column__is_encrypted_again_and_reads_as_before(
    rows: list[Citizen], new_key: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_rotation, "BATCH", 2)
    before = [person.identifier for person in rows]
    columns = key_rotation.encrypted_columns()
    assert all(column.model._base_manager.exists() for column in columns), "a column is not tried"

    assert "Key 2: 0 values. It may go" in output_of()

    with_keys(settings, new_key)
    assert [person.identifier for person in Citizen.objects.order_by("pk")] == before
    assert Reception.objects.get().password == "secret"
    assert CaseNote.objects.get().text == "Просить говорити повільніше."
    assert key_rotation.count().by_key == {0: len(rows) + 16}


def test_dry_run__counts_and_changes_nothing(rows: list[Citizen], new_key: str) -> None:
    with pytest.raises(CommandError, match="may not go yet"):
        output_of("--dry-run")

    assert key_rotation.count().by_key == {1: len(rows) + 16}


def test_stopped_run__is_begun_again(
    rows: list[Citizen], new_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    replace, calls = key_rotation._replace, iter([True, True])

    def stops(*args: Any, **named: Any) -> bool:
        next(calls)
        return replace(*args, **named)

    monkeypatch.setattr(key_rotation, "_replace", stops)
    with pytest.raises(StopIteration):
        key_rotation.rotate()
    monkeypatch.setattr(key_rotation, "_replace", replace)

    assert key_rotation.count().by_key[0] == 2
    assert key_rotation.rotate().replaced == len(rows) + 14


def test_value_that_no_key_opens__is_named_and_no_key_may_go(
    rows: list[Citizen], new_key: str, settings: Any
) -> None:
    lost = Fernet(Fernet.generate_key()).encrypt(b"3141592653").decode()
    Citizen.objects.filter(pk=rows[1].pk).update(identifier_encrypted=lost)
    output = StringIO()

    with pytest.raises(CommandError, match="1 values can be read with no key"):
        call_command("rotate_keys", stdout=output, stderr=output)

    assert f"Citizen.identifier_encrypted of row {rows[1].pk}." in output.getvalue()
    assert "may go, when" not in output.getvalue()
    assert Citizen.objects.get(pk=rows[1].pk).identifier_encrypted == lost


def test_process_with_older_settings__keeps_its_key(
    rows: list[Citizen], new_key: str, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    old = Fernet(settings.DIIA_VIDEORECEPTION["ENCRYPTION_KEYS"][1])
    replace = key_rotation._replace

    def beside_an_old_process(*args: Any, **named: Any) -> bool:
        done = replace(*args, **named)
        Citizen.objects.filter(pk=rows[2].pk).update(
            identifier_encrypted=old.encrypt(b"3141592653").decode()
        )
        return done

    monkeypatch.setattr(key_rotation, "_replace", beside_an_old_process)

    with pytest.raises(CommandError, match="1 values still need an older key"):
        output_of()


@pytest.mark.django_db(transaction=True)
def test_what_somebody_writes_meanwhile__is_never_overwritten(
    rows: list[Citizen], new_key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    again = key_rotation.encrypted_again
    waiting = EmailConfirmation.objects.get()

    def write(code: str) -> None:
        EmailConfirmation.objects.filter(pk=waiting.pk).update(code_encrypted=encrypt(code))

    def overtaken(token: str) -> str:
        # Somebody asks for another code after the old one was read and before it is replaced.
        if decrypt(token) == "418263":
            at_once(write, ["777777"])
        return again(token)

    monkeypatch.setattr(key_rotation, "encrypted_again", overtaken)
    key_rotation.rotate()

    assert decrypt(EmailConfirmation.objects.get().code_encrypted) == "777777"


@pytest.mark.django_db(transaction=True)
def test_writers_beside_the_rotation__lose_nothing(rows: list[Citizen], new_key: str) -> None:
    rounds = 25

    def act(number: int) -> None:
        if number == len(rows):
            for _ in range(rounds):
                key_rotation.rotate()
            return
        row = rows[number].pk
        for turn in range(rounds):
            value = encrypt(f"{number}-{turn}")
            Citizen.objects.filter(pk=row).update(identifier_encrypted=value)

    at_once(act, range(len(rows) + 1))

    last = [person.identifier for person in Citizen.objects.order_by("pk")]
    assert last == [f"{number}-{rounds - 1}" for number in range(len(rows))]
    assert {key_of(person.identifier_encrypted) for person in Citizen.objects.all()} == {0}


def encrypting_calls() -> Iterator[tuple[Path, ast.Call, ast.AST]]:
    """Calls in our sources that give an encrypted value, with what holds each."""
    trees = {
        path: ast.parse(path.read_text())
        for package in PACKAGES
        for path in (ROOT / package).rglob("*.py")
    }
    makers = {("personal_data", "encrypt"), ("personal_data", "encrypted_again")}
    grown = True
    while grown:
        found = list(_calls(trees, makers))
        returned = {
            (path.stem, holder.name)
            for path, _, holder in found
            if isinstance(holder, ast.FunctionDef)
        }
        grown, makers = not returned <= makers, makers | returned
    yield from found


def _calls(
    trees: dict[Path, ast.Module], makers: set[tuple[str, str]]
) -> Iterator[tuple[Path, ast.Call, ast.AST]]:
    for path, tree in trees.items():
        names = {name for module, name in makers if module == path.stem}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                module = node.module.rsplit(".", 1)[-1]
                names |= {each.name for each in node.names if (module, each.name) in makers}
        yield from ((path, *each) for each in _calls_in(tree, tree, names, makers))


def _calls_in(
    node: ast.AST, function: ast.AST, names: set[str], makers: set[tuple[str, str]]
) -> Iterator[tuple[ast.Call, ast.AST]]:
    for child in _parts_of(node):
        if isinstance(child, ast.Call):
            called = child.func
            plain = isinstance(called, ast.Name) and called.id in names
            dotted = (
                isinstance(called, ast.Attribute)
                and isinstance(called.value, ast.Name)
                and (called.value.id, called.attr) in makers
            )
            if plain or dotted:
                yield child, function if isinstance(node, ast.Return) else node
        inside = child if isinstance(child, ast.FunctionDef) else function
        yield from _calls_in(child, inside, names, makers)


def _parts_of(node: ast.AST) -> Iterator[ast.AST]:
    """What stands in a node, also in a branch of `… if … else …`."""
    for child in ast.iter_child_nodes(node):
        yield from _parts_of(child) if isinstance(child, ast.IfExp) else [child]


def _is_known(call: ast.Call, holder: ast.AST) -> bool:
    match holder:
        case ast.FunctionDef():
            return True
        case ast.Assign(targets=[ast.Attribute(attr=name)]):
            return name.endswith(key_rotation.SUFFIX)
        case ast.keyword(arg=str(name)):
            # The rotation's own compare and swap.
            return name.endswith(key_rotation.SUFFIX) or name == "new"
        case ast.Dict(keys=keys, values=values):
            key = keys[values.index(call)]
            return isinstance(key, ast.Constant) and str(key.value).endswith(key_rotation.SUFFIX)
    return False


IN_SESSIONS = (
    "/refused.py",
    "/enrolment.py",
    "/feed_address.py",
    "/kiosks.py",
    "/web/slips.py",
    "/centre/receptions.py",
    "/choosing/finding.py",
)
"""What was typed or told, new recovery codes, the address of a new feed, the codes of a place, of a slip and of a seat
wait in the browser's session only, in no table of ours."""


def test_whatever_is_encrypted__goes_to_a_column_that_is_rotated() -> None:
    found = list(encrypting_calls())

    assert len(found) >= 8
    unknown = [
        f"{path}:{call.lineno}"
        for path, call, holder in found
        if not path.as_posix().endswith(IN_SESSIONS) and not _is_known(call, holder)
    ]
    assert unknown == []
