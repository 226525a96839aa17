"""The page of roles names every predicate that decides for a whole role."""

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import kpi.access
import projects.access
import staff.access
from promotion.settings.rights import RIGHTS, SIGHTS
from staff.models import Account, Role
from staff.queries.rights import rights_by_role

# Asked inside one page only, and said there.
LEFT_OUT: set[str] = set()


def rooms() -> Iterator[ModuleType]:
    for app in (staff.access, projects.access, kpi.access):
        yield app
        for each in pkgutil.iter_modules(getattr(app, "__path__", [])):
            yield importlib.import_module(f"{app.__name__}.{each.name}")


def predicates() -> set[object]:
    """Functions `can_…` and `sees_…` that take an account and nothing else."""
    return {
        function
        for room in rooms()
        for name, function in inspect.getmembers(room, inspect.isfunction)
        if name.startswith(("can_", "sees_"))
        and list(inspect.signature(function).parameters) == ["actor"]
        and name not in LEFT_OUT
    }


def test_every_right_of_a_role_is_named_once() -> None:
    paths = [path for _group, rights in RIGHTS for _label, path in rights]
    named = []
    for path in paths:
        module, _dot, name = path.rpartition(".")
        named.append(getattr(importlib.import_module(module), name))
    missing = {f"{one.__module__}.{one.__name__}" for one in predicates() - set(named)}  # type: ignore[attr-defined]
    assert (missing, len(named)) == (set(), len(set(named)))


def test_every_role_has_its_words() -> None:
    assert set(SIGHTS) == set(Role.values)


def test_a_right_is_told_as_the_predicate_decides() -> None:
    roster = rights_by_role()[0].rights[0]
    expected = tuple(staff.access.can_change_roster(Account(role=role)) for role in Role)
    assert roster.held == expected
    assert (True in expected, False in expected) == (True, True)
