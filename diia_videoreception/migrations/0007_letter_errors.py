import re

from django.db import migrations, models

_REPLY = re.compile(r"[SL]MTP (\d{3})(?: (\d\.\d{1,3}\.\d{1,3}))?\Z")
_UNAVAILABLE = re.compile(r"no provider|(LMTP|doveadm): .*|\w*(Error|Exception|timeout|Disconnected|gaierror)")
_FAULTS = {"KeyError", "ValueError", "TypeError", "AttributeError", "IndexError", "ProgrammingError"}


def split_errors(apps, schema_editor):
    """Read what the texts said, for the last time."""
    Letter = apps.get_model("diia_videoreception", "Letter")
    for letter in Letter.objects.exclude(last_error="").only("last_error").iterator():
        kind, code, status = _split(letter.last_error)
        Letter.objects.filter(pk=letter.pk).update(
            error_kind=kind, smtp_code=code, enhanced_status=status
        )


def _split(error):
    found = _REPLY.match(error)
    if found:
        code, status = int(found[1]), found[2] or ""
        return _kind_of(code, status), code, status
    if error == "NothingToSend":
        return "out_of_date", None, ""
    if error not in _FAULTS and _UNAVAILABLE.fullmatch(error):
        return "unavailable", None, ""
    return "fault", None, ""


def _kind_of(code, status):
    if code == 552 or status.endswith(".2.2"):
        return "mailbox_full"
    if code in {550, 551, 553} and (not status or status.startswith("5.1.")):
        return "no_address"
    return "refused" if code >= 500 else "unavailable"


def join_errors(apps, schema_editor):
    Letter = apps.get_model("diia_videoreception", "Letter")
    for letter in Letter.objects.exclude(error_kind="").iterator():
        said = {"out_of_date": "NothingToSend"}.get(letter.error_kind, letter.error_kind)
        if letter.smtp_code:
            said = f"SMTP {letter.smtp_code} {letter.enhanced_status}".strip()
        Letter.objects.filter(pk=letter.pk).update(last_error=said)


class Migration(migrations.Migration):
    dependencies = [("diia_videoreception", "0006_address_changed")]

    operations = [
        migrations.AddField(
            "letter",
            "error_kind",
            models.CharField(
                blank=True,
                choices=[
                    ("mailbox_full", "The mailbox of the citizen is full."),
                    ("no_address", "There is no such address, or it takes no letters."),
                    ("refused", "The mail server refused the letter."),
                    ("out_of_date", "What it was to tell is not true any more."),
                    ("unavailable", "The mail server could not take it for about three days."),
                    ("fault", "An error of the portal: the operator finds it in the log."),
                ],
                default="",
                max_length=16,
            ),
            preserve_default=False,
        ),
        migrations.AddField("letter", "smtp_code", models.PositiveSmallIntegerField(null=True)),
        migrations.AddField(
            "letter",
            "enhanced_status",
            models.CharField(blank=True, default="", max_length=12),
            preserve_default=False,
        ),
        migrations.RunPython(split_errors, join_errors),
        migrations.RemoveField("letter", "last_error"),
    ]
