"""«Надіслати ще раз»: a letter that could not be sent goes back into the outbox."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from diia_videoreception.services.booking import answer_reminders
from diia_videoreception.services.letters.rendering import render_letter
from diia_videoreception.services.letters.resending import send_again
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.letters import LetterLine, letters_in_words
from diia_videoreception.wagtail_admin.cases.views import CaseAct


class RemindToAnswer(CaseAct):
    """«Нагадати»: the letter about what waits for the citizen's answer goes once more; it stands in the list."""

    log_name = "remind_to_answer"
    done = gettext_lazy("The citizen will be reminded within a minute.")

    def act(self) -> bool:
        answer_reminders.remind(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return True


class SendAgain(CaseAct):
    """Shows what would be sent and why it was not, then sends it by POST."""

    template_name = "diia_videoreception/admin/send_again.html"
    http_method_names = ["get", "head", "post"]
    page_title = gettext_lazy("Send again")
    log_name = "send_letter_again"
    done = gettext_lazy("The letter will be sent again within a minute.")

    def get_page_title(self) -> str:
        return _("Send the letter again")

    @cached_property
    def line(self) -> LetterLine:
        lines = letters_in_words(self.application, now=self.now)
        asked: uuid.UUID = self.kwargs["letter_id"]
        found = next((line for line in lines if line.letter.public_id == asked), None)
        if found is None:
            raise Http404
        return found

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.line.can_send_again:
            return redirect(self.case_url)
        return self.render_to_response(self.get_context_data())

    def act(self) -> bool:
        return send_again(
            moderator=self.staff,
            public_id=self.application.public_id,
            letter_id=self.kwargs["letter_id"],
            now=self.now,
        )

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        letter = render_letter(self.line.letter, for_sending=False, now=self.now)
        return super().get_context_data(line=self.line, letter=letter, **kwargs)
