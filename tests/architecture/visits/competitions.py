"""An open round with an application of the officer in it."""

from projects.models import Project
from staff.models import Account
from tests.factories.competition import make_application, make_claim, make_competition, make_post


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    competition = make_competition()
    post = make_post(competition, team=project.team)
    application = make_application(competition, post, person=officer.person, state="submitted")
    claim = make_claim(application)
    return {
        "staff:competition*": competition,
        "staff:applications": competition,
        "staff:application-write": competition,
        "staff:application*": application,
        "staff:application-claim": claim,
    }
