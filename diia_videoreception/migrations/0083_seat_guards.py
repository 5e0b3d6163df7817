"""What only PostgreSQL can guard: nobody else sits at a seat at the same time; and how its times are found."""

from typing import Any

from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline

GUARD = """
ALTER TABLE diia_videoreception_occupancy ADD CONSTRAINT occupancy_no_seat_overlap
EXCLUDE USING gist (seat_id WITH =, tstzrange(start, "end") WITH &&)
WHERE (seat_id IS NOT NULL)
"""
UNGUARD = "ALTER TABLE diia_videoreception_occupancy DROP CONSTRAINT IF EXISTS occupancy_no_seat_overlap"


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        # A migration that is not atomic may be run again from its beginning.
        schema_editor.execute(UNGUARD)
        schema_editor.execute(GUARD)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(UNGUARD)


class Migration(migrations.Migration):
    # Indexes are made while the portal is in use.
    atomic = False

    dependencies = [("diia_videoreception", "0082_seats")]

    operations = [
        migrations.RunPython(guard, unguard),
        AddIndexOnline(
            model_name="occupancy",
            index=models.Index(
                fields=["seat", "start", "end"],
                name="occupancy_seat_time",
                condition=models.Q(seat__isnull=False),
            ),
        ),
        AddIndexOnline(
            model_name="application",
            index=models.Index(
                fields=["seat", "start"],
                name="application_seat",
                condition=models.Q(seat__isnull=False),
            ),
        ),
    ]
