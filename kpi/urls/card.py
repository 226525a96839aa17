"""Addresses of cards and their rules, and of the liaison offices."""

from django.urls import path

from kpi.views import card, office

urlpatterns = [
    path("year/offices/", office.offices, name="offices"),
    path("year/cards/", card.cards, name="cards"),
    path("year/cards/propose/", card.cards_propose, name="cards-propose"),
    path("year/cards/decide/", card.cards_decide, name="cards-decide"),
    path("year/cards/rules/", card.card_rules, name="card-rules"),
    path("year/cards/<str:public_id>/", card.card, name="card"),
    path("year/cards/<str:public_id>/lift/", card.card_lift, name="card-lift"),
]
