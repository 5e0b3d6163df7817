from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline

WAITING = models.Q(state__in=["submitted", "in_review", "clarification"])
ORDER = ["-claims_priority", "-submitted_at", "-id"]


class Migration(migrations.Migration):

    # Made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0067_priority'),
    ]

    operations = [
        AddIndexOnline(
            model_name='application',
            index=models.Index(condition=WAITING, fields=ORDER, name='application_waiting'),
        ),
        AddIndexOnline(
            model_name='application',
            index=models.Index(condition=WAITING, fields=['agency', *ORDER], name='application_agency_waiting'),
        ),
    ]
