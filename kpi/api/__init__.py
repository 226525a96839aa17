"""Rankings, runs, schemes, targets and inputs for other systems."""

from kpi.api.award import AwardViewSet
from kpi.api.books import BookViewSet
from kpi.api.bulletin import BulletinViewSet
from kpi.api.card import CardViewSet
from kpi.api.closing import ClosingViewSet
from kpi.api.explained import ChangeViewSet, ItemViewSet, LedgerLineViewSet
from kpi.api.grades import GradeProposalViewSet, GradeRoundViewSet, GradeRuleViewSet
from kpi.api.input_previews import InputPreviewViewSet
from kpi.api.inputs import InputViewSet
from kpi.api.office import OfficeViewSet
from kpi.api.pay import PayRuleViewSet, PayScaleViewSet, PaySheetViewSet
from kpi.api.publicity import PublicityViewSet
from kpi.api.results import ProjectVerdictViewSet, RankingViewSet, RunViewSet, StandingViewSet
from kpi.api.scheme import SchemeViewSet
from kpi.api.score_objection import ScoreObjectionViewSet
from kpi.api.target import TargetViewSet
from kpi.api.target_previews import TargetPreviewViewSet
from kpi.api.trial import RehearsalViewSet, WhatIfViewSet
from kpi.api.unit import UnitViewSet
from kpi.api.year import YearStepViewSet

__all__ = [
    "AwardViewSet",
    "BookViewSet",
    "BulletinViewSet",
    "CardViewSet",
    "ChangeViewSet",
    "ClosingViewSet",
    "GradeProposalViewSet",
    "GradeRoundViewSet",
    "GradeRuleViewSet",
    "InputPreviewViewSet",
    "InputViewSet",
    "ItemViewSet",
    "LedgerLineViewSet",
    "OfficeViewSet",
    "PayRuleViewSet",
    "PayScaleViewSet",
    "PaySheetViewSet",
    "ProjectVerdictViewSet",
    "PublicityViewSet",
    "RankingViewSet",
    "RehearsalViewSet",
    "RunViewSet",
    "SchemeViewSet",
    "ScoreObjectionViewSet",
    "StandingViewSet",
    "TargetPreviewViewSet",
    "TargetViewSet",
    "UnitViewSet",
    "WhatIfViewSet",
    "YearStepViewSet",
]
