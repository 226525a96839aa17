"""Keeping the checklists of evidence: a line begins on a day, is changed from a day on, and ends on a day."""

from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from projects import access
from projects.evidence_defaults import DEFAULTS, HOLDS_FROM, NOTE
from projects.models import (
    AchievementKind,
    CapitalSource,
    DocumentType,
    EvidenceRequirement,
    Necessity,
    ProjectClass,
)
from promotion.action import action, check_version, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account

CHOICES: dict[str, tuple[Any, bool]] = {
    "kind": (AchievementKind, False),
    "project_class": (ProjectClass, True),
    "capital_source": (CapitalSource, True),
    "document_type": (DocumentType, False),
    "necessity": (Necessity, False),
}


@action("evidence.require", gettext_lazy("新增佐证要求"))
def add_evidence_requirement(
    *,
    actor: Account,
    kind: str,
    document_type: str,
    necessity: str = Necessity.REQUIRED,
    project_class: str = "",
    capital_source: str = "",
    holds_from: date | None = None,
    holds_until: date | None = None,
    position: int | None = None,
    note: str = "",
) -> EvidenceRequirement:
    """Ask for a paper from a day on (today when none is given); an empty class or source means all.

    Raises Refused for an unknown choice, or when such a line holds already on one of the days.
    """
    _permit(actor)
    fields: dict[str, Any] = {
        "kind": kind,
        "document_type": document_type,
        "necessity": necessity,
        "project_class": project_class,
        "capital_source": capital_source,
        "holds_from": holds_from or timezone.localdate(),
        "holds_until": holds_until,
        "note": note.strip()[:200],
    }
    _check(fields)
    lines = EvidenceRequirement.objects.filter(kind=kind)
    last = max((line.position for line in lines), default=0)
    fields["position"] = last + 1 if position is None else position
    made = EvidenceRequirement.objects.create(**fields)
    record(actor=actor, verb="evidence.require", target=made, detail=_words(made))
    return made


@action("evidence.change", gettext_lazy("修改佐证要求"))
def change_evidence_requirement(
    *,
    actor: Account,
    requirement: EvidenceRequirement,
    from_day: date,
    necessity: str | None = None,
    note: str | None = None,
    position: int | None = None,
    seen: int | None = None,
) -> EvidenceRequirement:
    """Change a line from a day on: the old one ends there and stays readable, a new one begins; gives the new one.

    On the very day on which the line begins it is changed in place.
    """
    _permit(actor)
    line = _locked(requirement, seen)
    fields = {
        "necessity": line.necessity if necessity is None else necessity,
        "note": line.note if note is None else note.strip()[:200],
        "position": line.position if position is None else position,
    }
    _check(fields)
    before = _words(line)
    if from_day == line.holds_from:
        changed = _write(line, **fields)
    else:
        _check_end(line, from_day)
        until = line.holds_until
        _write(line, holds_until=from_day)
        copied = ("kind", "project_class", "capital_source", "document_type")
        changed = EvidenceRequirement.objects.create(
            **{name: getattr(line, name) for name in copied},
            **fields,
            holds_from=from_day,
            holds_until=until,
        )
    detail = {"before": before, "after": _words(changed)}
    record(actor=actor, verb="evidence.change", target=changed, detail=detail)
    return changed


@action("evidence.end", gettext_lazy("停止佐证要求"))
def end_evidence_requirement(
    *, actor: Account, requirement: EvidenceRequirement, on: date, reason: str, seen: int | None = None
) -> EvidenceRequirement:
    """Ask for a paper no longer from a day on; facts of earlier days are still asked for it."""
    _permit(actor)
    line = _locked(requirement, seen)
    _check_end(line, on)
    if not reason.strip():
        sentence = _("请写明停止的理由，它会留在操作记录里。")
        raise Refused(sentence, fields={"reason": sentence})
    _write(line, holds_until=on)
    record(actor=actor, verb="evidence.end", target=line, reason=reason.strip(), detail=_words(line))
    return line


@action("evidence.defaults", gettext_lazy("写入初始佐证清单"))
def write_default_checklist(*, actor: Account) -> int:
    """Give an empty house the checklist it begins with, marked as an assumption; how many lines were written."""
    _permit(actor)
    if EvidenceRequirement.objects.exists():
        raise Refused(_("已有佐证要求，不再写入初始清单；请在现有清单上修改。"))
    made = EvidenceRequirement.objects.bulk_create(
        EvidenceRequirement(
            kind=kind,
            capital_source=source,
            document_type=document_type,
            necessity=necessity,
            holds_from=HOLDS_FROM,
            position=position,
            note=NOTE,
        )
        for position, (kind, source, document_type, necessity) in enumerate(DEFAULTS, start=1)
    )
    record(actor=actor, verb="evidence.defaults", target=made[0], detail={"lines": len(made)})
    return len(made)


def _permit(actor: Account) -> None:
    if not access.can_keep_checklist(actor):
        raise NotAllowed(_("佐证清单由分管领导和人事维护；需要调整请把依据告诉他们。"))


def _locked(requirement: EvidenceRequirement, seen: int | None) -> EvidenceRequirement:
    line = EvidenceRequirement.objects.select_for_update().filter(pk=requirement.pk).first()
    if line is None:
        raise NotFound(_("没有这条佐证要求；请返回清单。"))
    check_version(seen=seen, current=line)
    return line


def _check(fields: dict[str, Any]) -> None:
    wrong = {}
    for name, (choices, may_be_empty) in CHOICES.items():
        if name in fields and fields[name] not in choices.values and not (may_be_empty and not fields[name]):
            wrong[name] = _("没有“%(value)s”这个选项，请从列表中选择。") % {"value": str(fields[name])[:24]}
    until = fields.get("holds_until")
    if until is not None and until <= fields["holds_from"]:
        wrong["holds_until"] = _("停止日期必须晚于开始日期。")
    if wrong:
        raise Refused(next(iter(wrong.values())), fields=wrong)


def _check_end(line: EvidenceRequirement, day: date) -> None:
    if day <= line.holds_from or (line.holds_until is not None and day >= line.holds_until):
        sentence = _("这条要求自 %(start)s 起%(end)s，日期要落在这段时间里面。") % {
            "start": line.holds_from,
            "end": _("至 %(day)s 止") % {"day": line.holds_until} if line.holds_until else _("一直有效"),
        }
        raise Refused(sentence, fields={"on": sentence, "from_day": sentence})


def _write(line: EvidenceRequirement, **fields: Any) -> EvidenceRequirement:
    for name, value in fields.items():
        setattr(line, name, value)
    line.version += 1
    line.save(update_fields=[*fields, "version"])
    return line


def _words(line: EvidenceRequirement) -> dict[str, str]:
    return {
        "requirement": str(line),
        "project_class": line.project_class,
        "capital_source": line.capital_source,
        "necessity": line.necessity,
        "from": str(line.holds_from),
        "until": str(line.holds_until or ""),
        "note": line.note,
    }
