"""Schemes, targets, the credit ledger, runs with their standings, items and award candidates."""

from kpi.models.award import AwardDecision, AwardOutcome, AwardState, Consequence, Proposal
from kpi.models.bonus import BonusPhase, BonusState, TeamBonus
from kpi.models.bonus_line import BonusLine, BonusPayout
from kpi.models.bonus_plan import BonusPart, BonusPlan, BonusShare, PlanState, ShareAnswer
from kpi.models.bonus_rate import BonusMeasure, BonusRate, BonusRatePhase
from kpi.models.bulletin import Bulletin, BulletinState
from kpi.models.card import Card, CardColour, CardKind, CardRule, CardState
from kpi.models.closing import SealKind, YearRequest, YearRequestState, YearSeal
from kpi.models.grade import GradeMeasure, GradeProposal, GradeRound, GradeRoundState, GradeRule
from kpi.models.inputs import (
    NOT_HANDED_IN,
    AssessmentInput,
    InputKind,
    InputPaper,
    InputState,
    choice_said,
)
from kpi.models.investor import FactInvestor
from kpi.models.ledger import LedgerLine
from kpi.models.pay import (
    DayBasis,
    OpeningForm,
    PayLine,
    PayMethod,
    PayOpening,
    PayRule,
    PayScale,
    PayScaleLine,
    PaySheet,
    PayState,
    SheetKind,
)
from kpi.models.publicity import Acknowledgement, Publicity, PublicityState
from kpi.models.released import ReleaseState
from kpi.models.run import AssessmentYear, CreditDue, Run, RunPart, RunState, RunSubtotals
from kpi.models.scheme import SchemeState, SchemeVersion
from kpi.models.score_objection import ObjectionPaper, ObjectionState, RemedyKind, ScoreObjection
from kpi.models.standing import AwardCandidate, Item, Standing
from kpi.models.target import Target, TargetLevel, TargetPeriod

__all__ = [
    "NOT_HANDED_IN",
    "Acknowledgement",
    "AssessmentInput",
    "AssessmentYear",
    "AwardCandidate",
    "AwardDecision",
    "AwardOutcome",
    "AwardState",
    "BonusLine",
    "BonusMeasure",
    "BonusPart",
    "BonusPayout",
    "BonusPhase",
    "BonusPlan",
    "BonusRate",
    "BonusRatePhase",
    "BonusShare",
    "BonusState",
    "Bulletin",
    "BulletinState",
    "Card",
    "CardColour",
    "CardKind",
    "CardRule",
    "CardState",
    "Consequence",
    "CreditDue",
    "DayBasis",
    "FactInvestor",
    "GradeMeasure",
    "GradeProposal",
    "GradeRound",
    "GradeRoundState",
    "GradeRule",
    "InputKind",
    "InputPaper",
    "InputState",
    "Item",
    "LedgerLine",
    "ObjectionPaper",
    "ObjectionState",
    "OpeningForm",
    "PayLine",
    "PayMethod",
    "PayOpening",
    "PayRule",
    "PayScale",
    "PayScaleLine",
    "PaySheet",
    "PayState",
    "PlanState",
    "Proposal",
    "Publicity",
    "PublicityState",
    "ReleaseState",
    "RemedyKind",
    "Run",
    "RunPart",
    "RunState",
    "RunSubtotals",
    "SchemeState",
    "SchemeVersion",
    "ScoreObjection",
    "SealKind",
    "ShareAnswer",
    "SheetKind",
    "Standing",
    "Target",
    "TargetLevel",
    "TargetPeriod",
    "TeamBonus",
    "YearRequest",
    "YearRequestState",
    "YearSeal",
    "choice_said",
]
