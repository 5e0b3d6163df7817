"""What only PostgreSQL can guard: nobody is received by two officials at once."""

from typing import Any

from django.db import migrations

# What overlapped before this rule stays as it was agreed; those rows are left out of the guard.
LEAVE_OUT = """
UPDATE diia_videoreception_occupancy AS later SET citizen_id = NULL
WHERE kind <> 'hold' AND EXISTS (
    SELECT 1 FROM diia_videoreception_occupancy AS other
    WHERE other.citizen_id = later.citizen_id AND other.id <> later.id
      AND other.start < later."end" AND other."end" > later.start
)
"""
GUARD = """
ALTER TABLE diia_videoreception_occupancy ADD CONSTRAINT occupancy_no_own_overlap
EXCLUDE USING gist (citizen_id WITH =, tstzrange(start, "end") WITH &&)
WHERE (citizen_id IS NOT NULL)
"""


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(LEAVE_OUT)
        schema_editor.execute(GUARD)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "ALTER TABLE diia_videoreception_occupancy DROP CONSTRAINT occupancy_no_own_overlap"
        )


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0009_search_columns")]
    operations = [migrations.RunPython(guard, unguard)]
