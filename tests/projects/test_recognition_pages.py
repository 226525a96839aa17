"""The pages of reporting and recognising: who sees and does what, what is typed and kept, how many queries."""

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from projects.models import Achievement, Project
from projects.workflow import Stage
from staff.models import Account
from tests.factories.files import PDF, make_pdf
from tests.factories.projects import make_achievement, make_company, make_project, make_recognised, make_share

pytestmark = pytest.mark.django_db


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer, stage=Stage.REGISTERED)


def new_url(project: Project, kind: str = "paid_in") -> str:
    return reverse("projects:achievement-new", args=[project.public_id]) + f"?kind={kind}"


def typed(**fields: Any) -> dict[str, Any]:
    return {
        "happened_on": "2026-06-01",
        "amount": "3.5亿",
        "currency": "CNY",
        "certificate": "FDI-1",
        "evidence": [make_pdf()],
        **fields,
    }


def page_url(name: str, achievement: Achievement) -> str:
    return reverse(f"projects:{name}", args=[achievement.public_id])


# Reporting.


def test_amount_is_typed_as_people_write_it(officer: Account, project: Project, client_as: Any) -> None:
    answer = client_as(officer).post(new_url(project), typed())

    made = Achievement.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, page_url("achievement", made))
    assert (made.amount, made.kind, made.documents.count()) == (Decimal(350_000_000), "paid_in", 1)


def test_several_files_come_at_once(officer: Account, project: Project, client_as: Any) -> None:
    files = [make_pdf("协议.pdf"), make_pdf("凭证.pdf", PDF + b"% other\n"), make_pdf("又是协议.pdf")]

    client_as(officer).post(new_url(project), typed(evidence=files))

    # The third has the content of the first.
    assert Achievement.objects.get().documents.count() == 2


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"amount": "很多"}, "看不懂金额"),
        ({"amount": "-3亿"}, "看不懂金额"),
        ({"happened_on": "2026-02-30"}, "有效"),
        ({"happened_on": "2999-01-01"}, "还没有到"),
        ({"amount": "300万美元"}, "币种请选美元"),
        ({"currency": "USD"}, "汇率"),
        ({"currency": "USD", "exchange_rate": "abc"}, "数字"),
        ({"certificate": ""}, "请填写凭证编号"),
        ({"evidence": []}, "至少附一份佐证材料"),
        ({"evidence": [SimpleUploadedFile("改名.pdf", b"MZ\x90\x00")]}, "内容不是 PDF"),
        ({"evidence": [SimpleUploadedFile("空.pdf", b"")]}, "空文件"),
    ],
)
def test_what_is_refused_stays_typed(
    officer: Account, project: Project, client_as: Any, fields: dict[str, Any], sentence: str
) -> None:
    answer = client_as(officer).post(new_url(project), typed(**{"title": "第 3 笔外资", **fields}))

    text = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in text
    assert 'value="第 3 笔外资"' in text
    assert Achievement.objects.count() == 0


def test_form_is_for_those_who_may_report(
    officer: Account,
    colleague: Account,
    auditor: Account,
    outsider: Account,
    project: Project,
    client_as: Any,
) -> None:
    statuses = {
        who: client_as(who).get(new_url(project)).status_code
        for who in (officer, colleague, auditor, outsider)
    }

    assert statuses == {officer: 200, colleague: 403, auditor: 403, outsider: 404}
    assert client_as(officer).get(new_url(project, "nothing")).status_code == 422


def test_dollars_are_read_back_in_yuan_while_typing(officer: Account, client_as: Any) -> None:
    url = reverse("projects:amount-preview")
    client = client_as(officer)

    said = client.get(url, {"amount": "300万", "currency": "USD", "exchange_rate": "7.1203"}).content.decode()
    silent = [
        client.get(url, query).content.decode().strip()
        for query in (
            {"amount": "300万", "currency": "CNY", "exchange_rate": "7.1203"},
            {"amount": "很多", "currency": "USD", "exchange_rate": "7.1203"},
            {"amount": "300万", "currency": "USD", "exchange_rate": "NaN"},
            {},
        )
    ]

    assert "2,136.09 万元" in said
    assert silent == [""] * 4


