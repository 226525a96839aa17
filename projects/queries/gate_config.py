"""The configuration of the gates as it holds on a day, class by class."""

from typing import Any

from django.utils import timezone

from projects.models import (
    GATED_MILESTONES,
    AdmissionCriterion,
    Checklist,
    ChecklistTopic,
    GateRequirement,
    ProjectClass,
    ReviewRule,
)
from projects.queries.gates import holding
from projects.review_rules import GateKind, Metric


def configuration() -> dict[str, Any]:
    """Requirements, criteria, rules of joint reviews and checklists of today, and what begins later; five queries."""
    today = timezone.localdate()
    classes = list(ProjectClass)
    asked = {
        (each.project_class, each.milestone, each.gate): each
        for each in GateRequirement.objects.filter(holding(today))
    }
    criteria = {
        (each.project_class, each.metric): each for each in AdmissionCriterion.objects.filter(holding(today))
    }
    rules = {each.project_class: each for each in ReviewRule.objects.filter(holding(today))}
    topics = list(ChecklistTopic.objects.filter(holding(today)).select_related("department"))
    return {
        "classes": classes,
        "requirements": [
            (
                milestone.label,
                gate.label,
                [asked.get((each, milestone.value, gate.value)) for each in classes],
            )
            for milestone in GATED_MILESTONES
            for gate in GateKind
            if any((each, milestone.value, gate.value) in asked for each in classes)
        ],
        "criteria": [
            (metric.label, [criteria.get((each, metric.value)) for each in classes])
            for metric in Metric
            if any((each, metric.value) in criteria for each in classes)
        ],
        "rules": [rules.get(each) for each in classes],
        "has_rules": bool(rules),
        "checklists": [
            (checklist, [(each, _lines(topics, checklist, each)) for each in classes])
            for checklist in Checklist
        ],
        "coming": list(GateRequirement.objects.filter(holds_from__gt=today)),
        "is_empty": not (asked or criteria or rules or topics) and not GateRequirement.objects.exists(),
    }


def _lines(topics: list[ChecklistTopic], checklist: str, project_class: str) -> list[ChecklistTopic]:
    return [each for each in topics if each.checklist == checklist and each.project_class == project_class]
