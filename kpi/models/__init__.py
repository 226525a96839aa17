"""Schemes, targets, the credit ledger, runs with their standings, items and award candidates."""

from kpi.models.ledger import LedgerLine
from kpi.models.run import AssessmentYear, CreditDue, Run, RunPart, RunState, RunSubtotals
from kpi.models.scheme import SchemeState, SchemeVersion
from kpi.models.standing import AwardCandidate, Item, Standing
from kpi.models.target import Target, TargetLevel, TargetPeriod

__all__ = [
    "AssessmentYear",
    "AwardCandidate",
    "CreditDue",
    "Item",
    "LedgerLine",
    "Run",
    "RunPart",
    "RunState",
    "RunSubtotals",
    "SchemeState",
    "SchemeVersion",
    "Standing",
    "Target",
    "TargetLevel",
    "TargetPeriod",
]
