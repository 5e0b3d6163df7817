"""Who of the staff looked at which case: rows that nobody rewrites."""

import uuid
from typing import Any

import django.db.models.deletion
from django.db import migrations, models

TRIGGER = """
CREATE FUNCTION diia_videoreception_look_guard() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND OLD.sealed_by_id IS NULL AND NEW.sealed_by_id IS NOT NULL
       AND (NEW.id, NEW.uuid, NEW.moment, NEW.staff_id, NEW.role, NEW.what, NEW.application_id,
            NEW.object_id, NEW.agency_key, NEW.official_key, NEW.ground, NEW.quarter)
           IS NOT DISTINCT FROM
           (OLD.id, OLD.uuid, OLD.moment, OLD.staff_id, OLD.role, OLD.what, OLD.application_id,
            OLD.object_id, OLD.agency_key, OLD.official_key, OLD.ground, OLD.quarter) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'the log of looks is append-only';
END $$;
CREATE TRIGGER diia_videoreception_look_guard
    BEFORE UPDATE OR DELETE ON diia_videoreception_look
    FOR EACH ROW EXECUTE FUNCTION diia_videoreception_look_guard();
"""


def guard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(TRIGGER)


def unguard(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "DROP TRIGGER diia_videoreception_look_guard ON diia_videoreception_look"
        )
        schema_editor.execute("DROP FUNCTION diia_videoreception_look_guard()")


class Migration(migrations.Migration):

    dependencies = [
        ("diia_videoreception", "0085_promised_help"),
    ]

    operations = [
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uuid', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('moment', models.DateTimeField(verbose_name='moment')),
                ('staff_id', models.CharField(max_length=64)),
                ('role', models.CharField(choices=[('moderator', 'moderator of the agency'), ('head', 'head of the agency'), ('official', 'official'), ('substitute', 'substitute of the official'), ('superuser', 'administrator of the portal')], max_length=16)),
                ('what', models.CharField(choices=[('case', 'application'), ('room', 'room of the reception'), ('document', 'document'), ('evidence', 'file with a signature')], max_length=16)),
                ('application_id', models.UUIDField()),
                ('object_id', models.UUIDField()),
                ('agency_key', models.PositiveBigIntegerField()),
                ('official_key', models.PositiveBigIntegerField()),
                ('ground', models.CharField(blank=True, choices=[('', 'own work list'), ('substitution', 'substitutes the official'), ('administration', 'administers the portal')], max_length=16)),
                ('quarter', models.PositiveBigIntegerField()),
                ('sealed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='diia_videoreception.journalrecord')),
            ],
            options={
                'verbose_name': 'look at a case',
                'verbose_name_plural': 'looks at cases',
                'ordering': ['moment', 'pk'],
                'indexes': [models.Index(fields=['application_id', '-moment'], name='look_application'), models.Index(fields=['moment'], name='look_moment'), models.Index(condition=models.Q(('sealed_by', None)), fields=['id'], name='look_unsealed')],
                'constraints': [models.UniqueConstraint(fields=('staff_id', 'object_id', 'what', 'quarter'), name='look_once_a_quarter')],
            },
        ),
        migrations.RunPython(guard, unguard),
    ]
