"""The records of `kpi` to look at, read-only: every change goes through an action."""

from django.contrib import admin

from kpi.models import (
    AssessmentYear,
    AwardCandidate,
    GradeRound,
    GradeRule,
    Item,
    LedgerLine,
    Run,
    SchemeVersion,
    Standing,
    Target,
)
from promotion.web.admin import ReadOnlyAdmin


@admin.register(AssessmentYear)
class AssessmentYearAdmin(ReadOnlyAdmin):
    list_display = ["year", "current_run", "closed_at"]


@admin.register(SchemeVersion)
class SchemeVersionAdmin(ReadOnlyAdmin):
    list_display = ["title", "year", "number", "state", "holds_from", "drafted_by", "published_by"]
    list_filter = ["year", "state"]


@admin.register(Target)
class TargetAdmin(ReadOnlyAdmin):
    list_display = ["year", "indicator", "person", "team", "period", "level", "amount", "unit"]
    list_filter = ["year", "indicator", "period", "level"]
    list_select_related = ["person", "team"]


@admin.register(LedgerLine)
class LedgerLineAdmin(ReadOnlyAdmin):
    list_display = [
        "id",
        "year",
        "kind",
        "person",
        "ranked_team",
        "role",
        "share",
        "amount",
        "reverses_id",
        "posted_at",
    ]
    list_filter = ["year", "kind"]
    list_select_related = ["person", "ranked_team"]


@admin.register(Run)
class RunAdmin(ReadOnlyAdmin):
    list_display = [
        "year",
        "number",
        "state",
        "as_of",
        "requested_by",
        "requested_at",
        "finished_at",
        "attempts",
    ]
    list_filter = ["year", "state"]


@admin.register(Standing)
class StandingAdmin(ReadOnlyAdmin):
    list_display = ["run", "group", "rank", "subject_name", "total", "undecided_count"]
    list_filter = ["group"]
    list_select_related = ["run"]


@admin.register(Item)
class ItemAdmin(ReadOnlyAdmin):
    list_display = ["standing", "title", "status", "points", "actual", "target", "explanation"]
    list_filter = ["status"]
    list_select_related = ["standing"]


@admin.register(AwardCandidate)
class AwardCandidateAdmin(ReadOnlyAdmin):
    list_display = ["run", "title", "standing", "is_tied", "undecided", "passed_over", "reason"]
    list_select_related = ["run", "standing"]


@admin.register(GradeRule)
class GradeRuleAdmin(ReadOnlyAdmin):
    list_display = ["title", "holds_from", "measure", "senior_at", "first_at", "state"]


@admin.register(GradeRound)
class GradeRoundAdmin(ReadOnlyAdmin):
    list_display = ["year", "state", "applies_on", "approved_by", "applied_at"]
