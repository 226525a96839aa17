"""The rows of sight say of every project exactly who sees it, whatever changed in which order."""

from datetime import date

from django.db import connection

from projects.models import Project, ProjectReader, ProjectSight
from projects.models.sight import SIGHT_OF
from staff.models import Account
from tests.factories.projects import make_project, make_recognised, make_share


def recounted() -> set[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(SIGHT_OF.format(which="true"))
        return set(cursor.fetchall())


def kept() -> set[tuple[object, ...]]:
    return set(ProjectSight.objects.values_list("project", "viewer", "seen_from", "seen_until"))


def viewers(project: Project) -> set[int]:
    return set(ProjectSight.objects.filter(project=project).values_list("viewer", flat=True))


def test_owner_team_share_and_reader_see_a_project_and_a_secret_one_only_owner_and_reader(
    officer: Account, colleague: Account, outsider: Account, manager: Account
) -> None:
    project = make_project(officer)
    make_share(project, officer.person)
    assert viewers(project) == {officer.person_id, -project.team_id}

    ProjectReader.objects.create(
        project=project,
        person=outsider.person,
        reads_from=date(2026, 1, 1),
        granted_by=manager,
        reason="联审",
    )
    assert viewers(project) == {officer.person_id, -project.team_id, outsider.person_id}

    project.is_secret, project.code_name = True, "青峰"
    project.save(update_fields=["is_secret", "code_name"])
    assert viewers(project) == {officer.person_id, outsider.person_id}

    project.owner = colleague.person
    project.save(update_fields=["owner"])
    assert viewers(project) == {colleague.person_id, outsider.person_id}
    assert kept() == recounted()


def test_recognition_moves_the_day_of_verified_progress(officer: Account, manager: Account) -> None:
    project = make_project(officer)
    project.refresh_from_db()
    before = project.verified_on
    fact = make_recognised(project, officer, manager)
    project.refresh_from_db()
    assert (before, project.verified_on) == (
        max(project.reported_on, project.stage_since),
        max(project.reported_on, project.stage_since, fact.happened_on),
    )
