"""What a year's targets lack (查缺): what the scheme asks for and nobody has set, and what does not add up."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from kpi.models import TargetLevel
from kpi.queries.target import TargetLine, difference_words, goal_words
from kpi.scoring.periods import YEAR
from kpi.scoring.scheme import Target as WantedTarget


@dataclass(frozen=True, slots=True)
class TargetFault:
    """One target of a subject that is missing, or whose parts do not add up: `amount` is the whole, `parts` their sum."""

    line: TargetLine
    target: WantedTarget | None
    code: str
    period: str
    level: str
    words: str
    sentence: str
    amount: Decimal | None = None
    parts: Decimal | None = None

    @property
    def is_missing(self) -> bool:
        return self.amount is None


def lacking_targets(lines: Iterable[TargetLine], wanted: Mapping[str, WantedTarget]) -> Iterator[TargetFault]:
    """Everything the scheme asks for and nobody has set; the items that need it are undecided."""
    for line in lines:
        for code, period, level in line.missing:
            words = goal_words((code, period, level), wanted)
            sentence = _("没有下达，有关指标待定。")
            yield TargetFault(line, wanted.get(code), code, period, level, words, sentence)


def differing_targets(lines: Iterable[TargetLine], wanted: Sequence[WantedTarget]) -> Iterator[TargetFault]:
    """Everything that does not add up, with both figures."""
    for line in lines:
        for target in wanted:
            for level in TargetLevel.values:
                words = goal_words((target.code, YEAR, level), {target.code: target})
                for one in line.differences(target.code, level):
                    yield TargetFault(
                        line,
                        target,
                        target.code,
                        one.period,
                        level,
                        words,
                        difference_words(one),
                        amount=one.amount,
                        parts=one.parts,
                    )
