"""The first edition of the text of consents; afterwards it is the operator's."""

from hashlib import sha256

from django.db import migrations
from django.utils import timezone

FIRST_TEXTS = {
    "uk": """Я, {person}, погоджуюся, щоб адміністратори {centre} допомогли мені. На що згода: {scopes}.

Вони вводитимуть моє ім’я, телефон, опис питання і документи, які я дам. Перш ніж заявку подадуть, я особисто все перевірю і підтверджу.

Згода діє {term}. Я можу відкликати її будь-коли: у будь-якому ЦНАП, в електронному кабінеті або за телефоном {phone}.

Допомога безоплатна. Я можу зробити все без допомоги. Пароль від мого ключа ніхто не питатиме.""",
    "en": """I, {person}, agree that the administrators of {centre} help me. What I agree to: {scopes}.

They will enter my name, my phone, what my question is and the documents that I give. Before the application is sent I check and confirm everything myself.

The consent holds {term}. I can revoke it at any time: at any centre (ЦНАП), in my account, or by phone {phone}.

The help is free of charge. I can do all of it alone. Nobody will ask me for the password of my key.""",
}


def add_texts(apps, schema_editor):
    texts = apps.get_model("diia_videoreception", "MandateText")
    for language, body in FIRST_TEXTS.items():
        texts.objects.create(
            language=language,
            number=1,
            body=body,
            sha256=sha256(body.encode()).hexdigest(),
            published_at=timezone.now(),
        )


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0078_mandates")]

    operations = [migrations.RunPython(add_texts, migrations.RunPython.noop)]
