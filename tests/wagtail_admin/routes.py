"""Every address that this project adds to the admin, and how an entitled person uses it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.auth.models import Permission
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from wagtail import hooks
from wagtail.admin.viewsets import viewsets
from wagtail.log_actions import log

from diia_videoreception.models import (
    Application,
    Centre,
    CentreAccessRequest,
    JournalAct,
    JournalRecord,
    Rating,
    ReceptionPause,
    UnusualLooks,
    VisitPhrase,
)
from diia_videoreception.models.exports import EXPORT
from diia_videoreception.selectors.accounts.second_factor import has_device
from diia_videoreception.selectors.booking.schedule_changes import sign_of
from diia_videoreception.services import journal
from diia_videoreception.services.centres.granting import request_access
from tests.factories import ScheduleRuleFactory
from tests.harness.captcha import solved_captcha
from tests.harness.clock import NOW
from tests.steps.admin import MARKER, World
from tests.steps.centres import centre, request_for_access
from tests.steps.second_factor import with_app
from tests.steps.written_answers import ON_PAPER
from tests.wagtail_admin.worlds import (
    absence_form,
    agency_form,
    answered,
    asked,
    assigned,
    case,
    corrected,
    exception_form,
    official_form,
    proposed,
    represented,
    rule_form,
    unit_form,
    version,
    wishing,
    with_colleague,
    with_task,
    with_term,
)

OURS = "diia_videoreception."


def enrolled(user: Any) -> Any:
    """The user, who has a second factor that can be reset."""
    return user if has_device(user) else with_app(user).user


@dataclass(frozen=True)
class Case:
    """What the owner gets; `sees` is the text that a foreigner must never get.

    post: what the owner sends to do the act; None when the address takes no POST.
    shared: the address is everybody's (a list, an empty form): the foreigner gets 200, without
        anything of the owner's in it.
    """

    arguments: Callable[[World], list[Any]] = lambda world: []
    sees: str | Callable[[World], str] = MARKER
    post: Callable[[World], dict[str, Any]] | None = None
    answer: int = 302
    get: bool = True
    owner: str = "moderator"
    shared: bool = False
    query: Callable[[World], dict[str, Any]] = lambda world: {}

    def text(self, world: World) -> str:
        return self.sees if isinstance(self.sees, str) else self.sees(world)


def rated(world: World) -> Application:
    """A reception that its citizen has written about."""
    Rating.objects.get_or_create(
        application=world.confirmed,
        defaults={"stars": 4, "words": f"Відгук {MARKER}", "created_at": NOW},
    )
    return world.confirmed


def our_routes() -> dict[str, URLPattern]:
    """From the resolver itself: the names of all our admin addresses."""
    namespaces = {
        viewset.url_namespace
        for viewset in viewsets.viewsets
        if type(viewset).__module__.startswith(OURS)
    }
    hooked = {
        pattern
        for function in hooks.get_hooks("register_admin_urls")
        if function.__module__.startswith(OURS)
        for pattern in function()
    }
    found: dict[str, URLPattern] = {}
    for path, pattern in walk_patterns(get_resolver().url_patterns, ()):
        if set(path) & namespaces or pattern in hooked:
            name = ":".join((*path, pattern.name or str(pattern.pattern)))
            assert name not in found, f"two addresses are called {name}"
            found[name] = pattern
    return found


def walk_patterns(
    patterns: list[URLPattern | URLResolver], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], URLPattern]]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = (*path, pattern.namespace) if pattern.namespace else path
            yield from walk_patterns(pattern.url_patterns, inner)
        else:
            yield path, pattern


def _exporting(world: World) -> list[Any]:
    """The moderator may export from now on."""
    world.moderator.user_permissions.add(Permission.objects.get(codename=EXPORT))
    return []


def _journalled(world: World) -> None:
    """An act of an agency is in the journal."""
    if not JournalRecord.objects.filter(act=JournalAct.CONFIRM).exists():
        journal.record(
            JournalAct.CONFIRM, subject=world.submitted, staff_id=world.moderator.pk, now=NOW
        )


def _with_centre(world: World) -> Any:
    """A centre that carries the marker; the operator's pages show it."""
    return Centre.objects.filter(code="MARKED-1").first() or centre(
        "MARKED-1", name=f"ЦНАП {MARKER}", place=MARKER
    )


def _idle_rule(world: World) -> Any:
    """Hours in which nobody is to be received, changed once: nothing has to be decided with them."""
    found = world.idle_official.schedule_rules.first()
    if found is None:
        found = ScheduleRuleFactory(official=world.idle_official)
        log(found, "wagtail.edit", user=world.moderator)
    return found


