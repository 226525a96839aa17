"""Addresses of handovers and of the wizard for a person who leaves or moves."""

from django.urls import URLPattern, path

from projects.views import handover, handover_batch

urlpatterns: list[URLPattern] = [
    path("handovers/", handover.handovers, name="handovers"),
    path("handovers/<str:public_id>/", handover.detail, name="handover"),
    path("handovers/<str:public_id>/<str:verb>/", handover.decide, name="handover-decide"),
    path("projects/<str:public_id>/hand-over/", handover.propose, name="hand-over"),
    path("people/<str:public_id>/custody/", handover_batch.card, name="custody-card"),
    path("people/<str:public_id>/hand-over/", handover_batch.wizard, name="handover-wizard"),
    path("handover-batches/<str:public_id>/", handover_batch.batch, name="handover-batch"),
]
