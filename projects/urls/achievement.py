"""Addresses of the achievement pages."""

from django.urls import URLPattern, path

from projects.exports import achievement as export
from projects.views import achievement, achievement_list, recognition

urlpatterns: list[URLPattern] = [
    path("achievements/", achievement_list.achievements, name="achievements"),
    path("achievements/workbook/", export.achievements_workbook, name="achievements-workbook"),
    path("achievements/new/", achievement.achievement_alone, name="achievement-alone"),
    path("achievements/preview/", achievement.amount_preview, name="amount-preview"),
    path("achievements/<str:public_id>/", achievement.achievement, name="achievement"),
    path(
        "achievements/<str:public_id>/correct/", achievement.achievement_correct, name="achievement-correct"
    ),
    path(
        "achievements/<str:public_id>/withdraw/",
        achievement.achievement_withdraw,
        name="achievement-withdraw",
    ),
    path("achievements/<str:public_id>/evidence/", achievement.achievement_attach, name="achievement-attach"),
    path("achievements/<str:public_id>/recognition/", recognition.recognition, name="recognition"),
    path(
        "achievements/<str:public_id>/reverse/", recognition.achievement_reverse, name="achievement-reverse"
    ),
    path("projects/<str:public_id>/achievements/new/", achievement.achievement_new, name="achievement-new"),
    path("incidents/new/", achievement.incident_new, name="incident-new"),
    path("recognitions/", recognition.recognitions, name="recognitions"),
]
