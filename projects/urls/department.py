"""Addresses of the directory of departments."""

from django.urls import URLPattern, path

from projects.views import department

urlpatterns: list[URLPattern] = [
    path("departments/", department.departments, name="departments"),
    path("departments/new/", department.department_new, name="department-new"),
    path("departments/<str:public_id>/", department.department_edit, name="department-edit"),
    path("departments/<str:public_id>/turn/", department.department_turn, name="department-turn"),
    path("departments/<str:public_id>/contacts/", department.contact_edit, name="department-contact-new"),
    path(
        "departments/<str:public_id>/contacts/<int:pk>/", department.contact_edit, name="department-contact"
    ),
    path(
        "departments/<str:public_id>/contacts/<int:pk>/retire/",
        department.contact_retire,
        name="department-contact-retire",
    ),
]
