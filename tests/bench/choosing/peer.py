"""The peer, django-appointment, with the same day of the same people; knows nothing of the portal.

Installed from PyPI into build/bench/peer, with the Django of this run, and asked as its own page
asks: by the view that answers with the free times of a day.
"""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from importlib import import_module
from pathlib import Path
from random import Random

import django

NAME = "django-appointment"
VERSION = "3.12.*"
FOLDER = Path(__file__).parents[3] / "build" / "bench" / "peer"
SLOT = timedelta(minutes=30)

urlpatterns: list[object] = []


def install() -> str:
    """Put the peer into its folder, once; gives why it cannot be had, else nothing."""
    if (FOLDER / "appointment").is_dir():
        return ""
    wanted = [f"{NAME}=={VERSION}", f"Django=={django.__version__}"]
    command = [sys.executable, "-m", "pip", "install", "-qq", "--target", str(FOLDER), *wanted]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    lines = done.stderr.strip().splitlines() or ["pip failed"]
    return "" if done.returncode == 0 else lines[-1]


def environment(database: dict[str, str], *, day: date, officials: int) -> dict[str, str]:
    """Give the environment of the peer's processes."""
    left_out = ("DJANGO_SETTINGS_MODULE",)
    return {
        **{name: value for name, value in os.environ.items() if name not in left_out},
        "PYTHONPATH": str(FOLDER),
        "PEER_DAY": day.isoformat(),
        "PEER_OFFICIALS": str(officials),
        **database,
    }


def _set_up() -> None:
    from django.conf import settings

    is_postgres = "PEER_POSTGRES" in os.environ
    database = (
        {"NAME": os.environ["PEER_POSTGRES"], "USER": "postgres", "HOST": os.environ["PEER_HOST"]}
        if is_postgres
        else {"NAME": os.environ["PEER_SQLITE"], "OPTIONS": {"timeout": 20}}
    )
    settings.configure(
        SECRET_KEY="only-for-the-bench",
        ALLOWED_HOSTS=["testserver"],
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
            "django.contrib.messages", "appointment",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.middleware.common.CommonMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
        ],
        DATABASES={
            "default": {
                "ENGINE": f"django.db.backends.{'postgresql' if is_postgres else 'sqlite3'}",
                **database,
            }
        },
        # Its wheel brings no migrations: all tables are made together, in the order they need.
        MIGRATION_MODULES=dict.fromkeys(("auth", "contenttypes", "sessions")),
        ROOT_URLCONF=__name__,
        USE_TZ=True,
        TIME_ZONE="Europe/Kyiv",
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        LOGGING_CONFIG=None,
    )  # fmt: skip
    django.setup()


def _fill(day: date, officials: int) -> None:
    """Give each official the hours of a working day, every second time of it booked."""
    from django.contrib.auth import get_user_model

    models = import_module("appointment.models")
    users = get_user_model().objects.bulk_create(
        [get_user_model()(username=f"official{number}") for number in range(officials)]
    )
    client = get_user_model().objects.create(username="client")
    service = models.Service.objects.create(name="Reception", duration=SLOT, price=0)
    staff = models.StaffMember.objects.bulk_create(
        [models.StaffMember(user=user, slot_duration=30) for user in users]
    )
    models.WorkingHours.objects.bulk_create(
        [
            models.WorkingHours(
                staff_member=member,
                # The peer's week begins on Sunday.
                day_of_week=day.isoweekday() % 7,
                start_time=time(9),
                end_time=time(18),
            )
            for member in staff
        ]
    )
    starts = [datetime.combine(day, time(9)) + number * 2 * SLOT for number in range(9)]
    requests = models.AppointmentRequest.objects.bulk_create(
        [
            models.AppointmentRequest(
                date=day,
                start_time=start.time(),
                end_time=(start + SLOT).time(),
                service=service,
                staff_member=member,
                id_request=f"{member.pk}-{start:%H%M}",
            )
            for member in staff
            for start in starts
        ]
    )
    models.Appointment.objects.bulk_create(
        [
            models.Appointment(client=client, appointment_request=one, id_request=one.id_request)
            for one in requests
        ]
    )


def _prepare(count: int) -> Iterator[Callable[[], object]]:
    from django.core.management import call_command

    call_command("migrate", run_syncdb=True, verbosity=0)
    _fill(date.fromisoformat(os.environ["PEER_DAY"]), int(os.environ["PEER_OFFICIALS"]))
    yield lambda: None


def _ask(count: int) -> Iterator[Callable[[], object]]:
    from django.test import Client

    keys = list(
        import_module("appointment.models").StaffMember.objects.values_list("pk", flat=True)
    )
    client, random, day = Client(), Random(count), os.environ["PEER_DAY"]
    for _ in range(count):
        query = {"selected_date": day, "staff_member": random.choice(keys)}

        def act(query: dict[str, object] = query) -> None:
            headers = {"X-Requested-With": "XMLHttpRequest"}
            answer = client.get("/available_slots/", query, headers=headers)
            if len(answer.json()["available_slots"]) != 9:
                raise RuntimeError(f"the peer does not know its free times: {answer.content!r}")

        yield act


if __name__ == "__main__":
    _set_up()
    from django.urls import path

    from tests.harness.sides import serve

    urlpatterns.append(
        path("available_slots/", import_module("appointment.views").get_available_slots_ajax)
    )
    serve({"prepare": _prepare, "day": _ask})
