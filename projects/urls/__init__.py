"""Addresses of the pages of `projects`, by subject."""

from projects.urls import achievement, company, project, service, site

app_name = "projects"
urlpatterns = [
    *service.urlpatterns,
    *site.urlpatterns,
    *project.urlpatterns,
    *company.urlpatterns,
    *achievement.urlpatterns,
]
