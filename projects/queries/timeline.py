"""What happened to a project, newest first: follow-ups, moves and reports in one line of time; and who changed what."""

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, F, IntegerField, OuterRef, QuerySet, Value
from django.urls import reverse
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

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
from promotion.prepared import HowMany, IsAnyOf, Prepared, Slot
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
SHOWS = (*FollowUpKind.values, MENTIONED, MOVES, REPORTS, STEPS, BLOCKERS)
# Where an entry comes from, as the union of the sources tells them apart.
FOLLOW_UP, MOVE, REPORT, DECISION, STEP, BLOCKER = range(6)


class Timeline:
    """A project's timeline: counted and cut in SQL, newest first; only the rows of a page are read.

    `show` narrows it to a kind of follow-up, or to one of MENTIONED, MOVES, REPORTS, STEPS, BLOCKERS. Fits a Paginator.

    The project comes from a visible set: who sees it reads all of its timeline.
    """

    def __init__(self, actor: Account, project: Project, show: str = "") -> None:
        self.actor, self.project = actor, project
        self.show = show if show in SHOWS else ""

    def count(self) -> int:
        """How many entries there are; one query."""
        (count,) = _COUNT.rows(self.show, **self._values)
        return int(count)

    def __getitem__(self, part: slice) -> list[Event]:
        """The entries of a page, in a number of queries that does not grow with the timeline."""
        first = part.start or 0
        if first == part.stop:
            return []
        cut = _PLACES.rows(self.show, part.stop, **self._values) if first == 0 else self._from(part)
        places = list(cut)
        rows: dict[int, dict[int, Event]] = {}
        for source, read in READERS.items():
            keys = [row["listed_row"] for row in places if row["listed_from"] == source]
            rows[source] = read(keys) if keys else {}
        return [rows[row["listed_from"]][row["listed_row"]] for row in places]

    @property
    def _values(self) -> dict[str, int]:
        return {"project": self.project.pk, "actor": self.actor.pk}

    def _from(self, part: slice) -> QuerySet[Any]:
        """A later page: each place of the cut would be a statement of its own, so it is compiled as it is asked."""
        return _merged(self.show, self.project.pk, self.actor.pk)[part]


def _merged(show: str, project: Any, actor: Any) -> QuerySet[Any]:
    first, *others = _sources(show, project, actor)
    merged = first.union(*others, all=True) if others else first
    return merged.order_by("-listed_at", "-listed_from", "-listed_row")


def _sources(show: str, project: Any, actor: Any) -> list[QuerySet[Any]]:
    """The sources that the narrowing leaves, each as (moment, source, key)."""
    written = FollowUp.objects.filter(project=project)
    if show == MENTIONED:
        named = Mention.objects.filter(account=actor).values("follow_up")
        return [_places(written.filter(pk__in=named), "happened_at", FOLLOW_UP)]
    if show in FollowUpKind.values:
        return [_places(written.filter(kind=show), "happened_at", FOLLOW_UP)]
    reports = Achievement.objects.filter(project=project)
    decided = reports.filter(decided_at__isnull=False, state__in=list(STATE_TONES))
    put_off = NextStepEntry.objects.filter(project=project, act=NextStepAct.POSTPONED)
    found = {
        MOVES: [_places(StageChange.objects.filter(project=project), "changed_at", MOVE)],
        REPORTS: [_places(reports, "submitted_at", REPORT), _places(decided, "decided_at", DECISION)],
        STEPS: [_places(put_off, "written_at", STEP)],
        BLOCKERS: [_places(BlockerEntry.objects.filter(blocker__project=project), "at", BLOCKER)],
    }
    if show in found:
        return found[show]
    return [
        _places(written, "happened_at", FOLLOW_UP),
        *(each for part in found.values() for each in part),
    ]


def _count(show: str) -> QuerySet[Any]:
    """How many entries there are."""
    counts = [HowMany(source) for source in _sources(show, OuterRef("pk"), Slot("actor"))]
    return Project.objects.filter(pk=Slot("project")).values_list(sum(counts[1:], counts[0]), flat=True)