def test_win_without_a_project_is_reported_for_oneself(officer: Account, client_as: Any) -> None:
    url = reverse("projects:achievement-alone")

    answer = client_as(officer).post(
        url, {"happened_on": "2026-06-01", "title": "国家级基地", "level": "national", "currency": "CNY"}
    )

    made = Achievement.objects.get()
    assert (answer.status_code, made.person, made.level, made.amount) == (
        302,
        officer.person,
        "national",
        None,
    )


def test_incident_is_recorded_from_its_page(
    leader: Account, officer: Account, project: Project, client_as: Any
) -> None:
    url = reverse("projects:incident-new")
    incident = {"happened_on": "2026-06-01", "incident_reason": "late_report", "title": "季度进展未报"}

    on_project = client_as(leader).post(f"{url}?project={project.public_id}", incident)
    on_person = client_as(leader).post(url, incident | {"person": officer.person.public_id})

    assert (on_project.status_code, on_person.status_code) == (302, 302)
    assert [(a.project, a.person) for a in Achievement.objects.order_by("id")] == [
        (project, None),
        (None, officer.person),
    ]
    assert client_as(officer).get(url).status_code == 403


# The page of an achievement.


def test_page_offers_what_each_person_may_do(
    officer: Account,
    colleague: Account,
    manager: Account,
    hr: Account,
    auditor: Account,
    outsider: Account,
    project: Project,
    client_as: Any,
) -> None:
    made = make_achievement(project, officer)
    decide, withdraw = page_url("recognition", made), page_url("achievement-withdraw", made)

    offered = {}
    for who in (officer, colleague, manager, hr, auditor):
        answer = client_as(who).get(page_url("achievement", made))
        text = answer.content.decode()
        offered[who] = (answer.status_code, decide in text, withdraw in text)

    assert offered == {
        officer: (200, False, True),
        colleague: (200, False, False),
        manager: (200, True, True),
        hr: (200, False, False),
        auditor: (200, False, False),
    }
    assert client_as(outsider).get(page_url("achievement", made)).status_code == 404


def test_page_tells_both_amounts_and_the_history(
    officer: Account, manager: Account, project: Project, client_as: Any
) -> None:
    client_as(officer).post(new_url(project), typed(amount="2亿"))
    made = Achievement.objects.get()
    client_as(manager).post(
        page_url("recognition", made),
        {"decision": "recognise", "recognised_amount": "1.86亿", "note": "借款不计", "version": "1"},
    )

    text = client_as(officer).get(page_url("achievement", made)).content.decode()

    for part in ("20,000.00", "18,600.00", "借款不计", "申报业绩", "认定业绩", "合同盖章页.pdf"):
        assert part in text


def test_returned_report_is_mended_on_its_page(
    officer: Account, manager: Account, colleague: Account, project: Project, client_as: Any
) -> None:
    made = make_achievement(project, officer, kind="fixed_asset", state="returned", decision_note="缺发票")
    url = page_url("achievement-correct", made)

    shown = client_as(officer).get(url).content.decode()
    answer = client_as(officer).post(url, typed(amount="9000", version="1"))

    made.refresh_from_db()
    assert "缺发票" in shown
    assert 'value="10000"' in shown
    assert (answer.status_code, made.state, made.amount) == (302, "submitted", Decimal(90_000_000))
    assert client_as(colleague).get(url).status_code == 403


def test_withdrawing_and_adding_evidence_are_for_the_team(
    officer: Account, auditor: Account, outsider: Account, project: Project, client_as: Any
) -> None:
    made = make_achievement(project, officer, kind="tax")
    attach, withdraw = page_url("achievement-attach", made), page_url("achievement-withdraw", made)

    assert client_as(outsider).post(attach, {"evidence": make_pdf()}).status_code == 404
    assert client_as(auditor).post(attach, {"evidence": make_pdf()}).status_code == 403
    assert client_as(officer).post(attach, {}).status_code == 422
    assert client_as(officer).post(attach, {"evidence": make_pdf()}).status_code == 302
    assert client_as(auditor).post(withdraw).status_code == 403
    assert client_as(officer).post(f"{withdraw}?version=7").status_code == 409
    assert client_as(officer).post(f"{withdraw}?version=1").status_code == 302

    made.refresh_from_db()
    assert (made.state, made.documents.count()) == ("withdrawn", 1)


