"""The step of the team bonuses: how many key projects of the year have one, and how far they are."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.access.bonus import bonus_candidates_visible_to, bonuses_visible_to
from kpi.models import BonusState, Run
from kpi.queries.course.step import Progress, Step
from promotion.web.formats import number
from staff.models import Account


def bonuses(actor: Account, year: int, run: Run | None) -> Step:
    """Counts of what one sees; done once every key project recognised in the year has an approved distribution."""
    title, url = _("团队奖励"), f"{reverse('kpi:bonuses')}?year={year}"
    rows = bonuses_visible_to(actor).filter(year=year).exclude(state=BonusState.ENDED)
    counts = rows.aggregate(whole=Count("pk"), approved=Count("pk", filter=Q(state=BonusState.APPROVED)))
    missing = bonus_candidates_visible_to(actor).filter(recognised_on__year=year).count()
    if not counts["whole"] and not missing:
        return Step("bonuses", title, Progress.AHEAD, _("还没有团队奖励。"), url)
    words = {"whole": number(counts["whole"], 0), "approved": number(counts["approved"], 0)}
    sentence = _("%(whole)s 项奖励，%(approved)s 项分配方案已批准。") % words
    if missing:
        sentence += _("%(count)s 个已认定项目待设立。") % {"count": number(missing, 0)}
    whole = not missing and counts["approved"] == counts["whole"]
    return Step("bonuses", title, Progress.DONE if whole else Progress.OPEN, sentence, url)
