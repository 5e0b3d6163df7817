"""The small acts on a case, one POST each: what became of it, a check of the equipment, the citizen's sessions."""

from http import HTTPStatus
from typing import Any

from django import forms
from django.http import HttpResponse
from django.utils.html import escape
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages

from diia_videoreception.errors import ActRefused, Incomplete
from diia_videoreception.models import Rating
from diia_videoreception.rules.transitions import OUTCOMES, Act
from diia_videoreception.services.accounts.sessions import end_by_staff
from diia_videoreception.services.booking import (
    answers,
    corrections,
    moderation,
    notes,
    objections,
    registering,
)
from diia_videoreception.services.booking.comments import judge_comment
from diia_videoreception.services.booking.equipment import ask_for_check
from diia_videoreception.services.booking.representing import check_authority
from diia_videoreception.wagtail_admin.cases.forms import VersionForm
from diia_videoreception.wagtail_admin.cases.views import CaseAct, CasePage

NEEDS_ANSWER = "needs_answer"


class OutcomeForm(VersionForm):
    outcome = forms.ChoiceField(
        choices=[*((act.value, act.value) for act in OUTCOMES), (NEEDS_ANSWER, NEEDS_ANSWER)]
    )


class NoteOutcome(CaseAct):
    """«Відбувся», «Заявник не з’явився», «Не відбувся з вини установи»."""

    log_name = "note_outcome"
    done = _("Recorded. The citizen can see it in their account.")

    def act(self) -> bool:
        sent = self.posted(OutcomeForm)
        if sent["outcome"] == NEEDS_ANSWER:
            answers.conclude(
                staff=self.staff,
                public_id=self.application.public_id,
                version=sent["version"],
                outcome=Act.COMPLETE,
                needs_answer=True,
                answer_version=0,
                text="",
                for_letter=False,
                now=self.now,
            )
            return True
        moderation.note_outcome(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=sent["version"],
            outcome=Act(sent["outcome"]),
            now=self.now,
        )
        return True


class AnswerForm(VersionForm):
    outcome = forms.ChoiceField(
        choices=[(act.value, act.value) for act in OUTCOMES], required=False
    )
    text = forms.CharField(required=False)


class AnswerObjection(CaseAct, CasePage):
    """«Відповісти на заперечення»: what is recorded stays or is changed, with words to the citizen."""

    permission_required = "change"
    log_name = "answer_objection"
    done = _("Sent. The citizen has it by letter and in their account.")

    def act(self) -> bool:
        sent = self.posted(AnswerForm)
        objections.answer_objection(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=sent["version"],
            outcome=Act(sent["outcome"]) if sent["outcome"] else None,
            text=sent["text"],
            now=self.now,
        )
        return True

    def refused(self) -> HttpResponse:
        # What was written is handed back.
        return self.again(status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(typed_answer=self.request.POST.get("text", ""), **kwargs)


class NoteForm(forms.Form):
    key = forms.UUIDField()
    text = forms.CharField(required=False)


class AddNote(CaseAct, CasePage):
    """«Додати нотатку»: for colleagues; the citizen never sees it."""

    permission_required = "change"
    log_name = "add_note"
    error = ""
    done = _("The note is added. Only the moderators of the agency can see it.")

    def act(self) -> bool:
        sent = self.posted(NoteForm)
        notes.add_note(
            moderator=self.staff,
            public_id=self.application.public_id,
            text=sent["text"],
            key=sent["key"],
            now=self.now,
        )
        return True

    def refuse(self, refusal: ActRefused) -> None:
        if isinstance(refusal, Incomplete):
            self.error = str(refusal.fields["text"])
        else:
            super().refuse(refusal)

    def refused(self) -> HttpResponse:
        # What was written is handed back.
        return self.again(status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            note_error=self.error, typed_note=self.request.POST.get("text", ""), **kwargs
        )


class RegistrationNumberForm(forms.Form):
    """The number, and the one that was on the page; the service says what fits."""

    seen_number = forms.CharField(required=False)
    number = forms.CharField(required=False)


class SetRegistration(CaseAct, CasePage):
    """«Реєстраційний номер»: that of the agency's own books."""

    permission_required = "change"
    log_name = "set_registration"
    error = ""
    done = _("The registration number is saved.")

    def act(self) -> bool:
        sent = self.posted(RegistrationNumberForm)
        return registering.set_registration_number(
            moderator=self.staff,
            public_id=self.application.public_id,
            seen=sent["seen_number"],
            number=sent["number"],
            now=self.now,
        )

    def refuse(self, refusal: ActRefused) -> None:
        super().refuse(refusal)
        self.error = str(refusal)
        if isinstance(refusal, Incomplete):
            self.error = str(refusal.fields["number"])

    def refused(self) -> HttpResponse:
        # What was written is handed back.
        return self.again(status=HTTPStatus.CONFLICT)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            registration_error=self.error,
            typed_registration=self.request.POST.get("number", ""),
            **kwargs,
        )


