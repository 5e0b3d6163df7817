"""Cases of centres of which somebody has said that they are not theirs."""

from django.db import models


class DeclinedOffer(models.Model):
    """That a case which a centre has filed is offered to this account no more: its person says it is not theirs."""

    citizen = models.ForeignKey(
        "diia_videoreception.Citizen", on_delete=models.CASCADE, related_name="declined_offers"
    )
    application = models.ForeignKey(
        "diia_videoreception.Application", on_delete=models.CASCADE, related_name="declined_offers"
    )
    declined_at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["citizen", "application"], name="declined_offer_once")
        ]

    def __str__(self) -> str:
        return f"{self.pk}"
