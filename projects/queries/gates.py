"""Which gates a project has passed, which it still needs, and the configuration of a class on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from projects.models import (
    ADMITTED,
    AdmissionApplication,
    AdmissionCriterion,
    Checklist,
    ChecklistTopic,
    CoachingItem,
    Department,
    Diligence,
    GateRequirement,
    JointReview,
    Project,
    ProjectSpecialist,
    ReviewRule,
)
from projects.review_rules import (
    MEASURES,
    Criterion,
    GateKind,
    ProjectFigures,
    Requirement,
    Rule,
    Verdict,
    gates_missing,
    judged,
)


def holding(on: date) -> Q:
    """Dated configuration that holds on the day."""
    return Q(holds_from__lte=on) & (Q(holds_until=None) | Q(holds_until__gt=on))


def requirements_of(project_class: str) -> list[Requirement]:
    """All requirements of a class, whenever they hold; one query."""
    rows = GateRequirement.objects.filter(project_class=project_class)
    return [
        Requirement(row.milestone, row.gate, row.holds_from, row.holds_until, row.stops_move) for row in rows
    ]


def departments_to_name() -> QuerySet[Department]:
    """The departments that name a specialist when building begins."""
    return Department.objects.filter(is_open=True, names_specialist=True)


def departments_without_specialist(project: Project) -> list[Department]:
    """Those of them that have named nobody for the project yet; one query."""
    named = project.specialists.filter(ends_on=None).values("department")
    return list(departments_to_name().exclude(pk__in=named))


def _marks() -> dict[str, Any]:
    """For each project whether it has passed each gate; the last decision counts, not the best."""
    decided = AdmissionApplication.objects.filter(project=OuterRef("pk")).exclude(decision="")
    rounds = JointReview.objects.filter(project=OuterRef("pk"), state__in=("passed", "failed"))
    named = ProjectSpecialist.objects.filter(
        project=OuterRef(OuterRef("pk")), department=OuterRef("pk"), ends_on=None
    )
    coaching = CoachingItem.objects.filter(project=OuterRef("pk"))
    return {
        "last_admission": Subquery(decided.order_by("-id").values("decision")[:1]),
        "last_round": Subquery(rounds.order_by("-round").values("state")[:1]),
        "inquiry_confirmed": Exists(Diligence.objects.filter(project=OuterRef("pk"), state="confirmed")),
        "coaching_begun": Exists(coaching),
        "coaching_left": Exists(coaching.filter(is_needed=True, done_on=None)),
        "specialists_missing": Exists(departments_to_name().filter(~Exists(named))),
    }


def passed_gates(project: Project) -> frozenset[str]:
    """The gates that the project has passed as it stands; one query."""
    row: Any = Project.objects.filter(pk=project.pk).annotate(**_marks()).values(*_marks()).get()
    found = {
        GateKind.ADMISSION: row["last_admission"] in ADMITTED,
        GateKind.JOINT_REVIEW: row["last_round"] == "passed",
        GateKind.DILIGENCE: row["inquiry_confirmed"],
        GateKind.COACHING: row["coaching_begun"] and not row["coaching_left"],
        GateKind.SPECIALISTS: not row["specialists_missing"],
    }
    return frozenset(str(gate) for gate, passed in found.items() if passed)


def missing_gates(project: Project, milestone: str, day: date, *, moving: bool = False) -> tuple[str, ...]:
    """The gates that the milestone of the day still lacks; two queries, one where nothing is required."""
    requirements = requirements_of(project.project_class)
    if not gates_missing(requirements, milestone=milestone, day=day, passed=(), moving=moving):
        return ()
    return gates_missing(
        requirements, milestone=milestone, day=day, passed=passed_gates(project), moving=moving
    )


def gates_in_words(project: Project, gates: Sequence[str]) -> str:
    """The gates as a sentence names them; for specialists with the departments that are missing."""
    words = []
    for gate in gates:
        word = str(GateKind(gate).label)
        if gate == GateKind.SPECIALISTS:
            names = "、".join(str(each) for each in departments_without_specialist(project))
            word = _("%(gate)s（%(departments)s）") % {"gate": word, "departments": names} if names else word
        words.append(word)
    return "、".join(words)


def rule_of(project_class: str, on: date) -> Rule:
    """How a joint review of the class is held on the day; the house's own rule where none is configured."""
    row = ReviewRule.objects.filter(holding(on), project_class=project_class).order_by("-holds_from").first()
    return Rule(row.quorum, row.working_days, row.against_needs_override) if row else Rule()


def topics_of(checklist: Checklist, project_class: str, on: date) -> list[ChecklistTopic]:
    """The lines of a checklist of the class on the day."""
    return list(
        ChecklistTopic.objects.filter(
            holding(on), checklist=checklist, project_class=project_class
        ).select_related("department")
    )


@dataclass(frozen=True)
class CriterionLine:
    """A criterion with the figure it judges."""

    label: str
    direction: str
    threshold: Decimal
    figure: Decimal | None
    verdict: Verdict
    is_assumption: bool

    @property
    def tone(self) -> str:
        return {Verdict.MET: "done", Verdict.NOT_MET: "alarm", Verdict.NO_FIGURE: "attention"}[self.verdict]


def figures_of(application: AdmissionApplication) -> ProjectFigures:
    """What the applicant stated."""
    return ProjectFigures(
        investment=application.investment,
        land_area=application.land_area,
        annual_output=application.annual_output,
        annual_tax=application.annual_tax,
        annual_energy=application.annual_energy,
        annual_emissions=application.annual_emissions,
        jobs=application.jobs,
    )


def criteria_of(application: AdmissionApplication, project_class: str, on: date) -> list[CriterionLine]:
    """Each criterion of the class on the day with its verdict; one query."""
    figures = figures_of(application)
    rows = AdmissionCriterion.objects.filter(holding(on), project_class=project_class).order_by("id")
    return [
        CriterionLine(
            str(row.get_metric_display()),
            str(row.get_direction_display()),
            row.threshold,
            (figure := MEASURES[row.metric](figures)),
            judged(figure, Criterion(row.metric, row.direction, row.threshold)),
            row.is_assumption,
        )
        for row in rows
    ]
