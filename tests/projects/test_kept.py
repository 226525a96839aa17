"""What the database keeps beside the facts is what the facts say, whatever changed in which order."""

from datetime import date, timedelta

from django.db import connection

from projects.models import Company, Project, StageChange
from projects.models.kept import REPEATED
from projects.queries.company_name import project_named
from staff.models import Account
from tests.factories.projects import make_project


def repeated() -> list[tuple[object, ...]]:
    return list(Project.objects.order_by("pk").values_list("pk", *REPEATED))


def recounted() -> list[tuple[object, ...]]:
    columns = [f"company__{theirs}" for theirs in REPEATED.values()]
    return list(Project.objects.order_by("pk").values_list("pk", *columns))


def found(text: str) -> list[str]:
    return list(Project.objects.filter(project_named(text)).values_list("name", flat=True))


def test_a_project_is_found_by_the_names_its_company_has_now(officer: Account) -> None:
    project = make_project(officer, name="一期工厂")
    company = project.company
    company.name = "星河半导体公司"
    company.save(update_fields=["name"])
    assert (found("星河"), found("xinghe"), repeated()) == (["一期工厂"], ["一期工厂"], recounted())

    company.other_readings = "jiumingzi"
    company.save(update_fields=["other_readings"])
    assert (found("jiumingzi"), repeated()) == (["一期工厂"], recounted())

    other = Company.objects.create(name="长江医药公司", created_by=officer)
    project.company = other
    project.save(update_fields=["company"])
    assert (found("星河"), found("长江"), repeated()) == ([], ["一期工厂"], recounted())


def test_names_written_over_a_project_are_put_right(officer: Account) -> None:
    project = make_project(officer)
    Project.objects.filter(pk=project.pk).update(company_pinyin="nonsense", company_grams=[])
    assert repeated() == recounted()


def test_a_move_knows_how_many_days_the_project_stood_before_it(officer: Account) -> None:
    project = make_project(officer)
    StageChange.objects.filter(project=project).delete()
    first = date(2026, 3, 2)
    moves = [
        StageChange(project=project, to_stage=stage, happened_on=first + timedelta(days), changed_by=officer)
        for stage, days in (("lead", 0), ("negotiation", 9), ("admission", 9), ("signed", 40))
    ]
    StageChange.objects.bulk_create(moves)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT stayed FROM projects_stagechange WHERE project_id = %s ORDER BY id", [project.pk]
        )
        assert [stayed for (stayed,) in cursor.fetchall()] == [None, 9, 0, 31]
