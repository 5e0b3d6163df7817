"""Pages read as a tree, in words that a test uses: what is shown, linked, chosen, filled in, wrong.

Texts have one blank where the source has any white space, also where it must not break.
"""

from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

NOT_SHOWN = ["script", "style", "template", "title"]
# What a sentence goes on through; all other elements part it from its neighbours.
INLINE = {"a", "abbr", "b", "bdi", "code", "em", "i", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u"}  # fmt: skip


def words(text: str) -> str:
    """The text with one blank for any white space."""
    return " ".join(text.split())


def text_of(tag: Tag) -> str:
    """What one reads in an element, also what only a screen reader says."""

    def pieces(within: Tag) -> Iterator[str]:
        for child in within.children:
            if isinstance(child, Tag):
                if child.name in NOT_SHOWN or child.has_attr("hidden"):
                    continue
                edge = "" if child.name in INLINE else " "
                yield edge
                yield from pieces(child)
                yield edge
            elif type(child).__name__ == "NavigableString":
                yield str(child)

    return words("".join(pieces(tag)))


class Page:
    """A page, or one element of it."""

    def __init__(self, source: Any) -> None:
        """`source` is an answer of Django's or requests', the source of a page, or an element."""
        if not isinstance(source, str | Tag):
            source = source.text
        self.tree: Tag = source if isinstance(source, Tag) else BeautifulSoup(source, "lxml")

    # --- Elements by CSS

    def all(self, selector: str) -> list["Page"]:
        return [Page(tag) for tag in self.tree.select(selector)]

    def has(self, selector: str) -> bool:
        return self.tree.select_one(selector) is not None

    def one(self, selector: str) -> "Page":
        """The only element of this kind."""
        found = self.tree.select(selector)
        assert len(found) == 1, f"{len(found)} elements are {selector}"
        return Page(found[0])

    def texts(self, selector: str) -> list[str]:
        return [text_of(tag) for tag in self.tree.select(selector)]

    def attribute(self, name: str) -> str | None:
        """The value of an attribute; that of a class has one blank between names."""
        value = self.tree.get(name)
        return " ".join(value) if isinstance(value, list) else value

    @property
    def for_scripts(self) -> "Page":
        """What scripts will show: the contents of all templates."""
        return Page("".join(tag.decode_contents() for tag in self.tree.find_all("template")))

    # --- What one reads

    @property
    def text(self) -> str:
        """Everything that is shown, or said."""
        return text_of(self.tree)

    @property
    def title(self) -> str:
        return words(self.one("title").tree.get_text())

    @property
    def heading(self) -> str:
        """The text of the only heading of the first rank."""
        return self.one("h1").text

    @property
    def language(self) -> str:
        return self.one("html").attribute("lang") or ""

    def facts(self) -> list[tuple[str, str]]:
        """Terms and what they are: all definition lists."""
        pairs = []
        for term in self.tree.select("dt"):
            definition = term.find_next_sibling("dd")
            pairs.append(
                (text_of(term), text_of(definition) if isinstance(definition, Tag) else "")
            )
        return pairs

    # --- Where one can go

    def links(self) -> list[tuple[str, str]]:
        """Text and address of each link."""
        return [(text_of(tag), str(tag["href"])) for tag in self.tree.select("a[href]")]

    def link(self, text: str) -> str:
        """The address of the links that say this; where none says just this, of those that contain it."""
        exact = {url for label, url in self.links() if label == text}
        near = exact or {url for label, url in self.links() if text in label}
        assert len(near) == 1, f"{text!r} leads to {near or 'nothing'}"
        return near.pop()

    def leads_to(self, address: str) -> bool:
        return address in {found for _, found in self.links()}

    @property
    def goes_on_to(self) -> str:
        """The address to which the page goes on by itself."""
        content = self.one('meta[http-equiv="refresh"]').attribute("content") or ""
        return content.partition("url=")[2]

    def buttons(self) -> list[str]:
        """What is on the buttons of forms."""
        return self.texts("button")

    # --- What one fills in

    def form(self, name: str) -> "Page":
        """The form that has this id or address."""
        return self.one(f'form[id="{name}"], form[action="{name}"]')

    def fields(self, name: str = "") -> list["Field"]:
        """What can be filled in, or is sent along; all, or what has this name."""
        found = self.tree.select("input, select, textarea, button[name]")
        return [Field(tag) for tag in found if not name or tag.get("name") == name]

    def field(self, name: str) -> "Field":
        """What has this label, or this name; of several of one name, that which is chosen."""
        labelled = [label for label in self.tree.select("label[for]") if name in text_of(label)]
        found = [Field(self.one(f'[id="{label["for"]}"]').tree) for label in labelled]
        found = found or self.fields(name)
        chosen = [field for field in found if field.is_checked]
        assert len(chosen or found) == 1, f"{len(chosen or found)} fields {name}"
        return (chosen or found)[0]

    def choice(self, value: str) -> "Field":
        """The radio button or tick box that has this value."""
        return Field(
            self.one(f'[type="radio"][value="{value}"], [type="checkbox"][value="{value}"]').tree
        )

    def has_choice(self, value: str) -> bool:
        return self.has(f'[type="radio"][value="{value}"], [type="checkbox"][value="{value}"]')

    def has_field(self, name: str) -> bool:
        return bool(self.fields(name))

    def values(self, name: str) -> list[str]:
        """The values of everything that has this name, chosen or not."""
        return [field.value for field in self.fields(name)]

    def hidden(self, *, token: bool = False) -> dict[str, str]:
        """What is sent along unseen, by name; the token against forgery only if asked for."""
        return {
            field.name: field.value
            for field in self.fields()
            if field.attribute("type") == "hidden" and (token or field.name != TOKEN)
        }

    @property
    def token(self) -> str:
        """The token of its forms against forgery."""
        [value] = set(self.values(TOKEN))
        return value

    def errors(self) -> list[tuple[str, str]]:
        """What has to be corrected, in the summary: the id to which each leads, and its text."""
        links = self.tree.select('[role="alert"] a[href^="#"]')
        found = [(str(tag["href"])[1:], text_of(tag)) for tag in links]
        for where, text in found:
            assert self.has(f'[id="{where}"]'), f"{text!r} leads to nothing: #{where}"
        return found


TOKEN = "csrfmiddlewaretoken"


class Field(Page):
    """Something that can be filled in, or is sent along."""

    @property
    def name(self) -> str:
        return self.attribute("name") or ""

    @property
    def value(self) -> str:
        """What would be sent, were it chosen."""
        if self.tree.name == "textarea":
            return self.tree.get_text().removeprefix("\n")
        if self.tree.name == "select":
            options = self.all("option[selected]") or self.all("option")[:1]
            return options[0].attribute("value") or "" if options else ""
        return self.attribute("value") or ""

    @property
    def is_checked(self) -> bool:
        return self.tree.has_attr("checked")

    @property
    def is_disabled(self) -> bool:
        return self.tree.has_attr("disabled")

    @property
    def is_invalid(self) -> bool:
        return self.attribute("aria-invalid") == "true"

    @property
    def error(self) -> str:
        """What describes it: hint, error."""
        names = (self.attribute("aria-describedby") or "").split()
        page = Page(self.tree.find_parents()[-1])
        return " ".join(page.one(f'[id="{name}"]').text for name in names)
