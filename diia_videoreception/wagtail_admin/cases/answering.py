"""Answers in words to the citizen, each seen as a letter before it is sent: no move, no reception."""

from collections.abc import Callable
from typing import Any, ClassVar, cast

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diia_videoreception.downloads import as_download
from diia_videoreception.errors import Incomplete
from diia_videoreception.providers import signature_provider
from diia_videoreception.rules.transitions import Act
from diia_videoreception.services.booking import move_requests, written_answers
from diia_videoreception.services.letters.previews import (
    Preview,
    preview_of_refused_move,
    preview_of_written_answer,
)
from diia_videoreception.signing_form import SigningForm
from diia_videoreception.wagtail_admin.cases.forms import (
    RefuseMoveForm,
    WrittenAnswerForm,
)
from diia_videoreception.wagtail_admin.cases.previewed import PreviewedAct


class InWords(PreviewedAct):
    """The words, the letter, the act; what is refused hands the words back.

    Attributes:
        wants: The act that has to be open.
        explanation: What comes of it.
        is_closed: What is said where it is not open any more.
        button: The last one.
        done: What is said when it is done.
    """

    template_name = "diia_videoreception/admin/in_words.html"
    last_step = "send"
    wants: ClassVar[Act]
    explanation: ClassVar[Promise]
    is_closed: ClassVar[Promise]
    button: ClassVar[Promise]
    done: ClassVar[Promise]
    is_preview = False

    def letter(self) -> Preview:
        """Return the letter that the act would send."""
        raise NotImplementedError

    def carry_out(self) -> None:
        """Do it; raises ActRefused."""
        raise NotImplementedError

    def get_page_title(self) -> str:
        return str(self.page_title)

    def is_open(self) -> bool:
        """See `PreviewedAct.is_open`."""
        return self.wants.value in self.acts

    def show_letter(self) -> HttpResponse:
        self.is_preview = True
        return self.again()

    def act(self) -> HttpResponse:
        self.carry_out()
        self.log_act(self.wants.value)
        return self.back_to_case(self.done)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_open = self.is_open()
        return super().get_context_data(
            form=self.form,
            explanation=self.explanation,
            closed="" if is_open else self.is_closed,
            button=self.button,
            preview=self.letter() if self.is_preview and is_open else None,
            **kwargs,
        )


class RefuseMove(InWords):
    """«Відмовити в перенесенні»: the confirmed time stands."""

    page_title = _("Refuse to move the reception")
    form_class = RefuseMoveForm
    wants = Act.REFUSE_MOVE
    explanation = _("The confirmed time stays. The citizen will get a letter.")
    is_closed = _("The citizen does not ask for another time any more. What you wrote is below.")
    button = _("Refuse and send the letter")
    done = _("The reception stays at its time. We will send the citizen a letter.")

    def letter(self) -> Preview:
        words = self.form.cleaned_data["words"]
        return preview_of_refused_move(self.application, words, now=self.now)

    def carry_out(self) -> None:
        move_requests.refuse(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            words=self.form.cleaned_data["words"],
            now=self.now,
        )


class AnswerInWriting(InWords):
    """«Відповісти письмово»: there is no reception, and its time is available again."""

    template_name = "diia_videoreception/admin/answer_in_writing.html"
    page_title = _("Answer in writing")
    form_class = WrittenAnswerForm
    wants = Act.ANSWER_IN_WRITING
    explanation = _(
        "There will be no reception: its time becomes available to others. The citizen gets the "
        "answer by letter and in their account. You cannot change it after that."
    )
    is_closed = _("You can no longer answer this application in writing. What you wrote is below.")
    button = _("Send the answer")
    done = _("The answer is given. We will send the citizen a letter.")
    signing: SigningForm | None = None

    def steps(self) -> dict[str, Callable[[], HttpResponse]]:
        return super().steps() | {"text": self.text_to_sign}

    def text_to_sign(self) -> HttpResponse:
        """Give the text as a file, to be signed as it is; nothing is kept of it."""
        content = written_answers.text_to_sign(
            self.application,
            text=self.form.cleaned_data["text"],
            outgoing_number=self.form.cleaned_data["outgoing_number"],
        )
        name = f"{self.application.number}.txt"
        file = as_download(content, name=name, media_type="text/plain; charset=utf-8")
        return cast(HttpResponse, file)

    def act(self) -> HttpResponse:
        self.signing = SigningForm(self.request.POST, self.request.FILES)
        if not self.signing.is_valid():
            return self.unsigned()
        try:
            return super().act()
        except Incomplete as refusal:
            if not self.signing.take(refusal):
                raise
            return self.unsigned()

    def unsigned(self) -> HttpResponse:
        """Show the letter again, and what is wrong with its signature."""
        self.is_preview = True
        return self.again(status=422)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        official = self.application.official
        unsigned = SigningForm(initial={"signer": official.full_name})
        return super().get_context_data(
            signing=self.signing or unsigned,
            can_verify=signature_provider() is not None,
            **kwargs,
        )

    def letter(self) -> Preview:
        return preview_of_written_answer(
            self.application,
            self.form.cleaned_data["text"],
            self.form.cleaned_data["outgoing_number"],
            now=self.now,
        )

    def carry_out(self) -> None:
        written_answers.answer_in_writing(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.form.cleaned_data["version"],
            text=self.form.cleaned_data["text"],
            outgoing_number=self.form.cleaned_data["outgoing_number"],
            signing=cast(SigningForm, self.signing).chosen,
            now=self.now,
        )
