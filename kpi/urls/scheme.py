"""Addresses of schemes and targets."""

from django.urls import path

from kpi.views import indicator_form, scheme, scheme_draft, target

urlpatterns = [
    path("score/schemes/", scheme.schemes, name="schemes"),
    path("score/schemes/new/", scheme.scheme_new, name="scheme-new"),
    path("score/schemes/start/", scheme.scheme_start, name="scheme-start"),
    path("score/schemes/<str:public_id>/", scheme.scheme, name="scheme"),
    path("score/schemes/<str:public_id>/preview/", indicator_form.preview, name="scheme-preview"),
    path("score/schemes/<str:public_id>/add/", indicator_form.indicator_new, name="scheme-indicator-new"),
    path(
        "score/schemes/<str:public_id>/indicators/<str:code>/",
        indicator_form.indicator,
        name="scheme-indicator",
    ),
    path("score/schemes/<str:public_id>/source/", scheme_draft.scheme_source, name="scheme-source"),
    path(
        "score/schemes/<str:public_id>/indicators/<str:code>/copy/",
        scheme_draft.indicator_copy,
        name="scheme-copy",
    ),
    path(
        "score/schemes/<str:public_id>/indicators/<str:code>/move/",
        scheme_draft.indicator_move,
        name="scheme-move",
    ),
    path(
        "score/schemes/<str:public_id>/indicators/<str:code>/remove/",
        scheme_draft.indicator_remove,
        name="scheme-remove",
    ),
    path("score/schemes/<str:public_id>/publish/", scheme.scheme_publish, name="scheme-publish"),
    path("score/targets/", target.targets, name="targets"),
    path("score/targets/workbook/", target.targets_workbook, name="targets-workbook"),
    path("score/targets/import/", target.targets_import, name="targets-import"),
    path("score/targets/import/<uuid:public_id>/", target.targets_preview, name="targets-preview"),
    path("score/targets/import/<uuid:public_id>/apply/", target.targets_apply, name="targets-apply"),
    path("score/targets/import/<uuid:public_id>/discard/", target.targets_discard, name="targets-discard"),
    path("score/targets/import/<uuid:public_id>/rejected/", target.targets_rejected, name="targets-rejected"),
]
