"""Checks that ask the database, where one is named."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import connections

from diia_videoreception.models import Agency, Application, Term
from diia_videoreception.rules.terms import TermKind
from diia_videoreception.selectors.searching import search_indexes
from integrations.common.indexes import is_postgresql
from integrations.common.search_indexes import PREFIX


@register(Tags.database)
def check_agencies(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Return what the agencies themselves leave open; asks the database only when it is named."""
    return [
        message
        for alias in databases or ()
        if Agency._meta.db_table in connections[alias].introspection.table_names()
        for agency in Agency.objects.using(alias).order_by("pk")
        for message in _check_agency(agency)
    ]


def _check_agency(agency: Agency) -> Iterable[CheckMessage]:
    """W021: documents are kept for ever. W022: a program without https. W023: nobody is told."""
    if agency.is_connected and agency.document_days is None:
        yield CheckWarning(
            f"The agency {agency.pk} has not said how long it keeps documents: they stay for ever.",
            hint="Enter the days and the norm in the admin, «Установи», «Зберігання документів».",
            id="diia_videoreception.W021",
        )
    if agency.program_url.lower().startswith("http:"):
        yield CheckWarning(
            f"The agency {agency.pk} has its program downloaded from an address without https.",
            hint="Change it in the admin, «Установи».",
            id="diia_videoreception.W022",
        )
    if agency.is_connected and not agency.email:
        yield CheckWarning(
            f"The agency {agency.pk} takes applications, but has no e-mail of its moderators: nobody is told of them.",
            hint="Enter it in the admin, «Установи».",
            id="diia_videoreception.W023",
        )


@register(Tags.database)
def check_terms(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W029: a connected agency has not said how long it takes for something."""
    return [
        CheckWarning(
            f"The agency {agency} has not filled in the term: {kind}. Nothing is counted by it.",
            hint="Its head enters it in the admin, «Строки», with the legal ground.",
            id="diia_videoreception.W029",
        )
        for alias in databases or ()
        if Term._meta.db_table in connections[alias].introspection.table_names()
        for agency, kind in _terms_missing(alias)
    ]


def _terms_missing(alias: str) -> Iterable[tuple[int, TermKind]]:
    filled = Term.objects.using(alias).filter(days__isnull=False).values_list("agency", "kind")
    known = set(filled)
    connected = Agency.objects.using(alias).filter(is_connected=True).order_by("pk")
    for key in connected.values_list("pk", flat=True):
        yield from ((key, kind) for kind in TermKind if (key, kind.value) not in known)


@register(Tags.database)
def check_searches(databases: Iterable[str] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """W025: PostgreSQL without the indexes that find parts of words."""
    return [
        CheckWarning(
            f"Searches in {alias!r} find only how a number or a name begins: the database has no pg_trgm, "
            "or takes Cyrillic letters for none.",
            hint="Let its owner run CREATE EXTENSION pg_trgm, in a database whose LC_CTYPE is not C; then run "
            "`manage.py make_search_indexes` and restart the portal.",
            id="diia_videoreception.W025",
        )
        for alias in databases or ()
        if is_postgresql(connections[alias])
        and Application._meta.db_table in connections[alias].introspection.table_names()
        and PREFIX in search_indexes(alias)
    ]
