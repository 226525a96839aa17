"""Addresses of moves, secondments, days away, leaving and return."""

from django.urls import path

from staff.views import course, departure

urlpatterns = [
    path("teams/absences/", course.absence_list, name="absences"),
    path("teams/absences/<slug:public_id>/", course.absence_change, name="absence-change"),
    path("teams/absences/<slug:public_id>/remove/", course.absence_remove, name="absence-remove"),
    path("teams/appointments/<int:pk>/until/", course.appointment_until, name="appointment-until"),
    path("teams/departures/", departure.departure_list, name="departures"),
    path("teams/departures/<slug:public_id>/", departure.departure, name="departure"),
    path("teams/departures/<slug:public_id>/revoke/", departure.departure_revoke, name="departure-revoke"),
    path("teams/departures/<slug:public_id>/finish/", departure.departure_finish, name="departure-finish"),
    path("teams/people/<slug:public_id>/absence/", course.person_absence, name="person-absence"),
    path("teams/people/<slug:public_id>/leave/", departure.person_leave, name="person-leave"),
    path("teams/people/<slug:public_id>/move/", course.person_move, name="person-move"),
    path("teams/people/<slug:public_id>/return/", departure.person_return, name="person-return"),
    path("teams/people/<slug:public_id>/second/", course.person_second, name="person-second"),
]
