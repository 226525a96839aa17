"""Addresses of `projects` in the REST API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from projects.api.achievement import AchievementViewSet
from projects.api.ageing import AgeingRuleViewSet
from projects.api.arbitration import ArbitrationViewSet
from projects.api.blocker import BlockerViewSet
from projects.api.bulk import BulkChangeViewSet
from projects.api.clock import (
    CalendarFeedView,
    ClockRuleViewSet,
    DueView,
    MentionViewSet,
    ReminderView,
)
from projects.api.company import CompanyViewSet
from projects.api.company_merge import (
    CompanyGroupViewSet,
    CompanyMergeViewSet,
    ContactRoleViewSet,
    DuplicatePairViewSet,
)
from projects.api.coverage import CoverageView
from projects.api.department import DepartmentViewSet
from projects.api.drive import DriveViewSet
from projects.api.evidence import DocumentViewSet, RequirementViewSet
from projects.api.find_people import FindPeopleViewSet, LoadLimitViewSet
from projects.api.fulfilment import FulfilmentViewSet
from projects.api.gate import AdmissionViewSet, CoachingViewSet, DiligenceViewSet
from projects.api.gate_config import (
    CriterionViewSet,
    GateRequirementViewSet,
    ReviewRuleViewSet,
    TopicViewSet,
)
from projects.api.handover import HandoverBatchViewSet, HandoverViewSet, ProjectHandoverViewSet
from projects.api.joint_review import ConditionViewSet, ReviewViewSet
from projects.api.key_project import KeyRecognitionViewSet, KeyThresholdViewSet
from projects.api.project import LeadViewSet, ProjectViewSet
from projects.api.promise import PromiseViewSet
from projects.api.protection import (
    FollowUpViewSet,
    PoolViewSet,
    ProtectionRuleViewSet,
    ReceptionViewSet,
)
from projects.api.secrecy import ProjectSecrecyViewSet
from projects.api.service import ProjectServiceViewSet, ServiceTaskViewSet, ServiceTemplateViewSet
from projects.api.site import MapViewSet, PlantViewSet, PlotViewSet, ReservationViewSet
from projects.api.specialist import ProjectSpecialistViewSet

router = SimpleRouter()
router.register("leads", LeadViewSet, basename="api-leads")
router.register("projects", ProjectViewSet, basename="api-projects")
router.register("companies", CompanyViewSet, basename="api-companies")
router.register("company-groups", CompanyGroupViewSet, basename="api-company-groups")
router.register("company-merges", CompanyMergeViewSet, basename="api-company-merges")
router.register("duplicate-pairs", DuplicatePairViewSet, basename="api-duplicate-pairs")
router.register("plots", PlotViewSet, basename="api-plots")
router.register("plants", PlantViewSet, basename="api-plants")
router.register("reservations", ReservationViewSet, basename="api-reservations")
router.register("promises", PromiseViewSet, basename="api-promises")
router.register("map", MapViewSet, basename="api-map")
router.register("achievements", AchievementViewSet, basename="api-achievements")
router.register("blockers", BlockerViewSet, basename="api-blockers")
router.register("departments", DepartmentViewSet, basename="api-departments")
router.register("clock-rules", ClockRuleViewSet, basename="api-clock-rules")
router.register("bulk-changes", BulkChangeViewSet, basename="api-bulk-changes")
router.register("ageing-rules", AgeingRuleViewSet, basename="api-ageing-rules")
router.register("mentions", MentionViewSet, basename="api-mentions")
router.register("projects", ProjectServiceViewSet, basename="api-project-service")
router.register("projects", ProjectSecrecyViewSet, basename="api-project-secrecy")
router.register("projects", ProjectHandoverViewSet, basename="api-project-handovers")
router.register("projects", ProjectSpecialistViewSet, basename="api-project-specialists")
router.register("service-tasks", ServiceTaskViewSet, basename="api-service-tasks")
router.register("service-templates", ServiceTemplateViewSet, basename="api-service-templates")
router.register("handovers", HandoverViewSet, basename="api-handovers")
router.register("handover-batches", HandoverBatchViewSet, basename="api-handover-batches")
router.register("receptions", ReceptionViewSet, basename="api-receptions")
router.register("pool", PoolViewSet, basename="api-pool")
router.register("protection-rules", ProtectionRuleViewSet, basename="api-protection-rules")
router.register("follow-ups", FollowUpViewSet, basename="api-follow-ups")
router.register("arbitrations", ArbitrationViewSet, basename="api-arbitrations")
router.register("evidence-requirements", RequirementViewSet, basename="api-evidence-requirements")
router.register("documents", DocumentViewSet, basename="api-documents")
router.register("reviews", ReviewViewSet, basename="api-reviews")
router.register("drives", DriveViewSet, basename="api-drives")
router.register("admissions", AdmissionViewSet, basename="api-admissions")
router.register("diligences", DiligenceViewSet, basename="api-diligences")
router.register("coaching", CoachingViewSet, basename="api-coaching")
router.register("gate-requirements", GateRequirementViewSet, basename="api-gate-requirements")
router.register("admission-criteria", CriterionViewSet, basename="api-admission-criteria")
router.register("review-rules", ReviewRuleViewSet, basename="api-review-rules")
router.register("checklist-topics", TopicViewSet, basename="api-checklist-topics")
router.register("conditions", ConditionViewSet, basename="api-conditions")
router.register("staff-search", FindPeopleViewSet, basename="api-staff-search")
router.register("load-limits", LoadLimitViewSet, basename="api-load-limits")
router.register("key-thresholds", KeyThresholdViewSet, basename="api-key-thresholds")
router.register("key-recognitions", KeyRecognitionViewSet, basename="api-key-recognitions")
router.register("fulfilment", FulfilmentViewSet, basename="api-fulfilment")
urlpatterns = [
    path("coverage/", CoverageView.as_view(), name="api-coverage"),
    path("due/", DueView.as_view(), name="api-due"),
    path("reminder-settings/", ReminderView.as_view(), name="api-reminder-settings"),
    path("calendar-feed/", CalendarFeedView.as_view(), name="api-calendar-feed"),
    *router.urls,
    path(
        "projects/<str:project>/contact-roles/",
        ContactRoleViewSet.as_view({"get": "list", "post": "create"}),
        name="api-contact-roles",
    ),
    path(
        "projects/<str:project>/contact-roles/<int:role>/end/",
        ContactRoleViewSet.as_view({"post": "end"}),
        name="api-contact-role-end",
    ),
]