def _pause(world: World) -> Any:
    """A pause of the idle official."""
    found = ReceptionPause.objects.first()
    if found is None:
        found = ReceptionPause.objects.create(
            agency=world.agency,
            cause="power",
            starts_at=NOW,
            ends_at=NOW + timedelta(hours=1),
        )
        found.officials.set([world.idle_official])
    return found


def _marked_phrase(world: World) -> Any:
    """A line of the phrase bank that carries the marker, changed once."""
    found = VisitPhrase.objects.filter(text=MARKER).first()
    if found is None:
        found = VisitPhrase.objects.create(phase="greeting", text=MARKER)
        log(found, "wagtail.edit", user=world.moderator)
    return found


def _unusual(world: World) -> UnusualLooks:
    """That the moderator has opened many cases."""
    return UnusualLooks.objects.first() or UnusualLooks.objects.create(
        agency=world.agency,
        staff_id=str(world.moderator.pk),
        day=NOW.date(),
        found_at=NOW,
        why=["hour"],
        hour=61,
        cases=61,
        outside=0,
    )


def _helped(world: World) -> list[Any]:
    """An application that is open to the help desk."""
    if not JournalRecord.objects.filter(act=JournalAct.OPEN_FOR_HELP).exists():
        journal.record(
            JournalAct.OPEN_FOR_HELP, subject=world.submitted, staff_id=world.helper.pk, now=NOW
        )
    return [world.submitted.public_id]


def _asking_for_access(world: World) -> Any:
    """A request for access that waits."""
    wanted = request_for_access(name=f"ЦНАП {MARKER}")
    return CentreAccessRequest.objects.first() or request_access(
        wanted, captcha=solved_captcha(), now=NOW
    )


def _new_centre(world: World) -> dict[str, Any]:
    return {
        "code": "NEW-1",
        "name": "Новий ЦНАП",
        "place": "Луг",
        "address": "вул. Нова, 2",
        "phone": "1",
        "email": "c@l.example",
        "head_name": "Дзюба Марко",
        "head_email": "d@l.example",
    }


def _of_model(
    name: str,
    row: Callable[[World], Any],
    form: Callable[[World], dict[str, Any]],
    *,
    owner: str = "moderator",
    adder: str = "moderator",
    called: str = MARKER,
    empty_form: str = MARKER,
    deletable: Callable[[World], Any] | None = None,
    editor: str = "",
) -> dict[str, Case]:
    """The addresses of a viewset with all stock views.

    Args:
        name: Of the viewset.
        row: The row of the owner's agency.
        form: What is sent to add such a row, or to edit it.
        owner: Who may see and change rows.
        adder: Who may add and delete them.
        called: How the row is called on its pages.
        empty_form: What an empty form shows to the adder.
        deletable: A row that can go, where `row` is needed by others.
        editor: Who may edit rows, where that is somebody else.
    """
    namespace = f"videoreception_{name}"
    shared = ("moderator", "head")
    # The row is there whatever was walked before.
    lists = Case(lambda world: [row(world)][:0], owner=owner, shared=owner in shared)

    def key(world: World) -> list[Any]:
        return [row(world).pk]

    def deletable_key(world: World) -> list[Any]:
        return [(deletable or row)(world).pk]

    return {
        f"{namespace}:index": lists,
        f"{namespace}:index_results": lists,
        f"{namespace}:add": Case(sees=empty_form, post=form, owner=adder, shared=adder in shared),
        f"{namespace}:edit": Case(key, post=form, owner=editor or owner),
        f"{namespace}:delete": Case(deletable_key, called, lambda world: {}, owner=adder),
        f"{namespace}:history": Case(key, called, owner=owner),
        f"{namespace}:history_results": Case(key, owner=owner),
        f"{namespace}:usage": Case(key, called, owner=editor or owner),
    }


SUPERUSER = {"owner": "superuser", "adder": "superuser"}

