"""Addresses of competition rounds and the applications in them."""

from django.urls import path

from staff.views import (
    application,
    application_book,
    competition,
    interview,
    placement,
    score_book,
    sheet,
)

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
    path(
        "teams/competitions/<slug:public_id>/applications/import/",
        application_book.applications_import,
        name="applications-import",
    ),
    path(
        "teams/competitions/<slug:public_id>/applications/template.xlsx",
        application_book.applications_template,
        name="applications-template",
    ),
    path(
        "teams/competitions/<slug:public_id>/applications/import/<uuid:batch>/",
        application_book.applications_preview,
        name="applications-preview",
    ),
    path(
        "teams/competitions/<slug:public_id>/applications/import/<uuid:batch>/apply/",
        application_book.applications_apply,
        name="applications-apply",
    ),
    path(
        "teams/competitions/<slug:public_id>/applications/import/<uuid:batch>/discard/",
        application_book.applications_discard,
        name="applications-discard",
    ),
    path(
        "teams/competitions/<slug:public_id>/applications/import/<uuid:batch>/rejected.xlsx",
        application_book.applications_rejected,
        name="applications-rejected",
    ),
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
    path(
        "teams/competitions/<slug:public_id>/applications.xlsx",
        sheet.applications_workbook,
        name="applications-workbook",
    ),
    path("teams/competitions/<slug:public_id>/interviews/", interview.interviews, name="interviews"),
    path("teams/competitions/<slug:public_id>/panel/", interview.interview_panel, name="interview-panel"),
    path("teams/competitions/<slug:public_id>/recuse/", interview.interview_recuse, name="interview-recuse"),
    path("teams/competitions/<slug:public_id>/plan/", interview.interview_plan, name="interview-plan"),
    path("teams/competitions/<slug:public_id>/score/", interview.competition_score, name="competition-score"),
    path("teams/competitions/<slug:public_id>/ranking/", sheet.ranking, name="competition-ranking"),
    path(
        "teams/competitions/<slug:public_id>/ranking.xlsx",
        sheet.ranking_workbook,
        name="competition-ranking-workbook",
    ),
    path("teams/interviews/", interview.own, name="interviews-own"),
    path("teams/interviews/calendar.ics", interview.own_calendar, name="interviews-calendar"),
    path("teams/interviews/sessions/<slug:public_id>/", interview.session, name="interview-session"),
    path(
        "teams/interviews/sessions/<slug:public_id>/move/",
        interview.session_move,
        name="interview-session-move",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/order/",
        interview.session_order,
        name="interview-session-order",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/drop/",
        interview.session_drop,
        name="interview-session-drop",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/close/",
        interview.session_close,
        name="interview-session-close",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/import/",
        score_book.scores_import,
        name="scores-import",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/template.xlsx",
        score_book.scores_template,
        name="scores-template",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/<uuid:batch>/",
        score_book.scores_preview,
        name="scores-preview",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/<uuid:batch>/apply/",
        score_book.scores_apply,
        name="scores-apply",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/<uuid:batch>/discard/",
        score_book.scores_discard,
        name="scores-discard",
    ),
    path(
        "teams/interviews/sessions/<slug:public_id>/scores/<uuid:batch>/rejected.xlsx",
        score_book.scores_rejected,
        name="scores-rejected",
    ),
    path("teams/interviews/<int:pk>/", sheet.sheet, name="interview-sheet"),
    path("teams/interviews/<int:pk>/save/", sheet.sheet_save, name="interview-sheet-save"),
    path("teams/interviews/<int:pk>/absent/", interview.interview_absent, name="interview-absent"),
    path(
        "teams/interviews/<int:pk>/excuse/<int:judge>/", interview.interview_excuse, name="interview-excuse"
    ),
    path("teams/competitions/<slug:public_id>/decision/", placement.decision, name="competition-decision"),
    path(
        "teams/competitions/<slug:public_id>/decision/accept/",
        placement.decision_accept,
        name="competition-accept",
    ),
    path(
        "teams/competitions/<slug:public_id>/decision/submit/",
        placement.decision_submit,
        name="competition-submit",
    ),
    path(
        "teams/competitions/<slug:public_id>/decision/approve/",
        placement.decision_approve,
        name="competition-approve",
    ),
    path(
        "teams/competitions/<slug:public_id>/decision/reconsider/",
        placement.decision_reconsider,
        name="competition-reconsider",
    ),
    path(
        "teams/competitions/<slug:public_id>/decision/appoint/",
        placement.decision_appoint,
        name="competition-appoint",
    ),
    path(
        "teams/competitions/<slug:public_id>/decision/<slug:application>/place/",
        placement.decision_place,
        name="competition-place",
    ),
    path("teams/competitions/<slug:public_id>/publicity/", placement.publicity, name="competition-publicity"),
    path(
        "teams/competitions/<slug:public_id>/publicity/object/",
        placement.objection_new,
        name="competition-object",
    ),
    path("teams/competitions/objections/<int:pk>/", placement.objection_answer, name="competition-objection"),
    path("teams/competitions/<slug:public_id>/letters/", placement.letters, name="competition-letters"),
    path(
        "teams/competitions/<slug:public_id>/letters.zip",
        placement.letters_pack,
        name="competition-letters-pack",
    ),
    path(
        "teams/competitions/<slug:public_id>/placements.xlsx",
        placement.placements_workbook,
        name="competition-workbook",
    ),
    path("teams/competitions/letters/<int:pk>.pdf", placement.letter, name="competition-letter"),
]
