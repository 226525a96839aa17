"""Addresses of grades of the next year."""

from django.urls import path

from kpi.views import grade_rules, grades

urlpatterns = [
    path("year/grades/", grades.grades, name="grades"),
    path("year/grades/open/", grades.grade_open, name="grade-open"),
    path("year/grades/workbook/", grades.grades_workbook, name="grades-workbook"),
    path("year/grades/rules/", grade_rules.grade_rules, name="grade-rules"),
    path("year/grades/rules/new/", grade_rules.grade_rule_new, name="grade-rule-new"),
    path("year/grades/rules/<str:public_id>/", grade_rules.grade_rule_change, name="grade-rule-change"),
    path(
        "year/grades/rules/<str:public_id>/release/",
        grade_rules.grade_rule_release,
        name="grade-rule-release",
    ),
    path("year/grades/rules/<str:public_id>/drop/", grade_rules.grade_rule_drop, name="grade-rule-drop"),
    path("year/grades/people/<str:public_id>/", grades.person_grades, name="person-grades"),
    path("year/grades/proposals/<str:public_id>/", grades.grade_decide, name="grade-decide"),
    path("year/grades/rounds/<str:public_id>/renew/", grades.grade_renew, name="grade-renew"),
    path("year/grades/rounds/<str:public_id>/submit/", grades.grade_submit, name="grade-submit"),
    path("year/grades/rounds/<str:public_id>/approve/", grades.grade_approve, name="grade-approve"),
    path("year/grades/rounds/<str:public_id>/apply/", grades.grade_apply, name="grade-apply"),
]
