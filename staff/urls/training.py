"""Addresses of training."""

from django.urls import path

from staff.views import training, training_course

urlpatterns = [
    path("teams/training/", training.training, name="training"),
    path("teams/training/new/", training.session_plan, name="session-plan"),
    path("teams/training/courses/", training_course.courses, name="courses"),
    path("teams/training/courses/new/", training_course.course_add, name="course-add"),
    path("teams/training/courses/<slug:public_id>/", training_course.course_change, name="course-change"),
    path("teams/training/credits/", training_course.credits_require, name="credits-require"),
    path("teams/training/gaps/", training_course.gaps, name="training-gaps"),
    path("teams/training/plan/", training_course.plan, name="training-plan"),
    path("teams/training/plan/new/", training_course.plan_add, name="training-plan-add"),
    path("teams/training/plan/<slug:public_id>/drop/", training_course.plan_drop, name="training-plan-drop"),
    path("teams/training/<slug:public_id>/", training.session, name="training-session"),
    path("teams/training/<slug:public_id>/change/", training.session_change, name="session-change"),
    path("teams/training/<slug:public_id>/cancel/", training.session_cancel, name="session-cancel"),
    path("teams/training/<slug:public_id>/enrol/", training.session_enrol, name="session-enrol"),
    path("teams/training/<slug:public_id>/withdraw/", training.session_withdraw, name="session-withdraw"),
    path("teams/training/<slug:public_id>/attendance/", training.attendance, name="attendance"),
    path(
        "teams/training/<slug:public_id>/attendance.xlsx",
        training.attendance_export,
        name="attendance-export",
    ),
    path(
        "teams/training/<slug:public_id>/attendance/import/",
        training.attendance_import,
        name="attendance-import",
    ),
    path("teams/training/<slug:public_id>/close/", training.session_close, name="session-close"),
]
