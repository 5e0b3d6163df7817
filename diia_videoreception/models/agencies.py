"""Agencies that receive citizens by video, their units and the staff who moderate for them."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from diia_videoreception.models.fields import (
    DerivingModel,
    FoldedField,
    HttpsURLField,
    LineField,
    SortKeyField,
    TimeZoneField,
    TypedTextField,
)
from diia_videoreception.rules.no_shows import MAX_PAUSE_DAYS
from diia_videoreception.rules.regions import REGIONS
from integrations.common.levels import Level
from integrations.identity.values import full_name


class LevelOfAssurance(models.TextChoices):
    """How sure the portal is of who signed in (B-23); the law's low, substantial and high."""

    LOW = Level.LOW.value, _("low")
    SUBSTANTIAL = Level.SUBSTANTIAL.value, _("substantial (BankID)")
    HIGH = Level.HIGH.value, _("high (qualified electronic signature)")


class Agency(DerivingModel):
    """A state body; only connected ones are offered for booking (A-24, A-25)."""

    class LeadTimePolicy(models.TextChoices):
        HOURS = "hours", _("whole days of 24 hours before the start")
        CALENDAR_DAYS = "calendar_days", _("whole calendar days before the date")

    class Notices(models.TextChoices):
        """When the moderators are told of new and of cancelled applications."""

        AT_ONCE = "at_once", _("at once, a letter for each")
        DAILY = "daily", _("one letter a day")

    class Devices(models.TextChoices):
        """On what the conference program runs, as the agency says."""

        ANY = "any", _("computers, tablets and phones")
        COMPUTER = "computer", _("computers only")

    name = LineField(_("name"), max_length=255, unique=True)
    short_name = LineField(_("short name"), max_length=80, blank=True)
    is_connected = models.BooleanField(
        _("connected"),
        default=False,
        help_text=_("Citizens see only connected agencies."),
    )
    time_zone = TimeZoneField(_("time zone"), default="Europe/Kyiv")
    phone = LineField(_("phone for citizens"), max_length=40, blank=True)
    email = models.EmailField(
        _("email of the moderators"),
        blank=True,
        help_text=_(
            "We send letters here about new and cancelled applications, and about those "
            "waiting too long. If this is empty, nobody will know."
        ),
    )
    notices = models.CharField(
        _("letters about new and cancelled applications"),
        max_length=16,
        choices=Notices,
        default=Notices.AT_ONCE,
    )
    address = LineField(_("address"), max_length=255, blank=True)
    region = models.CharField(
        _("region it receives from"),
        max_length=5,
        choices=REGIONS,
        blank=True,
        help_text=_("If this is empty, it receives people from the whole of Ukraine."),
    )
    minimum_level = models.CharField(
        _("minimum level of assurance"),
        max_length=16,
        choices=LevelOfAssurance,
        default=LevelOfAssurance.SUBSTANTIAL,
    )
    lead_time_policy = models.CharField(
        _("how the lead time is counted"),
        max_length=16,
        choices=LeadTimePolicy,
        default=LeadTimePolicy.HOURS,
    )
    lead_days = models.PositiveSmallIntegerField(
        _("lead time, days"), default=3, validators=[MaxValueValidator(30)]
    )
    answer_hours = models.PositiveSmallIntegerField(
        _("how long people have to answer, hours"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(720)],
        help_text=_(
            "When the agency proposes another time or asks a question. The answer must always come at "
            "least 2 hours before the reception."
        ),
    )
    works_on_holidays = models.BooleanField(
        _("works on holidays"),
        default=False,
        help_text=_("For example, while martial law suspends public holidays."),
    )
    conference = models.CharField(
        _("video conference"),
        max_length=40,
        default="default",
        help_text=_("Alias in the portal settings."),
    )
    spare_conference = models.CharField(
        _("video conference in reserve"),
        max_length=40,
        blank=True,
        help_text=_(
            "Officials can switch to it when the first one fails. Alias in the portal settings."
        ),
    )
    program_name = LineField(_("conference program"), max_length=80, blank=True)
    program_url = HttpsURLField(_("where to download the program"), blank=True)
    program_devices = models.CharField(
        _("which devices the program works on"),
        max_length=16,
        choices=Devices,
        blank=True,
        help_text=_("The confirmation letter explains this to people who only have a phone."),
    )
    instructions = TypedTextField(
        _("how to install and connect"),
        blank=True,
        help_text=_(
            "Included in the confirmation letter. One step per line. The letter itself says "
            "where the login and password are."
        ),
    )
    equipment = TypedTextField(
        _("equipment"),
        blank=True,
        help_text=_("Included in the confirmation letter. One item per line."),
    )
    refusal_ground = TypedTextField(
        _("usual legal ground of a refusal"),
        blank=True,
        max_length=1000,
        help_text=_("Filled in on the refusal form, where you can change it."),
    )
    complaints = TypedTextField(
        _("how to complain about a refusal"),
        blank=True,
        max_length=1000,
        help_text=_(
            "Included in the refusal letter: who to complain to, by when and under which law."
        ),
    )
    unique_registration = models.BooleanField(
        _("no registration number twice in a year"),
        default=False,
        help_text=_("Of the numbers that the agency itself gives to cases."),
    )
    absence_pause_days = models.PositiveSmallIntegerField(
        _("pause after an absence, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(MAX_PAUSE_DAYS)],
        help_text=_(
            "Whoever did not come to a reception applies to the agency again after so many days, 30 at most. "
            "A failure of the connection and a day on which the official did not receive never count, nor does "
            "an absence while the citizen’s objection waits for an answer. If this is empty, there is no pause."
        ),
    )
    has_letter_texts = models.BooleanField(default=False, editable=False)
    """Whether there ever were letters in its own words; without, nobody looks for them."""
    document_days = models.PositiveIntegerField(
        _("how long documents of closed applications are kept, days"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_(
            "Counted from the decision or the end of the appointed time, whichever is later. "
            "If empty, documents are kept with no time limit."
        ),
    )
    document_ground = TypedTextField(
        _("legal basis for keeping documents this long"), blank=True, max_length=1000
    )
    keep_room_messages = models.BooleanField(
        _("keep messages and files of the room"),
        default=False,
        help_text=_(
            "What both sides write and add in the room stays with the application. Otherwise it "
            "is erased when the reception ends. Sound and picture are never recorded."
        ),
    )
    officials_see_phone = models.BooleanField(
        _("officials see the phone of the citizen"),
        default=False,
        help_text=_("Moderators always see it; nobody sees the number of a person’s document."),
    )
    official_feeds = models.BooleanField(
        _("calendar addresses for officials"),
        default=False,
        help_text=_(
            "Officials may connect their receptions to a calendar of their own: numbers and times, "
            "nobody’s name. Whoever has the address sees these times."
        ),
    )
    sms_abroad = models.BooleanField(
        _("text messages to foreign numbers"),
        default=False,
        help_text=_("They cost more. Otherwise only Ukrainian numbers get them."),
    )
    search_text = FoldedField(of=("name", "short_name"))
    sort_key = SortKeyField(of=("name",))

    class Meta:
        ordering = ["sort_key", "name"]
        verbose_name = _("agency")
        verbose_name_plural = _("agencies")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(absence_pause_days__isnull=True)
                | models.Q(absence_pause_days__gte=1, absence_pause_days__lte=MAX_PAUSE_DAYS),
                name="agency_pause_is_bounded",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AgencyModerator(models.Model):
    """Lets a member of the portal's staff moderate the applications of one agency (A-57)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="moderators", verbose_name=_("agency")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="moderated_agencies",
        verbose_name=_("moderator"),
    )
    is_head = models.BooleanField(
        _("head of the agency"),
        default=False,
        help_text=_("Says as whom of the portal’s staff an official signs in."),
    )

    class Meta:
        ordering = ["agency__sort_key", "pk"]
        verbose_name = _("moderator of an agency")
        verbose_name_plural = _("moderators of agencies")
        constraints = [
            models.UniqueConstraint(fields=["agency", "user"], name="agency_moderator_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} — {self.agency}"


class Unit(DerivingModel):
    """A department or division of an agency, in a tree (A-26)."""

    agency = models.ForeignKey(
        Agency, on_delete=models.CASCADE, related_name="units", verbose_name=_("agency")
    )
    parent = models.ForeignKey(
        "self",
        on_delete=models.CASCADE,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("part of"),
    )
    name = LineField(_("name"), max_length=255)
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    search_text = FoldedField(of=("name",))
    sort_key = SortKeyField(of=("name",))

    class Meta:
        ordering = ["position", "sort_key", "pk"]
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("pk")),
                name="unit_not_its_own_parent",
            )
        ]

    def __str__(self) -> str:
        return self.name


class Official(DerivingModel):
    """A person who receives citizens; one member of the portal's staff may be several of them."""

    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, related_name="officials", verbose_name=_("unit")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="officials",
        verbose_name=_("signs in as"),
    )
    last_name = LineField(_("last name"), max_length=80)
    first_name = LineField(_("first name"), max_length=80)
    patronymic = LineField(_("patronymic"), max_length=80, blank=True)
    post = LineField(_("job title"), max_length=200)
    competence = LineField(
        _("topics received"),
        max_length=300,
        blank=True,
        help_text=_("Citizens see it beside the name. For example: pensions, benefits, care."),
    )
    position = models.PositiveSmallIntegerField(_("order"), default=0)
    receives = models.BooleanField(
        _("receives citizens now"),
        default=True,
        help_text=_("Untick to stop new bookings. Existing bookings stay."),
    )
    slot_minutes = models.PositiveSmallIntegerField(
        _("length of a reception, minutes"),
        default=30,
        validators=[MinValueValidator(5), MaxValueValidator(240)],
    )
    pause_minutes = models.PositiveSmallIntegerField(
        _("pause after a reception, minutes"), default=0, validators=[MaxValueValidator(120)]
    )
    horizon_days = models.PositiveSmallIntegerField(
        _("how far ahead people can book, days"),
        default=30,
        validators=[MinValueValidator(1), MaxValueValidator(180)],
    )
    # The last day of whose receptions the official was notified the evening before.
    notified_day = models.DateField(null=True, blank=True, editable=False, db_column="told_of")
    search_text = FoldedField(of=("last_name", "first_name", "patronymic", "post", "competence"))
    sort_key = SortKeyField(of=("last_name", "first_name", "patronymic"))

    class Meta:
        ordering = ["position", "sort_key", "pk"]
        verbose_name = _("official")
        verbose_name_plural = _("officials")
        constraints = [
            models.CheckConstraint(
                condition=Q(slot_minutes__gte=5), name="official_slot_at_least_5_minutes"
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return full_name(self.last_name, self.first_name, self.patronymic)

    @property
    def agency(self) -> Agency:
        return self.unit.agency
