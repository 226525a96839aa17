"""Addresses of `staff` in the REST API."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from staff.api.application import ApplicationViewSet
from staff.api.competition import CompetitionViewSet
from staff.api.contract import ContractViewSet
from staff.api.course import AbsenceViewSet, DepartureViewSet, PersonCourseViewSet
from staff.api.delegation import DelegationViewSet
from staff.api.interview import InterviewViewSet, SessionViewSet
from staff.api.person import PersonViewSet
from staff.api.requirement import GradeRequirementViewSet
from staff.api.skill import PersonSkillViewSet
from staff.api.team import OrganisationView, TeamViewSet
from staff.api.training import TrainingSessionViewSet
from staff.api.training_course import (
    CourseViewSet,
    CreditRequirementViewSet,
    PersonTrainingViewSet,
    TrainingGapsView,
    TrainingPlanViewSet,
)

router = SimpleRouter()
router.register("people", PersonViewSet, basename="api-people")
router.register("people", PersonSkillViewSet, basename="api-person-skills")
router.register("teams", TeamViewSet, basename="api-teams")
router.register("grade-requirements", GradeRequirementViewSet, basename="api-grade-requirements")
router.register("delegations", DelegationViewSet, basename="api-delegations")
router.register("competitions", CompetitionViewSet, basename="api-competitions")
router.register("applications", ApplicationViewSet, basename="api-applications")
router.register("people", PersonCourseViewSet, basename="api-people-course")
router.register("contracts", ContractViewSet, basename="api-contracts")
router.register("absences", AbsenceViewSet, basename="api-absences")
router.register("departures", DepartureViewSet, basename="api-departures")
router.register("interview-sessions", SessionViewSet, basename="api-interview-sessions")
router.register("interviews", InterviewViewSet, basename="api-interviews")
router.register("people", PersonTrainingViewSet, basename="api-person-training")
router.register("courses", CourseViewSet, basename="api-courses")
router.register("training-sessions", TrainingSessionViewSet, basename="api-training-sessions")
router.register("credit-requirements", CreditRequirementViewSet, basename="api-credit-requirements")
router.register("training-plan", TrainingPlanViewSet, basename="api-training-plan")
urlpatterns = [
    path("organisation/", OrganisationView.as_view(), name="api-organisation"),
    path("training-gaps/", TrainingGapsView.as_view(), name="api-training-gaps"),
    *router.urls,
]
