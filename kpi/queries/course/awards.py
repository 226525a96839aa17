"""The step of the awards: how many stand, and how far the decisions are."""

from collections import Counter

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.access.award import sees_award_proposals
from kpi.models import AwardState, Run
from kpi.queries.award import candidate_key, candidates_of, granted_of, live_decisions
from kpi.queries.course.step import Progress, Step
from promotion.web.formats import number
from staff.models import Account


def awards(actor: Account, year: int, run: Run | None) -> Step:
    """Decided by people from the proposals of the run; done once everybody who stands is decided and approved."""
    title, url = _("评奖"), f"{reverse('kpi:awards')}?year={year}"
    states = {(one.award, *one.subject_key): one.state for one in live_decisions(year)}
    stands = {(one.award, *candidate_key(one)) for one in candidates_of(run) if not one.passed_over}
    missing = len(stands - states.keys())
    count = Counter(states.values())
    approved, whole = count[AwardState.APPROVED], bool(states) and not missing
    if not sees_award_proposals(actor):
        granted = granted_of(actor, year).count()
        sentence = (
            _("已公布 %(count)s 项。") % {"count": number(granted, 0)} if granted else _("还没有公布。")
        )
    elif not states:
        sentence = _("%(count)s 名候选待决定。") % {"count": number(missing, 0)}
    else:
        words = {
            "approved": number(approved, 0),
            "submitted": number(count[AwardState.SUBMITTED], 0),
            "open": number(missing + count[AwardState.DRAFT], 0),
        }
        sentence = _("已批准 %(approved)s 项，待审批 %(submitted)s 项，待决定 %(open)s 项。") % words
    if whole and approved == len(states):
        return Step("awards", title, Progress.DONE, sentence, url)
    return Step("awards", title, Progress.OPEN if states else Progress.AHEAD, sentence, url)
