"""The page tree of the demonstration: home, the service, its three instructions, the rules."""

from django.contrib.auth.models import AbstractBaseUser
from wagtail.models import Page, Site, Task, Workflow

from cms_pages.models import InstructionPage, RulesPage, ServicePage
from sandbox.demo import rules, texts
from sandbox.demo.publishing import publish
from sandbox.models import HomePage

SERVICE_SLUG = "pryiom-hromadian"


def load_pages(editor: AbstractBaseUser) -> None:
    """Make the pages and publish them as this editor."""
    # What a new Wagtail brings along, in English.
    Workflow.objects.filter(name="Moderators approval").update(name="Перевірка модератором")
    Task.objects.filter(name="Moderators approval").update(name="Перевірка модератором")
    root = Page.get_first_root_node()
    home = HomePage(
        title="Кабінет електронних сервісів",
        slug="kabinet",
        lead="Державні послуги онлайн: оберіть послугу, щоб почати.",
    )
    publish(root, home, editor)
    site = Site.objects.get(is_default_site=True)
    site.root_page, site.site_name = home, "Кабінет електронних сервісів"
    site.save()
    # The page that a new Wagtail shows until there is another.
    Page.objects.get(depth=2, slug="home").delete()
    service = ServicePage(
        title="Прийом громадян за допомогою відеозв’язку",
        slug=SERVICE_SLUG,
        lead=texts.ABOUT_LEAD,
        body=texts.ABOUT,
        terms=texts.TERMS,
        show_in_menus=True,
    )
    publish(home, service, editor)
    for slug, title, body in texts.INSTRUCTIONS:
        link = ("service_link", {"page": service, "text": ""})
        page = InstructionPage(title=title, slug=slug, body=[*body, link], show_in_menus=True)
        publish(service, page, editor)
    rules_page = RulesPage(title=rules.TITLE, slug="pravyla", lead=rules.LEAD, rules=rules.RULES)
    publish(home, rules_page, editor)
