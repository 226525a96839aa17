"""Addresses of the publicity of a year and of the objections to it."""

from django.urls import path

from kpi.views import publicity, publicity_changes, publicity_lists, score_objection

urlpatterns = [
    path("year/publicity/", publicity.publicity, name="publicity"),
    path("year/publicity/draft/", publicity.publicity_draft, name="publicity-draft"),
    path("year/publicity/<str:public_id>/", publicity.publicity_of, name="publicity-of"),
    path("year/publicity/<str:public_id>/announce/", publicity.publicity_announce, name="publicity-announce"),
    path("year/publicity/<str:public_id>/withdraw/", publicity.publicity_withdraw, name="publicity-withdraw"),
    path("year/publicity/<str:public_id>/finalise/", publicity.publicity_finalise, name="publicity-finalise"),
    path("year/publicity/<str:public_id>/replies/", publicity_lists.replies, name="publicity-replies"),
    path(
        "year/publicity/<str:public_id>/changes/",
        publicity_changes.publicity_changes,
        name="publicity-changes",
    ),
    path(
        "year/publicity/<str:public_id>/changes.xlsx",
        publicity_changes.changes_workbook,
        name="publicity-changes-workbook",
    ),
    path(
        "year/publicity/<str:public_id>/objections.xlsx",
        publicity_changes.objections_workbook,
        name="publicity-objections-workbook",
    ),
    path("year/publicity/<str:public_id>/notice.pdf", publicity_changes.notice, name="publicity-notice"),
    path(
        "year/publicity/<str:public_id>/standings/<int:pk>/confirm/",
        publicity.publicity_confirm,
        name="publicity-confirm",
    ),
    path(
        "year/publicity/<str:public_id>/standings/<int:pk>/object/",
        score_objection.objection_new,
        name="publicity-object",
    ),
    path("year/objections/<str:public_id>/", score_objection.score_objection, name="score-objection"),
    path(
        "year/objections/<str:public_id>/decide/",
        score_objection.objection_decide,
        name="score-objection-decide",
    ),
    path(
        "year/objections/<str:public_id>/remedy/",
        score_objection.objection_remedy,
        name="score-objection-remedy",
    ),
    path(
        "year/objections/<str:public_id>/withdraw/",
        score_objection.objection_withdraw,
        name="score-objection-withdraw",
    ),
    path("year/objection-papers/<str:public_id>/", score_objection.objection_paper, name="objection-paper"),
]
