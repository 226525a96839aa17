"""The row work that actions on a project share: lock it, place it at a stage, say what changed."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from projects.access import projects_visible_to
from projects.models import Project, StageChange
from projects.workflow import ORDER, Stage
from promotion.errors import NotFound
from staff.models import Account


def locked_project(actor: Account, project: Project) -> Project:
    """The project's row, locked until the transaction ends. Raises NotFound when it is not the actor's to see."""
    row = projects_visible_to(actor).select_for_update(of=("self",)).filter(pk=project.pk).first()
    if row is None:
        raise NotFound(_("没有这个项目，或者您看不到它。"))
    return row


def place_project(project: Project, stage: str, actor: Account, on: date, note: str = "") -> None:
    """Put a locked project at a stage and keep the move as history.

    Moves forward count as progress; falling back (a milestone withdrawn or reversed) does not.
    """
    before = project.stage
    project.stage, project.stage_since = Stage(stage), on
    if ORDER.index(Stage(stage)) > ORDER.index(Stage(before)):
        project.progressed_on = max(project.progressed_on, on)
    save_project(project, "stage", "stage_since", "progressed_on")
    StageChange.objects.create(
        project=project, from_stage=before, to_stage=stage, happened_on=on, changed_by=actor, note=note[:300]
    )


def save_project(project: Project, *fields: str) -> None:
    """Save the named fields of a locked project as its next version."""
    project.version += 1
    project.save(update_fields=[*fields, "version", "changed_at"])


def in_words(changes: Mapping[str, tuple[Any, Any]]) -> dict[str, list[str | None]]:
    """Old and new values as the audit trail keeps them."""
    return {name: [_plain(old), _plain(new)] for name, (old, new) in changes.items()}


def _plain(value: Any) -> str | None:
    if value is None:
        return None
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
