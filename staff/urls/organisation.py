"""Addresses of teams, people and posts."""

from django.urls import path

from staff.views import delegation, person, team

urlpatterns = [
    path("teams/", team.team_list, name="teams"),
    path("teams/people/", person.person_list, name="people"),
    path("teams/people/new/", person.person_new, name="person-new"),
    path("teams/people/<slug:public_id>/", person.person, name="person"),
    path("teams/people/<slug:public_id>/change/", person.person_change, name="person-change"),
    path("teams/people/<slug:public_id>/appoint/", person.person_appoint, name="person-appoint"),
    path("teams/people/<slug:public_id>/delegate/", delegation.delegation_new, name="person-delegate"),
    path("teams/appointments/<int:pk>/end/", person.appointment_end, name="appointment-end"),
    path("teams/<slug:public_id>/", team.team, name="team"),
]
