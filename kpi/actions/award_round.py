"""What every step of an award does first: the year is locked, the run is the one that decisions stand on, nobody decides about himself."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from kpi.access import award as access
from kpi.models import AssessmentYear, AwardDecision, AwardState, Run
from kpi.queries.award import AwardBoard, board_of
from kpi.queries.course import decisive_run
from promotion.errors import NotAllowed, NotFound, Refused
from staff.access.concern import is_concerned
from staff.models import Account

LONGEST = 300


@dataclass(frozen=True, slots=True)
class AwardRound:
    """One award of a year while it is written: the year is locked, the run is the one that decisions stand on."""

    year: AssessmentYear
    run: Run
    board: AwardBoard


def locked_round(year: int, award: str) -> AwardRound:
    """The year locked, so that whoever comes second sees what the first has done."""
    locked = open_year(year)
    run = decisive_run(year)
    board = board_of(year, run, award) if run is not None else None
    if run is None or board is None:
        raise NotFound(_("%(year)s 年度没有这个奖项，或者还没有核算。") % {"year": year})
    return AwardRound(locked, run, board)


def open_year(year: int) -> AssessmentYear:
    found = AssessmentYear.objects.select_for_update().filter(year=year).first()
    if found is None:
        raise NotFound(_("%(year)s 年度没有这个奖项，或者还没有核算。") % {"year": year})
    if found.closed_at is not None:
        raise Refused(_("%(year)s 年已关账，评奖不再变动。") % {"year": year})
    return found


def refuse_own(actor: Account, board: AwardBoard) -> None:
    """Nobody has a hand in an award that he, or his team, stands for."""
    if is_concerned(actor, board.people, board.teams):
        raise NotAllowed(_("您本人或您的团队在这个奖项的名次上，请由没有关系的同事办理。"))


def refuse_changed(board: AwardBoard) -> None:
    """Raises Refused when the run says otherwise than when somebody was decided about."""
    changed = [row for row in board.rows if row.changes and row.decision is not None]
    open_ones = [row for row in changed if row.decision and row.decision.state != AwardState.APPROVED]
    if open_ones:
        words = {"name": open_ones[0].name, "change": open_ones[0].changes[0]}
        raise Refused(_("决定以后重新核算过，%(name)s的情况变了：%(change)s请人事重新决定后再提交。") % words)


def visible_decision(actor: Account, decision: AwardDecision) -> AwardDecision:
    found = access.award_decisions_visible_to(actor).filter(pk=decision.pk).first()
    if found is None:
        raise NotFound(_("没有这项评奖决定，或您无权查看。"))
    return found


def change(held: AwardDecision, **values: Any) -> None:
    for name, value in values.items():
        setattr(held, name, value)
    held.version += 1
    held.save(update_fields=[*values, "version"])


def said(text: str, sentence: str) -> str:
    words = text.strip()
    if not words:
        raise Refused(sentence, fields={"reason": sentence})
    if len(words) > LONGEST:
        long = _("最多 %(number)s 个字。") % {"number": LONGEST}
        raise Refused(long, fields={"reason": long})
    return words


def address_of(year: int) -> str:
    return f"{reverse('kpi:awards')}?year={year}"
