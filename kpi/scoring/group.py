"""The frozen peer group of one indicator, and the measures of each project of one subject."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation

from kpi.scoring.facts import CreditLine, MeasureValue
from kpi.scoring.measures import measure
from kpi.scoring.rules import Inputs, NotApplicable, Rule, Undecided
from kpi.scoring.scheme import Measure

Values = Mapping[str, MeasureValue]


class Members:
    """Subjects ranked together, each with its inputs; what a rule gives them is computed once per rule."""

    def __init__(self) -> None:
        self.inputs: dict[str, Inputs] = {}
        self._left_out: Callable[[str], bool] = lambda _code: False
        self._found: dict[int, tuple[Rule, dict[str, Decimal | None]]] = {}

    def add(self, code: str, inputs: Inputs) -> None:
        self.inputs[code] = replace(inputs, peers=self)

    def bar(self, left_out: Callable[[str], bool]) -> None:
        """Leave out of comparisons the members for whom this says so."""
        self._left_out = left_out

    def values(self, rule: Rule) -> Mapping[str, Decimal | None]:
        """What the rule gives each member; None: undecided. Members it does not concern are absent."""
        if id(rule) not in self._found:
            found: dict[str, Decimal | None] = {}
            for code, inputs in self.inputs.items():
                if self._left_out(code):
                    continue
                try:
                    found[code] = rule.compute(inputs).value
                except (Undecided, InvalidOperation):
                    found[code] = None
                except NotApplicable:
                    continue
            self._found[id(rule)] = (rule, found)
        return self._found[id(rule)][1]


def project_values(
    measures: Mapping[str, Measure], lines: Sequence[CreditLine], given: Mapping[str, Values] | None
) -> Mapping[str, Values]:
    """The measures of each project: those given ready, and those counted from the project's own lines.

    A fact without a project is a project of its own, called by the fact's id.
    """
    by_project: dict[str, list[CreditLine]] = {}
    for line in lines:
        by_project.setdefault(line.fact.project or line.fact.id, []).append(line)
    found: dict[str, dict[str, MeasureValue]] = {}
    for project, own in by_project.items():
        values = {code: measure(one, own) for code, one in measures.items() if one.kinds}
        if any(value.counted or value.excluded for value in values.values()):
            found[project] = values
    for project, ready in (given or {}).items():
        found[project] = {**found.get(project, {}), **ready}
    return found
