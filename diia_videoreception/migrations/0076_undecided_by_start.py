from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):
    # Made while the portal is in use.
    atomic = False

    dependencies = [("diia_videoreception", "0075_accepted_letters")]

    operations = [
        AddIndexOnline(
            model_name="application",
            index=models.Index(
                fields=["start"],
                name="application_undecided",
                condition=models.Q(state__in=["submitted", "in_review", "clarification"]),
            ),
        ),
    ]
