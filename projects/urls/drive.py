"""Addresses of supervised drives."""

from django.urls import URLPattern, path

from projects.exports.drive import drive_workbook, drives_workbook
from projects.views import drive, drive_lines

urlpatterns: list[URLPattern] = [
    path("drives/", drive.drives, name="drives"),
    path("drives/export/", drives_workbook, name="drives-workbook"),
    path("drives/new/", drive.drive_new, name="drive-new"),
    path("drives/choose/", drive_lines.drive_choose, name="drive-choose"),
    path("drives/<str:public_id>/", drive.drive, name="drive"),
    path("drives/<str:public_id>/change/", drive.drive_edit, name="drive-edit"),
    path("drives/<str:public_id>/close/", drive.drive_close, name="drive-close"),
    path("drives/<str:public_id>/export/", drive_workbook, name="drive-workbook"),
    path("drives/<str:public_id>/projects/", drive_lines.drive_projects, name="drive-projects"),
    path("drives/<str:public_id>/projects/<int:pk>/<str:verb>/", drive_lines.drive_line, name="drive-line"),
    path("projects/<str:public_id>/drive/", drive_lines.project_drive, name="project-drive"),
]
