"""What follows from a year for people: the grades of the next one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import GradeRoundState, PaySheet, PayState, Run, SheetKind
from kpi.queries.course.step import Progress, Step
from kpi.queries.grades import grade_round_of, grade_rule_for, round_figures
from promotion.web.formats import day, number
from staff.models import Account


def grades(actor: Account, year: int, run: Run | None) -> Step:
    """Whether next year's grades are proposed, decided and carried out, and how many change."""
    title, url = _("职级"), f"{reverse('kpi:grades')}?year={year}"
    found = grade_round_of(actor, year)
    if found is None:
        ready = grade_rule_for(year) is not None
        said = _("办法已发布，年终核算后拟定。") if ready else _("还没有发布职级评定办法。")
        return Step("grades", title, Progress.AHEAD, said, url)
    told = round_figures(found)
    words = {
        "state": found.get_state_display(),
        "people": number(told.people, 0),
        "up": number(told.up, 0),
        "down": number(told.down, 0),
        "day": day(found.applies_on),
    }
    sentence = _("%(state)s：%(people)s 人，晋升 %(up)s 人，降低 %(down)s 人，自 %(day)s 起执行。") % words
    state = Progress.DONE if found.state == GradeRoundState.APPLIED else Progress.OPEN
    return Step("grades", title, state, sentence, url)


def pay(actor: Account, year: int, run: Run | None) -> Step:
    """How many months are paid, and whether the year is settled: no amounts."""
    title, url = _("薪酬"), f"{reverse('kpi:pay')}?year={year}"
    rows = PaySheet.objects.filter(year=year).order_by().values_list("kind", "state")
    paid = [kind for kind, state in rows if state == PayState.PAID]
    if not rows:
        return Step("pay", title, Progress.AHEAD, _("还没有工资表。"), url)
    settled = SheetKind.SETTLEMENT in paid
    words = {"count": number(paid.count(SheetKind.MONTH), 0)}
    sentence = (
        _("已发放 %(count)s 个月，年终已结算。") if settled else _("已发放 %(count)s 个月，年终还没有结算。")
    )
    waiting = len(paid) < len(rows)
    state = Progress.DONE if settled and not waiting else Progress.OPEN
    return Step("pay", title, state, sentence % words, url)
