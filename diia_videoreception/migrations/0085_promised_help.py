from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("diia_videoreception", "0084_seat_entries"),
    ]

    operations = [
        migrations.AddField(
            model_name="visitorsession",
            name="help_promised_at",
            field=models.DateTimeField(null=True),
        ),
    ]
