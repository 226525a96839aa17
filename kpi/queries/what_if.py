"""A person's trial (试算): where one stands, what each open thing would add, and what some of them together would do."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.utils.translation import gettext as _

from kpi.models import Run, Standing
from kpi.queries.assumptions import MOST, read_assumption, step_of
from kpi.queries.beside_words import change_words
from kpi.queries.measures import SubjectKey
from kpi.queries.run import is_closed
from kpi.queries.shortfalls import target_steps
from kpi.queries.standing import own_standing
from kpi.queries.steps import Opportunities, Step
from kpi.queries.trial import Credited, Trial, trial_of
from kpi.scoring.beside import Change
from kpi.scoring.measures import measure
from kpi.scoring.rounding import CONTEXT
from kpi.scoring.what_if import Effect, next_better
from promotion.errors import NotFound, Refused
from staff.models import Account

#: How many steps the quickest way may have.
LONGEST_WAY = 8
#: How many steps are tried out for it.
TRIED = 16


@dataclass(frozen=True, slots=True)
class Option:
    """A step with what it alone would do. `reason` says why it brings nothing."""

    step: Step
    effect: Effect
    chosen: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Ahead:
    """Who stands next ahead: the place, and how many points part one from it."""

    place: int
    points: Decimal


@dataclass(frozen=True, slots=True)
class Way:
    """The fewest of the open things, taken by their effect, that bring a better place."""

    steps: tuple[Step, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class WhatIf:
    """The whole answer. `effect`, `team` and `changes` are those of everything chosen, None or empty while nothing is.

    `base` is an effect of nothing: where one stands on the day `as_of`, by the run's scheme and ledger.
    """

    run: Run
    standing: Standing
    as_of: date
    base: Effect
    ahead: Ahead | None
    options: tuple[Option, ...]
    idle: tuple[Option, ...]
    way: Way | None
    effect: Effect | None
    team: Effect | None
    changes: tuple[Change, ...] = ()

    @property
    def changes_said(self) -> list[str]:
        """What else the chosen things change, in words: grade, gates, cards, awards."""
        return [change_words(one) for one in self.changes]

    @property
    def differs(self) -> bool:
        """Whether the day or new targets made another total than the run's."""
        return abs(self.base.before.total - self.standing.total) >= Decimal("0.0001")

    @property
    def chosen(self) -> tuple[Option, ...]:
        return tuple(one for one in (*self.options, *self.idle) if one.chosen)


def what_if(
    actor: Account, year: int, today: date, chosen: Iterable[str] = (), assumed: Sequence[str] = ()
) -> WhatIf:
    """The trial of the actor's own standing of the year: nobody else's figures are read out, and nothing is written.

    `chosen` are keys of steps, `assumed` texts of assumptions. Raises NotFound without a standing, Refused for a closed year
    and for assumptions that make no sense.
    """
    standing = own_standing(actor, year)
    if standing is None:
        raise NotFound(_("%(year)s 年您还没有考核结果，不能试算。") % {"year": year})
    if is_closed(year):
        raise Refused(_("%(year)s 年已关账，结果不再变动，不能试算。") % {"year": year})
    if len(assumed) > MOST:
        raise Refused(_("一次最多 %(count)s 条假设。") % {"count": MOST})
    return _Answer(actor, standing, today).of(set(chosen), [read_assumption(text) for text in assumed])


