"""The staff of the demonstration: a superuser, an editor, two moderators of different agencies, of whom
one heads hers, an official, the portal's operator, the help desk and people of two centres."""

from dataclasses import dataclass
from io import StringIO

from django.contrib.auth import get_user_model
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.management import call_command
from wagtail.users.models import UserProfile

from diia_videoreception.management.commands.setup_roles import (
    EDITOR,
    EXPORTER,
    HEAD,
    HELP_DESK,
    MODERATOR,
    OFFICIAL,
    OPERATOR,
)
from diia_videoreception.models import Agency, AgencyModerator, Official
from diia_videoreception.rules.centres import CentreRole


@dataclass(frozen=True, slots=True)
class StaffMember:
    username: str
    first_name: str
    last_name: str
    role: str
    """What the person does, in Ukrainian, for the list of accounts."""
    groups: tuple[str, ...] = ()
    agency: str = ""
    official: str = ""
    """The surname of the official that the person is."""
    is_superuser: bool = False
    centre: str = ""
    """The code of the centre where the person works."""
    centre_role: str = ""


STAFF = (
    StaffMember("admin", "Роман", "Адаменко", "адміністратор порталу", is_superuser=True),
    StaffMember("editor", "Соломія", "Писаренко", "редакторка", (EDITOR,)),
    StaffMember(
        "moderator1",
        "Катерина",
        "Слюсар",
        "модераторка й керівниця, зберігає звіти",
        (HEAD, EXPORTER),
        "Міністерство розвитку послуг",
    ),
    StaffMember(
        "moderator2", "Віктор", "Бондар", "модератор", (MODERATOR,), "Міністерство освіти та умінь"
    ),
    StaffMember(
        "official", "Оксана", "Литвин", "посадова особа, «Мій день»", (OFFICIAL,), official="Литвин"
    ),
    StaffMember("operator", "Тарас", "Мороз", "оператор порталу, «Центри»", (OPERATOR,)),
    StaffMember("support", "Леся", "Кузьменко", "служба підтримки", (HELP_DESK,)),
    StaffMember(
        "head1",
        "Світлана",
        "Гнатюк",
        "керівниця ЦНАП",
        centre="YAVORIVKA",
        centre_role=CentreRole.HEAD,
    ),
    StaffMember(
        "admin1",
        "Наталія",
        "Ткачук",
        "адміністраторка ЦНАП",
        centre="YAVORIVKA",
        centre_role=CentreRole.ADMINISTRATOR,
    ),
    StaffMember(
        "consultant1",
        "Алла",
        "Поліщук",
        "консультантка ЦНАП",
        centre="YAVORIVKA",
        centre_role=CentreRole.CONSULTANT,
    ),
    StaffMember(
        "head2", "Марко", "Дзюба", "керівник ЦНАП", centre="LUHOVE", centre_role=CentreRole.HEAD
    ),
    StaffMember(
        "admin2",
        "Зоряна",
        "Лисенко",
        "адміністраторка ЦНАП, може скласти тест",
        centre="LUHOVE",
        centre_role=CentreRole.ADMINISTRATOR,
    ),
    StaffMember(
        "consultant2",
        "Степан",
        "Кравець",
        "консультант ЦНАП",
        centre="LUHOVE",
        centre_role=CentreRole.CONSULTANT,
    ),
)


def load_staff(*, password: str) -> None:
    """Make the accounts that there are not yet, all with the password of this copy of the demonstration."""
    call_command("setup_roles", stdout=StringIO())
    known = set(get_user_model().objects.values_list("username", flat=True))
    missing = [member for member in STAFF if member.username not in known]
    # Slow on purpose, so once for all.
    hashed = make_password(password) if missing else ""
    for member in missing:
        user = get_user_model().objects.create(
            username=member.username,
            email=f"{member.username}@portal.example",
            password=hashed,
            first_name=member.first_name,
            last_name=member.last_name,
            is_superuser=member.is_superuser,
            is_staff=member.is_superuser,
        )
        UserProfile.objects.create(
            user=user, preferred_language="uk", current_time_zone="Europe/Kyiv"
        )
        user.groups.set(Group.objects.filter(name__in=member.groups))
        if member.agency:
            AgencyModerator.objects.create(
                user=user,
                agency=Agency.objects.get(name=member.agency),
                is_head=HEAD in member.groups,
            )
        Official.objects.filter(last_name=member.official).update(user=user)
