from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):

    # Made while the portal is in use.
    atomic = False

    dependencies = [
        ('diia_videoreception', '0039_text_messages'),
    ]

    operations = [
        AddIndexOnline(
            model_name='letter',
            index=models.Index(
                condition=~models.Q(gateway_key=''),
                fields=['gateway_key'],
                name='letter_gateway_key',
            ),
        ),
    ]
