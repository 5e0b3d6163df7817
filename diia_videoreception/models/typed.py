"""What a centre types for a person, until the person has confirmed it."""

from django.db import models

from diia_videoreception.models.citizens import ConfirmationCode


class TypedDraft(models.Model):
    """Whose a draft is that a member of a centre types in a visit, by the consent of its person.

    The draft refers to it, so that filing any other draft need not ask for one.

    Attributes:
        entered: which member typed each answer last, and when, by the name of the answer.
    """

    visit = models.OneToOneField(
        "diia_videoreception.CentreVisit", on_delete=models.CASCADE, related_name="typed"
    )
    mandate = models.ForeignKey(
        "diia_videoreception.Mandate", on_delete=models.CASCADE, related_name="typed"
    )
    entered = models.JSONField(default=dict)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"typed {self.pk}"


class TypedCode(ConfirmationCode):
    """The code by which the person confirms what was typed, as it was when the code was sent.

    Attributes:
        version: hash of the draft with the held time.
    """

    typed = models.OneToOneField(TypedDraft, on_delete=models.CASCADE, related_name="code")
    version = models.CharField(max_length=64)
    resends = models.PositiveSmallIntegerField(default=0)

    class Meta:
        default_permissions = ()
