"""What keeps an item undecided (待定) as things stand now: the targets, inputs and rates that nobody has given yet."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from django.utils import timezone
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import AssessmentInput, InputKind, InputState, Item, Standing
from kpi.queries.input_missing import missing_on
from kpi.queries.input_rates import lacking_rates
from kpi.queries.input_rows import is_on, live_inputs
from kpi.queries.input_sheets import Asked, InputSheet, asked_inputs
from kpi.queries.roster import OFFICER
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.queries.sources import subject_key
from kpi.queries.target import goal_words
from kpi.scoring.goals import Goal, missing, owed
from kpi.scoring.periods import YEAR
from kpi.scoring.scheme import Indicator, Scheme
from staff.models import Account


@dataclass(frozen=True, slots=True)
class Owing:
    """Something an undecided item waits for. `place` is the target's code, or the sheet's name with `part` its panel.

    `waits`: it is recorded and a second person has to confirm it.
    """

    kind: Literal["target", "input"]
    words: str
    place: str
    part: str = ""
    waits: bool = False


def owing_of(actor: Account, standing: Standing, items: Sequence[Item]) -> dict[int, list[Owing]]:
    """What each undecided item of a standing waits for, by item; an empty list when everything has been given since.

    The caller has checked that the actor may see the items. The number of queries does not depend on the items.
    """
    undecided = [item for item in items if item.status == Item.Status.UNDECIDED]
    if not undecided:
        return {}
    scheme = read_scheme(standing.run.scheme)
    needed = _missing_goals(actor, standing, scheme)
    asked = asked_inputs(standing.run.year)
    given = _given(actor, standing)
    found: dict[int, list[Owing]] = {}
    for item in undecided:
        indicator = indicator_of(scheme, item.indicator)
        if indicator is not None:
            goals = _goals_of(indicator)
            targets = [_target(goal, scheme) for goal in needed if _is_for(goal, goals)]
            found[item.pk] = [*targets, *_inputs(standing, indicator, asked, given)]
    return found


def _kind_of(standing: Standing) -> str:
    team = standing.team
    return OFFICER if team is None else team.assessed_as or team.kind


def _goals_of(indicator: Indicator) -> set[Goal]:
    goals: set[Goal] = set(indicator.uses().goals)
    if indicator.progress is not None:
        goals.add((indicator.progress.target, YEAR, "base"))
    return goals


def _is_for(goal: Goal, goals: set[Goal]) -> bool:
    """Whether the indicator needs the goal; the year's target stands for its equal parts."""
    code, period, level = goal
    return goal in goals or (period == YEAR and any((one[0], one[2]) == (code, level) for one in goals))


def _missing_goals(actor: Account, standing: Standing, scheme: Scheme) -> list[Goal]:
    """The targets that the scheme asks of the subject and nobody has set by now."""
    mine = access.targets_visible_to(actor).filter(
        year=standing.run.year, person=standing.person_id, team=standing.team_id
    )
    held = list(mine.values_list("indicator", "period", "level"))
    return list(missing(scheme, owed(scheme, _kind_of(standing)), held))


def _target(goal: Goal, scheme: Scheme) -> Owing:
    words = _("目标“%(goal)s”没有下达") % {"goal": goal_words(goal, scheme.targets)}
    return Owing("target", words, goal[0])


def _given(actor: Account, standing: Standing) -> list[AssessmentInput]:
    """What holds or waits of the subject's inputs."""
    live = live_inputs(actor, standing.run.year)
    return list(live.filter(person=standing.person_id, team=standing.team_id))


def _inputs(
    standing: Standing, indicator: Indicator, asked: Asked, given: Sequence[AssessmentInput]
) -> Iterator[Owing]:
    key = subject_key(standing)
    for sheet in asked.sheets:
        if not _reads(indicator, sheet):
            continue
        if sheet.kind == InputKind.RATE:
            yield from _rates(asked)
            continue
        own = [entry for entry in given if is_on(entry, sheet)]
        parts: dict[str, list[str]] = defaultdict(list)
        for lacking in missing_on(asked, sheet, own):
            if lacking.one.key == key:
                parts[lacking.part].append(lacking.title)
        for part, titles in parts.items():
            detail = "、".join(dict.fromkeys(title for title in titles if title != sheet.title))
            words = {"title": sheet.title, "detail": f"（{detail}）" if detail else ""}
            yield Owing("input", _("“%(title)s”%(detail)s没有录入") % words, sheet.name, part)
        if any(entry.state == InputState.SUBMITTED for entry in own):
            words = {"title": sheet.title}
            yield Owing("input", _("“%(title)s”已录入，待另一人确认") % words, sheet.name, waits=True)


def _reads(indicator: Indicator, sheet: InputSheet) -> bool:
    """Whether the indicator needs what the sheet asks for."""
    if sheet.kind == InputKind.CATEGORY:
        return bool(indicator.uses().categories)
    if sheet.kind == InputKind.RATE:
        return any(one.converted for one in indicator.measures.values())
    return any(owner.code == indicator.code for owner in sheet.owners)


def _rates(asked: Asked) -> Iterator[Owing]:
    lacking = lacking_rates(asked, timezone.localdate())
    for currency in dict.fromkeys(one.currency for one in lacking):
        first = next(one.on for one in lacking if one.currency == currency)
        words = {"currency": currency, "day": first.isoformat()}
        yield Owing("input", _("没有 %(currency)s 在 %(day)s 或之前的汇率") % words, "rate:")
