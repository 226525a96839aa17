"""The one search over projects and companies."""

import pytest
from django.db import connection

from projects.models import Project
from projects.queries.company_name import named
from projects.queries.search import find_companies, find_projects
from staff.models import Account
from tests.factories.projects import make_company, make_project


@pytest.mark.parametrize(
    "text", ["电池", "动力电池", "dldc", "donglidianchi", "XM-2026-77", "二 期", "dianchi", "池"]
)
def test_projects_are_found_by_substring_reading_initials_and_code(officer: Account, text: str) -> None:
    wanted = make_project(officer, name="动力电池二期", code="XM-2026-7701")
    make_project(officer, name="智能汽车", code="XM-2025-0002")

    hits = find_projects(officer, text, 6)

    assert [hit.title for hit in hits] == [wanted.name]
    assert hits[0].kind == "项目"
    assert hits[0].url.endswith(f"/{wanted.public_id}/")
    assert hits[0].detail.startswith("XM-2026-7701 · ")


@pytest.mark.parametrize("text", ["新能源", "xny", "example pow", "91350100M000100Y43", "M000100"])
def test_companies_are_found_by_name_english_name_and_code(officer: Account, text: str) -> None:
    make_company(officer, name="新能源示例", english_name="Example Power", credit_code="91350100M000100Y43")
    make_company(officer, name="另一家公司")

    assert [hit.title for hit in find_companies(officer, text, 6)] == ["新能源示例"]


def test_search_gives_only_what_is_in_sight(officer: Account, outsider: Account, manager: Account) -> None:
    make_project(outsider, name="动力电池", company=make_company(outsider, name="电池公司"))

    assert find_projects(officer, "电池", 6) == find_companies(officer, "电池", 6) == []
    assert [len(find_projects(manager, "电池", 6)), len(find_companies(manager, "电池", 6))] == [1, 1]


def test_characters_apart_are_no_substring(officer: Account) -> None:
    make_project(officer, name="池电厂与动力")

    assert find_projects(officer, "动力池", 6) == []
    assert find_projects(officer, " ", 6) == []


def test_names_that_begin_with_the_text_come_first_and_the_limit_holds(officer: Account) -> None:
    for name in ("示例电池一", "电池示例二", "示例电池三"):
        make_project(officer, name=name)

    assert [hit.title for hit in find_projects(officer, "电池", 2)] == ["电池示例二", "示例电池三"]


def test_two_chinese_characters_are_looked_up_by_the_gram_index(officer: Account) -> None:
    make_project(officer, name="动力电池")
    query, parameters = Project.objects.order_by().filter(named("电池")).values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {query}", parameters)
        plan = "\n".join(line for (line,) in cursor.fetchall())

    assert "Bitmap Index Scan on project_grams" in plan
