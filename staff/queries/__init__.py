"""What is read of people and teams: search hits, posts of a day, the organisation of a day."""

from staff.queries.organisation import (
    Branch,
    Organisation,
    TeamOnDay,
    as_on,
    organisation_on,
    people_by_grade,
    teams_on,
)
from staff.queries.people import (
    appointments_of,
    headcount,
    matching,
    members_of,
    people_listed,
    roster_rows,
    team_on,
)
from staff.queries.requirement import RequirementList, requirement_lists, requirements_on
from staff.queries.search import find_people, find_teams
from staff.queries.skill import (
    knowing,
    known_fields,
    known_languages,
    languages_of,
    languages_text,
    skills_of,
    speaking,
    with_fields,
    with_languages,
)

__all__ = [
    "Branch",
    "Organisation",
    "RequirementList",
    "TeamOnDay",
    "appointments_of",
    "as_on",
    "find_people",
    "find_teams",
    "headcount",
    "knowing",
    "known_fields",
    "known_languages",
    "languages_of",
    "languages_text",
    "matching",
    "members_of",
    "organisation_on",
    "people_by_grade",
    "people_listed",
    "requirement_lists",
    "requirements_on",
    "roster_rows",
    "skills_of",
    "speaking",
    "team_on",
    "teams_on",
    "with_fields",
    "with_languages",
]
