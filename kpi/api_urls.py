"""Addresses of `kpi` in the REST API."""

from rest_framework.routers import SimpleRouter

from kpi.api import (
    AwardViewSet,
    BookViewSet,
    BulletinViewSet,
    CardViewSet,
    ChangeViewSet,
    ClosingViewSet,
    GradeProposalViewSet,
    GradeRoundViewSet,
    GradeRuleViewSet,
    InputPreviewViewSet,
    InputViewSet,
    ItemViewSet,
    LedgerLineViewSet,
    OfficeViewSet,
    PayRuleViewSet,
    PayScaleViewSet,
    PaySheetViewSet,
    ProjectVerdictViewSet,
    PublicityViewSet,
    RankingViewSet,
    RehearsalViewSet,
    RunViewSet,
    SchemeViewSet,
    ScoreObjectionViewSet,
    StandingViewSet,
    TargetPreviewViewSet,
    TargetViewSet,
    UnitViewSet,
    WhatIfViewSet,
    YearStepViewSet,
)
from kpi.api.bonus import BonusRateViewSet, BonusViewSet

router = SimpleRouter()
router.register("ranking", RankingViewSet, basename="api-ranking")
router.register("runs", RunViewSet, basename="api-runs")
router.register("schemes", SchemeViewSet, basename="api-schemes")
router.register("standings", StandingViewSet, basename="api-standings")
router.register("project-verdicts", ProjectVerdictViewSet, basename="api-project-verdicts")
router.register("rehearsals", RehearsalViewSet, basename="api-rehearsals")
router.register("what-if", WhatIfViewSet, basename="api-what-if")
router.register("items", ItemViewSet, basename="api-items")
router.register("ledger-lines", LedgerLineViewSet, basename="api-ledger-lines")
router.register("changes", ChangeViewSet, basename="api-changes")
router.register("targets", TargetViewSet, basename="api-targets")
router.register("target-previews", TargetPreviewViewSet, basename="api-target-previews")
router.register("assessment-inputs", InputViewSet, basename="api-assessment-inputs")
router.register("input-previews", InputPreviewViewSet, basename="api-input-previews")
router.register("units", UnitViewSet, basename="api-units")
router.register("awards", AwardViewSet, basename="api-awards")
router.register("closings", ClosingViewSet, basename="api-closings")
router.register("books", BookViewSet, basename="api-books")
router.register("years", YearStepViewSet, basename="api-years")
router.register("grade-rules", GradeRuleViewSet, basename="api-grade-rules")
router.register("grade-rounds", GradeRoundViewSet, basename="api-grade-rounds")
router.register("grade-proposals", GradeProposalViewSet, basename="api-grade-proposals")
router.register("bulletins", BulletinViewSet, basename="api-bulletins")
router.register("pay-scales", PayScaleViewSet, basename="api-pay-scales")
router.register("pay-rules", PayRuleViewSet, basename="api-pay-rules")
router.register("pay-sheets", PaySheetViewSet, basename="api-pay-sheets")
router.register("publicities", PublicityViewSet, basename="api-publicities")
router.register("score-objections", ScoreObjectionViewSet, basename="api-score-objections")
router.register("offices", OfficeViewSet, basename="api-offices")
router.register("cards", CardViewSet, basename="api-cards")
router.register("bonus-rates", BonusRateViewSet, basename="api-bonus-rates")
router.register("bonuses", BonusViewSet, basename="api-bonuses")
urlpatterns = router.urls
