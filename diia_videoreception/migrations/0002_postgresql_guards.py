"""What only PostgreSQL can guard: no overlap of occupancy, and a journal that nobody rewrites."""

from typing import Any

from django.db import migrations
from django.db.models import Func

TRIGGER = """
CREATE FUNCTION diia_videoreception_journal_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sequence IS NULL AND NEW.sequence IS NOT NULL
       AND (NEW.id, NEW.uuid, NEW.moment, NEW.act, NEW.actor_kind, NEW.actor_id, NEW.subject_kind,
            NEW.subject_id, NEW.subject_version, NEW.details)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.uuid, OLD.moment, OLD.act, OLD.actor_kind, OLD.actor_id, OLD.subject_kind,
            OLD.subject_id, OLD.subject_version, OLD.details) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the journal is append-only';
END $$;
CREATE TRIGGER diia_videoreception_journal_guard
    BEFORE UPDATE OR DELETE ON diia_videoreception_journalrecord
    FOR EACH ROW EXECUTE FUNCTION diia_videoreception_journal_guard();
"""


def _no_overlap() -> Any:
    # Imported here, because these modules need psycopg, which SQLite does without.
    from django.contrib.postgres.constraints import ExclusionConstraint
    from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators

    class TsTzRange(Func):
        function = "TSTZRANGE"
        output_field = DateTimeRangeField()

    return ExclusionConstraint(
        name="occupancy_no_overlap",
        expressions=[
            (TsTzRange("start", "end", RangeBoundary()), RangeOperators.OVERLAPS),
            ("official", RangeOperators.EQUAL),
        ],
    )


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    schema_editor.add_constraint(apps.get_model("diia_videoreception", "Occupancy"), _no_overlap())
    schema_editor.execute(TRIGGER)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    schema_editor.execute(
        "ALTER TABLE diia_videoreception_occupancy DROP CONSTRAINT occupancy_no_overlap"
    )
    schema_editor.execute(
        "DROP TRIGGER diia_videoreception_journal_guard ON diia_videoreception_journalrecord"
    )
    schema_editor.execute("DROP FUNCTION diia_videoreception_journal_guard()")


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0001_initial")]
    operations = [migrations.RunPython(guard, unguard)]
