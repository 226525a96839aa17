"""Addresses of the project pages."""

from django.urls import URLPattern, path

from projects.exports import project as export
from projects.views import alarms, board, credit, home, move, project, project_list

urlpatterns: list[URLPattern] = [
    path("projects/", board.board, name="board"),
    path("projects/columns/<str:stage>/", board.board_more, name="board-more"),
    path("projects/list/", project_list.projects, name="list"),
    path("projects/workbook/", export.projects_workbook, name="export"),
    path("projects/<str:public_id>/", project.detail, name="detail"),
    path("projects/<str:public_id>/advance/", move.advance, name="advance"),
    path("projects/<str:public_id>/alarms/", alarms.alarms, name="alarms"),
    path("projects/<str:public_id>/edit/", project.edit, name="edit"),
    path("projects/<str:public_id>/follow-up/", project.follow_up, name="follow-up"),
    path("projects/<str:public_id>/shares/", credit.shares, name="shares"),
    path("projects/<str:public_id>/shares/correction/", credit.correction, name="shares-correction"),
    path("projects/<str:public_id>/status/<str:verb>/", project.status, name="status"),
    path("todos/", home.todos, name="todos"),
]
