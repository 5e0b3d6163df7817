"""The test of people who act on behalf of others, as editors write it (B-16, B-17).

The page itself is public and tells no question: the test is taken in the product, by who works in a centre.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.search import index

from cms_pages.forms import LatinSlugForm
from diia_videoreception.rules.centre_tests import (
    MAX_ANSWERS,
    MAX_ATTEMPTS,
    MAX_DAYS_TO_FINISH,
    MAX_QUESTIONS,
    MAX_VALID_DAYS,
    MIN_ANSWERS,
    ChoiceAnswer,
    ChoiceQuestion,
    QuestionProblem,
    needed_answers,
    problem_of_question,
)
from diia_videoreception.services.centres.testing import WrittenTest

_PROBLEMS = {
    QuestionProblem.FEW_ANSWERS: _("Write at least two answers."),
    QuestionProblem.MANY_ANSWERS: _("Write fewer answers."),
    QuestionProblem.NOT_ONE_RIGHT: _("Mark exactly one answer as right."),
    QuestionProblem.SAME_ANSWERS: _("Two answers are the same."),
}


class TestAnswerBlock(blocks.StructBlock):
    text = blocks.CharBlock(label=_("Answer"), max_length=300)
    is_right = blocks.BooleanBlock(label=_("This is the right answer"), required=False)

    class Meta:
        label = _("Answer")


class TestQuestionBlock(blocks.StructBlock):
    """A question with its answers, exactly one of them right."""

    text = blocks.CharBlock(label=_("Question"), max_length=400)
    answers = blocks.ListBlock(
        TestAnswerBlock(),
        label=_("Answers"),
        min_num=MIN_ANSWERS,
        max_num=MAX_ANSWERS,
        help_text=_("Everybody sees them in another order. Mark one as right."),
    )
    explanation = blocks.TextBlock(
        label=_("Explanation"),
        required=False,
        max_length=600,
        help_text=_("Shown after the test to who answered wrongly: why, and where to read more."),
    )

    class Meta:
        label = _("Question")
        icon = "help"

    def clean(self, value: Any) -> Any:
        cleaned = super().clean(value)
        problem = problem_of_question(_answers_of(cleaned))
        if problem is not None:
            raise blocks.StructBlockValidationError(
                block_errors={"answers": ValidationError(_PROBLEMS[problem])}
            )
        return cleaned


def _answers_of(value: Any) -> tuple[ChoiceAnswer, ...]:
    return tuple(
        ChoiceAnswer(str(place), one["text"], bool(one["is_right"]))
        for place, one in enumerate(value["answers"])
    )


def _count(words: Any, most: int, default: int, **values: Any) -> Any:
    return models.PositiveSmallIntegerField(
        words,
        default=default,
        validators=[MinValueValidator(1), MaxValueValidator(most)],
        **values,
    )


class CentreTestPageMixin(models.Model):
    """A test that people of centres take in the product, for any base page.

    One page in each language is enough: whichever was published last is in force.
    """

    lead = models.TextField(_("lead"), blank=True, max_length=400)
    questions = StreamField(
        [("question", TestQuestionBlock())],
        verbose_name=_("questions"),
        min_num=1,
        max_num=MAX_QUESTIONS,
    )
    asked = _count(
        _("how many questions one attempt asks"),
        MAX_QUESTIONS,
        10,
        help_text=_("Drawn at random, new ones first; all of them where there are not more."),
    )
    pass_percent = _count(_("right answers needed, per cent"), 100, 100)
    max_attempts = _count(
        _("attempts"),
        MAX_ATTEMPTS,
        3,
        help_text=_("After that, the head of the centre can allow the test once more."),
    )
    valid_days = _count(_("for how many days a passed test holds"), MAX_VALID_DAYS, 365)
    days_to_finish = _count(
        _("within how many days an attempt is finished"), MAX_DAYS_TO_FINISH, 14
    )
    instruction = models.TextField(
        _("instruction after the test"),
        blank=True,
        max_length=4000,
        help_text=_("Shown and sent to who has passed: what to do next, how to begin."),
    )

    test_panels = [
        FieldPanel("lead"),
        HelpPanel(template="cms_pages/panels/test_help.html"),
        FieldPanel("questions"),
        MultiFieldPanel(
            [
                FieldPanel("asked"),
                FieldPanel("pass_percent"),
                FieldPanel("max_attempts"),
                FieldPanel("days_to_finish"),
                FieldPanel("valid_days"),
            ],
            heading=_("Rules of the test"),
        ),
        FieldPanel("instruction"),
    ]
    # Neither search nor the API of pages may know the questions.
    test_search_fields = [index.SearchField("lead")]

    preview_modes = [("", _("As everybody sees it")), ("questions", _("Questions and answers"))]

    # What the base page brings.
    title: str
    translation_key: Any
    locale: Any

    class Meta:
        abstract = True

    @property
    def needed(self) -> int:
        return needed_answers(self.asked_now, self.pass_percent)

    @property
    def asked_now(self) -> int:
        """How many questions an attempt asks as the page is now."""
        return int(min(self.asked, len(self.questions)) or self.asked)

    def written(self) -> WrittenTest:
        """Return the test as it is published."""
        return WrittenTest(
            title=self.title,
            questions=[
                ChoiceQuestion(
                    str(block.id),
                    block.value["text"],
                    _answers_of(block.value),
                    block.value["explanation"],
                )
                for block in self.questions
            ],
            asked=self.asked,
            pass_percent=self.pass_percent,
            max_attempts=self.max_attempts,
            valid_days=self.valid_days,
            days_to_finish=self.days_to_finish,
            instruction=self.instruction,
        )

    def get_preview_context(self, request: HttpRequest, mode_name: str) -> dict[str, Any]:
        context: dict[str, Any] = super().get_preview_context(request, mode_name)  # type: ignore[misc]
        return context | {"shown_questions": self.questions if mode_name == "questions" else ()}


class CentreTestPage(CentreTestPageMixin, Page):
    """The test of a portal that uses Wagtail's own base page."""

    template = "cms_pages/centre_test_page.html"
    base_form_class = LatinSlugForm
    content_panels = Page.content_panels + CentreTestPageMixin.test_panels
    search_fields = Page.search_fields + CentreTestPageMixin.test_search_fields
    page_description = _("Test for people of centres who act on behalf of others.")

    class Meta:
        verbose_name = _("test of people of centres")
        verbose_name_plural = _("tests of people of centres")
