"""Addresses of the pages of `projects`, by subject."""

from projects.urls import achievement, company, project, site

app_name = "projects"
urlpatterns = [*site.urlpatterns, *project.urlpatterns, *company.urlpatterns, *achievement.urlpatterns]
