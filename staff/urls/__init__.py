"""Addresses of the pages of `staff`. Everything about people stands below /teams/, so that the rail shows where one is."""

from staff.urls import (
    account,
    competition,
    contract,
    course,
    organisation,
    paper,
    requirement,
    roster,
    sealed,
    skill,
    training,
)

app_name = "staff"
urlpatterns = [
    *account.urlpatterns,
    *contract.urlpatterns,
    *competition.urlpatterns,
    *course.urlpatterns,
    *paper.urlpatterns,
    *requirement.urlpatterns,
    *roster.urlpatterns,
    *skill.urlpatterns,
    *sealed.urlpatterns,
    *training.urlpatterns,
    # Last: the page of one team takes any word after teams/.
    *organisation.urlpatterns,
]
