"""Addresses of teams, people and posts."""

from django.urls import path

from staff.views import chart, delegation, person, team, team_change

urlpatterns = [
    path("teams/", team.team_list, name="teams"),
    path("teams/people/", person.person_list, name="people"),
    path("teams/people/new/", person.person_new, name="person-new"),
    path("teams/people/<slug:public_id>/", person.person, name="person"),
    path("teams/people/<slug:public_id>/change/", person.person_change, name="person-change"),
    path("teams/people/<slug:public_id>/appoint/", person.person_appoint, name="person-appoint"),
    path("teams/people/<slug:public_id>/delegate/", delegation.delegation_new, name="person-delegate"),
    path("teams/appointments/<int:pk>/end/", person.appointment_end, name="appointment-end"),
    path("teams/found/new/", team_change.team_found, name="team-found"),
    path("teams/chart/sheet/", chart.chart, name="chart"),
    path("teams/chart/<slug:size>/<slug:body>.pdf", chart.chart_pdf, name="chart-pdf"),
    path("teams/body/names/", chart.body, name="body"),
    path("teams/<slug:public_id>/change/", team_change.team_change, name="team-change"),
    path("teams/<slug:public_id>/close/", team_change.team_close, name="team-close"),
    path("teams/<slug:public_id>/leader/", team_change.team_leader, name="team-leader"),
    path("teams/<slug:public_id>/", team.team, name="team"),
]