# Deciding.


def test_recognising_takes_two_taps(
    officer: Account, manager: Account, project: Project, client_as: Any
) -> None:
    made = make_achievement(project, officer)
    client, url = client_as(manager), page_url("recognition", made)

    panel = client.get(url, headers={"HX-Request": "true"})
    answer = client.post(
        f"{url}?from=queue",
        {"decision": "recognise", "recognised_amount": "10000", "note": "", "version": "1"},
        headers={"HX-Request": "true"},
    )

    made.refresh_from_db()
    text = panel.content.decode()
    assert "<html" not in text
    assert 'value="10000"' in text
    assert answer["HX-Redirect"] == reverse("projects:recognitions")
    assert (made.state, made.recognised_cny) == ("recognised", Decimal(100_000_000))


def test_returning_without_a_reason_says_so_in_the_panel(
    officer: Account, manager: Account, project: Project, client_as: Any
) -> None:
    made = make_achievement(project, officer)
    url = page_url("recognition", made)

    answer = client_as(manager).post(url, {"decision": "return", "note": "", "version": "1"})
    client_as(manager).post(url, {"decision": "return", "note": "缺盖章页", "version": "1"})

    made.refresh_from_db()
    assert answer.status_code == 422
    assert "请写明退回的原因" in answer.content.decode()
    assert (made.state, made.decision_note) == ("returned", "缺盖章页")


def test_second_manager_is_told_what_the_first_did(
    officer: Account, manager: Account, deputy: Account, project: Project, client_as: Any
) -> None:
    made = make_achievement(project, officer)
    url = page_url("recognition", made)
    client_as(manager).post(url, {"decision": "recognise", "recognised_amount": "10000", "version": "1"})

    answer = client_as(deputy).post(url, {"decision": "return", "note": "缺材料", "version": "1"})

    made.refresh_from_db()
    assert answer.status_code == 422
    assert manager.display_name in answer.content.decode()
    assert "缺材料" in answer.content.decode()
    assert made.state == "recognised"


def test_nobody_else_reaches_the_panel(
    officer: Account,
    leader: Account,
    hr: Account,
    auditor: Account,
    outsider: Account,
    project: Project,
    client_as: Any,
) -> None:
    made = make_achievement(project, officer)
    decision = {"decision": "recognise", "recognised_amount": "10000", "version": "1"}

    statuses = {
        who: (
            client_as(who).get(page_url("recognition", made)).status_code,
            client_as(who).post(page_url("recognition", made), decision).status_code,
        )
        for who in (officer, leader, hr, auditor, outsider)
    }

    assert statuses == {
        officer: (403, 403),
        leader: (403, 403),
        hr: (403, 403),
        auditor: (403, 403),
        outsider: (404, 404),
    }
    made.refresh_from_db()
    assert made.state == "submitted"


def test_manager_cannot_recognise_the_own_report_from_the_page(
    manager: Account, officer: Account, client_as: Any
) -> None:
    made = make_achievement(make_project(officer), manager)

    assert client_as(manager).get(page_url("recognition", made)).status_code == 403
    assert (
        page_url("recognition", made)
        not in client_as(manager).get(page_url("achievement", made)).content.decode()
    )


def test_reversal_asks_for_a_reason(
    officer: Account, manager: Account, project: Project, client_as: Any
) -> None:
    made = make_recognised(project, officer, manager)
    url = page_url("achievement-reverse", made)

    empty = client_as(manager).post(url, {"reason": "", "version": "1"})
    answer = client_as(manager).post(url, {"reason": "合同撤销", "version": "1"})

    made.refresh_from_db()
    assert (empty.status_code, answer.status_code, made.state) == (422, 302, "reversed")
    assert client_as(officer).get(url).status_code == 403


# Lists.


def listed(answer: Any) -> list[str]:
    return [row.key for row in answer.context["list"].rows]


