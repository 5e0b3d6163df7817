import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0081_reception_pauses")]

    operations = [
        migrations.AddField(
            model_name="application",
            name="seat",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="receptions",
                to="diia_videoreception.centreworkplace",
                verbose_name="seat of a centre",
            ),
        ),
        migrations.AddField(
            model_name="centreworkplace",
            name="has_sign_language",
            field=models.BooleanField(default=False, verbose_name="help in sign language"),
        ),
        migrations.AddField(
            model_name="occupancy",
            name="seat",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="occupancies",
                to="diia_videoreception.centreworkplace",
            ),
        ),
    ]
