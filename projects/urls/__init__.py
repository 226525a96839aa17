"""Addresses of the pages of `projects`, by subject."""

from projects.urls import (
    achievement,
    blocker,
    bulk,
    clock,
    company,
    department,
    document,
    drive,
    evidence,
    fulfilment,
    handover,
    project,
    protection,
    review,
    rules,
    secrecy,
    service,
    site,
)

app_name = "projects"
urlpatterns = [
    *bulk.urlpatterns,
    *department.urlpatterns,
    *drive.urlpatterns,
    *secrecy.urlpatterns,
    *clock.urlpatterns,
    *handover.urlpatterns,
    *protection.urlpatterns,
    *review.urlpatterns,
    *service.urlpatterns,
    *site.urlpatterns,
    *project.urlpatterns,
    *company.urlpatterns,
    *achievement.urlpatterns,
    *blocker.urlpatterns,
    *document.urlpatterns,
    *evidence.urlpatterns,
    *fulfilment.urlpatterns,
    *rules.urlpatterns,
]
