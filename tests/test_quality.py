"""What no tool checks for us: complete translations, writes only in services, pages for a strict policy."""

import ast
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from textwrap import indent
from typing import Any

import polib
import pytest

from tests.harness import kept_settings
from tests.harness.hasty import hasty
from tests.harness.writes import Kind, returned, writes

ROOT = Path(__file__).parent.parent
PACKAGES = [
    name
    for name in ("cms_pages", "device_check", "diia_videoreception", "integrations", "sandbox")
    if (ROOT / name).is_dir()
]
DOMAIN = ROOT / "diia_videoreception"

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")


def lines_of(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)


# --- Translations ------------------------------------------------------------------------------


def catalogue(package: str) -> Path:
    return ROOT / package / "locale" / "uk" / "LC_MESSAGES" / "django.po"


def entries(package: str) -> list[polib.POEntry]:
    if not catalogue(package).exists():
        return []
    loaded = polib.pofile(str(catalogue(package)), check_for_duplicates=True)
    return [entry for entry in loaded if not entry.obsolete]


def key(entry: polib.POEntry) -> tuple[str | None, str, str]:
    return entry.msgctxt, entry.msgid, entry.msgid_plural


def translations(entry: polib.POEntry) -> list[str]:
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


@pytest.mark.parametrize("package", PACKAGES)
def test_catalogue__every_text_is_translated(package: str) -> None:
    problems = [
        entry.msgid
        for entry in entries(package)
        if entry.fuzzy or not all(text.strip() for text in translations(entry))
    ]

    assert not problems, lines_of(problems)


@pytest.mark.parametrize("package", PACKAGES)
def test_catalogue__has_every_text_of_the_sources(package: str, tmp_path: Path) -> None:
    copied = tmp_path / package
    shutil.copytree(
        ROOT / package, copied, ignore=shutil.ignore_patterns("locale", "var", "static")
    )
    (copied / "locale").mkdir()
    subprocess.run(
        # -P: the package's own modules must not stand in for installed ones.
        [sys.executable, "-P", "-m", "django", "makemessages", "-l", "uk", "--no-location"],
        cwd=copied,
        env={name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"},
        check=True,
        capture_output=True,
    )
    extracted = copied / "locale" / "uk" / "LC_MESSAGES" / "django.po"
    wanted = {key(entry) for entry in polib.pofile(str(extracted))} if extracted.exists() else set()
    known = {key(entry) for entry in entries(package)}

    assert not wanted - known, lines_of(sorted(msgid for _, msgid, _ in wanted - known))


@pytest.mark.parametrize("package", PACKAGES)
def test_catalogue__keeps_the_placeholders(package: str) -> None:
    problems = []
    for entry in entries(package):
        source = entry.msgid_plural or entry.msgid
        if re.search(r"%[sd]", source):
            problems.append(f"unnamed placeholder: {source}")
        problems += [
            f"{source} -> {text}"
            for text in translations(entry)
            if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(source))
        ]

    assert not problems, lines_of(problems)


def test_catalogues__translate_one_text_in_one_way() -> None:
    """Django puts the catalogues into one: of two translations of a text, one would never show."""
    translated: dict[tuple[str | None, str], dict[str, list[str]]] = {}
    for package in PACKAGES:
        # A portal says things in its own way.
        for entry in entries(package) if package != "sandbox" else ():
            translated.setdefault((entry.msgctxt, entry.msgid), {})[package] = translations(entry)

    problems = [
        f"{msgid}: {by_package}"
        for (_, msgid), by_package in translated.items()
        if len({tuple(texts) for texts in by_package.values()}) > 1
    ]

    assert not problems, lines_of(problems)


@pytest.mark.parametrize("package", PACKAGES)
def test_catalogue__is_compiled(package: str) -> None:
    if not entries(package):
        return
    compiled = {
        key(entry): translations(entry)
        for entry in polib.mofile(str(catalogue(package).with_suffix(".mo")))
    }

    assert compiled == {key(entry): translations(entry) for entry in entries(package)}


@pytest.mark.parametrize("package", PACKAGES)
def test_catalogue__is_english_to_ukrainian(package: str) -> None:
    problems = [
        f"not English: {entry.msgid}"
        for entry in entries(package)
        # The number of an application begins like this in every language.
        if CYRILLIC.search(entry.msgid.replace("ВП-", ""))
    ]
    for entry in entries(package):
        for text in translations(entry):
            if re.search(r"[а-яіїєґ]['`ʼ][а-яіїєґ]", text, re.IGNORECASE):
                problems.append(f"apostrophe is not ’: {text}")
            shown = re.sub(r"<[^>]*>", "", text)
            if re.search(r"[„“”\"]", shown):
                problems.append(f"quotes are not «»: {text}")

    assert not problems, lines_of(problems)


