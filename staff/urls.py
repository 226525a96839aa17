"""Addresses of the pages of `staff`. Everything about people stands below /teams/, so that the rail shows where one is."""

from django.urls import path

from staff.views import account, paper, person, roster, team

app_name = "staff"
urlpatterns = [
    path("teams/", team.team_list, name="teams"),
    path("teams/people/", person.person_list, name="people"),
    path("teams/people/new/", person.person_new, name="person-new"),
    path("teams/people/<slug:public_id>/", person.person, name="person"),
    path("teams/people/<slug:public_id>/change/", person.person_change, name="person-change"),
    path("teams/people/<slug:public_id>/appoint/", person.person_appoint, name="person-appoint"),
    path("teams/appointments/<int:pk>/end/", person.appointment_end, name="appointment-end"),
    path("teams/roster/", roster.roster_import, name="roster-import"),
    path("teams/roster/template.xlsx", roster.roster_template, name="roster-template"),
    path("teams/roster/export.xlsx", roster.roster_export, name="roster-export"),
    path("teams/roster/<uuid:public_id>/", roster.roster_preview, name="roster-preview"),
    path("teams/roster/<uuid:public_id>/apply/", roster.roster_apply, name="roster-apply"),
    path("teams/roster/<uuid:public_id>/discard/", roster.roster_discard, name="roster-discard"),
    path("teams/roster/<uuid:public_id>/rejected.xlsx", roster.roster_rejected, name="roster-rejected"),
    path("teams/papers/<slug:public_id>/", paper.paper, name="paper"),
    path("teams/papers/<slug:public_id>/preview/", paper.paper_preview, name="paper-preview"),
    path("teams/papers/<slug:public_id>/pages/<int:number>/", paper.paper_page, name="paper-page"),
    path("teams/<slug:public_id>/", team.team, name="team"),
    path("accounts/", account.account_list, name="accounts"),
    path("accounts/new/", account.account_new, name="account-new"),
    path("accounts/tokens/", account.tokens, name="tokens"),
    path("accounts/tokens/<int:pk>/revoke/", account.token_revoke, name="token-revoke"),
    path("accounts/<int:pk>/", account.account, name="account"),
    path("accounts/<int:pk>/password/", account.account_password, name="account-password"),
    path("accounts/<int:pk>/deactivate/", account.account_deactivate, name="account-deactivate"),
]
