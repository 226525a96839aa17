"""Both past years decided: what is clear is accepted, ties and the last are decided by people, a manager approves."""

from kpi import actions
from kpi.models import AwardDecision
from kpi.queries.award import AwardBoard, AwardRow, boards_of, departs
from kpi.queries.course import decisive_run
from projects.demo.chapters import World
from staff.models import Account

TOGETHER = "考核组研究决定（演示）"
NAMED = 2


def tell_awards(world: World, year: int) -> str:
    """The awards of a past year, from draft to approval; one of the last changes post, the others are warned."""
    hr, manager = world.accounts["hr"], world.accounts["manager"]
    approved = 0
    for board in boards_of(year, decisive_run(year)):
        for place, row in enumerate(board.rows):
            _decide(hr, year, board, row, place)
        if board.rows:
            actions.submit_awards(actor=hr, year=year, award=board.code)
            made = actions.approve_awards(actor=manager, year=year, award=board.code, approve=True)
            approved += len(made)
    granted = AwardDecision.objects.filter(year=year, outcome="granted").count()
    return f"{year}: {approved} awards decided, {granted} granted"


def _decide(hr: Account, year: int, board: AwardBoard, row: AwardRow, place: int) -> None:
    if row.candidate is None or row.subject is None:
        return
    unclear = row.candidate.passed_over or row.candidate.undecided
    # Who ties in a crowd at the end is not punished for it: people name as many as there are places.
    crowded = board.is_warning and row.candidate.is_tied and place >= NAMED
    outcome = "withheld" if unclear or crowded else "granted"
    follows = board.is_warning and row.is_person and outcome == "granted"
    actions.decide_award(
        actor=hr,
        year=year,
        award=board.code,
        subject=row.subject,
        outcome=outcome,
        consequence=("move" if place == 0 else "none") if follows else "",
        reason=TOGETHER if departs(row.candidate, outcome) else "",
    )
