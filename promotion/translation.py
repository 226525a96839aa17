"""What there is to translate: every Chinese text wrapped in code and templates, and the English catalogue beside it.

Written in Python instead of calling xgettext, so that a machine without the gettext tools can check the catalogue.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import polib
from django.utils.translation.template import templatize

CALLS = {"_", "gettext", "gettext_lazy", "gettext_noop", "ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(
    r"(?<![\w.])(?:_|gettext|ngettext)\(\s*(u?(?:'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"))", re.DOTALL
)
PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]|%%|\{(\w*)\}")
SOURCES = ("promotion", "staff", "projects", "kpi")


def messages_in_code(source: str) -> Iterator[str]:
    """The constant texts handed to a gettext function, by whatever alias the house uses."""
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        first = node.args[0]
        if name in CALLS and isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value:
            yield first.value


def messages_in_template(source: str) -> Iterator[str]:
    """The texts of translate and blocktranslate tags, as Django itself would hand them to xgettext."""
    for match in IN_TEMPLATE.finditer(templatize(source)):
        text = ast.literal_eval(match.group(1))
        if text:
            yield text


def all_messages(root: Path) -> dict[str, str]:
    """Every text to translate with the first file that uses it, in a stable order."""
    found: dict[str, str] = {}
    for app in SOURCES:
        for path in sorted((root / app).rglob("*.py")):
            if "migrations" not in path.parts and "bootstrap" not in path.parts:
                for text in messages_in_code(path.read_text("utf-8")):
                    found.setdefault(text, str(path.relative_to(root)))
    for path in sorted((root / "templates").rglob("*.html")):
        for text in messages_in_template(path.read_text("utf-8")):
            found.setdefault(text, str(path.relative_to(root)))
    return found


def placeholders(text: str) -> list[str]:
    """The named places of a text, which a translation must keep."""
    return sorted(match.group() for match in PLACEHOLDER.finditer(text))


def catalogue_faults(root: Path) -> list[str]:
    """What the English catalogue lacks, has too much, or names differently; empty when it is complete."""
    catalogue = {
        entry.msgid: entry for entry in polib.pofile(str(catalogue_path(root))) if not entry.obsolete
    }
    wanted = all_messages(root)
    faults = [
        f"{where}: {text!r} has no English" for text, where in wanted.items() if not _english(catalogue, text)
    ]
    faults += [f"{text!r} is in the catalogue and nowhere else" for text in catalogue if text not in wanted]
    faults += [
        f"{text!r} and {entry.msgstr!r} name different places"
        for text, entry in catalogue.items()
        if entry.msgstr and placeholders(text) != placeholders(entry.msgstr)
    ]
    return faults


def _english(catalogue: dict[str, polib.POEntry], text: str) -> str:
    entry = catalogue.get(text)
    return entry.msgstr if entry and "fuzzy" not in entry.flags else ""


def catalogue_path(root: Path) -> Path:
    return root / "locale" / "en" / "LC_MESSAGES" / "django.po"


def update_catalogue(root: Path) -> tuple[int, int]:
    """Bring the catalogue in step with the sources; gives how many texts came and how many went."""
    path = catalogue_path(root)
    path.parent.mkdir(parents=True, exist_ok=True)
    old = {entry.msgid: entry.msgstr for entry in polib.pofile(str(path))} if path.exists() else {}
    wanted = all_messages(root)
    fresh = polib.POFile(wrapwidth=100)
    fresh.metadata = {
        "Content-Type": "text/plain; charset=UTF-8",
        "Language": "en",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    for text in sorted(wanted):
        flags = ["python-format"] if "%(" in text else []
        fresh.append(polib.POEntry(msgid=text, msgstr=old.get(text, ""), flags=flags))
    fresh.save(str(path))
    return len(set(wanted) - set(old)), len(set(old) - set(wanted))
