"""Addresses of scores, rankings and the dashboard; what lies under a place of the rail keeps that place lit."""

from django.urls import path

from kpi.views import changes, dashboard, explanation, history, period_standings, score, statement

urlpatterns = [
    path("score/", score.score, name="score"),
    path("score/summary/", score.summary, name="score-summary"),
    path("score/standings/<int:pk>/", score.standing, name="standing"),
    path("score/standings/<int:pk>/statement/", statement.statement, name="statement"),
    path("score/standings/<int:pk>/statement.pdf", statement.statement_paper, name="statement-paper"),
    path("score/standings/<int:pk>/uncounted/", statement.uncounted, name="uncounted"),
    path("score/standings/<int:pk>/changes/", changes.standing_changes, name="standing-changes"),
    path("score/standings/<int:pk>/history/", history.history, name="standing-history"),
    path("score/changes/", changes.changes, name="changes"),
    path("score/items/<int:pk>/", explanation.explanation, name="item-explanation"),
    path("score/lines/<int:pk>/", explanation.ledger_line, name="ledger-line"),
    path("score/periods/", period_standings.period_standings, name="period-standings"),
    path("score/ranking/", score.ranking, name="ranking"),
    path("dashboard/", dashboard.dashboard, name="dashboard"),
    path("dashboard/cockpit/", dashboard.cockpit, name="cockpit"),
    path("score/teams/<str:public_id>/", score.team_score, name="team-score"),
    path("score/people/<str:public_id>/", score.person_score, name="person-score"),
    path("score/projects/<str:public_id>/", score.project_credit, name="project-credit"),
    path("score/projects/<str:public_id>/verdicts/", score.project_verdicts, name="project-verdicts"),
]