class ReadCorrection(CaseAct):
    """«Я прочитав, що змінилося»: the mark of the case goes."""

    log_name = "read_correction"
    done = _("Recorded. The application is no longer marked as corrected.")

    def act(self) -> bool:
        was_marked = self.application.corrected_at is not None
        corrections.mark_read(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=self.posted(VersionForm)["version"],
            now=self.now,
        )
        return was_marked


class AuthorityForm(VersionForm):
    checked = forms.ChoiceField(choices=[("yes", "yes"), ("no", "no")])


class CheckAuthority(CaseAct):
    """«Повноваження перевірено», and taking that back."""

    log_name = "check_authority"
    done = _("Recorded. The official sees it too.")

    def act(self) -> bool:
        sent = self.posted(AuthorityForm)
        return check_authority(
            moderator=self.staff,
            public_id=self.application.public_id,
            version=sent["version"],
            is_checked=sent["checked"] == "yes",
            now=self.now,
        )


class CommentForm(forms.Form):
    """The decision about what a citizen wrote, and how it stood when the page was shown."""

    seen = forms.ChoiceField(choices=Rating.WordsState.choices)
    shown = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    reason = forms.CharField(required=False)


class JudgeComment(CaseAct):
    """«Показати посадовій особі», or not, with the reason."""

    log_name = "judge_comment"
    done = _("Recorded. The citizen sees it in their application.")

    def act(self) -> bool:
        sent = self.posted(CommentForm)
        judge_comment(
            moderator=self.staff,
            public_id=self.application.public_id,
            seen=sent["seen"],
            is_shown=sent["shown"] == "yes",
            reason=sent["reason"],
            now=self.now,
        )
        return True

    def refuse(self, refusal: ActRefused) -> None:
        """Say what is wrong with the reason: the page asks for one thing only."""
        if isinstance(refusal, Incomplete):
            messages.error(self.request, escape(str(refusal.fields["reason"])))
        else:
            super().refuse(refusal)


class AskForCheck(CaseAct):
    """«Попросити перевірити»: a letter, and a notice in the cabinet."""

    log_name = "ask_device_check"
    done = _("We will send the citizen a letter asking them to check the equipment.")

    def act(self) -> bool:
        ask_for_check(moderator=self.staff, public_id=self.application.public_id, now=self.now)
        return True


class EndSessions(CaseAct):
    """«Завершити сеанси»: asks first; then whoever is signed in as this citizen is so no more."""

    template_name = "diia_videoreception/admin/end_sessions.html"
    http_method_names = ["get", "head", "post"]
    page_title = _("End the citizen’s sessions")
    log_name = "end_sessions"
    done = _("The citizen is signed out on every device.")

    def get_page_title(self) -> str:
        return gettext("End the citizen’s sessions")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(back_url=self.case_url, **kwargs)

    def act(self) -> bool:
        end_by_staff(staff=self.staff, public_id=self.application.citizen.public_id, now=self.now)
        return True
