"""The organisation chart as an official paper, across A4 or A3, under either name of the body."""

from typing import Any

from django.utils import translation

from promotion.papers import render_paper
from staff.models import BodyName
from staff.queries import Organisation, TeamOnDay

SIZES = ("a4", "a3")


def chart_paper(organisation: Organisation, *, size: str, body: str) -> bytes:
    """The PDF; papers of the house are in Chinese whatever the reader's language."""
    with translation.override("zh-hans"):
        data: dict[str, Any] = {
            "paper": size,
            "names": [str(name.label) for name in BodyName],
            "issued": str(BodyName(body).label),
            "day": organisation.day.isoformat(),
            "people": organisation.people,
            "branches": [
                {
                    "head": _box(branch.head, branch.people),
                    "below": [_box(one, one.people) for one in branch.below],
                }
                for branch in organisation.branches
            ],
        }
        return render_paper("organisation", data)


def _box(one: TeamOnDay, people: int) -> dict[str, Any]:
    return {
        "name": one.team.name,
        "leader": "、".join(leader.name for leader in one.leaders),
        "people": people,
        "detail": " · ".join([*one.team.fields, *([one.team.region] if one.team.region else [])]),
        "depth": one.depth,
    }
