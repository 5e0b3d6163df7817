from django.db import migrations, models


def begin_anew(apps, schema_editor):
    """Whoever waits has no secret in the browser yet and signs in once more."""
    apps.get_model("diia_videoreception", "HandOver").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ('diia_videoreception', '0012_counters_and_proofs'),
    ]

    operations = [
        migrations.RunPython(begin_anew, begin_anew),
        migrations.AddField(
            model_name='handover',
            name='kind',
            field=models.CharField(choices=[('confirmation', 'confirmation of a sign-in'), ('registration', 'registration')], default='confirmation', max_length=16),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name='handover',
            name='secret_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name='handover',
            name='extensions',
            field=models.PositiveSmallIntegerField(default=0),
        ),
        migrations.AlterField(
            model_name='handover',
            name='nonce_hash',
            field=models.CharField(blank=True, max_length=64),
        ),
    ]
