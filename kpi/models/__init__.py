"""Schemes, targets, the credit ledger, runs with their standings, items and award candidates."""

from kpi.models.ledger import LedgerLine
from kpi.models.run import AssessmentYear, Run, RunState
from kpi.models.scheme import SchemeState, SchemeVersion, Target
from kpi.models.standing import AwardCandidate, Item, Standing

__all__ = [
    "AssessmentYear",
    "AwardCandidate",
    "Item",
    "LedgerLine",
    "Run",
    "RunState",
    "SchemeState",
    "SchemeVersion",
    "Standing",
    "Target",
]
