"""Addresses of competition rounds and the applications in them."""

from django.urls import path

from staff.views import application, competition

urlpatterns = [
    path("teams/competitions/", competition.competitions, name="competitions"),
    path("teams/competitions/new/", competition.competition_new, name="competition-new"),
    path("teams/competitions/mine/", application.own, name="applications-own"),
    path("teams/competitions/claims/<int:pk>/", application.application_claim, name="application-claim"),
    path("teams/competitions/<slug:public_id>/", competition.competition, name="competition"),
    path(
        "teams/competitions/<slug:public_id>/change/",
        competition.competition_change,
        name="competition-change",
    ),
    path(
        "teams/competitions/<slug:public_id>/announce/",
        competition.competition_announce,
        name="competition-announce",
    ),
    path(
        "teams/competitions/<slug:public_id>/cancel/",
        competition.competition_cancel,
        name="competition-cancel",
    ),
    path("teams/competitions/<slug:public_id>/apply/", application.apply, name="application-write"),
    path("teams/competitions/<slug:public_id>/applications/", application.applications, name="applications"),
    path("teams/applications/<slug:public_id>/", application.application, name="application"),
    path(
        "teams/applications/<slug:public_id>/withdraw/",
        application.application_withdraw,
        name="application-withdraw",
    ),
    path(
        "teams/applications/<slug:public_id>/<slug:verb>/",
        application.application_move,
        name="application-move",
    ),
]
