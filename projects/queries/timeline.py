"""What happened to a project, newest first: follow-ups, moves and reports in one line of time; and who changed what."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.urls import reverse
from django.utils.translation import gettext as _

from projects.access import follow_ups_visible_to
from projects.models import Achievement, AchievementKind, Document, Project, Recognition
from projects.workflow import Stage
from promotion.action import VERBS
from promotion.models import AuditEntry
from promotion.web.formats import yi
from staff.models import Account

STATE_TONES = {
    Recognition.RETURNED: "alarm",
    Recognition.RECOGNISED: "done",
    Recognition.REVERSED: "attention",
}
LONGEST = 500


@dataclass(frozen=True)
class Event:
    """One entry of the timeline."""

    at: datetime
    kind: str
    title: str
    tone: str
    who: str
    url: str = ""
    next_step: str = ""
    next_step_on: Any = None
    documents: Sequence[Document] = field(default_factory=tuple)


def timeline_of(actor: Account, project: Project, achievements: Sequence[Achievement]) -> list[Event]:
    """Follow-ups with their files, moves, and what became of reports; three queries."""
    events = [*_follow_ups(actor, project), *_moves(project), *_reports(achievements)]
    return sorted(events, key=lambda event: event.at, reverse=True)


def _follow_ups(actor: Account, project: Project) -> list[Event]:
    files = Prefetch("documents", queryset=Document.objects.order_by("id"))
    listed = (
        follow_ups_visible_to(actor)
        .filter(project=project)
        .select_related("written_by")
        .prefetch_related(files)
    )
    return [
        Event(
            at=one.happened_at,
            kind=str(one.get_kind_display()),
            title=one.text,
            tone="plain",
            who=one.written_by.display_name,
            next_step=one.next_step,
            next_step_on=one.next_step_on,
            documents=list(one.documents.all()),
        )
        for one in listed[:LONGEST]
    ]


def _moves(project: Project) -> list[Event]:
    changes = project.stage_changes.select_related("changed_by").order_by("-id")[:LONGEST]
    return [
        Event(
            at=one.changed_at,
            kind=_("阶段"),
            title=_moved(one.from_stage, one.to_stage, one.note),
            tone="accent",
            who=one.changed_by.display_name,
        )
        for one in changes
    ]


def _moved(before: str, after: str, note: str) -> str:
    """线索 → 洽谈, and why."""
    stages = " → ".join(str(Stage(stage).label) for stage in (before, after) if stage)
    return f"{stages} · {note}" if note else stages


def _reports(achievements: Sequence[Achievement]) -> list[Event]:
    events = []
    for one in achievements:
        words = {"kind": AchievementKind(one.kind).label, "amount": yi(one.amount_cny)}
        title = _("%(kind)s %(amount)s 亿元") % words if one.amount_cny else str(words["kind"])
        who = one.submitted_by.display_name
        events.append(Event(one.submitted_at, _("申报"), title, "attention", who, url=_url(one)))
        if one.decided_at and one.state in STATE_TONES:
            decided = one.decided_by.display_name if one.decided_by else ""
            note = f"{title} · {one.decision_note}" if one.decision_note else title
            state = str(one.get_state_display())
            events.append(
                Event(
                    one.decided_at, state, note, STATE_TONES[Recognition(one.state)], decided, url=_url(one)
                )
            )
    return events


def _url(achievement: Achievement) -> str:
    return reverse("projects:achievement", args=[achievement.public_id])


@dataclass(frozen=True)
class Change:
    """One audited act on a project: who, what, when, why, and the fields with old and new value."""

    at: datetime
    who: str
    verb: str
    reason: str
    fields: Sequence[tuple[str, str, str]]
    target: str


def changes_of(project: Project, achievements: Sequence[Achievement], *, since: int = 0) -> list[Change]:
    """The audited acts on a project and its reports, newest first; with `since` only those after that version."""
    entries = AuditEntry.objects.filter(target_type="projects.project", target_id=str(project.pk))
    if since:
        entries = entries.filter(detail__version__gt=since)
    elif achievements:
        keys = [str(one.pk) for one in achievements]
        entries = entries | AuditEntry.objects.filter(target_type="projects.achievement", target_id__in=keys)
    return [_change(entry, project) for entry in entries.order_by("-id")[:LONGEST]]


def _change(entry: AuditEntry, project: Project) -> Change:
    own = entry.target_type == "projects.project"
    changes = entry.detail.get("changes", {}) if own else {}
    if own and "from" in entry.detail and "to" in entry.detail:
        changes = {"stage": [entry.detail["from"], entry.detail["to"]], **changes}
    return Change(
        at=entry.at,
        who=entry.actor_name,
        verb=str(VERBS.get(entry.verb, entry.verb)),
        reason=entry.reason,
        fields=[(_label(name), _shown(name, old), _shown(name, new)) for name, (old, new) in changes.items()],
        target="" if own else entry.target_label,
    )


def _label(name: str) -> str:
    names = {each.name: str(each.verbose_name) for each in Project._meta.fields}
    return names.get(name, _("统一社会信用代码") if name == "credit_code" else name)


def _shown(name: str, value: str | None) -> str:
    """A stored value as a person reads it: choices by their label, money in 亿元."""
    if value in (None, ""):
        return "—"
    if name == "planned_investment":
        return _("%(amount)s 亿元") % {"amount": yi(value)}
    known = {each.name: dict(each.flatchoices) for each in Project._meta.fields if each.choices}
    return str(known.get(name, {}).get(value, value))
