from django.db import migrations, models


def rename(before, after):
    def rename_state(apps, schema_editor):
        Application = apps.get_model("diia_videoreception", "Application")
        Application.objects.filter(state=before).update(state=after)

    return rename_state


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0021_officials_sign_in")]

    operations = [
        migrations.AlterField(
            model_name="application",
            name="state",
            field=models.CharField(
                choices=[
                    ("submitted", "submitted"),
                    ("confirmed", "time confirmed"),
                    ("declined", "declined"),
                    ("cancelled", "cancelled"),
                    ("lapsed", "not considered in time"),
                    ("completed", "took place"),
                    ("citizen_absent", "did not take place: the citizen did not come"),
                    ("agency_absent", "did not take place because of the agency"),
                ],
                default="submitted",
                max_length=16,
                verbose_name="state",
            ),
        ),
        migrations.RunPython(rename("held", "completed"), rename("completed", "held")),
    ]
