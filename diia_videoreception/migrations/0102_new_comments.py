from django.db import migrations, models

from integrations.common.indexes import AddIndexOnline


class Migration(migrations.Migration):
    # Made while the portal is in use.
    atomic = False

    dependencies = [("diia_videoreception", "0101_comments")]

    operations = [
        AddIndexOnline(
            model_name="rating",
            index=models.Index(
                fields=["application"],
                name="rating_words_new",
                condition=models.Q(words_state="new") & ~models.Q(words=""),
            ),
        ),
    ]
