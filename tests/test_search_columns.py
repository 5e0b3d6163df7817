"""Rows from before the search columns get them when the portal is upgraded."""

from importlib import import_module
from types import SimpleNamespace

from django.apps import apps
from django.db import connection

from diia_videoreception.models import Agency, Application, Citizen, Official, Unit
from tests.factories import ApplicationFactory

MIGRATION = import_module("diia_videoreception.migrations.0009_search_columns")


def test_migration__fills_the_columns_of_rows_that_were_there(db: None) -> None:
    ApplicationFactory()
    kept = {}
    for model in (Agency, Unit, Official, Citizen, Application):
        columns = [name for name in ("search_text", "sort_key") if hasattr(model, name)]
        kept[model] = list(model._default_manager.order_by("pk").values("pk", *columns))
        assert all(all(row.values()) for row in kept[model])
        model._default_manager.update(**dict.fromkeys(columns, ""))

    MIGRATION.fill(apps, SimpleNamespace(connection=connection))

    for model, rows in kept.items():
        columns = list(rows[0])
        assert list(model._default_manager.order_by("pk").values(*columns)) == rows
