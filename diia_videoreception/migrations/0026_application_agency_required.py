from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diia_videoreception', '0025_application_agency'),
    ]

    operations = [
        migrations.AlterField(
            model_name='application',
            name='agency',
            field=models.ForeignKey(db_index=False, on_delete=models.deletion.PROTECT, related_name='applications', to='diia_videoreception.agency', verbose_name='agency'),
        ),
    ]