# --- Python ------------------------------------------------------------------------------------

MAY_WRITE = ("services", "management", "migrations")
MAY_WRITE_TOO = {
    "integrations/common/counters.py": "counters of requests belong to a cache, not to the domain",
}
# By the import contracts.
WITHOUT_DJANGO = (
    "device_check/agent/",
    "device_check/analysis/",
    "integrations/examination/",
    "integrations/kep/",
)


def python_files(folder: Path) -> Iterator[Path]:
    return (path for path in sorted(folder.rglob("*.py")) if "node_modules" not in path.parts)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("Occupancy.objects.create(a=1)", "Occupancy.objects.create()"),
        ("models.Occupancy._default_manager.filter(a=1).order_by('b')[:5].delete()", "delete()"),
        ("rows = Occupancy.objects.live(1)\nmine = rows.filter(a=1)\nmine.update(b=2)", "mine.update()"),
        ("row, new = Draft.objects.get_or_create(a=1)", "Draft.objects.get_or_create()"),
        ("row = Draft.objects.get(pk=1)\nrow.delete()", "row.delete()"),
        ("draft = Draft(topic='')\ndraft.save()", "draft.save()"),
        ("for run in CheckRun.objects.all():\n    run.save(update_fields=['a'])", "run.save()"),
        ("[run.delete() for run in list(CheckRun.objects.all())]", "run.delete()"),
        ("def f(row: Workplace | None) -> None:\n    row.delete()", "row.delete()"),
        ("def f(rows: 'QuerySet[Draft]') -> None:\n    rows.update(a=1)", "rows.update()"),
        ("def f(*, rows: Sequence[Draft]) -> None:\n    for row in rows:\n        row.asave()", "row.asave()"),
        ("def f(x):\n    x.official.absence_set.all().delete()", "delete()"),
        ("def f(x):\n    x.draft.documents.update(draft=None)", "x.draft.documents.update()"),
        ("def f(x):\n    x.application.delete()", "x.application.delete()"),
        ("def f(group: Group) -> None:\n    group.permissions.add(1)", "group.permissions.add()"),
        ("def f(x):\n    Workplace.objects.filter(a=1).first().delete()", "delete()"),
        ("def f(x):\n    ours(x).update(a=1)", "ours(x).update()"),
        ("def f(form):\n    form.save()\n", "form.save()"),
        ("def f(x):\n    x.manager().bulk_create([])", "bulk_create()"),
    ],
)  # fmt: skip
def test_write_of_rows__is_found_whatever_its_receiver_is_called(source: str, found: str) -> None:
    [(_, call)] = writes(source, {"ours": Kind.ROWS})

    assert call.endswith(found)


@pytest.mark.parametrize(
    "source",
    [
        "{}.update(a=1)",
        "found: dict[str, int] = {}\nfound.update(a=1)",
        "digest.update(b'')",
        "cache.delete('a')",
        "self.storage.save('a', b)",
        "picture.save(buffer, 'PNG')",
        "documents.delete(paths)",
        "class Draft:\n    def save(self):\n        super().save()",
        "Draft.objects.filter(a=1).values('b').count()",
        "seen = set(Draft.objects.all())\nlen(seen)",
        "def f(row: Draft) -> None:\n    row.clean()",
    ],
)
def test_what_writes_no_rows__is_left_alone(source: str) -> None:
    assert list(writes(source)) == []


def test_rows__are_written_by_services_only() -> None:
    packages = tuple(name for name in PACKAGES if name != "sandbox")
    functions = returned(ROOT, packages)
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {call}"
        for package in packages
        for path in python_files(ROOT / package)
        if path.relative_to(ROOT).parts[1] not in MAY_WRITE
        and str(path.relative_to(ROOT)) not in MAY_WRITE_TOO
        and not str(path.relative_to(ROOT)).startswith(WITHOUT_DJANGO)
        for line, call in writes(path.read_text(), functions)
    ]

    assert not problems, lines_of(problems)


def test_rules__have_no_clock() -> None:
    clock = re.compile(r"\.(now|today|utcnow|time|monotonic)\(\)|\.now\(")
    problems = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for path in python_files(DOMAIN / "rules")
        for found in clock.finditer(path.read_text())
    ]

    assert not problems, lines_of(problems)


