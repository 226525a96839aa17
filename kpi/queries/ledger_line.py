"""One ledger line (一条业绩归属): what it says, what it reverses, the proof behind it, and the items that read it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Prefetch, Q
from django.utils.translation import gettext as _

from kpi import access
from kpi.models import AssessmentYear, Item, LedgerLine
from kpi.queries.explain import ExplainedLine
from kpi.queries.measures import TEXT_ATTRIBUTES
from kpi.queries.scheme import indicator_of, read_scheme
from kpi.queries.sources import kinds_of
from kpi.queries.words import ATTRIBUTES, VALUES
from projects.access import achievements_visible_to, documents_visible_to, shown_names
from promotion.errors import NotFound
from staff.models import Account


@dataclass(frozen=True, slots=True)
class LineDetail:
    """A line as the reader may see it; `items` are those of the current run that read facts of its kind."""

    line: LedgerLine
    name: str
    can_open: bool
    reversal: LedgerLine | None
    attributes: tuple[tuple[str, str], ...]
    items: tuple[Item, ...]

    @property
    def people(self) -> Decimal | None:
        """The line's part of the people of 新增就业."""
        whole = self.line.full_people
        return None if whole is None else whole * self.line.share


def line_detail(actor: Account, pk: int) -> LineDetail:
    """Raises NotFound for a line behind no standing that the actor may explain."""
    documents = Prefetch("achievement__documents", documents_visible_to(actor), to_attr="evidence")
    related = (
        "achievement__decided_by",
        "project",
        "person",
        "team",
        "ranked_team",
        "posted_run",
        "reverses",
    )
    lines = access.ledger_lines_visible_to(actor).select_related(*related).prefetch_related(documents)
    line = lines.filter(pk=pk).first()
    if line is None:
        raise NotFound(_("没有这条业绩归属，或者您不能查看。"))
    names = shown_names(actor, [line.project])
    name = names.get(line.project_id) if line.project_id else ""
    return LineDetail(
        line,
        name=_called(line, name),
        can_open=achievements_visible_to(actor).filter(pk=line.achievement_id).exists(),
        reversal=LedgerLine.objects.filter(year=line.year, reverses=line).first(),
        attributes=tuple(_attributes(line)),
        items=tuple(_items(actor, line)),
    )


def shown_lines(actor: Account, lines: Sequence[LedgerLine]) -> list[ExplainedLine]:
    """Lines that the actor sees, by the names that he may know, in a constant number of queries."""
    names = shown_names(actor, [line.project for line in lines])
    facts = {line.achievement_id for line in lines}
    openable = set(achievements_visible_to(actor).filter(pk__in=facts).values_list("pk", flat=True))
    return [
        ExplainedLine(
            line,
            points=None,
            reason="",
            can_open=line.achievement_id in openable,
            name=_called(line, names.get(line.project_id) if line.project_id else ""),
        )
        for line in lines
    ]


def _called(line: LedgerLine, name: str | None) -> str:
    """The project as the reader may call it, else what the achievement says of itself."""
    return name or line.achievement.title or str(line.achievement.get_kind_display())


def _attributes(line: LedgerLine) -> list[tuple[str, str]]:
    """What schemes filter by, as it was on the day of posting."""
    found = [(label, getattr(line, name)) for name, label in ATTRIBUTES.items() if name in TEXT_ATTRIBUTES]
    return [(str(label), str(VALUES.get(value, value))) for label, value in found if value]


def _items(actor: Account, line: LedgerLine) -> list[Item]:
    """The items of person and ranked team in the year's current run whose measures read this kind of fact."""
    current = AssessmentYear.objects.filter(year=line.year).values("current_run")
    subject = Q(standing__person=line.person_id)
    if line.ranked_team_id is not None:
        subject |= Q(standing__team=line.ranked_team_id)
    items = Item.objects.filter(
        subject,
        standing__run__in=current,
        standing__in=access.explained_standings_visible_to(actor).values("pk"),
    )
    found = []
    for item in items.select_related("standing__run__scheme").order_by("standing_id", "position"):
        indicator = indicator_of(read_scheme(item.standing.run.scheme), item.indicator)
        if indicator is not None and line.kind in kinds_of(indicator):
            found.append(item)
    return found
