from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diia_videoreception', '0016_letters_to_agencies'),
    ]

    operations = [
        migrations.AddField(
            model_name='citizen',
            name='signed_out_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
    ]