def test_no_request__sleeps() -> None:
    """A thread of the web server that waits is one that answers nobody."""
    problems = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for package in ("cms_pages", "device_check", "diia_videoreception", "integrations")
        for path in python_files(ROOT / package)
        if "agent" not in path.parts
        for found in re.finditer(r"\bsleep\(", path.read_text())
    ]

    assert not problems, lines_of(problems)


# --- Tests -------------------------------------------------------------------------------------

TESTS = ROOT / "tests"


def file_of(module: str) -> Path | None:
    """The file of a module of ours; None for a folder without a module of its own, or for nothing."""
    path = ROOT.joinpath(*module.split("."))
    files = (path.with_suffix(".py"), path / "__init__.py")
    return next((file for file in files if file.is_file()), None)


def imports_of_tests(path: Path) -> Iterator[tuple[int, str, str]]:
    """Line, module and name (or nothing) of what a file imports from tests."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "tests":
            for alias in node.names:
                is_module = file_of(f"{node.module}.{alias.name}") is not None
                name = (
                    (f"{node.module}.{alias.name}", "") if is_module else (node.module, alias.name)
                )
                yield node.lineno, *name
        elif isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.split(".")[0] == "tests":
                    yield node.lineno, alias.name, ""


def top_names(path: Path) -> set[str]:
    """What the statements of a module bind."""
    bound = set()
    for statement in ast.parse(path.read_text()).body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            bound.add(statement.name)
            continue
        for node in ast.walk(statement):
            if isinstance(node, ast.alias):
                bound.add((node.asname or node.name).split(".")[0])
            elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound.add(node.id)
    return bound


def test_helpers__are_imported_from_steps_and_never_from_tests_or_conftests() -> None:
    problems = []
    for path in python_files(TESTS):
        for line, module, name in imports_of_tests(path):
            place = f"{path.relative_to(ROOT)}:{line}: {module}"
            leaf = module.rpartition(".")[2]
            if leaf == "conftest" or leaf.startswith("test_"):
                problems.append(f"{place} (what others need lives in tests/steps)")
            file = file_of(module)
            if file is None or (name and name not in top_names(file)):
                problems.append(f"{place} has no {name} (look in tests/steps)")

    assert not problems, lines_of(problems)


def test_conftests__hold_fixtures_only() -> None:
    problems = [
        f"{path.relative_to(ROOT)}:{statement.lineno}: {statement.name} (tests/steps)"
        for path in sorted(TESTS.rglob("conftest.py"))
        for statement in ast.parse(path.read_text()).body
        if isinstance(statement, ast.FunctionDef | ast.ClassDef)
        and not statement.name.startswith("pytest_")
        and not any("fixture" in ast.unparse(mark) for mark in statement.decorator_list)
    ]

    assert not problems, lines_of(problems)


def test_names_of_tests__say_what_is_expected_of_whom() -> None:
    problems = [
        f"{path.relative_to(ROOT)}:{node.lineno}: {node.name} (test_subject__what_is_expected)"
        for path in python_files(TESTS)
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and re.match(r"test_(?!\w+?__\w)", node.name)
    ]

    assert not problems, lines_of(problems)


MARKUP = re.compile(r"</?[a-z][\w-]*[\s>/]|<[a-z]+$|[\w-]=\"")
ASKED_OF_TEXTS = {"count", "endswith", "find", "findall", "index", "partition", "search", "split", "startswith"}  # fmt: skip


def markup_asked_for(source: str) -> Iterator[tuple[int, str]]:
    """Where a test looks for a piece of HTML in a text: line, and the piece."""
    for node in ast.walk(ast.parse(source)):
        asked: list[ast.expr] = []
        if isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.In | ast.NotIn):
            asked = [node.left]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            asked = node.args[:1] if node.func.attr in ASKED_OF_TEXTS else []
        for part in (part for one in asked for part in ast.walk(one)):
            piece = part.value if isinstance(part, ast.Constant) else None
            if isinstance(piece, str) and MARKUP.search(piece):
                yield part.lineno, piece


# These read Python, not pages.
READ_SOURCES = (
    "tests/test_manuals.py",
    "tests/test_standards.py",
    "tests/device_check/web/test_manual.py",
)


def test_pages__are_read_as_trees_and_not_for_pieces_of_their_source() -> None:
    assert [piece for _, piece in markup_asked_for(
        """'<h1>Так</h1>' in page; page.count('Змінити<span'); re.search('name="x"', page); f'href="{x}"' not in page"""
    )] == ["<h1>Так</h1>", "Змінити<span", 'name="x"', 'href="']  # fmt: skip
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {piece} (tests/harness/html.py)"
        for path in python_files(TESTS)
        if path.name.startswith("test_") and str(path.relative_to(ROOT)) not in READ_SOURCES
        for line, piece in markup_asked_for(path.read_text())
    ]

    assert not problems, lines_of(problems)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("page.get_by_text('a').click()\naxe(page)", "axe after click"),
        ("page.click('a')\npage.wait_for_load_state()\npage.evaluate('1')", "evaluate after click"),
        ("press(page)\nseen = page.content()", "content after press"),
        ("page.keyboard.press('Enter')\nassert Draft.objects.get()", "objects after press"),
        ("page.click('a')\npage.goto('/')", "goto after click"),
        ("page.click('a')\nexpect(page.get_by_text('b')).to_be_visible()\naxe(page)", ""),
        ("with page.expect_download() as file:\n    page.click('a')\npage.title()", ""),
        ("page.click('a')\npage.wait_for_url('b')\npage.reload()", ""),
        ("page.keyboard.press('Tab')\npage.evaluate('1')", ""),
        ("page.click('a')\nother.goto('/')", ""),
    ],
)
def test_what_follows_a_press_at_once__is_found(body: str, found: str, tmp_path: Path) -> None:
    helpers = "def axe(page):\n    page.evaluate('1')\ndef press(page):\n    page.click('a')\n"
    source = tmp_path / "example.py"
    source.write_text(helpers + "def test():\n" + indent(body, "    "))

    assert [words.partition(" in line")[0] for _, words in hasty(source, ROOT)] == [found] * bool(
        found
    )


def test_browser_tests__see_what_a_press_has_led_to_before_they_go_on() -> None:
    problems = [
        f"{path.relative_to(ROOT)}:{line}: {words} (expect something of the new page between)"
        for path in python_files(TESTS)
        if "browser" in path.parts or "playwright" in path.read_text()
        for line, words in hasty(path, ROOT)
    ]

    assert not problems, lines_of(problems)


# --- Templates and scripts ---------------------------------------------------------------------

# What a strict policy forbids, and what would leave the portal.
FORBIDDEN_IN_PAGES = {
    "inline style": re.compile(r"<style\b|\sstyle\s*="),
    "inline script": re.compile(r"<script\b(?![^>]*\ssrc=)(?![^>]*application/json)"),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*="),
    "script address": re.compile(r"[\"']\s*javascript:", re.IGNORECASE),
    "foreign resource": re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*(?:https?:)?//\w"),
    "unsafe output": re.compile(r"\|\s*safe\b|autoescape off"),
}
TAGS = re.compile(r"{%.*?%}|{{.*?}}")
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)


def templates() -> Iterator[tuple[Path, str]]:
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("templates/**/*.html")):
            yield path.relative_to(ROOT), COMMENTS.sub("", path.read_text())


def test_pages__suit_a_strict_policy() -> None:
    problems = [
        f"{path}: {name}: {found.group()[:80]}"
        for path, text in templates()
        # Mail programs know no style sheets.
        if "letters" not in path.parts
        for name, pattern in FORBIDDEN_IN_PAGES.items()
        for found in pattern.finditer(TAGS.sub("", text) if name != "unsafe output" else text)
    ]

    assert not problems, lines_of(problems)


def test_templates__have_no_untranslated_ukrainian() -> None:
    problems = [
        f"{path}: {found.group()}"
        for path, text in templates()
        if path.parts[0] != "sandbox"
        for found in re.finditer(r"[^\n<>]*[Ѐ-ӿ][^\n<>]*", text)
    ]

    assert not problems, lines_of(problems)


MOMENT_BY_READERS_ZONE = re.compile(
    r"""\b\w*_at\|date:"(?!c")[^"]*"|(?<!portal_zone\|)date:"[^"]*[Hi][^"]*\""""
)