_PLACES = Prepared(lambda show, stop: _merged(show, Slot("project"), Slot("actor"))[:stop])
_COUNT = Prepared(_count)


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


def _by_key(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows of a page of the timeline, whose keys are at hand."""
    return rows.filter(IsAnyOf(F("pk"), Slot("keys"))).order_by()


def _written() -> QuerySet[Any]:
    files = Document.objects.filter(follow_up=OuterRef("pk"))
    named = Mention.objects.filter(follow_up=OuterRef("pk"))
    rows = FollowUp.objects.annotate(who=F("written_by__display_name"))
    return _by_key(rows.annotate(has_files=Exists(files), names_people=Exists(named)))


_FOLLOW_UPS = Prepared(_written)


def _follow_ups(keys: Sequence[int]) -> dict[int, Event]:
    listed = _FOLLOW_UPS.rows(keys=keys)
    documents: dict[int | None, list[Document]] = defaultdict(list)
    mentions: dict[int, list[Mention]] = defaultdict(list)
    if with_files := [one.pk for one in listed if one.has_files]:
        for document in Document.objects.filter(follow_up__in=with_files).order_by("id"):
            documents[document.follow_up_id].append(document)
    if with_names := [one.pk for one in listed if one.names_people]:
        for mention in Mention.objects.filter(follow_up__in=with_names).select_related("account"):
            mentions[mention.follow_up_id].append(mention)
    return {
        one.pk: Event(
            at=one.happened_at,
            kind=str(one.get_kind_display()),
            title=marked(_cut(one.text), names_of(mentions[one.pk])),
            tone="plain",
            who=one.who,
            next_step=one.next_step,
            next_step_on=one.next_step_on,
            documents=documents[one.pk],
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


_MOVED = Prepared(lambda: _by_key(StageChange.objects.annotate(who=F("changed_by__display_name"))))


def _moves(keys: Sequence[int]) -> dict[int, Event]:
    return {
        one.pk: Event(
            at=one.changed_at,
            kind=_("阶段"),
            title=_moved(one.from_stage, one.to_stage, one.note),
            tone="accent",
            who=one.who,
        )
        for one in _MOVED.rows(keys=keys)
    }


def _moved(before: str, after: str, note: str) -> str:
    """线索 → 洽谈, and why."""
    stages = " → ".join(str(Stage(stage).label) for stage in (before, after) if stage)
    return f"{stages} · {note}" if note else stages


def _steps(keys: Sequence[int]) -> dict[int, Event]:
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


def _blockers(keys: Sequence[int]) -> dict[int, Event]:
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
    words = {"kind": AchievementKind(one.kind).label, "amount": yi(one.amount_cny), "people": one.people}
    if one.people is not None:
        return _("%(kind)s %(people)s 人") % words
    return _("%(kind)s %(amount)s 亿元") % words if one.amount_cny else str(words["kind"])


_REPORTED = Prepared(lambda: _by_key(Achievement.objects.annotate(who=F("submitted_by__display_name"))))
_DECIDED = Prepared(lambda: _by_key(Achievement.objects.annotate(who=F("decided_by__display_name"))))


def _reports(keys: Sequence[int]) -> dict[int, Event]:
    return {
        one.pk: Event(
            one.submitted_at,
            _("申报"),
            _titled(one),
            "attention",
            one.who,
            url=_url(one),
        )
        for one in _REPORTED.rows(keys=keys)
    }


def _decisions(keys: Sequence[int]) -> dict[int, Event]:
    events = {}
    for one in _DECIDED.rows(keys=keys):
        title = _titled(one)
        note = f"{title} · {one.decision_note}" if one.decision_note else title
        tone = STATE_TONES[Recognition(one.state)]
        state = str(one.get_state_display())
        events[one.pk] = Event(
            one.decided_at or one.submitted_at, state, note, tone, one.who or "", url=_url(one)
        )
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
