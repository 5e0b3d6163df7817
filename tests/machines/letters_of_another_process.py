"""Queues so many letters, as an act of the portal would: `python -m tests.machines.letters_of_another_process 40`."""

import sys

import django


def main(number: int) -> None:
    django.setup()
    from django.db import transaction
    from django.utils import timezone

    from diia_videoreception.models import Letter
    from diia_videoreception.services import letters
    from tests.factories import ApplicationFactory

    for _ in range(number):
        with transaction.atomic():
            letters.queue(Letter.Kind.RECEIPT, application=ApplicationFactory(), now=timezone.now())


if __name__ == "__main__":
    main(int(sys.argv[1]))