CASES: dict[str, Case] = {
    **_of_model(
        "agencies",
        lambda world: world.agency,
        agency_form,
        adder="superuser",
        empty_form='name="minimum_level"',
        deletable=lambda world: world.empty_agency,
    ),
    **_of_model(
        "units", lambda world: world.unit, unit_form, deletable=lambda world: world.empty_unit
    ),
    **_of_model(
        "officials",
        lambda world: world.official,
        official_form,
        deletable=lambda world: world.idle_official,
    ),
    **_of_model("schedule_rules", _idle_rule, rule_form),
    **_of_model("schedule_exceptions", lambda world: world.exception, exception_form),
    **_of_model("absences", lambda world: world.absence, absence_form),
    **_of_model(
        "holidays",
        lambda world: world.holiday,
        lambda world: {"date": "2027-03-08", "name": "Інше свято"},
        **SUPERUSER,
        empty_form='name="is_working"',
    ),
    **_of_model(
        "visit_phrases",
        _marked_phrase,
        lambda world: {"phase": "close", "kind": "phrase", "text": "На все добре!", "position": 1},
        **SUPERUSER,
        empty_form='name="kind"',
    ),
    **_of_model(
        "moderators",
        lambda world: world.moderation,
        lambda world: {"agency": world.agency.pk, "user_name": "pryimach", "is_head": "on"},
        owner="head",
        adder="head",
        editor="superuser",
    ),
    **_of_model(
        "substitutes",
        lambda world: world.substitute,
        lambda world: {
            "official": world.official.pk,
            "user_name": "own",
            "first_day": "2026-12-02",
            "last_day": "2026-12-02",
        },
        owner="head",
        adder="head",
    ),
    "videoreception_people:index": Case(owner="head", shared=True),
    "videoreception_looks:index": Case(
        lambda world: [_unusual(world)][:0], f"own {MARKER}", owner="head", shared=True
    ),
    "videoreception_looks:one": Case(
        lambda world: [_unusual(world).public_id],
        f"own {MARKER}",
        lambda world: {"words": "Перевірено: чергування."},
        owner="head",
    ),
    "videoreception_people:reset": Case(
        lambda world: [enrolled(world.moderator).pk], post=lambda world: {}, owner="head"
    ),
    "videoreception_letter_texts:index": Case(owner="head", shared=True),
    "videoreception_letter_texts:edit": Case(
        lambda world: [world.agency.pk, "receipt", "uk"],
        post=lambda world: {
            "act": "save",
            "subject": "Заявка",
            "text": "{подробиці}\n{час_може_змінитися}",
            "seen": 0,
        },
        owner="head",
    ),
    "videoreception_letter_texts:versions": Case(
        lambda world: [world.agency.pk, "receipt", "uk"],
        post=lambda world: {"version": "0", "seen": "0"},
        owner="head",
    ),
    **_of_model(
        "refusal_reasons",
        lambda world: world.reason,
        lambda world: {
            "agency": world.agency.pk,
            "text": "Відповідь уже надано.",
            "next_step": "none",
            "position": 2,
        },
        owner="head",
        adder="head",
    ),
    "videoreception_terms:index": Case(owner="head", shared=True),
    "videoreception_terms:edit": Case(
        lambda world: [world.agency.pk, "decision"],
        post=lambda world: {
            "days": 5,
            "counting": "working",
            "extended_by": "nobody",
            "seen": 0,
        },
        owner="head",
    ),
    "videoreception_my_day:index": Case(sees="Наступний прийом", owner="receiver"),
    **{
        f"videoreception_agenda:{view}": Case(shared=True)
        for view in ("index", "day", "month", "print")
    },
    "videoreception_reports:index": Case(shared=True),
    "videoreception_reports:export": Case(
        _exporting,
        post=lambda world: {
            "export-kind": "list",
            "export-format": "csv",
            "export-reason": "Для звіту про роботу",
        },
        answer=200,
    ),
    "videoreception_agency_lists:index": Case(
        post=lambda world: {
            "step": "import",
            "kind": "units",
            "agency": world.agency.pk,
            "text": "name\nНовий відділ",
        },
        shared=True,
    ),
    "videoreception_trouble:index": Case(
        post=lambda world: {
            "agency": world.agency.pk,
            "cause": "power",
            "officials": [world.idle_official.pk],
            "touched-step": "apply",
            "touched-shown": sign_of([]),
        },
        shared=True,
    ),
    "videoreception_trouble:resume": Case(
        lambda world: [_pause(world).pk], "МельникОЗНАКА", post=lambda world: {}, get=False
    ),
    "videoreception_accesses:index": Case(
        sees="vp-login",
        post=lambda world: {"day": f"{world.confirmed.start:%Y-%m-%d}"},
        answer=200,
        shared=True,
    ),
    "videoreception_officials:copy_schedule": Case(
        lambda world: [world.official.pk],
        post=lambda world: {"officials": [world.idle_official.pk]},
    ),
    "videoreception_officials:inspect": Case(lambda world: [world.official.pk]),
    "videoreception_sign_in_cases:index": Case(sees="Таких звернень немає.", owner="superuser"),
    "videoreception_sign_in_cases:end_sessions": Case(
        lambda world: [world.submitted.citizen.public_id],
        lambda world: str(world.submitted.citizen.public_id),
        post=lambda world: {},
        owner="superuser",
    ),
    "videoreception_help_desk:index": Case(
        sees="Номер заявки або контактний телефон",
        post=lambda world: {
            "about": world.submitted.phone,
            "surname": f"Мельник{MARKER}",
            "day": "2026-12-01",
        },
        owner="helper",
    ),
    "videoreception_help_desk:one": Case(
        _helped,
        lambda world: world.submitted.number,
        lambda world: {"act": "letter", "letter": str(world.failed_letter.public_id)},
        owner="helper",
    ),
    "videoreception_help_desk:help_end_sessions": Case(
        _helped, lambda world: world.submitted.number, lambda world: {}, owner="helper"
    ),
    "videoreception_centres:index": Case(
        lambda world: [_with_centre(world)][:0], owner="superuser"
    ),
    "videoreception_centres:add": Case(sees="head_email", post=_new_centre, owner="superuser"),
    "videoreception_centres:requests": Case(
        lambda world: [_asking_for_access(world)][:0], owner="superuser"
    ),
    "videoreception_centres:request": Case(
        lambda world: [_asking_for_access(world).public_id],
        post=lambda world: {"act": "grant", "code": "NEW-1"},
        owner="superuser",
    ),
    "videoreception_centres:import": Case(
        sees="centre_code",
        post=lambda world: {
            "step": "import",
            "kind": "centres",
            "text": "\n".join(";".join(row(_new_centre(world))) for row in (list, dict.values)),
        },
        owner="superuser",
    ),
    "videoreception_centres:texts": Case(sees="{person}", owner="superuser"),
    "videoreception_centres:text": Case(
        lambda world: ["uk"],
        sees="{person}",
        post=lambda world: {
            "step": "publish",
            "seen": 1,
            "body": "{person} {centre} {scopes} {term}",
        },
        owner="superuser",
    ),
    "videoreception_centres:one": Case(
        lambda world: [_with_centre(world).public_id],
        post=lambda world: {"act": "suspend", "reason": "Перевірка."},
        owner="superuser",
    ),
    "videoreception_centres:edit": Case(
        lambda world: [_with_centre(world).public_id], post=_new_centre, owner="superuser"
    ),
    "videoreception_journal:index": Case(
        lambda world: [_journalled(world)][:0],
        lambda world: world.submitted.number,
        owner="superuser",
    ),
    "videoreception_integrations:index": Case(
        sees="Зовнішня програма", post=lambda world: {}, owner="superuser"
    ),
    "videoreception_applications:index": Case(shared=True),
    "videoreception_applications:index_results": Case(shared=True),
    "videoreception_applications:inspect": Case(case),
    "videoreception_applications:history": Case(case, lambda world: world.submitted.number),
    "videoreception_applications:history_results": Case(case),
    "videoreception_applications:answer_signature": Case(answered, lambda world: "signature.p7s"),
    "videoreception_applications:signature": Case(case, lambda world: "signature.p7s"),
    "videoreception_applications:confirm": Case(case, post=version),
    "videoreception_applications:other_time": Case(
        case,
        post=lambda world: {
            "version": 1,
            "start": "2026-12-01T10:00:00+02:00",
            "is_agreed": "on",
            "step": "confirm",
        },
    ),
    "videoreception_applications:propose": Case(
        case,
        post=lambda world: {
            "version": 1,
            "start": "2026-12-01T10:00:00+02:00",
            "reason": f"Засідання {MARKER}",
            "step": "confirm",
        },
    ),
    "videoreception_applications:withdraw": Case(proposed, post=lambda world: {"version": 2}),
    "videoreception_applications:ask": Case(
        case,
        post=lambda world: {"version": 1, "question": f"Коли? {MARKER}", "step": "ask"},
    ),
    "videoreception_applications:remind": Case(asked, get=False, post=lambda world: {"version": 2}),
    "videoreception_applications:withdraw_question": Case(asked, post=lambda world: {"version": 2}),
    "videoreception_applications:accept": Case(case, post=lambda world: {"version": 1}),
    "videoreception_applications:read_correction": Case(
        corrected, post=lambda world: {"version": 2}, get=False
    ),
    "videoreception_applications:reassign": Case(
        with_colleague,
        post=lambda world: {
            "version": 1,
            "official": world.idle_official.pk,
            "step": "confirm",
        },
    ),
    "videoreception_applications:refuse_move": Case(
        wishing,
        post=lambda world: {"version": 3, "words": f"Відпустка {MARKER}", "step": "send"},
    ),
    "videoreception_applications:answer": Case(
        case,
        post=lambda world: {
            "version": 1,
            "text": f"Відповідь {MARKER}",
            "outgoing_number": "1/2",
            **ON_PAPER,
            "step": "send",
        },
    ),
    "videoreception_applications:end_consideration": Case(
        case,
        post=lambda world: {
            "version": 1,
            "ground": "not_considered",
            "reason": f"Причина {MARKER}",
            "legal_ground": "Стаття 8.",
            "step": "end",
        },
        owner="head",
    ),
    "videoreception_applications:registration": Case(
        case, post=lambda world: {"number": f"К-17 {MARKER}", "seen_number": ""}, get=False
    ),
    "videoreception_applications:print": Case(case),
    "videoreception_applications:card": Case(lambda world: [world.confirmed.public_id]),
    "videoreception_applications:extend": Case(
        with_term,
        post=lambda world: {
            "version": 1,
            "days": 2,
            "reason": f"Чекаємо {MARKER}",
            "step": "extend",
        },
    ),
    "videoreception_applications:assign_answer": Case(
        with_task,
        post=lambda world: {"version": 1, "responsible": world.moderator.pk},
    ),
    "videoreception_applications:extend_answer": Case(
        with_task,
        post=lambda world: {
            "version": 1,
            "days": 6,
            "reason": f"Чекаємо {MARKER}",
            "step": "extend",
        },
    ),
    "videoreception_applications:pass_on": Case(
        with_task,
        post=lambda world: {
            "version": 1,
            "body": "Пенсійний фонд",
            "reason": f"Не наше {MARKER}",
            "step": "act",
        },
    ),
    "videoreception_applications:decline": Case(
        case,
        post=lambda world: {"version": 1, "words": f"Причина {MARKER}", "step": "decline"},
    ),
    "videoreception_applications:outcome": Case(
        lambda world: [world.held.public_id],
        post=lambda world: {"version": 1, "outcome": "note_citizen_absent"},
        get=False,
    ),
    "videoreception_applications:objection": Case(
        lambda world: [world.held.public_id],
        post=lambda world: {"version": 1, "outcome": "", "text": f"Так і було {MARKER}"},
        get=False,
    ),
    "videoreception_applications:password": Case(
        lambda world: [world.confirmed.public_id], post=lambda world: {}, answer=200, get=False
    ),
    "videoreception_applications:presence": Case(
        case, sees='"at_work"', post=lambda world: {}, answer=200, get=False
    ),
    "videoreception_applications:take": Case(
        lambda world: [world.held.public_id], post=lambda world: {"seen": 0}, get=False
    ),
    "videoreception_applications:several": Case(
        query=lambda world: {"act": "accept", "case": world.submitted.public_id},
        post=lambda world: {
            "form-TOTAL_FORMS": 1,
            "form-INITIAL_FORMS": 1,
            "form-0-public_id": world.submitted.public_id,
            "form-0-version": 1,
            "form-0-seen": 0,
        },
    ),
    "videoreception_applications:give_back": Case(
        lambda world: [assigned(world).public_id],
        post=lambda world: {"seen": assigned(world).assignment.pk},
        get=False,
    ),
    "videoreception_applications:hand_over": Case(
        case,
        post=lambda world: {
            "seen": 0,
            "note": MARKER,
            "colleague": world.agency.moderators.get(user=world.head).pk,
        },
    ),
    "videoreception_applications:note": Case(
        case,
        post=lambda world: {"key": str(uuid4()), "text": f"Нотатка {MARKER}"},
        get=False,
    ),
    "videoreception_applications:authority": Case(
        represented, post=lambda world: {"version": 1, "checked": "yes"}, get=False
    ),
    "videoreception_applications:comment": Case(
        lambda world: [rated(world).public_id],
        post=lambda world: {"seen": "new", "shown": "yes"},
        get=False,
    ),
    "videoreception_applications:ask_check": Case(case, post=lambda world: {}, get=False),
    "videoreception_applications:end_sessions": Case(case, post=lambda world: {}),
    "videoreception_applications:send_again": Case(
        lambda world: [world.submitted.public_id, world.failed_letter.public_id],
        post=lambda world: {},
    ),
    "videoreception_applications:document": Case(
        lambda world: [world.submitted.public_id, world.document.public_id]
    ),
    "videoreception_applications:container": Case(
        lambda world: [world.submitted.public_id, world.document.public_id],
        lambda world: "signature.p7s",
    ),
}


def address_of(name: str, world: World) -> str:
    query = urlencode(CASES[name].query(world))
    return reverse(name, args=CASES[name].arguments(world)) + (f"?{query}" if query else "")
