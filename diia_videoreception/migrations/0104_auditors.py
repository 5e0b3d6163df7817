from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):
    # Made while the portal is in use.
    atomic = False

    dependencies = [("diia_videoreception", "0103_waiting")]

    operations = [
        migrations.AlterModelOptions(
            name="journalrecord",
            options={
                "ordering": ["moment", "pk"],
                "permissions": [("audit_journal", "Can read the journal")],
                "verbose_name": "journal record",
                "verbose_name_plural": "journal",
            },
        ),
        AddIndexOnline(
            model_name="journalrecord",
            index=models.Index(fields=["-moment", "-id"], name="journal_newest"),
        ),
    ]
