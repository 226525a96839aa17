"""An open round with an application of the officer in it."""

from types import SimpleNamespace

from projects.models import Project
from staff.models import Account, Objection, Placement
from tests.factories.competition import (
    make_application,
    make_claim,
    make_competition,
    make_judges,
    make_post,
    make_session,
)


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    competition = make_competition()
    post = make_post(competition, team=project.team)
    application = make_application(competition, post, person=officer.person, state="submitted")
    claim = make_claim(application)
    judges = make_judges(competition)
    session = make_session(competition, judges, make_application(competition, post))
    interview = session.interviews.get()
    excused = SimpleNamespace(pk=interview.pk, judge=competition.panel.get().pk)
    objection = Objection.objects.create(competition=competition, text="请核实", raised_by=officer)
    placement = Placement.objects.create(
        competition=competition,
        application=application,
        post=post,
        seat=1,
        is_proposed=True,
        decided_by=manager,
    )
    return {
        "staff:competition-place": SimpleNamespace(
            public_id=competition.public_id, application=application.public_id
        ),
        "staff:competition-objection": objection,
        "staff:competition-letter": placement,
        "staff:competition-letters": competition,
        "staff:competition-letters-pack": competition,
        "staff:interviews": competition,
        "staff:interview-panel": competition,
        "staff:interview-recuse": competition,
        "staff:interview-plan": competition,
        "staff:applications-workbook": competition,
        "staff:interview-session*": session,
        "staff:interview-sheet*": interview,
        "staff:interview-absent": interview,
        "staff:interview-excuse": excused,
        "staff:competition*": competition,
        "staff:applications": competition,
        "staff:application-write": competition,
        "staff:application*": application,
        "staff:application-claim": claim,
    }