def test_templates__leave_no_moment_to_the_zone_of_the_reader() -> None:
    """A day or clock by `date` is the active zone's; the filters of `wording` name their own."""
    problems = [
        f"{path}: {found.group()}"
        for path, text in templates()
        # The invented day of an exercise is no moment.
        if path.parts[0] != "sandbox" and path.name != "training_check.html"
        for found in MOMENT_BY_READERS_ZONE.finditer(text)
    ]

    assert not problems, lines_of(problems)


def test_styles_and_scripts__stay_at_home() -> None:
    problems = [
        f"{path.relative_to(ROOT)}: {found.group()}"
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("static/**/*"))
        if path.suffix in {".css", ".js"} and "vendor" not in path.parts
        for found in re.finditer(
            r"url\(\s*['\"]?(?:https?:)?//[^)]*|@import\s+['\"]http.*|"
            r"(?:fetch|import)\(\s*['\"`]https?://.*|\beval\(|new Function\(|\b(?:TODO|FIXME)\b",
            path.read_text(),
        )
    ]

    assert not problems, lines_of(problems)


def test_what_a_test_changes_inside_of_settings__is_noticed_and_taken_back(settings: Any) -> None:
    settings.DIIA_VIDEORECEPTION |= {"SUPPORT_PHONE": "0 800"}
    settings.DEVICE_CHECK["HELP"]["PHONE"] = "102"

    assert kept_settings.bring_back() == ["DIIA_VIDEORECEPTION", "DEVICE_CHECK"]
    assert kept_settings.bring_back() == []
    assert settings.DEVICE_CHECK["HELP"]["PHONE"] == "0 800 000 000"


