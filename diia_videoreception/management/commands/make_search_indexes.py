"""Makes the indexes of searches again, when the extension pg_trgm has come later than the portal."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import DEFAULT_DB_ALIAS, connections

from diia_videoreception.selectors.searching import COLUMN, SEARCH_INDEXES
from integrations.common.indexes import is_postgresql
from integrations.common.search_indexes import TRIGRAMS, make_search_index


class Command(BaseCommand):
    help = (
        "Makes the indexes that find parts of words (PostgreSQL with pg_trgm), while the portal is in "
        "use. Restart the portal afterwards. Does nothing where they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--database", default=DEFAULT_DB_ALIAS)

    def handle(self, *args: Any, **options: Any) -> None:
        connection = connections[options["database"]]
        if not is_postgresql(connection):
            self.stdout.write("Only PostgreSQL has such indexes.")
            return
        kinds = {
            make_search_index(connection, model, COLUMN, name=name)
            for model, name in SEARCH_INDEXES.items()
        }
        self.stdout.write(
            "Searches find parts of words."
            if kinds == {TRIGRAMS}
            else "Searches find how a number or a name begins: the database has no pg_trgm, or takes "
            "Cyrillic letters for none (LC_CTYPE C)."
        )
