"""Why an item changed between two runs: lines, shares, targets, scheme, inputs, the passing of time, others' moves."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from django.db.models import Q
from django.utils.translation import gettext as _

from kpi.models import AssessmentInput, Item, LedgerLine, Run, Standing
from kpi.queries.inputs import subject_of
from kpi.queries.ledger import live_lines
from kpi.queries.measures import SubjectKey
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.queries.sources import Targets, kinds_of, subject_key, targets_as_of
from kpi.scoring.periods import MEASURED
from kpi.scoring.rounding import total
from kpi.scoring.scheme import Indicator, Scheme
from projects.access import achievements_visible_to, shown_names
from projects.models import Achievement, Recognition
from promotion.money import WAN
from promotion.web.formats import NOTHING, exact, percent
from staff.models import Account

Kind = Literal[
    "new", "reversed", "corrected", "entered", "target", "scheme", "input", "peers", "item", "time", "other"
]
Items = Mapping[int, Mapping[str, Item]]
#: So many of the group are named where their figures moved.
NAMED = 3


@dataclass(frozen=True, slots=True)
class Cause:
    """One sentence on why an item changed. `achievement` and `lines` are to open, where the reader may."""

    kind: Kind
    words: str
    name: str = ""
    achievement: Achievement | None = None
    lines: tuple[LedgerLine, ...] = ()
    can_open: bool = False


class Causes:
    """What happened between two runs, read once for many standings."""

    def __init__(
        self,
        actor: Account,
        run: Run,
        standings: Sequence[Standing],
        items: Items,
        before: Mapping[int, Standing],
        since: Run | None = None,
    ) -> None:
        """`since` is the run to compare with, where it is not the one before."""
        previous = since or run.previous
        self.run, self.previous, self.items, self.before = run, previous, items, before
        self.scheme = read_scheme(run.scheme)
        self.old_scheme = read_scheme(previous.scheme) if previous else self.scheme
        self.lines = self._lines(standings) if previous else {}
        every = [line for group in self.lines.values() for line in group]
        self.names = shown_names(actor, [line.project for line in every])
        opened = achievements_visible_to(actor).filter(pk__in={line.achievement_id for line in every})
        self.openable = set(opened.values_list("pk", flat=True)) if every else set()
        self.targets = targets_as_of(run, standings) if previous else {}
        self.old_targets = targets_as_of(previous, standings) if previous else {}
        self.inputs = self._inputs(standings) if previous else {}
        self.peers = self._peers({one.group for one in standings}) if previous else {}

    def of(self, now: Item | None, then: Item | None) -> Iterator[Cause]:
        """The causes of one item of a subject; nothing in the first run."""
        newer = now or then
        if self.previous is None or newer is None:
            return
        if then is None and newer.standing_id not in self.before:
            return
        scheme = self.scheme if now else self.old_scheme
        indicator = indicator_of(scheme, newer.indicator)
        found = list(self._found(newer, indicator))
        yield from found
        moved = (now.points if now else None) != (then.points if then else None)
        if moved and not found:
            yield from self._left_over(newer, indicator)

    def _found(self, item: Item, indicator: Indicator | None) -> Iterator[Cause]:
        key = subject_key(item.standing)
        yield from self._of_scheme(item.indicator)
        if indicator is None:
            return
        yield from self._of_lines(key, kinds_of(indicator))
        yield from self._of_targets(key, indicator)
        yield from self._of_inputs(key, indicator)
        yield from self._of_peers(item, indicator)

    def _of_scheme(self, code: str) -> Iterator[Cause]:
        if self.previous is None or self.previous.scheme_id == self.run.scheme_id:
            return
        old, new = indicator_of(self.old_scheme, code), indicator_of(self.scheme, code)
        versions = {"old": self.previous.scheme.number, "new": self.run.scheme.number}
        if old is None:
            yield Cause("scheme", _("细则 V%(old)s → V%(new)s：新增这项指标。") % versions)
        elif new is None:
            yield Cause("scheme", _("细则 V%(old)s → V%(new)s：不再有这项指标。") % versions)
        elif old != new or self.old_scheme.rounding != self.scheme.rounding:
            yield Cause("scheme", _("细则 V%(old)s → V%(new)s：这项的规则有变。") % versions)

    def _lines(self, standings: Sequence[Standing]) -> dict[SubjectKey, list[LedgerLine]]:
        """The subjects' lines since the run before, whichever run posted them, and those whose day has come."""
        if self.previous is None:
            return {}
        people = {one.person_id for one in standings if one.person_id}
        teams = {one.team_id for one in standings if one.team_id}
        mine = Q(person__in=people) | Q(ranked_team__in=teams)
        posted = LedgerLine.objects.filter(
            mine, year=self.run.year, pk__gt=self.previous.last_line, pk__lte=self.run.last_line
        )
        entered = live_lines(self.run.year, self.run.last_line).filter(
            mine,
            pk__lte=self.previous.last_line,
            happened_on__gt=self.previous.as_of,
            happened_on__lte=self.run.as_of,
        )
        found: dict[SubjectKey, list[LedgerLine]] = defaultdict(list)
        for lines in (posted, entered):
            for line in lines.select_related("achievement", "project", "person").order_by("pk"):
                if line.person_id in people:
                    found["person", line.person_id].append(line)
                if line.ranked_team_id in teams and line.ranked_team_id is not None:
                    found["team", line.ranked_team_id].append(line)
        return found

    def _of_lines(self, key: SubjectKey, kinds: set[str]) -> Iterator[Cause]:
        """One cause for each fact: what was new or taken back with all its shares, or else share by share."""
        by_fact: dict[int, dict[tuple[int, str], list[LedgerLine]]] = defaultdict(lambda: defaultdict(list))
        for line in self.lines.get(key, ()):
            if line.kind in kinds and line.happened_on <= self.run.as_of:
                by_fact[line.achievement_id][line.person_id, line.role].append(line)
        for shares in by_fact.values():
            found = [(self._of_share(*_back_and_new(lines)), lines[-1]) for lines in shares.values()]
            said = {said for said, _line in found}
            if len(said) == 1 and found[0][0][0] != "corrected":
                yield self._cause(*found[0][0], [line for _said, line in found])
            else:
                for (kind, sentence), line in found:
                    yield self._cause(kind, sentence, [line])

    def _of_share(self, back: LedgerLine | None, new: LedgerLine | None) -> tuple[Kind, str]:
        if new is None:
            taken = back.achievement if back else None
            if taken is not None and taken.state == Recognition.REVERSED:
                return "reversed", _("业绩已冲销，扣回份额 %(share)s。")
            return "reversed", _("份额重新核定，扣回 %(share)s。")
        if back is None:
            if self.previous is not None and new.pk <= self.previous.last_line:
                return "entered", _("发生日到了，份额 %(share)s。")
            return "new", _("新认定入账，份额 %(share)s。")
        return "corrected", _corrected(back, new)

    def _cause(self, kind: Kind, sentence: str, lines: Sequence[LedgerLine]) -> Cause:
        achievement = lines[0].achievement
        name = self.names.get(achievement.project_id) if achievement.project_id else ""
        fact = f"{name or achievement.title} {achievement.get_kind_display()}".strip()
        share = abs(total(line.share for line in lines))
        words = sentence if kind == "corrected" else sentence % {"share": percent(share, 2)}
        return Cause(kind, words, fact, achievement, tuple(lines), achievement.pk in self.openable)

    def _of_targets(self, key: SubjectKey, indicator: Indicator) -> Iterator[Cause]:
        asked = {code for code, _period, _level in indicator.uses().goals} | set(indicator.uses().targets)
        if indicator.progress is not None:
            asked.add(indicator.progress.target)
        now, then = self.targets.get(key, {}), self.old_targets.get(key, {})
        for name in sorted({*now, *then}):
            if name.partition("@")[0] in asked and now.get(name) != then.get(name):
                yield Cause("target", _target_words(self.scheme, name, then, now))

    def _inputs(self, standings: Sequence[Standing]) -> dict[SubjectKey, list[AssessmentInput]]:
        """What people's inputs were confirmed or ended between the two runs."""
        if self.previous is None or self.previous.finished_at is None or self.run.finished_at is None:
            return {}
        window = (self.previous.finished_at, self.run.finished_at)
        people = {one.person_id for one in standings if one.person_id}
        teams = {one.team_id for one in standings if one.team_id}
        rows = AssessmentInput.objects.filter(
            Q(decided_at__range=window, state__in=("confirmed", "reversed")) | Q(ended_at__range=window),
            Q(person__in=people) | Q(team__in=teams),
            year=self.run.year,
        )
        found: dict[SubjectKey, list[AssessmentInput]] = defaultdict(list)
        for row in rows.order_by("pk"):
            found[subject_of(row)].append(row)
        return found

    def _of_inputs(self, key: SubjectKey, indicator: Indicator) -> Iterator[Cause]:
        """How many inputs of each kind that the item asks for were confirmed or taken back."""
        uses = indicator.uses()
        codes = {
            "rating": set(uses.ratings),
            "choice": set(uses.choices),
            "measure": {indicator.code},
        }
        counts: dict[str, int] = defaultdict(int)
        for row in self.inputs.get(key, ()):
            weighed = row.kind == "category" and bool(self.scheme.categories)
            if weighed or row.code in codes.get(row.kind, ()):
                counts[str(row.get_kind_display())] += 1
        for label, count in counts.items():
            words = {"kind": label, "count": count}
            yield Cause("input", _("%(kind)s有 %(count)s 条确认或冲销。") % words)

    def _peers(self, groups: set[str]) -> dict[tuple[str, str], list[tuple[SubjectKey, str]]]:
        """By group and relative indicator, whose figures moved."""
        relative = [one.code for one in self.scheme.indicators if one.uses().relative]
        if not relative or self.previous is None:
            return {}
        rows = Item.objects.filter(
            standing__run__in=(self.run.pk, self.previous.pk),
            standing__group__in=groups,
            indicator__in=relative,
        )
        kept: dict[tuple[str, str, SubjectKey], dict[int, Item]] = defaultdict(dict)
        for item in rows.select_related("standing"):
            standing = item.standing
            kept[standing.group, item.indicator, subject_key(standing)][standing.run_id] = item
        moved: dict[tuple[str, str], list[tuple[SubjectKey, str]]] = defaultdict(list)
        for (group, code, key), both in kept.items():
            values = [_figures(both.get(pk)) for pk in (self.run.pk, self.previous.pk)]
            if values[0] != values[1]:
                newest = both.get(self.run.pk) or both[self.previous.pk]
                moved[group, code].append((key, newest.standing.subject_name))
        return moved

    def _of_peers(self, item: Item, indicator: Indicator) -> Iterator[Cause]:
        mine = subject_key(item.standing)
        moved = [
            name for key, name in self.peers.get((item.standing.group, indicator.code), ()) if key != mine
        ]
        if moved:
            words = {"count": len(moved), "names": "、".join(moved[:NAMED])}
            sentence = (
                _("同组 %(count)s 个对象的数值有变：%(names)s 等。")
                if len(moved) > NAMED
                else _("同组 %(count)s 个对象的数值有变：%(names)s。")
            )
            yield Cause("peers", sentence % words)

    def _left_over(self, item: Item, indicator: Indicator | None) -> Iterator[Cause]:
        """Why the points moved although nothing of the item's own did."""
        uses = indicator.uses() if indicator else None
        if uses and uses.items:
            titles = [one.title for one in self.scheme.indicators if one.code in uses.items]
            yield Cause("item", _("随“%(titles)s”变动。") % {"titles": "、".join(titles) or _("总分")})
        elif self.previous is not None and self.previous.as_of != self.run.as_of:
            days = {"old": self.previous.as_of.isoformat(), "new": self.run.as_of.isoformat()}
            yield Cause("time", _("时序推进：截至日从 %(old)s 到 %(new)s。") % days)
        else:
            yield Cause("other", _("名册、类别或算法有变，没有新的业绩。"))


