"""Checks of what people decide about the results: publicity, objections, awards, cards, grades, bonuses, pay."""

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.models import (
    AwardCandidate,
    AwardDecision,
    AwardState,
    BonusState,
    Card,
    CardState,
    GradeRound,
    GradeRoundState,
    PaySheet,
    PayState,
    Publicity,
    Run,
    ScoreObjection,
    SheetKind,
    TeamBonus,
)
from kpi.models.publicity import LIVE
from kpi.queries.closing.check import Check
from kpi.queries.publicity import final_publicity, reopened_since
from kpi.queries.run import current_run
from promotion.web.formats import number


def publicity(year: int, run: Run | None) -> Check:
    """The results were made public and the final list is drawn; one that is under way stands in the way."""
    title, url = _("公示与定案"), f"{reverse('kpi:publicity')}?year={year}"
    if Publicity.objects.filter(year=year, state__in=LIVE).exists():
        return Check("publicity", title, 1, _("公示还没有结束；请定案或撤回。"), url)
    final = final_publicity(year)
    if final is not None and final.final_run is not None:
        present = current_run(year)
        if reopened_since(final) and present and present.fingerprint != final.final_run.fingerprint:
            sentence = _(
                "重开以后的结果与定案不同，关账仍以定案的第 %(number)s 批为准；要按新结果定案，请另行公示。"
            )
            words = {"number": final.final_run.number}
            return Check("publicity", title, 1, sentence % words, url, blocking=False)
        return Check("publicity", title, 0, _("已定案。"), url)
    return Check("publicity", title, 1, _("全年结果没有公示和定案。"), url, blocking=False)


def objections(year: int, run: Run | None) -> Check:
    """Every objection is decided."""
    title, url = _("考核异议"), f"{reverse('kpi:publicity')}?year={year}"
    waiting = ScoreObjection.objects.filter(publicity__year=year, state="open").count()
    if not waiting:
        return Check("objections", title, 0, _("没有待处理的异议。"), url)
    sentence = _("%(count)s 条异议待处理。") % {"count": number(waiting, 0)}
    return Check("objections", title, waiting, sentence, url)


def awards(year: int, run: Run | None) -> Check:
    """What was decided about awards is approved; awards with candidates that nobody decided about go along."""
    title, url = _("评奖"), f"{reverse('kpi:awards')}?year={year}"
    decisions = AwardDecision.objects.filter(year=year)
    unfinished = decisions.filter(state__in=(AwardState.DRAFT, AwardState.SUBMITTED)).count()
    if unfinished:
        sentence = _("%(count)s 项评奖决定还没有批准。") % {"count": number(unfinished, 0)}
        return Check("awards", title, unfinished, sentence, url)
    decided = decisions.filter(state=AwardState.APPROVED).values("award")
    left = AwardCandidate.objects.filter(run=run, passed_over=False).exclude(award__in=decided)
    count = left.values("award").distinct().count() if run else 0
    if not count:
        return Check("awards", title, 0, _("奖项都已决定。"), url, blocking=False)
    sentence = _("%(count)s 个奖项有候选人而没有决定。") % {"count": number(count, 0)}
    return Check("awards", title, count, sentence, url, blocking=False)


def cards(year: int, run: Run | None) -> Check:
    """Every proposed card was shown or declined; a proposal that nobody decided on goes along."""
    title, url = _("亮牌"), f"{reverse('kpi:cards')}?year={year}"
    waiting = Card.objects.filter(year=year, state=CardState.PROPOSED).count()
    if not waiting:
        return Check("cards", title, 0, _("没有待决定的牌。"), url, blocking=False)
    sentence = _("%(count)s 张牌待决定。") % {"count": number(waiting, 0)}
    return Check("cards", title, waiting, sentence, url, blocking=False)


def bonuses(year: int, run: Run | None) -> Check:
    """Every distribution of the year's bonuses is approved; bonuses are paid over years, so that an open one goes along."""
    title, url = _("团队奖励"), f"{reverse('kpi:bonuses')}?year={year}"
    done = (BonusState.APPROVED, BonusState.ENDED)
    waiting = TeamBonus.objects.filter(year=year).exclude(state__in=done).count()
    if not waiting:
        return Check("bonuses", title, 0, _("没有待批准的分配方案。"), url, blocking=False)
    sentence = _("%(count)s 项奖励的分配方案还没有批准；关账以后仍可办理。") % {"count": number(waiting, 0)}
    return Check("bonuses", title, waiting, sentence, url, blocking=False)


def grades(year: int, run: Run | None) -> Check:
    """The grades of the next year are carried out; a year whose grades were never begun is closed without them."""
    title, url = _("职级"), f"{reverse('kpi:grades')}?year={year}"
    found = GradeRound.objects.filter(year=year).first()
    if found is None:
        sentence = _("还没有评定；关账以后不能再评。")
        return Check("grades", title, 1, sentence, url, blocking=False)
    if found.state == GradeRoundState.APPLIED:
        return Check("grades", title, 0, _("已执行。"), url)
    sentence = _("%(state)s，还没有执行。") % {"state": found.get_state_display()}
    return Check("grades", title, 1, sentence, url)


def pay(year: int, run: Run | None) -> Check:
    """What was made is paid, and the year is settled; a year that pays nothing is closed without a settlement."""
    title, url = _("薪酬"), f"{reverse('kpi:pay')}?year={year}"
    sheets = PaySheet.objects.filter(year=year)
    open_ones = sheets.exclude(state=PayState.PAID).count()
    if open_ones:
        sentence = _("%(count)s 张工资表还没有发放。") % {"count": number(open_ones, 0)}
        return Check("pay", title, open_ones, sentence, url)
    if sheets.filter(kind=SheetKind.SETTLEMENT).exists():
        return Check("pay", title, 0, _("已结算并发放。"), url, blocking=False)
    return Check("pay", title, 1, _("没有年终结算；关账以后不能再编制。"), url, blocking=False)
