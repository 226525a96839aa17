"""Addresses of assessment inputs and of the units that are only assessed."""

from django.urls import path

from kpi.views import input_decisions, input_import, inputs, unit

urlpatterns = [
    path("score/inputs/", inputs.inputs, name="inputs"),
    path("score/inputs/sheets/<str:name>/", inputs.input_sheet, name="input-sheet"),
    path("score/inputs/waiting/", input_decisions.inputs_waiting, name="inputs-waiting"),
    path("score/inputs/entries/<str:public_id>/", input_decisions.input_entry, name="input-entry"),
    path(
        "score/inputs/entries/<str:public_id>/confirm/", input_decisions.input_confirm, name="input-confirm"
    ),
    path("score/inputs/entries/<str:public_id>/return/", input_decisions.input_return, name="input-return"),
    path(
        "score/inputs/entries/<str:public_id>/withdraw/",
        input_decisions.input_withdraw,
        name="input-withdraw",
    ),
    path(
        "score/inputs/entries/<str:public_id>/reverse/", input_decisions.input_reverse, name="input-reverse"
    ),
    path("score/inputs/papers/<str:public_id>/", input_decisions.input_paper, name="input-paper"),
    path("score/inputs/workbook/", input_import.inputs_workbook, name="inputs-workbook"),
    path("score/inputs/import/", input_import.inputs_import, name="inputs-import"),
    path("score/inputs/import/<uuid:public_id>/", input_import.inputs_preview, name="inputs-preview"),
    path("score/inputs/import/<uuid:public_id>/apply/", input_import.inputs_apply, name="inputs-apply"),
    path("score/inputs/import/<uuid:public_id>/discard/", input_import.inputs_discard, name="inputs-discard"),
    path(
        "score/inputs/import/<uuid:public_id>/rejected/", input_import.inputs_rejected, name="inputs-rejected"
    ),
    path("score/units/", unit.units, name="units"),
    path("score/units/new/", unit.unit_new, name="unit-new"),
    path("score/units/<str:public_id>/close/", unit.unit_close, name="unit-close"),
]
