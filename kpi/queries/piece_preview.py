"""What a changed part of a draft would do to the year's real results, before it is saved: places, grades, gates, awards."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from kpi.models import Run, SchemeVersion
from kpi.queries import scheme_preview as whole
from kpi.queries.beside_words import changes_in_words
from kpi.queries.calculation import Calculation
from kpi.queries.draft_scores import Was, before_change, scored
from kpi.queries.roster import assessed_subjects
from kpi.queries.scheme import read_document, read_scheme
from kpi.queries.words import kind_words
from kpi.scoring.beside import NOTHING, Beside, Change, beside_of, changes
from kpi.scoring.editing import CODED, entries_of
from kpi.scoring.results import Standing
from kpi.scoring.scheme import Group, Scheme
from promotion.errors import Refused

#: How many subjects are shown where the part concerns all, and where it picks some.
SHOWN, PICKED = 10, 40


@dataclass(frozen=True, slots=True)
class PieceRow:
    """One subject by the changed part. `state` says in a word what the part makes of it, `tone` how it is shown, `why` why."""

    code: str
    name: str
    total: Decimal
    total_before: Decimal | None
    place: int
    place_before: int | None
    changes: tuple[Change, ...]
    state: str = ""
    tone: str = "plain"
    why: str = ""

    @property
    def said(self) -> str:
        """What else changes beside the score, in words."""
        return changes_in_words(self.changes)

    @property
    def gain(self) -> Decimal:
        """Points gained against the draft as saved."""
        return Decimal(0) if self.total_before is None else self.total - self.total_before

    @property
    def places_gained(self) -> int:
        return 0 if self.place_before is None else self.place_before - self.place


@dataclass(frozen=True, slots=True)
class PiecePreview:
    """The trial of a changed part in one group. `counts` sum it up: what, how many now, how many by the draft as saved.

    `notes` are sentences on what the part leaves out, `warnings` what looks mistaken in the whole draft.
    """

    run: Run
    group: Group
    size: int
    moved: int
    changed: int
    rows: tuple[PieceRow, ...]
    counts: tuple[tuple[str, int, int], ...] = ()
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def piece_tried(
    scheme: Scheme, version: SchemeVersion, document: Mapping[str, Any], *, part: str, code: str, who: str
) -> PiecePreview:
    """The trial of a document that has been checked. Raises Refused for an unknown entry, or nothing to try it on."""
    if part in CODED and code not in entries_of(document, part):
        sentence = _("这一部分里没有代码为“%(code)s”的一项。") % {"code": code}
        raise Refused(sentence, fields={"code": sentence})
    run = whole.run_to_try(version.year)
    if run is None:
        raise Refused(_("还没有核算过，没有业绩可以试算；请先发起一次核算。"))
    saved = read_scheme(version)
    if run.year != version.year:
        scheme, saved = whole.of_year(document, run.year), whole.of_year(read_document(version), run.year)
    if not scheme.groups:
        raise Refused(str(whole.NO_GROUPS))
    return _Trial(scheme, saved, run, part, code).found(who)


class _Trial:
    """One group by the draft as changed and as saved."""

    def __init__(self, scheme: Scheme, saved: Scheme, run: Run, part: str, code: str) -> None:
        self.scheme, self.saved, self.run = scheme, saved, run
        self.part, self.code = part, code

    def found(self, who: str) -> PiecePreview:
        group, chosen = self._asked(who)
        work, before = scored(self.scheme, group, self.run), before_change(self.saved, group, self.run)
        beside = beside_of(work.outcomes.values(), work.candidates)
        rows = [self._row(one, before, beside, work) for one in work.standings[group.code]]
        return PiecePreview(
            self.run,
            group,
            size=len(rows),
            moved=sum(row.places_gained != 0 for row in rows),
            changed=sum(bool(row.changes) for row in rows),
            rows=tuple(row for row in rows if row.code == chosen) if chosen else self._shown(rows, before),
            counts=tuple(self._counts(rows, before, beside)),
            notes=tuple(self._notes()),
            warnings=tuple(one.partition("：")[2] for one in self.scheme.warnings),
        )

    def _asked(self, who: str) -> tuple[Group, str]:
        """The group that is tried, and the one subject of it that is shown, if any."""
        groups = self.scheme.groups
        if self.part == "awards":
            return groups[next(one.group for one in self.scheme.awards if one.code == self.code)], ""
        if who.startswith(whole.TOP) and who.removeprefix(whole.TOP) in groups:
            return groups[who.removeprefix(whole.TOP)], ""
        for one in assessed_subjects(self.run.year, self.run.as_of) if who else ():
            if one.subject.code == who and (group := self.scheme.group_of(one.subject.kind)) is not None:
                return group, who
        if self.part == "groups" and self.code in groups:
            return groups[self.code], ""
        gate = next((one for one in self.scheme.gates if one.code == self.code), None)
        applies = gate.applies_to if gate and self.part == "gates" else ()
        return next(
            group
            for group in groups.values()
            if any(self.scheme.concerns(applies, kind) for kind in group.subjects)
        ), ""

    def _row(
        self, standing: Standing, before: Mapping[str, Was], beside: Mapping[str, Beside], work: Calculation
    ) -> PieceRow:
        code = standing.sheet.subject.code
        was, now = before.get(code), beside.get(code, NOTHING)
        state, tone, why = self._state(code, now, work)
        return PieceRow(
            code=code,
            name=standing.sheet.subject.name,
            total=standing.sheet.total,
            total_before=was.total if was else None,
            place=standing.place,
            place_before=was.place if was else None,
            changes=changes(was.beside, now) if was else (),
            state=state,
            tone=tone,
            why=why,
        )

    def _state(self, code: str, now: Beside, work: Calculation) -> tuple[str, str, str]:
        """What the part makes of the subject: its grade, whether the gate holds, whether it stands for the award."""
        if self.part == "grades":
            return (now.grade, "accent", "") if now.grade else (_("未定"), "attention", "")
        if self.part == "gates":
            outcome = work.outcomes.get(code)
            gate = next((one for one in outcome.gates if one.code == self.code), None) if outcome else None
            if gate is None:
                return _("不适用"), "plain", ""
            words = {
                True: (_("成立"), "alarm"),
                False: (_("不成立"), "plain"),
                None: (_("未定"), "attention"),
            }
            return (*words[gate.holds], gate.reason or (gate.effect if gate.holds else ""))
        if self.part == "awards":
            for one in work.candidates:
                if one.award == self.code and one.subject.code == code:
                    return (*_standing_for(one.status, warning=one.warning), one.reason)
        return "", "plain", ""

    def _shown(self, rows: Sequence[PieceRow], before: Mapping[str, Was]) -> tuple[PieceRow, ...]:
        """The rows that tell most: whom the gate or the award picks or picked, else the first of the group."""
        if self.part == "gates":
            picked = [row for row in rows if row.tone in {"alarm", "attention"} or self._held(row, before)]
        elif self.part == "awards":
            picked = [row for row in rows if row.state or self._stood(row, before)]
        elif self.part == "grades":
            return tuple(rows[:PICKED])
        else:
            return tuple(rows[:SHOWN])
        return tuple((picked or list(rows))[: PICKED if picked else SHOWN])

    def _held(self, row: PieceRow, before: Mapping[str, Was]) -> bool:
        return row.code in before and before[row.code].gates.get(self.code) is True

    def _stood(self, row: PieceRow, before: Mapping[str, Was]) -> bool:
        return row.code in before and self.code in before[row.code].awards

    def _counts(
        self, rows: Sequence[PieceRow], before: Mapping[str, Was], beside: Mapping[str, Beside]
    ) -> Iterable[tuple[str, int, int]]:
        if self.part == "grades":
            now = Counter(beside.get(row.code, NOTHING).grade for row in rows)
            was = Counter(before[row.code].beside.grade for row in rows if row.code in before)
            titles = [one.title for one in self.scheme.grades]
            gone = [one.title for one in self.saved.grades if one.title not in titles]
            for title in [*titles, *gone]:
                yield title, now[title], was[title]
        elif self.part == "gates":
            held = sum(self._held(row, before) for row in rows)
            yield _("成立"), sum(row.tone == "alarm" for row in rows), held
        elif self.part == "awards":
            now_standing = sum(row.tone in {"done", "alarm"} for row in rows)
            yield _("候选"), now_standing, sum(self._stood(row, before) for row in rows)

    def _notes(self) -> Iterable[str]:
        """Which kinds of subject nobody ranks; that words change nothing."""
        if self.part == "assumptions":
            yield _("设定只作说明，得分和名次不变。")
        if self.part != "groups":
            return
        kinds = {one.subject.kind for one in assessed_subjects(self.run.year, self.run.as_of)}
        if left := sorted(kind_words(kind) for kind in kinds if self.scheme.group_of(kind) is None):
            yield _("不在任何分组里、因而不排名的：%(kinds)s。") % {"kinds": "、".join(left)}


def _standing_for(status: str, *, warning: bool) -> tuple[str, str]:
    """Whether a subject at the award's place stands for it, in a word, and how that is shown."""
    if status == "passed_over":
        return _("不符合"), "plain"
    if status == "undecided":
        return _("未定"), "attention"
    return _("候选"), "alarm" if warning else "done"
