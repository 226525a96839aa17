"""What follows from a year for people: the grades of the next one."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import GradeRoundState, Run
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
