"""Which acts of a citizen are being done at this moment, in any tab or program."""

from datetime import datetime

from diia_videoreception.models import Citizen, SpentProof


def is_acting(citizen: Citizen, act: SpentProof.Act, *, now: datetime) -> bool:
    """Return whether an act of this kind has begun and not ended yet."""
    return SpentProof.objects.filter(citizen=citizen, act=act, acting_until__gte=now).exists()
