"""A process of the portal, which does what its input says."""

import django


def main() -> None:
    django.setup()
    # Only now: they read the settings.
    from django.test.utils import override_settings

    from tests.bench.choosing.portal import tasks
    from tests.harness.sides import serve

    with override_settings(ROOT_URLCONF="tests.bench.choosing.bare"):
        serve(tasks())


if __name__ == "__main__":
    main()
