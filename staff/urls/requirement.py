"""Addresses of what each grade asks for."""

from django.urls import path

from staff.views import requirement

urlpatterns = [
    path("teams/requirements/", requirement.requirements, name="requirements"),
    path("teams/requirements/new/", requirement.requirement_add, name="requirement-add"),
    path("teams/requirements/<slug:grade>/adopt/", requirement.requirement_adopt, name="requirement-adopt"),
    path("teams/requirements/<slug:grade>/order/", requirement.requirement_order, name="requirement-order"),
    path("teams/requirements/<int:pk>/end/", requirement.requirement_end, name="requirement-end"),
]
