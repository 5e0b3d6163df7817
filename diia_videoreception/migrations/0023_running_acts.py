from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("diia_videoreception", "0022_completed_receptions"),
    ]

    operations = [
        migrations.AddField(
            model_name="spentproof",
            name="acting_until",
            field=models.DateTimeField(null=True),
        ),
    ]
