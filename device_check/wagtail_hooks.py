"""What the device check adds to Wagtail's admin."""

from wagtail import hooks

from device_check.workplace_screens import WorkplacesViewSet


@hooks.register("register_admin_viewset")
def register_workplaces() -> WorkplacesViewSet:
    return WorkplacesViewSet()
