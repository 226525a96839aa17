"""Which threshold for key projects (重大项目认定标准) a project meets. Pure: no database, no clock.

A row names a class, an industry and a source of capital (either may be all), the milestone that must be recognised, what is
measured and the amount that it has to reach. Of the rows that ask for the same class, milestone and measure only the most
specific one that fits the project counts, so that a row for one industry may ask for more or for less than the row for all;
rows of different milestones or measures are alternatives.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

# From the lowest to the highest.
CLASSES = ("major", "strategic")


class Measure(StrEnum):
    """What is compared with the threshold: 元 for the first two, US dollars for the last."""

    CONTRACT = "contract"
    PLANNED = "planned"
    FOREIGN = "foreign"


@dataclass(frozen=True)
class Threshold:
    """A row of the table; an empty industry or source means all. `amount` in the unit of the measure."""

    key: int
    project_class: str
    industry: str
    capital_source: str
    milestone: str
    measure: str
    amount: Decimal

    def fits(self, figures: "Figures") -> bool:
        """Whether the row speaks of this kind of project, whatever its size."""
        return self.industry in ("", figures.industry) and self.capital_source in ("", figures.capital_source)

    @property
    def question(self) -> tuple[str, str, str]:
        """Rows with the same question answer it, the more specific before the more general."""
        return self.project_class, self.milestone, self.measure

    @property
    def rank(self) -> int:
        """How specific the row is: an industry weighs more than a source of capital."""
        return 2 * bool(self.industry) + bool(self.capital_source)


@dataclass(frozen=True)
class Figures:
    """What is recognised of a project on a day: its milestones, and the amount of each measure (missing: none)."""

    industry: str
    capital_source: str
    milestones: frozenset[str]
    amounts: Mapping[str, Decimal]


def counting(rows: Iterable[Threshold], figures: Figures) -> list[Threshold]:
    """The rows that count for the project: of each question the most specific that fits it, the earlier key first among equals."""
    best: dict[tuple[str, str, str], Threshold] = {}
    for row in sorted(rows, key=lambda one: (-one.rank, one.key)):
        if row.fits(figures):
            best.setdefault(row.question, row)
    return list(best.values())


def is_met(row: Threshold, figures: Figures) -> bool:
    """Whether the milestone is recognised and the amount reaches the threshold (equal counts)."""
    return row.milestone in figures.milestones and figures.amounts.get(row.measure, Decimal(0)) >= row.amount


def met(rows: Iterable[Threshold], figures: Figures) -> list[Threshold]:
    """The counting rows that the project meets: the highest class first, then those exceeded most."""
    found = [row for row in counting(rows, figures) if is_met(row, figures)]
    return sorted(
        found,
        key=lambda row: (
            -CLASSES.index(row.project_class),
            -figures.amounts[row.measure] / row.amount,
            row.key,
        ),
    )


def meant_for(rows: Sequence[Threshold], figures: Figures, project_class: str) -> Threshold | None:
    """The row by which a project reaches the class: one of the class itself or, where none is met, of a higher one."""
    found = met(rows, figures)
    own = [row for row in found if row.project_class == project_class]
    higher = [row for row in found if CLASSES.index(row.project_class) > CLASSES.index(project_class)]
    return next(iter(own or higher), None)


def class_of(rows: Sequence[Threshold], figures: Figures) -> str:
    """The highest class that the project reaches; empty when it reaches none."""
    found = met(rows, figures)
    return found[0].project_class if found else ""
