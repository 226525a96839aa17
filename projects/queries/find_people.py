"""Who speaks the language, knows the industry and has room (找人); and what a project asks for."""

from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.urls import reverse

from projects.models import CapitalSource, Project
from projects.queries.load import with_load
from projects.queries.record_visit import RecordVisit
from projects.workflow import Status
from staff.models import Account
from staff.queries import people_listed, with_fields

# What is spoken where investors come from; elsewhere English.
SPOKEN = {
    "日本": "日语",
    "韩国": "韩语",
    "德国": "德语",
    "法国": "法语",
    "以色列": "希伯来语",
    "俄罗斯": "俄语",
    "西班牙": "西班牙语",
}
HOME = ("", "中国", "中国香港", "中国澳门", "中国台湾", "香港", "澳门", "台湾")


def people_to_find(actor: Account) -> QuerySet[Any]:
    """Everybody in a post today with languages, fields, load and room; one statement whatever is filtered."""
    return with_load(with_fields(people_listed(actor).exclude(post=None)))


def asked_by(project: Project) -> dict[str, str]:
    """The filters that fit a project: the language of the investor's home, where it is foreign, and the industry."""
    foreign = project.capital_source != CapitalSource.DOMESTIC or project.company.country not in HOME
    asked = {
        "language": SPOKEN.get(project.company.country, "英语") if foreign else "",
        "field": str(project.get_industry_display()) if project.industry not in ("", "other") else "",
        "room": "any",
    }
    return {name: value for name, value in asked.items() if value}


def find_card(visit: RecordVisit) -> dict[str, Any] | None:
    """The card of a running project with a foreign investor: one click to those who fit."""
    project = visit.project
    asked = asked_by(project)
    if "language" not in asked or project.status != Status.ACTIVE:
        return None
    return {"asked": asked, "url": f"{reverse('projects:find-people')}?{urlencode(asked)}"}
