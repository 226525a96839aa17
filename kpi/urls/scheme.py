"""Addresses of schemes."""

from django.urls import path

from kpi.views import indicator_form, scheme, scheme_draft, scheme_part

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
    path("score/schemes/<str:public_id>/parts/<str:part>/", scheme_part.scheme_part, name="scheme-part"),
    path(
        "score/schemes/<str:public_id>/parts/<str:part>/preview/",
        scheme_part.part_preview,
        name="scheme-part-preview",
    ),
    path(
        "score/schemes/<str:public_id>/parts/<str:part>/entries/<str:code>/",
        scheme_part.part_entry,
        name="scheme-part-entry",
    ),
    path(
        "score/schemes/<str:public_id>/parts/<str:part>/entries/<str:code>/copy/",
        scheme_part.part_copy,
        name="scheme-part-copy",
    ),
    path(
        "score/schemes/<str:public_id>/parts/<str:part>/entries/<str:code>/move/",
        scheme_part.part_move,
        name="scheme-part-move",
    ),
    path(
        "score/schemes/<str:public_id>/parts/<str:part>/entries/<str:code>/remove/",
        scheme_part.part_remove,
        name="scheme-part-remove",
    ),
    path("score/schemes/<str:public_id>/publish/", scheme.scheme_publish, name="scheme-publish"),
]
