from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def fill(apps, schema_editor):
    """Each application belongs to the agency of its official."""
    database = schema_editor.connection.alias
    official = (
        apps.get_model("diia_videoreception", "Official")
        ._base_manager.using(database)
        .filter(pk=OuterRef("official_id"))
    )
    apps.get_model("diia_videoreception", "Application")._base_manager.using(database).update(
        agency_id=Subquery(official.values("unit__agency_id")[:1])
    )


class Migration(migrations.Migration):

    dependencies = [
        ('diia_videoreception', '0024_rooms'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='agency',
            field=models.ForeignKey(db_index=False, null=True, on_delete=models.deletion.PROTECT, related_name='applications', to='diia_videoreception.agency', verbose_name='agency'),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
    ]
