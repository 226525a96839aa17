"""The records of `staff` to look at, read-only: every change goes through an action."""

from django.contrib import admin

from promotion.web.admin import ReadOnlyAdmin
from staff.models import Account, ApiToken, Appointment, GradeRequirement, Person, Team


@admin.register(Account)
class AccountAdmin(ReadOnlyAdmin):
    list_display = ["username", "display_name", "role", "is_active", "last_login"]
    list_filter = ["role", "is_active"]
    search_fields = ["username", "display_name"]
    exclude = ["password"]


@admin.register(ApiToken)
class ApiTokenAdmin(ReadOnlyAdmin):
    list_display = ["name", "prefix", "account", "expires_at", "revoked_at", "last_used_at"]
    exclude = ["key_hash"]


@admin.register(Person)
class PersonAdmin(ReadOnlyAdmin):
    list_display = ["staff_number", "name", "identity", "home_unit", "joined_on", "left_on"]
    search_fields = ["staff_number", "name", "pinyin", "initials"]


@admin.register(Team)
class TeamAdmin(ReadOnlyAdmin):
    list_display = ["code", "name", "kind", "parent", "region", "founded_on", "closed_on"]
    list_filter = ["kind"]


@admin.register(Appointment)
class AppointmentAdmin(ReadOnlyAdmin):
    list_display = ["person", "team", "grade", "is_leader", "starts_on", "ends_on"]
    list_filter = ["grade", "is_leader"]
    search_fields = ["person__name", "person__staff_number"]


@admin.register(GradeRequirement)
class GradeRequirementAdmin(ReadOnlyAdmin):
    list_display = ["grade", "position", "text", "holds_from", "holds_until"]
