"""What the system checks say."""

from django.core.checks import CheckMessage, run_checks


def found(*, deployment: bool = False) -> dict[str, str]:
    """Our messages by id; of several with one id the texts together."""
    messages: dict[str, str] = {}
    for message in run_checks(include_deployment_checks=deployment):
        if isinstance(message, CheckMessage) and str(message.id).startswith("diia_videoreception"):
            key = str(message.id).partition(".")[2]
            messages[key] = f"{messages.get(key, '')}{message.msg}\n"
    return messages
