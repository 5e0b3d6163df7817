from django.db import migrations, models


def to_lists(apps, schema_editor):
    Draft = apps.get_model("diia_videoreception", "Draft")
    for draft in Draft.objects.exclude(other_texts={}).iterator():
        draft.other_texts = {
            name: [{"text": text, "tab": "", "by_program": False}]
            for name, text in draft.other_texts.items()
        }
        draft.save(update_fields=["other_texts"])


def to_newest(apps, schema_editor):
    Draft = apps.get_model("diia_videoreception", "Draft")
    for draft in Draft.objects.exclude(other_texts={}).iterator():
        draft.other_texts = {name: texts[-1]["text"] for name, texts in draft.other_texts.items()}
        draft.save(update_fields=["other_texts"])


class Migration(migrations.Migration):

    dependencies = [
        ("diia_videoreception", "0019_notices_without_an_hour"),
    ]

    operations = [
        migrations.AddField(
            model_name='draft',
            name='by_programs',
            field=models.JSONField(blank=True, default=list),
        ),
        migrations.RunPython(to_lists, to_newest),
    ]
