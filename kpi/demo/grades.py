"""Demo grades: thresholds released by a second person, and the rounds of the past years carried out."""

from decimal import Decimal

from kpi import actions
from kpi.demo import recalculate
from kpi.models import GradeProposal, Standing
from kpi.queries.course import decisive_run
from kpi.queries.grades import grade_rule_for, round_figures
from projects.demo.world import World
from staff.models import Account, Grade

SAID = "名次线和一年升降一级均为演示设定；案例只写明“依据实际考核评分确定岗位职级”，未公布标准。"
KEPT = "全年在外驻点，所跟项目次年签约，经研究级别保持不变。"


def tell_grades(world: World, year: int) -> str:
    """Thresholds once, then the round of a past year: one person is kept although the result proposes less."""
    hr, manager = world.accounts["hr"], world.accounts["manager"]
    if not is_decided(year):
        return ""
    if grade_rule_for(year) is None:
        _release_thresholds(hr, manager, year)
    found = actions.open_grade_round(actor=hr, year=year)
    falling = GradeProposal.objects.filter(round=found, present=Grade.SENIOR, proposed=Grade.FIRST)
    kept = falling.filter(team__kind="liaison").order_by("pk").first() or falling.order_by("pk").first()
    if kept is not None:
        actions.decide_grade(actor=hr, proposal=kept, grade=kept.present, reason=KEPT)
    actions.submit_grade_round(actor=hr, found=found)
    actions.approve_grade_round(actor=manager, found=found, approve=True)
    actions.apply_grade_round(actor=hr, found=found)
    if year + 1 < world.today.year:
        # Results name the grade that people hold on the last day, and that of the next past year is another one now.
        recalculate(actor=hr, year=year + 1)
    told = round_figures(found)
    return f"{year}: {told.people} grades, {told.up} up, {told.down} down"


def is_decided(year: int) -> bool:
    """Whether every item of every officer is decided in the run that decisions stand on."""
    people = Standing.objects.filter(run=decisive_run(year), person__isnull=False)
    return people.exists() and not people.filter(undecided_count__gt=0).exists()


def _release_thresholds(hr: Account, manager: Account, first_year: int) -> None:
    """By place, because totals of the demo grow from year to year."""
    terms = actions.GradeTerms(
        title="招商专员职级评定办法",
        holds_from=first_year,
        measure="place",
        senior_at=Decimal(30),
        first_at=Decimal(75),
        assumptions=SAID,
    )
    actions.release_grade_rule(actor=manager, rule=actions.draft_grade_rule(actor=hr, terms=terms))
