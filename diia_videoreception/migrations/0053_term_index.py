from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):

    # Made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0052_terms'),
    ]

    operations = [
        AddIndexOnline(
            model_name='application',
            index=models.Index(condition=models.Q(('decide_by__isnull', False)), fields=['decide_by'], name='application_term'),
        ),
    ]
