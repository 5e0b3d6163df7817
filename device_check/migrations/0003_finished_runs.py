from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):

    # The index is made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_device_check', '0002_request_counter'),
    ]

    operations = [
        AddIndexOnline(
            model_name='checkrun',
            index=models.Index(fields=["finished_at"], name="check_run_finished"),
        ),
    ]
