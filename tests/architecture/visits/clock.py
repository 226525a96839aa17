"""What the addresses of clocks, mentions and the calendar are visited with."""

from django.utils import timezone

from projects.models import ClockRule, FollowUp, Mention, Project
from promotion.models import Notice
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    rule = ClockRule.objects.create(
        kind="answer", working_days=2, holds_from=timezone.localdate(), set_by=manager
    )
    follow_up = FollowUp.objects.create(
        project=project, kind="note", happened_at=timezone.now(), text="记事", written_by=manager
    )
    return {
        "projects:clock-rule-drop": rule,
        "projects:mention-seen": Mention.objects.create(follow_up=follow_up, account=officer),
        "projects:calendar-feed": "no-such-token",
        "notice-open": Notice.objects.create(recipient=officer, text="到期"),
    }
