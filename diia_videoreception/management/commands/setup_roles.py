"""Creates the groups of the portal's staff; safe to run again after each update.

The groups let staff into Wagtail's admin; rights over agencies are rows, given by
`services/accounts/staff_rights.py`.
"""

from typing import Any

from django.contrib.auth.models import Group, Permission
from django.core.management.base import BaseCommand
from django.db import transaction
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

from diia_videoreception.models.centres import OPERATE
from diia_videoreception.models.exports import EXPORT
from diia_videoreception.models.journal import AUDIT
from diia_videoreception.models.looks import HELP

MODERATOR = "Модератор"
EDITOR = "Редактор порталу"
OFFICIAL = "Посадова особа"
HEAD = "Керівник установи"
OPERATOR = "Оператор порталу"
HELP_DESK = "Служба підтримки"
AUDITOR = "Аудитор"
EXPORTER = "Вивантаження звітів"
"""For moderators who may take reports out as files; of itself it opens nothing."""

GROUPS = (MODERATOR, HEAD, OFFICIAL, EDITOR, OPERATOR, HELP_DESK, AUDITOR, EXPORTER)

PAGE_PERMISSIONS = ("add_page", "change_page", "publish_page")
MEDIA_PERMISSIONS = (
    ("wagtailimages", ("add_image", "change_image", "choose_image")),
    ("wagtaildocs", ("add_document", "change_document", "choose_document")),
)


class Command(BaseCommand):
    help = (
        "Creates the groups of the portal's staff with their permissions, and gives back what was "
        "taken from them. Whose applications a moderator sees is set per person, under Video "
        "reception, Moderators, by the heads of agencies; who heads an agency, by the portal’s "
        "operator; who is which official, under Officials, by heads. The operator also keeps agencies and "
        "integrations, gives centres access, and sees no application. The help desk answers citizens by telephone, and sees of "
        "an application neither topic nor documents. An auditor reads the journal and changes nothing."
    )

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        groups = [Group.objects.get_or_create(name=name)[0] for name in GROUPS]
        access = Permission.objects.get(
            content_type__app_label="wagtailadmin", codename="access_admin"
        )
        for group in groups:
            group.permissions.add(access)
        rights = {OPERATOR: OPERATE, HELP_DESK: HELP, AUDITOR: AUDIT, EXPORTER: EXPORT}
        for name, codename in rights.items():
            right = _permissions("diia_videoreception", (codename,))
            Group.objects.get(name=name).permissions.add(*right)
        self._let_edit(Group.objects.get(name=EDITOR))
        self.stdout.write(", ".join(GROUPS))

    def _let_edit(self, group: Group) -> None:
        """Pages, images and documents everywhere below the roots; nothing of video receptions."""
        for page in Page.objects.filter(depth=1):
            for permission in _permissions("wagtailcore", PAGE_PERMISSIONS):
                GroupPagePermission.objects.get_or_create(
                    group=group, page=page, permission=permission
                )
        for collection in Collection.objects.filter(depth=1):
            for app_label, codenames in MEDIA_PERMISSIONS:
                for permission in _permissions(app_label, codenames):
                    GroupCollectionPermission.objects.get_or_create(
                        group=group, collection=collection, permission=permission
                    )


def _permissions(app_label: str, codenames: tuple[str, ...]) -> list[Permission]:
    return list(
        Permission.objects.filter(content_type__app_label=app_label, codename__in=codenames)
    )
