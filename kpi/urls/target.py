"""Addresses of targets."""

from django.urls import path

from kpi.views import target, target_batch

urlpatterns = [
    path("score/targets/", target.targets, name="targets"),
    path("score/targets/check/", target.targets_check, name="targets-check"),
    path("score/targets/plan/", target_batch.targets_plan, name="targets-plan"),
    path("score/targets/workbook/", target_batch.targets_workbook, name="targets-workbook"),
    path("score/targets/import/", target_batch.targets_import, name="targets-import"),
    path("score/targets/import/<uuid:public_id>/", target_batch.targets_preview, name="targets-preview"),
    path("score/targets/import/<uuid:public_id>/apply/", target_batch.targets_apply, name="targets-apply"),
    path(
        "score/targets/import/<uuid:public_id>/discard/", target_batch.targets_discard, name="targets-discard"
    ),
    path(
        "score/targets/import/<uuid:public_id>/rejected/",
        target_batch.targets_rejected,
        name="targets-rejected",
    ),
    path("score/targets/<str:kind>/<str:public_id>/", target.targets_of, name="targets-of"),
]
