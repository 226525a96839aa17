"""Addresses of the pages of `projects`, by subject."""

from projects.urls import achievement, company, project

app_name = "projects"
urlpatterns = [*project.urlpatterns, *company.urlpatterns, *achievement.urlpatterns]
