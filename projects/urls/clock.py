"""Addresses of clocks, next steps, mentions, reminders and the personal calendar."""

from django.urls import URLPattern, path

from projects.views import ageing, clock, mention, next_step, reminder

urlpatterns: list[URLPattern] = [
    path("supervision/clocks/", clock.clocks, name="clocks"),
    path("supervision/clocks/rules/", clock.clock_rules, name="clock-rules"),
    path("supervision/clocks/rules/<int:pk>/drop/", clock.clock_rule_drop, name="clock-rule-drop"),
    path("supervision/ageing/", ageing.ageing_rules, name="ageing-rules"),
    path("supervision/ageing/<int:pk>/drop/", ageing.ageing_rule_drop, name="ageing-rule-drop"),
    path("projects/<str:public_id>/next-step/", next_step.plan, name="step-plan"),
    path("projects/<str:public_id>/next-step/finish/", next_step.finish, name="step-finish"),
    path("projects/<str:public_id>/next-step/postpone/", next_step.postpone, name="step-postpone"),
    path("projects/<str:public_id>/mention-names/", mention.mention_names, name="mention-names"),
    path("mentions/<int:pk>/seen/", mention.mention_seen, name="mention-seen"),
    path("profile/reminders/", reminder.reminders, name="reminders"),
    path("profile/calendar/renew/", reminder.calendar_renew, name="calendar-renew"),
    path("profile/calendar/revoke/", reminder.calendar_revoke, name="calendar-revoke"),
    path("calendar/<str:token>.ics", reminder.calendar_feed, name="calendar-feed"),
]
