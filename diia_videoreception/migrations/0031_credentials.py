"""A way to sign in is a credential. Tables, columns, constraints and their rows stay as they are."""

import django.db.models.deletion
from django.db import migrations, models

OLD, NEW = "signinmeans", "signincredential"


def rename_permissions(apps, schema_editor):
    _rename(apps, schema_editor, OLD, NEW)


def restore_permissions(apps, schema_editor):
    _rename(apps, schema_editor, NEW, OLD)


def _rename(apps, schema_editor, old, new):
    """Let who was given a right keep it; the content type follows by itself."""
    rows = apps.get_model("auth", "Permission").objects.using(schema_editor.connection.alias)
    for row in rows.filter(
        content_type__app_label="diia_videoreception", codename__endswith=f"_{old}"
    ):
        row.codename = row.codename.removesuffix(old) + new
        row.save(update_fields=["codename"])


class Migration(migrations.Migration):

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('diia_videoreception', '0030_search_indexes'),
    ]

    operations = [
        migrations.AlterModelTable(name='signinmeans', table='diia_videoreception_signinmeans'),
        migrations.RenameModel(old_name='SignInMeans', new_name='SignInCredential'),
        migrations.RunPython(rename_permissions, restore_permissions),
        migrations.AlterField(
            model_name='signincredential',
            name='citizen',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='credentials', to='diia_videoreception.citizen'),
        ),
        migrations.AlterField(
            model_name='citizensession',
            name='means',
            field=models.ForeignKey(db_column='means_id', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='diia_videoreception.signincredential'),
        ),
        migrations.RenameField(model_name='citizensession', old_name='means', new_name='credential'),
        migrations.AlterField(
            model_name='official',
            name='told_of',
            field=models.DateField(blank=True, db_column='told_of', editable=False, null=True),
        ),
        migrations.RenameField(model_name='official', old_name='told_of', new_name='notified_day'),
    ]
