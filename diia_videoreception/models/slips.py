"""The slip that a person takes home from a centre, and the code on it by which anybody reads how the case stands."""

from django.db import models

from diia_videoreception.rules.slips import MAX_TRIES


class Slip(models.Model):
    """The code of the slip of one application; who loses the slip gets another one, and this code dies.

    Attributes:
        code_hash: keyed; what is on the paper stands nowhere else.
        tries: how often a wrong code was given since it was made.
        copies: how many slips have been made for the application.
        sent: how often one was sent by email or SMS, without the code.
    """

    application = models.OneToOneField(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="slip"
    )
    code_hash = models.CharField(max_length=64)
    tries = models.PositiveSmallIntegerField(default=0)
    copies = models.PositiveIntegerField(default=1)
    sent = models.PositiveSmallIntegerField(default=0)
    made_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.CheckConstraint(condition=models.Q(tries__lte=MAX_TRIES), name="slip_tries_end")
        ]

    def __str__(self) -> str:
        return f"slip {self.pk}"
