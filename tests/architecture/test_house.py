"""The house's own rules, read off the code: directions, doors, beats, sizes, words."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
APPS = ("promotion", "staff", "projects", "kpi")
WRITES = {
    "save",
    "create",
    "bulk_create",
    "update",
    "bulk_update",
    "delete",
    "update_or_create",
    "get_or_create",
}
# Writing is what these rooms are for; `set`-like names elsewhere (dict.update) are told apart by what they are called on.
WRITING_ROOMS = ("actions", "migrations", "management")


def modules(*, room: str = "") -> Iterator[tuple[Path, ast.Module]]:
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            if "migrations" in parts or (room and room not in parts):
                continue
            yield path.relative_to(ROOT), ast.parse(path.read_text("utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_import_contracts_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports"))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout[-3000:]


def is_action(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(mark, ast.Call) and isinstance(mark.func, ast.Name) and mark.func.id == "action"
        for mark in function.decorator_list
    )


def test_every_action_has_its_beats() -> None:
    """Keyword-only with `actor`, permission asked or own rows only, and an audit entry."""
    faults = []
    for path, tree in modules(room="actions"):
        for function in functions(tree):
            if not is_action(function):
                continue
            keywords = [argument.arg for argument in function.args.kwonlyargs]
            if "actor" not in keywords or function.args.args:
                faults.append(f"{path}:{function.lineno} {function.name} is not keyword-only with actor")
    assert faults == []


def test_every_public_action_module_is_behind_the_decorator() -> None:
    """A public function of an actions room that takes `actor` is an action; helpers begin with an underscore."""
    faults = [
        f"{path}:{function.lineno} {function.name}"
        for path, tree in modules(room="actions")
        for function in tree.body
        if isinstance(function, ast.FunctionDef)
        and not function.name.startswith("_")
        and any(argument.arg == "actor" for argument in function.args.kwonlyargs)
        and not is_action(function)
    ]
    assert faults == []


def written_calls(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls that write rows: Model.objects.create(…), queryset.update(…), row.save() and their like."""
    for node in ast.walk(tree):
        if not (
            isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES
        ):
            continue
        source = ast.unparse(node.func.value)
        if ".objects" in source or node.func.attr in {
            "save",
            "bulk_create",
            "update_or_create",
            "get_or_create",
        }:
            yield node


ALLOWED_WRITERS = {
    "promotion/action.py",  # the audit entry of every action
    "promotion/api/idempotency.py",  # the kept answer of a repeated request
    "promotion/files/content.py",  # a joined PDF into memory, no row
    "promotion/files/preview.py",  # a picture into memory, no row
    "projects/demo/evidence.py",  # a workbook and a picture into memory, no row
    "promotion/translation.py",  # a catalogue file, no row
    "staff/authentication.py",  # the moment a token was last used
}


def test_nothing_outside_actions_writes() -> None:
    faults = []
    for path, tree in modules():
        if set(path.with_suffix("").parts) & set(WRITING_ROOMS) or str(path) in ALLOWED_WRITERS:
            continue
        faults += [
            f"{path}:{call.lineno} {ast.unparse(call)[:80]}"
            for call in written_calls(tree)
            if "super()" not in ast.unparse(call) and "models" not in path.parts
        ]
    assert faults == []


def test_functions_fit_in_the_eye() -> None:
    """Fifty lines at the most; data tables are not functions."""
    faults = []
    for path, tree in modules():
        for function in functions(tree):
            length = (function.end_lineno or 0) - function.lineno + 1
            if length > 50:
                faults.append(f"{path}:{function.lineno} {function.name} has {length} lines")
    assert faults == []


def test_modules_fit_in_an_afternoon() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for app in APPS
        for path in (ROOT / app).rglob("*.py")
        if "migrations" not in path.parts and (lines := len(path.read_text("utf-8").splitlines())) > 400
    }
    assert long == {}


@pytest.mark.parametrize("word", ["common", "utils", "core", "helpers", "services", "managers"])
def test_no_room_without_a_subject(word: str) -> None:
    found = [
        str(p.relative_to(ROOT))
        for app in APPS
        for p in (ROOT / app).rglob(f"{word}*")
        if "__pycache__" not in p.parts
    ]
    assert found == []


def test_templates_carry_no_inline_script_or_style() -> None:
    faults = []
    for path in sorted((ROOT / "templates").rglob("*.html")):
        text = path.read_text("utf-8")
        for found in re.finditer(
            r"<script(?![^>]*(\bsrc=|application/json))|<style|\sstyle=|\son[a-z]+=", text
        ):
            faults.append(f"{path.relative_to(ROOT)}: {found.group()}")
    # The two pages that must stand when nothing else does carry their look in a static file too.
    assert faults == []


def test_templates_name_no_outside_address() -> None:
    faults = [
        f"{path.relative_to(ROOT)}: {found}"
        for folder in ("templates", "static/css", "static/js")
        for path in sorted((ROOT / folder).rglob("*.*"))
        for found in re.findall(
            r"https?://(?!www\.w3\.org)[^\s\"')]+", path.read_text("utf-8", errors="ignore")
        )
    ]
    assert faults == []


def test_every_model_has_a_chinese_name_and_a_glossary_line() -> None:
    glossary = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    missing = []
    for app in APPS:
        for model in apps.get_app_config(app).get_models():
            if model.__name__.endswith("Event"):
                continue
            label = str(model._meta.verbose_name)
            if not re.search(r"[一-鿿]", label):
                missing.append(f"{model.__name__} has no Chinese verbose_name")
            if f"`{model.__name__}`" not in glossary:
                missing.append(f"{model.__name__} ({label}) is not in docs/glossary.md")
    assert missing == []


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)
