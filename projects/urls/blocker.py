"""Addresses of the blockers."""

from django.urls import URLPattern, path

from projects.views import blocker, blocker_limits

urlpatterns: list[URLPattern] = [
    path("blockers/", blocker.blockers, name="blockers"),
    path("blockers/departments/", blocker.departments, name="blocker-departments"),
    path("blockers/limits/", blocker_limits.blocker_limits, name="blocker-limits"),
    path("blockers/<str:public_id>/", blocker.blocker, name="blocker"),
    path("blockers/<str:public_id>/link/", blocker.blocker_link, name="blocker-link"),
    path("blockers/<str:public_id>/links/<int:pk>/revoke/", blocker.link_revoke, name="link-revoke"),
    path("blockers/<str:public_id>/<str:verb>/", blocker.blocker_move, name="blocker-move"),
    path("projects/<str:public_id>/blockers/new/", blocker.blocker_new, name="blocker-new"),
]
