"""«Поштова скринька демо»: what the portal has sent, newest first. Exists only with DEBUG."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from sandbox.identity.views import only_in_debug
from sandbox.mailbox.letters import sent_letters
from sandbox.mailbox.texts import sent_texts


@only_in_debug
@never_cache
@require_GET
def mailbox(request: HttpRequest) -> HttpResponse:
    letters = sent_letters(settings.EMAIL_FILE_PATH)
    texts = sent_texts(settings.SMS_FOLDER)
    return render(request, "sandbox/mailbox.html", {"letters": letters, "texts": texts})