def test_queue_shows_what_waits_the_oldest_first(
    officer: Account, outsider: Account, manager: Account, auditor: Account, client_as: Any
) -> None:
    first = make_achievement(make_project(officer), officer)
    second = make_achievement(make_project(outsider), outsider)
    done = make_recognised(make_project(officer), officer, manager)
    url = reverse("projects:recognitions")

    assert listed(client_as(manager).get(url)) == [str(first.pk), str(second.pk)]
    assert listed(client_as(auditor).get(url)) == [str(first.pk), str(second.pk)]
    assert listed(client_as(officer).get(url)) == [str(first.pk)]
    assert listed(client_as(manager).get(f"{url}?state=recognised")) == [str(done.pk)]
    team = second.project.team.public_id
    assert listed(client_as(manager).get(f"{url}?team={team}")) == [str(second.pk)]
    assert listed(client_as(manager).get(f"{url}?kind=paid_in")) == []
    assert page_url("recognition", first) not in client_as(auditor).get(url).content.decode()


def test_figure_opens_the_list_that_sums_to_it(
    officer: Account, colleague: Account, manager: Account, project: Project, client_as: Any
) -> None:
    make_share(project, officer.person, percent=60)
    make_share(project, colleague.person, percent=40)
    inside = make_recognised(project, officer, manager, kind="paid_in")
    make_recognised(project, officer, manager, kind="paid_in", happened_on=date(2025, 6, 1))
    make_achievement(project, officer, kind="paid_in")
    url = reverse("projects:achievements")
    query = (
        f"?kind=paid_in&state=recognised&from=2026-01-01&to=2026-12-31&person={colleague.person.public_id}"
    )

    answer = client_as(manager).get(url + query)

    totals = {
        column.key: cell.text
        for column, cell in zip(answer.context["list"].shown, answer.context["list"].totals, strict=True)
    }
    assert listed(answer) == [str(inside.pk)]
    assert (totals["recognised_amount"], totals["credited"]) == ("10,000.00", "4,000.00")
    assert listed(
        client_as(manager).get(f"{url}?year=2026&project={project.public_id}&state=recognised")
    ) == [str(inside.pk)]


@pytest.mark.parametrize(
    "query",
    [
        "?year=abc",
        "?year=2026.5",
        "?year=NaN",
        "?year=99999",
        "?from=2026-13-01",
        "?person=nobody",
        "?team=x&kind=y",
        "?sort=-nothing&page=99",
    ],
)
def test_list_survives_wrong_filters(manager: Account, client_as: Any, query: str) -> None:
    assert client_as(manager).get(reverse("projects:achievements") + query).status_code == 200
    assert client_as(manager).get(reverse("projects:recognitions") + query).status_code == 200


def test_workbook_holds_what_the_list_shows_and_is_audited(
    officer: Account, outsider: Account, manager: Account, project: Project, client_as: Any
) -> None:
    make_share(project, officer.person)
    make_recognised(project, officer, manager)
    url = reverse("projects:achievements-workbook")

    whole = client_as(manager).get(url)
    credited = client_as(manager).get(f"{url}?person={officer.person.public_id}")
    foreign = client_as(outsider).get(url)

    assert [rows_of(answer) for answer in (whole, credited, foreign)] == [1, 1, 0]


def rows_of(answer: Any) -> int:
    return load_workbook(io.BytesIO(answer.content)).active.max_row - 1


@pytest.mark.parametrize("name", ["recognitions", "achievements"])
def test_lists_cost_the_same_with_one_and_with_three_rows(
    officer: Account, manager: Account, client_as: Any, name: str
) -> None:
    client, url = client_as(manager), reverse(f"projects:{name}")
    company = make_company(officer)

    def queries_with(rows: int) -> int:
        for _row in range(rows):
            made = make_achievement(
                make_project(officer, company=company), officer, happened_on=date(2025, 12, 29)
            )
            make_share(made.project, officer.person)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(f"{url}?person={officer.person.public_id}")
        assert answer.status_code == 200
        return len(captured)

    assert queries_with(1) == queries_with(2)


def test_page_costs_the_same_with_one_and_with_three_files(
    officer: Account, project: Project, client_as: Any
) -> None:
    client = client_as(officer)
    counts = []
    for files in (1, 3):
        evidence = [make_pdf(f"{n}.pdf", PDF + b"%% %d\n" % n) for n in range(files)]
        client.post(new_url(project), typed(evidence=evidence))
        made = Achievement.objects.latest("id")
        with CaptureQueriesContext(connection) as captured:
            assert client.get(page_url("achievement", made)).status_code == 200
        counts.append(len(captured))

    assert counts[0] == counts[1]
