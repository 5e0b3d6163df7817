"""Answers that are to come after receptions: which are open, which are late, who can be responsible."""

from datetime import datetime
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet

from diia_videoreception.models import AnswerTask, Application


def task_of(application: Application) -> AnswerTask | None:
    """Return the task of an application; None where none was ever opened."""
    return AnswerTask.objects.filter(application=application).select_related("responsible").first()


def is_late(task: AnswerTask, *, now: datetime) -> bool:
    """Return whether the term for an answer has passed and it is still to come."""
    return task.is_open and task.due is not None and task.due <= now


def late_tasks(now: datetime) -> QuerySet[AnswerTask]:
    """Return the open tasks whose term has passed."""
    return AnswerTask.objects.filter(closed_at__isnull=True, due__lte=now)


def has_answer_to_come() -> Q:
    """Describe applications whose answer is to come."""
    return Q(pk__in=AnswerTask.objects.filter(closed_at__isnull=True).values("application"))


def has_late_answer(now: datetime) -> Q:
    """Describe applications whose answer is overdue."""
    return Q(pk__in=late_tasks(now).values("application"))


def may_be_responsible(application: Application) -> QuerySet[Any]:
    """Return who can be responsible for an answer: moderators of the agency, and who is the official."""
    users = get_user_model()._default_manager
    entitled = users.filter(
        Q(moderated_agencies__agency=application.agency_id) | Q(officials=application.official_id),
        is_active=True,
    )
    return users.filter(pk__in=entitled.values("pk")).order_by("pk")
