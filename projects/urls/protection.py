"""Addresses of first receptions, the public pool and disputes."""

from django.urls import URLPattern, path

from projects.exports import protection as export
from projects.views import arbitration, protection

urlpatterns: list[URLPattern] = [
    path("receptions/", protection.receptions, name="receptions"),
    path("receptions/workbook/", export.receptions_workbook, name="receptions-workbook"),
    path("receptions/pool/", protection.pool, name="pool"),
    path("receptions/rules/", protection.rules, name="protection-rules"),
    path("receptions/<str:public_id>/claim/", protection.claim, name="reception-claim"),
    path("receptions/<str:public_id>/release/", protection.release, name="reception-release"),
    path("receptions/<str:public_id>/arbitrate/", protection.arbitrate, name="reception-arbitrate"),
    path("projects/<str:public_id>/confirm-progress/", protection.confirm, name="confirm-progress"),
    path("arbitrations/", arbitration.arbitrations, name="arbitrations"),
    path("arbitrations/papers/<str:public_id>/", arbitration.paper, name="arbitration-paper"),
    path("arbitrations/<str:public_id>/", arbitration.arbitration, name="arbitration"),
    path("arbitrations/<str:public_id>/statement/", arbitration.statement, name="arbitration-statement"),
    path("arbitrations/<str:public_id>/decision/", arbitration.decide, name="arbitration-decide"),
    path("arbitrations/<str:public_id>/withdraw/", arbitration.withdraw, name="arbitration-withdraw"),
]
