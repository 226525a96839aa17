"""Addresses of the awards of a year."""

from django.urls import path

from kpi.views import award, award_decision

urlpatterns = [
    path("year/awards/", award.awards, name="awards"),
    path(
        "year/awards/<int:year>/<str:award>/decide/<str:kind>/<str:public_id>/",
        award.award_decide,
        name="award-decide",
    ),
    path("year/awards/<int:year>/<str:award>/accept/", award.award_accept, name="award-accept"),
    path("year/awards/<int:year>/<str:award>/submit/", award.award_submit, name="award-submit"),
    path("year/awards/<int:year>/<str:award>/approve/", award.award_approve, name="award-approve"),
    path("year/awards/decisions/<str:public_id>/", award_decision.award_decision, name="award-decision"),
    path("year/awards/decisions/<str:public_id>/drop/", award_decision.award_drop, name="award-drop"),
    path("year/awards/decisions/<str:public_id>/revoke/", award_decision.award_revoke, name="award-revoke"),
    path(
        "year/awards/decisions/<str:public_id>/certificate.pdf",
        award_decision.award_certificate,
        name="award-certificate",
    ),
    path(
        "year/awards/<int:year>/certificates/", award_decision.award_certificates, name="award-certificates"
    ),
    path("year/awards/people/<str:public_id>/", award_decision.person_awards, name="person-awards"),
    path("year/awards/teams/<str:public_id>/", award_decision.team_awards, name="team-awards"),
]
