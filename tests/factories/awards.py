"""A year with a run and people at the places of its awards."""

from decimal import Decimal

from kpi.models import AssessmentYear, AwardCandidate, Run, Standing
from staff.models import Person, Team
from tests.factories.kpi import make_run, make_scheme

YEAR = 2025
SCHEME = """
scheme: awards
title: 评奖细则
year: 2026
groups:
  officers: {title: 招商专员, subjects: [officer]}
  teams: {title: 攻坚团队, subjects: [task_force, stationed]}
indicators:
  - code: signing
    title: 项目签约
    measures:
      signed: {title: 签约项目, facts: [signed], aggregate: count, unit: 个, share: points}
    rule: {kind: count_times_points, terms: [{of: signed, each: 1}]}
awards:
  - {code: gold, title: 金牌招商能手, group: officers, first: 2}
  - {code: snail, title: 蜗牛奖, group: teams, last: 1, warning: true}
  - {code: last, title: 末位, group: officers, last: 2, warning: true}
"""


def make_year(year: int = YEAR, text: str = SCHEME) -> Run:
    """A finished run that the year's readers see, without standings."""
    run = make_run(make_scheme(year, text))
    AssessmentYear.objects.update_or_create(year=year, defaults={"current_run": run})
    return run


def make_candidate(
    run: Run,
    award: str,
    subject: Person | Team,
    *,
    place: int = 1,
    total: str = "90",
    is_warning: bool = False,
    **marks: bool,
) -> AwardCandidate:
    """Somebody at a place of an award."""
    is_person = isinstance(subject, Person)
    standing, _created = Standing.objects.get_or_create(
        run=run,
        group="officers" if is_person else "teams",
        person=subject if is_person else None,
        team=None if is_person else subject,
        defaults={
            "subject_name": subject.name,
            "total": Decimal(total),
            "rank": place,
            "group_size": 5,
        },
    )
    titles = {"gold": "金牌招商能手", "snail": "蜗牛奖", "last": "末位"}
    return AwardCandidate.objects.create(
        run=run,
        award=award,
        title=titles.get(award, award),
        standing=standing,
        is_warning=is_warning,
        reason=f"第 {place} 名。",
        position=AwardCandidate.objects.filter(run=run).count(),
        **marks,
    )
