from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline

INDEXES = {
    "application": [
        models.Index(fields=["-submitted_at", "-id"], name="application_newest"),
        models.Index(fields=["agency", "-submitted_at", "-id"], name="application_agency_newest"),
        models.Index(fields=["agency", "state", "start"], name="application_agency_state"),
        models.Index(
            fields=["end"], name="application_to_note", condition=models.Q(state="confirmed")
        ),
    ],
    "citizensession": [models.Index(fields=["deadline"], name="session_deadline")],
    "journalrecord": [
        models.Index(fields=["id"], name="journal_unsealed", condition=models.Q(sequence=None)),
        models.Index(
            fields=["-moment", "-id"],
            name="journal_sign_in_cases",
            condition=models.Q(act="citizen.sign_in_case"),
        ),
        models.Index(
            fields=["moment"],
            name="journal_sent_again",
            condition=models.Q(act="application.send_letter_again"),
        ),
    ],
    "officialmailbox": [
        models.Index(
            fields=["state", "next_attempt_at"],
            name="mailbox_due",
            condition=~models.Q(state="ready"),
        )
    ],
}


class Migration(migrations.Migration):

    # Indexes are made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0026_application_agency_required'),
    ]

    operations = [
        AddIndexOnline(model_name=model, index=index)
        for model, indexes in INDEXES.items()
        for index in indexes
    ]