QUOTED_FROM_THE_ORDER = {
    "Залишити заявку на проведення відеоконференції",
    "Отримати підтвердження дати та часу проведення зустрічі",
}
"""Headings of steps that stand so in what was ordered."""


OTHER_NAMES = re.compile(
    r"(?i:зустріч|відеоконференц|необхідн|авторизац|замовлен|виконайте наступне)"
    r"|(?<![\w’])(?:ви|вам|вас|вами|ваш\w*)(?![\w’])"
)


def texts_of(path: Path) -> set[str]:
    """What the catalogue tells people, or what a module of the demonstration writes."""
    if path.suffix == ".py":
        return {
            node.value
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return {
        text
        for entry in polib.pofile(str(path))
        for text in (entry.msgstr, *entry.msgstr_plural.values())
    }


@pytest.mark.parametrize(
    "path",
    [
        *sorted(ROOT.glob("*/locale/uk/LC_MESSAGES/django.po")),
        *(ROOT / "sandbox" / "demo" / name for name in ("agencies.py", "directory.py", "texts.py")),
    ],
)
def test_a_reception__has_one_name(path: Path) -> None:
    """«Прийом», «відеоприйом»; the person is «Ви», and nobody «необхідно виконати наступне»."""
    assert {text for text in texts_of(path) if OTHER_NAMES.search(text)} <= QUOTED_FROM_THE_ORDER


# --- What the sources cite -----------------------------------------------------------------------

REQUIREMENT = re.compile(r"\b[AB]-\d\d\b|\bC\.\d\b|\bC\d\d\b|\bM\d+(?=:)")
RANGE = re.compile(r"\b([ABC])([-.]?)(\d+)(?: to |–)\1\2(\d+)\b")
DECISION = re.compile(r"\bdecisions? (\d+)(?: and (\d+))?")


def cited() -> Iterator[tuple[str, str]]:
    """Each code of a requirement or a screen that a source names, with the source."""
    for package in (*PACKAGES, "tests"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name, text = str(path.relative_to(ROOT)), path.read_text()
            yield from ((name, code) for code in REQUIREMENT.findall(text))
            for kind, sign, first, last in RANGE.findall(text):
                for number in range(int(first), int(last) + 1):
                    yield name, f"{kind}{sign}{number:0{len(first)}}"


def test_requirements__each_code_in_the_sources_is_listed() -> None:
    listed = set(re.findall(r"^\| (\S+) \|", (ROOT / "docs/requirements.md").read_text(), re.M))
    unknown = [f"{name}: {code}" for name, code in cited() if code not in listed]

    assert not unknown, lines_of(unknown)


def test_decisions__each_cited_number_stands_in_the_architecture() -> None:
    numbers = set(re.findall(r"^(\d+)\. ", (ROOT / "docs/architecture.md").read_text(), re.M))
    unknown = [
        f"{path.relative_to(ROOT)}: {number}"
        for package in (*PACKAGES, "tests")
        for path in sorted((ROOT / package).rglob("*.py"))
        for numbers_there in DECISION.findall(path.read_text())
        for number in numbers_there
        if number and number not in numbers
    ]

    assert not unknown, lines_of(unknown)
