"""Addresses of service plans, their tasks and templates."""

from django.urls import URLPattern, path

from projects.views import service, service_list

urlpatterns: list[URLPattern] = [
    path("projects/tasks/", service_list.tasks, name="tasks"),
    path("projects/<str:public_id>/service/start/", service.start, name="service-start"),
    path("projects/<str:public_id>/service/add/", service.add, name="service-add"),
    path("service-tasks/<str:public_id>/finish/", service.finish, name="task-finish"),
    path("service-tasks/<str:public_id>/skip/", service.skip, name="task-skip"),
    path("service-tasks/<str:public_id>/change/", service.change, name="task-change"),
    path("service-tasks/<str:public_id>/reopen/", service.reopen, name="task-reopen"),
    path("service-tasks/<str:public_id>/move/<str:direction>/", service.move, name="task-move"),
    path("key-projects/", service_list.key_projects, name="key-projects"),
    path("service-templates/", service_list.templates, name="templates"),
    path("service-templates/starters/", service_list.starters, name="template-starters"),
    path("service-templates/<str:project_class>/<str:stage>/", service_list.template, name="template"),
]
