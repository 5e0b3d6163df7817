from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):
    # Made while the portal is in use.
    atomic = False

    dependencies = [("diia_videoreception", "0099_slips_sent")]

    operations = [
        AddIndexOnline(
            model_name="application",
            index=models.Index(
                fields=["centre", "submitted_at"],
                name="application_on_behalf",
                condition=models.Q(channel="intermediary"),
            ),
        ),
        AddIndexOnline(
            model_name="centrevisit",
            index=models.Index(fields=["centre", "started_at"], name="visit_centre_started"),
        ),
        AddIndexOnline(
            model_name="citizen",
            index=models.Index(
                fields=["erasure_due"],
                name="citizen_to_erase",
                condition=models.Q(erasure_due__isnull=False),
            ),
        ),
        AddIndexOnline(
            model_name="citizen",
            index=models.Index(
                fields=["erased_at"],
                name="citizen_erased",
                condition=models.Q(erased_at__isnull=False),
            ),
        ),
    ]
