from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('diia_videoreception', '0054_answer_tasks'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConferenceTrial',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('alias', models.CharField(max_length=64, unique=True)),
                ('server', models.CharField(max_length=255)),
                ('version', models.CharField(max_length=64)),
                ('confirmed_at', models.DateTimeField()),
            ],
            options={
                'ordering': ['alias'],
            },
        ),
    ]