class _Answer:
    def __init__(self, actor: Account, standing: Standing, today: date) -> None:
        self.standing, self.run = standing, standing.run
        self.today = min(today, date(self.run.year, 12, 31))
        self.is_running = today.year == self.run.year
        self.person: int = standing.person_id  # type: ignore[assignment]
        self.key: SubjectKey = ("person", self.person)
        self.open = Opportunities(actor, self.run, self.today, is_running=self.is_running)

    def of(self, chosen: set[str], assumptions: Sequence[object]) -> WhatIf:
        assumed = [
            step_of(one, self.person, self.run.year, self.open.projects, self.open.assumer)  # type: ignore[arg-type]
            for one in assumptions
        ]
        as_of = max([self.run.as_of, self.today, *(one.facts[0].fact.on for one in assumed)])
        steps = [*self.open.steps(), *assumed]
        people = {person for one in steps for fact in one.facts for person, _role, _share in fact.shares}
        trial = trial_of(self.run, as_of, self.open.projects, {self.person, *people})
        if self.key not in trial.subjects:
            raise NotFound(_("您当日没有任职，不能试算。"))
        base = trial.effect((), self.key)
        if self.is_running:
            steps += target_steps(trial.scheme, base.before, self.person, self.open.assumer, self.today)
        options = [self._option(trial, one, chosen) for one in steps]
        options.sort(key=lambda one: (-one.effect.exact_difference, one.step.key))
        taken = [fact for one in options if one.chosen for fact in one.step.facts]
        return WhatIf(
            run=self.run,
            standing=self.standing,
            as_of=as_of,
            base=base,
            ahead=_ahead(trial, base),
            options=tuple(one for one in options if not one.reason),
            idle=tuple(one for one in options if one.reason),
            way=self._way(trial, base, options),
            effect=trial.effect(taken, self.key) if taken else None,
            team=self._team(trial, taken, as_of),
            changes=trial.beside_changes(taken, self.key) if taken else (),
        )

    def _option(self, trial: Trial, step: Step, chosen: set[str]) -> Option:
        effect = trial.effect(step.facts, self.key)
        moves = effect.exact_difference != 0 or effect.places_gained != 0
        is_chosen = step.is_assumed or step.key in chosen
        return Option(step, effect, is_chosen, "" if moves else _why_idle(trial, step, effect, self.key))

    def _way(self, trial: Trial, base: Effect, options: Sequence[Option]) -> Way | None:
        """The next things to do by their effect, one after another, until the place is better; what adds nothing is left out."""
        usable = [one for one in options if one.effect.exact_difference > 0 and one.step.is_next]
        taken: list[Step] = []
        total = base.before.exact_total
        for one in usable[:TRIED]:
            effect = trial.effect([*_facts(taken), *one.step.facts], self.key)
            if effect.after.exact_total <= total:
                continue
            taken.append(one.step)
            total = effect.after.exact_total
            if effect.places_gained > 0:
                return Way(tuple(taken), effect)
            if len(taken) == LONGEST_WAY:
                break
        return None

    def _team(self, trial: Trial, taken: Sequence[Credited], on: date) -> Effect | None:
        """What it does to the team one serves in, whose total and place are open to the house."""
        team = trial.team_of(self.person, on)
        key: SubjectKey = ("team", team or 0)
        return trial.effect(taken, key) if taken and key in trial.subjects else None


def _facts(steps: Iterable[Step]) -> list[Credited]:
    return [fact for step in steps for fact in step.facts]


def _ahead(trial: Trial, base: Effect) -> Ahead | None:
    subject = base.before.subject
    group = trial.scheme.group_of(subject.kind)
    if group is None:
        return None
    better = next_better(trial.copy.standings[group.code], subject.code)
    if better is None:
        return None
    return Ahead(better.place, CONTEXT.subtract(better.sheet.total, base.before.total))


def _why_idle(trial: Trial, step: Step, effect: Effect, key: SubjectKey) -> str:
    """Why a step brings nothing, in the words of what leaves it out."""
    lines = trial.lines_of(step.facts).get(key, [])
    if not lines:
        return _("当日您没有这个项目的核定份额。")
    near = trial.near(key, lines)
    reasons: list[str] = []
    counted = False
    facts = {line.fact.id for line in lines}
    for indicator in trial.scheme.indicators_for(effect.before.subject.kind):
        for code in dict.fromkeys(indicator.uses().measures):
            definition = indicator.measures.get(code)
            if definition is None or not definition.kinds:
                continue
            value = measure(definition, [*near, *lines])
            counted = counted or any(line.fact.id in facts for line in value.counted)
            reasons += [one.reason for one in value.excluded if one.line.fact.id in facts]
    if counted:
        return _("计入，但该项已封顶或不再随它变动。")
    return reasons[0] if reasons else _("指标不含这类业绩。")