def _back_and_new(lines: Sequence[LedgerLine]) -> tuple[LedgerLine | None, LedgerLine | None]:
    """The last line that takes back, and the last one that stands."""
    back = next((line for line in reversed(lines) if line.reverses_id), None)
    return back, next((line for line in reversed(lines) if not line.reverses_id), None)


def _corrected(back: LedgerLine, new: LedgerLine) -> str:
    """What a line that was posted anew says otherwise."""
    if -back.share != new.share:
        words = {"old": percent(-back.share, 2), "new": percent(new.share, 2)}
        return _("份额 %(old)s → %(new)s。") % words
    if back.full_amount != new.full_amount:
        return _("认定额 %(old)s → %(new)s 万元。") % {
            "old": _wan(back.full_amount),
            "new": _wan(new.full_amount),
        }
    if back.happened_on != new.happened_on:
        days = {"old": back.happened_on.isoformat(), "new": new.happened_on.isoformat()}
        return _("发生日期 %(old)s → %(new)s。") % days
    return _("入账内容更正，份额和金额不变。")


def _wan(amount: Decimal | None) -> str:
    return NOTHING if amount is None else exact(amount / WAN)


def _target_words(scheme: Scheme, name: str, then: Targets, now: Targets) -> str:
    """目标“签约任务”（第一季度） 2 → 3 个."""
    code, *rest = name.split("@")
    target = scheme.targets.get(code)
    parts = [MEASURED[part].title if part in MEASURED else _("加压") for part in rest]
    title = (target.title if target else code) + (f"（{'、'.join(parts)}）" if parts else "")
    unit = target.unit if target else ""
    values = [exact(amounts.get(name)) if name in amounts else _("没有") for amounts in (then, now)]
    return _("目标“%(title)s” %(old)s → %(new)s %(unit)s。") % {
        "title": title,
        "old": values[0],
        "new": values[1],
        "unit": unit,
    }


def _figures(item: Item | None) -> list[tuple[str, str]]:
    """The figures that an item kept."""
    return [] if item is None else [(one["code"], one["value"]) for one in item.measures.get("figures", ())]
