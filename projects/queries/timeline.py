"""What happened to a project, newest first: follow-ups, moves and reports in one line of time; and who changed what."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import F, IntegerField, Prefetch, QuerySet, Value
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from projects.access import follow_ups_visible_to
from projects.models import (
    Achievement,
    AchievementKind,
    BlockerEntry,
    BlockerEntryKind,
    Document,
    FollowUp,
    FollowUpKind,
    Mention,
    NextStepAct,
    NextStepEntry,
    Project,
    Recognition,
    StageChange,
)
from projects.queries.mention import names_of
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
# How much of a long follow-up the timeline shows.
SHOWN_TEXT = 400


@dataclass(frozen=True)
class Event:
    """One entry of the timeline; `title` has the named colleagues marked."""

    at: datetime
    kind: str
    title: str
    tone: str
    who: str
    url: str = ""
    next_step: str = ""
    next_step_on: Any = None
    documents: Sequence[Document] = field(default_factory=tuple)


# What the timeline can be narrowed to beside the kinds of follow-ups.
MENTIONED, MOVES, REPORTS, STEPS, BLOCKERS = "mentioned", "moves", "reports", "steps", "blockers"
# Where an entry comes from, as the union of the sources tells them apart.
FOLLOW_UP, MOVE, REPORT, DECISION, STEP, BLOCKER = range(6)


class Timeline:
    """A project's timeline: counted and cut in SQL, newest first; only the rows of a page are read.

    `show` narrows it to a kind of follow-up, or to one of MENTIONED, MOVES, REPORTS, STEPS, BLOCKERS. Fits a Paginator.
    """

    def __init__(self, actor: Account, project: Project, show: str = "") -> None:
        self.actor, self.project, self.show = actor, project, show

    def count(self) -> int:
        """How many entries there are; one query."""
        return self._merged().count()

    def __getitem__(self, part: slice) -> list[Event]:
        """The entries of a page, in a number of queries that does not grow with the timeline."""
        places = list(self._merged().order_by("-listed_at", "-listed_from", "-listed_row")[part])
        rows: dict[int, dict[int, Event]] = {}
        for source, read in READERS.items():
            keys = [row["listed_row"] for row in places if row["listed_from"] == source]
            rows[source] = read(self.project, keys) if keys else {}
        return [rows[row["listed_from"]][row["listed_row"]] for row in places]

    def _merged(self) -> QuerySet[Any]:
        first, *others = self._sources()
        return first.union(*others, all=True) if others else first

    def _sources(self) -> list[QuerySet[Any]]:
        """The sources that the narrowing leaves, each as (moment, source, key)."""
        written = follow_ups_visible_to(self.actor).filter(project=self.project)
        if self.show == MENTIONED:
            named = Mention.objects.filter(account=self.actor).values("follow_up")
            return [_places(written.filter(pk__in=named), "happened_at", FOLLOW_UP)]
        if self.show in FollowUpKind.values:
            return [_places(written.filter(kind=self.show), "happened_at", FOLLOW_UP)]
        reports = Achievement.objects.filter(project=self.project)
        decided = reports.filter(decided_at__isnull=False, state__in=list(STATE_TONES))
        put_off = NextStepEntry.objects.filter(project=self.project, act=NextStepAct.POSTPONED)
        found = {
            MOVES: [_places(StageChange.objects.filter(project=self.project), "changed_at", MOVE)],
            REPORTS: [_places(reports, "submitted_at", REPORT), _places(decided, "decided_at", DECISION)],
            STEPS: [_places(put_off, "written_at", STEP)],
            BLOCKERS: [_places(BlockerEntry.objects.filter(blocker__project=self.project), "at", BLOCKER)],
        }
        if self.show in found:
            return found[self.show]
        return [
            _places(written, "happened_at", FOLLOW_UP),
            *(each for part in found.values() for each in part),
        ]


def _places(rows: QuerySet[Any], moment: str, source: int) -> QuerySet[Any]:
    return rows.order_by().values(
        listed_at=F(moment), listed_from=Value(source, IntegerField()), listed_row=F("pk")
    )


def timeline_choices() -> list[tuple[str, str]]:
    """What the timeline can be narrowed to, with its name."""
    kinds = [(str(key), str(label)) for key, label in FollowUpKind.choices]
    rest = [
        (MOVES, _("阶段")),
        (REPORTS, _("申报与认定")),
        (STEPS, _("延后")),
        (BLOCKERS, _("堵点")),
        (MENTIONED, _("提到我的")),
    ]
    return [("", _("全部")), *kinds, *rest]


def _follow_ups(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    files = Prefetch("documents", queryset=Document.objects.order_by("id"))
    named = Prefetch("mentions", queryset=Mention.objects.select_related("account"))
    listed = FollowUp.objects.filter(pk__in=keys).select_related("written_by").prefetch_related(files, named)
    return {
        one.pk: Event(
            at=one.happened_at,
            kind=str(one.get_kind_display()),
            title=marked(_cut(one.text), names_of(list(one.mentions.all()))),
            tone="plain",
            who=one.written_by.display_name,
            next_step=one.next_step,
            next_step_on=one.next_step_on,
            documents=list(one.documents.all()),
        )
        for one in listed
    }


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN_TEXT else f"{text[:SHOWN_TEXT]}…"


def marked(text: str, names: Sequence[str]) -> SafeString:
    """The text with the named colleagues as chips."""
    if not names:
        return conditional_escape(text)
    parts = re.split("(@(?:" + "|".join(re.escape(name) for name in names) + "))", text)
    return format_html_join(
        "",
        "{}",
        (
            (format_html('<span class="mention">{}</span>', part) if place % 2 else part,)
            for place, part in enumerate(parts)
        ),
    )


def _moves(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    return {
        one.pk: Event(
            at=one.changed_at,
            kind=_("阶段"),
            title=_moved(one.from_stage, one.to_stage, one.note),
            tone="accent",
            who=one.changed_by.display_name,
        )
        for one in StageChange.objects.filter(pk__in=keys).select_related("changed_by")
    }


def _moved(before: str, after: str, note: str) -> str:
    """线索 → 洽谈, and why."""
    stages = " → ".join(str(Stage(stage).label) for stage in (before, after) if stage)
    return f"{stages} · {note}" if note else stages


def _steps(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    return {
        one.pk: Event(
            at=one.written_at,
            kind=_("延后"),
            title=_("%(step)s：延至 %(day)s") % {"step": one.text, "day": one.moved_to},
            tone="attention",
            who=f"{one.written_by.display_name} · {one.reason}"
            if one.reason
            else one.written_by.display_name,
        )
        for one in NextStepEntry.objects.filter(pk__in=keys).select_related("written_by")
    }


BLOCKER_TONES = {
    BlockerEntryKind.RAISED: "alarm",
    BlockerEntryKind.ESCALATED: "alarm",
    BlockerEntryKind.SOLVED: "done",
}


def _blockers(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    """The course of the blockers: what is stuck, then what was said of it."""
    return {
        one.pk: Event(
            at=one.at,
            kind=_("堵点"),
            title=_cut(
                f"{one.blocker.title} · {one.get_kind_display()}" + (f"：{one.text}" if one.text else "")
            ),
            tone=BLOCKER_TONES.get(BlockerEntryKind(one.kind), "attention"),
            who=f"{one.signed_by} · {one.blocker.department.name}",
            url=reverse("projects:blocker", args=[one.blocker.public_id]),
            documents=list(one.documents.all()),
        )
        for one in BlockerEntry.objects.filter(pk__in=keys)
        .select_related("blocker__department")
        .prefetch_related("documents")
    }


def _titled(one: Achievement) -> str:
    words = {"kind": AchievementKind(one.kind).label, "amount": yi(one.amount_cny)}
    return _("%(kind)s %(amount)s 亿元") % words if one.amount_cny else str(words["kind"])


def _reports(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    return {
        one.pk: Event(
            one.submitted_at,
            _("申报"),
            _titled(one),
            "attention",
            one.submitted_by.display_name,
            url=_url(one),
        )
        for one in Achievement.objects.filter(pk__in=keys).select_related("submitted_by")
    }


def _decisions(project: Project, keys: Sequence[int]) -> dict[int, Event]:
    events = {}
    for one in Achievement.objects.filter(pk__in=keys).select_related("decided_by"):
        title = _titled(one)
        note = f"{title} · {one.decision_note}" if one.decision_note else title
        decided = one.decided_by.display_name if one.decided_by else ""
        tone = STATE_TONES[Recognition(one.state)]
        state = str(one.get_state_display())
        events[one.pk] = Event(one.decided_at or one.submitted_at, state, note, tone, decided, url=_url(one))
    return events


READERS = {
    FOLLOW_UP: _follow_ups,
    MOVE: _moves,
    REPORT: _reports,
    DECISION: _decisions,
    STEP: _steps,
    BLOCKER: _blockers,
}


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
