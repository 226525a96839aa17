"""What each role may do, asked of the predicates that decide, so that the page says what is true."""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from staff.models import Account, Role


@dataclass(frozen=True)
class Right:
    """One thing to do, and which roles may."""

    label: str
    held: tuple[bool, ...]


@dataclass(frozen=True)
class RightGroup:
    label: str
    rights: tuple[Right, ...]


def rights_by_role() -> list[RightGroup]:
    """The rights of `settings.RIGHTS` in their groups; `held` follows the order of `Role`."""
    members = [Account(role=role, is_active=True) for role in Role]
    return [
        RightGroup(str(group), tuple(_right(label, path, members) for label, path in rights))
        for group, rights in settings.RIGHTS
    ]


def _right(label: object, path: str, members: list[Account]) -> Right:
    may = import_string(path)
    return Right(str(label), tuple(bool(may(member)) for member in members))
