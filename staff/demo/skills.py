"""What the demo's people know: the fields of their teams, a second one here and there, and translators for the offices abroad."""

from staff.actions import add_field, add_language
from staff.models import Account, Appointment, Expertise

# A second field that goes with the team's, so that 一专多能 shows.
BESIDE = {"集成电路": "新材料", "新能源": "智能网联汽车", "外资": "集成电路", "生物医药": "高端装备"}
LEVELS = (Expertise.EXPERT, Expertise.FAMILIAR, Expertise.KNOWS)


def tell_skills(administrator: Account) -> None:
    """Through the actions that HR uses, from the first day of the post."""
    posts = Appointment.objects.filter(ends_on=None).select_related("person", "team__parent").order_by("pk")
    for number, post in enumerate(posts):
        fields = post.team.fields or (post.team.parent.fields if post.team.parent else [])
        for place, field in enumerate(fields):
            _know(administrator, post, field, LEVELS[(number + place) % 3])
            if number % 4 == 0 and field in BESIDE:
                _know(administrator, post, BESIDE[field], Expertise.FAMILIAR)
        if post.team.code == "GJ3" and number % 3 == 0:
            add_language(
                actor=administrator,
                person=post.person,
                language="日语",
                level="fluent",
                starts_on=post.starts_on,
                certificate="日语能力考试 N1",
            )


def _know(administrator: Account, post: Appointment, field: str, level: str) -> None:
    if field not in ("", "外资"):
        add_field(actor=administrator, person=post.person, field=field, level=level, starts_on=post.starts_on)
