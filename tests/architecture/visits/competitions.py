"""An open round with an application of the officer in it."""

from types import SimpleNamespace

from projects.models import Project
from promotion.models import ImportBatch
from staff.access.competition import application_import_kind
from staff.access.paper_sheet import score_import_kind
from staff.models import Account, Objection, Placement, ScoreScan, StaffPaper
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
    forms, scores = (
        ImportBatch.objects.create(kind=kind, file_name="录入.xlsx", created_by=manager)
        for kind in (application_import_kind(competition), score_import_kind(session))
    )
    scan = StaffPaper.objects.create(
        title="评分表.pdf", content_type="application/pdf", size=1, digest="0" * 64, uploaded_by=manager
    )
    ScoreScan.objects.create(session=session, paper=scan, batch=scores)
    typed = SimpleNamespace(public_id=competition.public_id, batch=forms.public_id)
    return {
        "staff:applications-*": typed,
        "staff:scores-*": SimpleNamespace(public_id=session.public_id, batch=scores.public_id),
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
