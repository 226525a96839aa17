"""Addresses of the team bonus: standards, list, one bonus with its steps, papers, and the card on the project."""

from django.urls import path

from kpi.exports import bonus as papers
from kpi.views import bonus, bonus_steps

urlpatterns = [
    path("year/bonuses/", bonus.bonuses, name="bonuses"),
    path("year/bonuses/candidates/", bonus.candidates, name="bonus-candidates"),
    path("year/bonuses/candidates/<str:public_id>/open/", bonus_steps.bonus_open, name="bonus-open"),
    path("year/bonuses/payments/", papers.bonus_payments, name="bonus-payments"),
    path("year/bonus-rates/", bonus_steps.bonus_rates, name="bonus-rates"),
    path("year/bonus-rates/adopt/", bonus_steps.bonus_rates_adopt, name="bonus-rates-adopt"),
    path("year/bonus-rates/<int:pk>/end/", bonus_steps.bonus_rate_end, name="bonus-rate-end"),
    path("bonuses/<str:public_id>/", bonus.bonus, name="bonus"),
    path("bonuses/<str:public_id>/pool/", bonus_steps.bonus_pool, name="bonus-pool"),
    path("bonuses/<str:public_id>/end/", bonus_steps.bonus_end, name="bonus-end"),
    path("bonuses/<str:public_id>/plan/", bonus_steps.bonus_plan, name="bonus-plan"),
    path("bonuses/<str:public_id>/submit/", bonus_steps.bonus_submit, name="bonus-submit"),
    path("bonuses/<str:public_id>/approve/", bonus_steps.bonus_approve, name="bonus-approve"),
    path("bonuses/<str:public_id>/return/", bonus_steps.bonus_return, name="bonus-return"),
    path("bonuses/<str:public_id>/follow/", bonus_steps.bonus_follow, name="bonus-follow"),
    path("bonuses/<str:public_id>/pay/", bonus_steps.bonus_pay, name="bonus-pay"),
    path("bonuses/<str:public_id>/shares/<int:pk>/confirm/", bonus_steps.bonus_confirm, name="bonus-confirm"),
    path("bonuses/<str:public_id>/shares/<int:pk>/object/", bonus_steps.bonus_object, name="bonus-object"),
    path("bonuses/<str:public_id>/shares/<int:pk>/reply/", bonus_steps.bonus_reply, name="bonus-reply"),
    path("bonuses/<str:public_id>/shares/<int:pk>/record/", bonus_steps.bonus_record, name="bonus-record"),
    path("bonuses/<str:public_id>/paper/", papers.bonus_paper, name="bonus-paper"),
    path("projects/<str:public_id>/bonus/", bonus.project_bonus, name="project-bonus"),
]
