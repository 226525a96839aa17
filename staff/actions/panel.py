"""The panel of a round: set by HR, and from whom its judges stand back."""

from collections.abc import Sequence

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from promotion.action import action, record
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.competition import can_run_competitions
from staff.access.interview import can_plan_interviews, panels_visible_to
from staff.actions.competition import locked_competition, said
from staff.models import (
    Account,
    Application,
    Competition,
    CompetitionState,
    Panelist,
    Recusal,
    ScoreSheet,
)

UNDER_WAY = (CompetitionState.ANNOUNCED, CompetitionState.INTERVIEWING)


@action("competition.panel", gettext_lazy("组成考核组"))
def set_panel(
    *, actor: Account, competition: Competition, chair: Account, members: Sequence[Account]
) -> list[Panelist]:
    """Say who judges in the round; `members` without or with the chair. Nobody judges where he applied.

    Raises Refused for an applicant, too few judges, or when somebody who has a session would be left out.
    """
    locked = locked_competition(actor, competition)
    if not can_plan_interviews(actor):
        raise NotAllowed(_("考核组由人事组成。"))
    if locked.state not in UNDER_WAY:
        raise Refused(_("竞聘公布之后、计分之前才能组成考核组。"))
    wanted = list(dict.fromkeys([chair, *members]))
    if len(wanted) < locked.least_judges:
        sentence = _("至少要 %(least)s 位评委，现在是 %(count)s 位。") % {
            "least": locked.least_judges,
            "count": len(wanted),
        }
        raise Refused(sentence, fields={"members": sentence})
    people = [each.person_id for each in wanted if each.person_id]
    applied = locked.applications.filter(person__in=people).exclude(state="withdrawn")
    if names := [each.person.name for each in applied.select_related("person")]:
        sentence = _("%(names)s报名了这次竞聘，不能当评委。") % {"names": "、".join(names)}
        raise Refused(sentence, fields={"members": sentence})
    _drop_others(locked, wanted)
    locked.panel.filter(is_chair=True).exclude(account=chair).update(is_chair=False)
    for each in wanted:
        Panelist.objects.update_or_create(
            competition=locked, account=each, defaults={"is_chair": each == chair}
        )
    record(
        actor=actor,
        verb="competition.panel",
        target=locked,
        detail={"chair": str(chair), "members": [str(each) for each in wanted]},
    )
    return list(locked.panel.select_related("account"))


def _drop_others(competition: Competition, wanted: Sequence[Account]) -> None:
    gone = competition.panel.exclude(account__in=wanted)
    busy = [str(each.account) for each in gone.filter(sessions__isnull=False).distinct()]
    if busy:
        raise Refused(_("%(names)s已安排面试场次，不能移出考核组；请先改场次。") % {"names": "、".join(busy)})
    Recusal.objects.filter(panelist__in=gone).delete()
    gone.delete()


@action("panel.recuse", gettext_lazy("登记回避"))
def recuse(*, actor: Account, panelist: Panelist, application: Application, reason: str) -> Recusal:
    """Let a judge stand back from a candidate: by the judge's own word or HR's, before he has given points.

    Raises Refused when points were given, or when too few judges would be left for a candidate with a session.
    """
    found = panels_visible_to(actor).select_for_update(of=("self",)).filter(pk=panelist.pk).first()
    if found is None or application.competition_id != found.competition_id:
        raise NotFound(_("没有这位考核组成员或报名人。"))
    if found.account_id != actor.pk and not can_run_competitions(actor):
        raise NotAllowed(_("回避由评委本人提出，或由人事登记。"))
    words = said(reason, "reason", _("请写明回避的理由。"), longest=200)
    sheet = ScoreSheet.objects.filter(panelist=found, interview__application=application)
    if sheet.filter(scores__isnull=False).exists():
        raise Refused(_("已经给这位报名人打过分，不能再回避；请写明情况交组长处理。"))
    row = Recusal.objects.create(panelist=found, application=application, reason=words, declared_by=actor)
    _check_left(application)
    record(
        actor=actor,
        verb="panel.recuse",
        target=application,
        reason=words,
        detail={"judge": str(found.account)},
    )
    return row


def _check_left(application: Application) -> None:
    interview = getattr(application, "interview", None)
    if interview is None:
        return
    judges = interview.session.judges.exclude(panelist__recusals__application=application).count()
    least = application.competition.least_judges
    if judges < least:
        raise Refused(
            _("回避后只剩 %(count)s 位评委，不到 %(least)s 位；请先给这一场增加评委。")
            % {"count": judges, "least": least}
        )
