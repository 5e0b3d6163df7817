from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline

INDEXES = {
    "application": [
        models.Index(fields=["state", "-submitted_at", "-id"], name="application_state_newest"),
        models.Index(
            fields=["agency", "state", "-submitted_at", "-id"],
            name="application_agency_state_new",
        ),
        models.Index(fields=["agency", "start"], name="application_agency_start"),
        models.Index(fields=["start"], name="application_start"),
    ],
    "letter": [
        models.Index(
            fields=["application"], name="letter_failed", condition=models.Q(state="failed")
        )
    ],
}


class Migration(migrations.Migration):

    # Indexes are made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0033_room_guests'),
    ]

    operations = [
        AddIndexOnline(model_name=model, index=index)
        for model, indexes in INDEXES.items()
        for index in indexes
    ]
