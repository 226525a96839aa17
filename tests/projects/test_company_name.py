"""Other names, groups, contacts with parts in projects: found everywhere, written by two at once, and through the API."""

from collections.abc import Callable
from decimal import Decimal

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from projects.actions import add_contact, change_company, log_lead
from projects.actions.company_merge import merge_companies
from projects.actions.company_name import add_alias, change_group, create_group, remove_alias
from projects.actions.contact import (
    assign_contact_role,
    change_contact,
    end_contact_role,
    restore_contact,
    retire_contact,
)
from projects.actions.duplicate_scan import scan_here
from projects.models import Company, CompanyAlias, CompanyGroup, Contact, ContactRole
from projects.phone_number import dialled
from projects.queries import find_duplicates
from projects.queries.company_group import group_page, groups_listed
from projects.queries.company_name import companies_called, companies_named_like
from projects.queries.search import find_companies
from promotion.errors import Conflict, NotAllowed, NotFound, Refused
from promotion.models import AuditEntry
from staff.models import Account
from tests.factories.projects import make_company, make_project

SignIn = Callable[[Account], Client]


@pytest.fixture
def company(officer: Account) -> Company:
    """A company with every kind of name."""
    company = make_company(officer, name="长河新能源科技有限公司", english_name="Long River Energy")
    for kind, name in (
        ("former", "苏北电池厂"),
        ("english", "Suqian Cell"),
        ("brand", "蓝鲸动力"),
        ("alias", "长河"),
    ):
        add_alias(actor=officer, company=company, name=name, kind=kind)
    change_company(actor=officer, company=company, group="海天控股集团")
    company.refresh_from_db()
    return company


@pytest.mark.parametrize(
    "typed",
    [
        "长河新能源",
        "Long River",
        "苏北电池",
        "subei",
        "Suqian Cell",
        "suqian",
        "蓝鲸动力",
        "ljdl",
        "海天控股",
        "haitiankonggu",
    ],
)
def test_company_is_found_by_every_name(officer: Account, company: Company, typed: str) -> None:
    make_company(officer, name="毫不相干有限公司")

    assert [hit.title for hit in find_companies(officer, typed, 5)] == [company.name]
    assert list(companies_named_like(typed)) == [company]
    if len(typed) >= 6:
        assert company.name in [hit.title for hit in find_duplicates(actor=officer, name=typed)]


def test_list_and_api_find_by_former_name(officer: Account, company: Company, client_as: SignIn) -> None:
    client = client_as(officer)

    assert company.name in client.get(reverse("projects:companies"), {"q": "苏北电池"}).content.decode()
    assert client.get("/api/companies/", {"q": "苏北电池"}).json()["count"] == 1


def test_another_teams_company_is_told_masked_by_its_former_name(outsider: Account, company: Company) -> None:
    hits = find_duplicates(actor=outsider, name="苏北电池厂")

    assert [(hit.title, hit.visible) for hit in hits] == [("已存在，由其他同事录入", False)]


def test_lead_under_a_former_name_goes_to_the_company(officer: Account, company: Company) -> None:
    project = log_lead(actor=officer, name="电芯", company_name="苏北电池厂", channel="fund")

    assert project.company == company
    assert companies_called("LONG river energy") == [company]


def test_corrected_reading_goes_before_the_dictionary(officer: Account) -> None:
    company = make_company(officer, name="重楼机械")
    assert find_companies(officer, "chonglou", 5) == []

    change_company(actor=officer, company=company, reading="Chong lou ji xie")

    assert [hit.title for hit in find_companies(officer, "chonglou", 5)] == ["重楼机械"]
    assert companies_called("重楼机械") == [company]
    with pytest.raises(Refused) as refused:
        change_company(actor=officer, company=company, reading="重楼")
    assert list(refused.value.fields) == ["reading"]


@pytest.mark.parametrize("name", ["长河新能源科技有限公司", "长河", "x", "别家有限公司"])
def test_alias_that_says_nothing_new_is_refused(officer: Account, company: Company, name: str) -> None:
    make_company(officer, name="别家有限公司")

    with pytest.raises(Refused) as refused:
        add_alias(actor=officer, company=company, name=name)

    assert list(refused.value.fields) == ["name"]
    assert company.aliases.count() == 4


def test_alias_is_removed_with_a_reason_and_found_no_more(officer: Account, company: Company) -> None:
    alias = company.aliases.get(kind="former")

    with pytest.raises(Refused):
        remove_alias(actor=officer, alias=alias, reason=" ")
    remove_alias(actor=officer, alias=alias, reason="查无此名")
    with pytest.raises(NotFound):
        remove_alias(actor=officer, alias=alias, reason="再来一次")

    assert find_companies(officer, "苏北电池", 5) == []
    entry = AuditEntry.objects.get(verb="company.remove-alias")
    assert (entry.reason, entry.detail["alias"]) == ("查无此名", "苏北电池厂")


def test_names_are_changed_by_those_who_see_and_work(
    officer: Account, outsider: Account, auditor: Account, company: Company
) -> None:
    for account, outcome in ((outsider, NotFound), (auditor, NotAllowed)):
        with pytest.raises(outcome):
            add_alias(actor=account, company=company, name="新名称")


def test_group_counts_what_is_in_sight_and_masks_the_rest(
    officer: Account, outsider: Account, manager: Account, company: Company
) -> None:
    make_project(officer, company=company, planned_investment=Decimal(300))
    for number in range(2):
        other = make_company(outsider, name=f"海天子公司{number}")
        make_project(outsider, company=other, planned_investment=Decimal(50))
        change_company(actor=outsider, company=other, group="海天控股集团")
    group = CompanyGroup.objects.get()

    mine, whole = group_page(officer, group), group_page(manager, group)

    assert ([row.name for row in mine.companies], mine.hidden, mine.project_count, mine.planned) == (
        [company.name],
        2,
        1,
        Decimal(300),
    )
    assert (len(whole.companies), whole.hidden, whole.planned) == (3, 0, Decimal(400))
    listed = groups_listed(officer).get()
    assert (listed.company_count, listed.project_count, listed.planned) == (1, 1, Decimal(300))


def test_group_page_says_how_many_are_out_of_sight(
    officer: Account, outsider: Account, company: Company, client_as: SignIn
) -> None:
    hidden = make_company(outsider, name="海天子公司")
    change_company(actor=outsider, company=hidden, group="海天控股集团")
    url = reverse("projects:group", args=[CompanyGroup.objects.get().public_id])

    html = client_as(officer).get(url).content.decode()

    assert "另有 1 家不在您的可见范围" in html
    assert hidden.name not in html
    stranger = make_company(outsider, name="孤立企业")
    change_company(actor=outsider, company=stranger, group="只有别队的集团")
    secret = reverse("projects:group", args=[CompanyGroup.objects.get(name="只有别队的集团").public_id])
    assert client_as(officer).get(secret).status_code == 404


def test_group_is_renamed_once_and_companies_follow(
    officer: Account, manager: Account, company: Company
) -> None:
    group = company.group
    assert group is not None
    change_group(actor=officer, group=group, seen=1, name="海阔控股集团")
    with pytest.raises(Conflict) as conflict:
        change_group(actor=manager, group=group, seen=1, country="中国")
    with pytest.raises(Refused):
        create_group(actor=officer, name="海阔 控股集团")
    below = create_group(actor=officer, name="海阔科技集团", parent="海阔控股集团")
    with pytest.raises(Refused) as circle:
        change_group(actor=officer, group=group, parent=below.name)

    assert officer.display_name in conflict.value.message
    assert list(circle.value.fields) == ["parent"]
    assert [hit.title for hit in find_companies(officer, "海阔控股", 5)] == [company.name]
    assert find_companies(officer, "海天控股", 5) == []


@pytest.mark.parametrize(
    ("typed", "called"),
    [
        ("0551-6512 3456", "055165123456"),
        ("+86 138 0000 0000", "13800000000"),
        ("021-6512345 转 8", "0216512345"),
    ],
)
def test_phone_is_dialled_without_what_only_eyes_need(typed: str, called: str) -> None:
    assert dialled(typed) == called


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"phone": "手机号码"}, "phone"),
        ({"phone": "123"}, "phone"),
        ({"phone": "11000000000"}, "phone"),
        ({"email": "wang@"}, "email"),
        ({"name": " "}, "name"),
    ],
)
def test_contact_with_something_wrong_is_refused(
    officer: Account, company: Company, fields: dict[str, str], wrong: str
) -> None:
    with pytest.raises(Refused) as refused:
        add_contact(actor=officer, company=company, **{"name": "王五", **fields})

    assert list(refused.value.fields) == [wrong]
    assert not company.contacts.exists()


def test_contact_is_corrected_once_retired_with_its_parts_and_restored(
    officer: Account, colleague: Account, company: Company
) -> None:
    project = make_project(officer, company=company)
    contact = add_contact(actor=officer, company=company, name="王五")
    role = assign_contact_role(actor=officer, project=project, contact=contact, part="decides")

    change_contact(actor=officer, contact=contact, seen=1, phone="１３８００００００００")
    with pytest.raises(Conflict):
        change_contact(actor=colleague, contact=contact, seen=1, title="总监")
    retire_contact(actor=officer, contact=contact, reason="离职")

    contact.refresh_from_db()
    role.refresh_from_db()
    assert (contact.phone, contact.retired_on is not None, role.ends_on is not None) == (
        "13800000000",
        True,
        True,
    )
    with pytest.raises(Refused):
        assign_contact_role(actor=officer, project=project, contact=contact, part="liaison")
    assert restore_contact(actor=officer, contact=contact).retired_on is None
    entries = AuditEntry.objects.filter(verb="company.change-contact").values_list("detail", flat=True)
    assert list(entries) == [{"contact": "王五", "fields": ["电话"]}]


def test_parts_are_for_people_of_the_company_or_its_group_but_intermediaries(
    officer: Account, outsider: Account, company: Company
) -> None:
    project = make_project(officer, company=company)
    sister = make_company(officer, name="姊妹公司")
    change_company(actor=officer, company=sister, group="海天控股集团")
    near = add_contact(actor=officer, company=sister, name="近人")
    far = add_contact(actor=officer, company=make_company(officer), name="远人")

    assign_contact_role(actor=officer, project=project, contact=near, part="finance")
    with pytest.raises(Refused):
        assign_contact_role(actor=officer, project=project, contact=near, part="finance")
    with pytest.raises(Refused):
        assign_contact_role(actor=officer, project=project, contact=far, part="legal")
    role = assign_contact_role(actor=officer, project=project, contact=far, part="intermediary")
    with pytest.raises(NotFound):
        assign_contact_role(actor=outsider, project=project, contact=far, part="legal")

    assert end_contact_role(actor=officer, role=role).ends_on is not None
    with pytest.raises(Refused):
        end_contact_role(actor=officer, role=role)


def test_company_page_shows_names_group_people_and_costs_the_same(
    officer: Account,
    company: Company,
    client_as: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client, url = client_as(officer), reverse("projects:company", args=[company.public_id])

    def fill(number: int) -> None:
        project = make_project(officer, company=company)
        contact = add_contact(
            actor=officer, company=company, name=f"联系人{number}", phone=f"1380000000{number}"
        )
        assign_contact_role(actor=officer, project=project, contact=contact, part="decides")
        add_alias(actor=officer, company=company, name=f"另一个名称{number}")

    fill(1)
    client.get(url)
    with django_assert_max_num_queries(30) as one:
        client.get(url)
    fill(2)
    fill(3)
    with django_assert_max_num_queries(30) as three:
        html = client.get(url).content.decode()

    assert len(one) == len(three)
    for text in ("曾用名", "苏北电池厂", "海天控股集团", "tel:13800000001", "决策人"):
        assert text in html


def test_pages_of_names_people_and_groups_write(
    officer: Account, company: Company, client_as: SignIn
) -> None:
    client, at = client_as(officer), [company.public_id]

    wrong = client.post(reverse("projects:alias-add", args=at), {"name": "长河", "kind": "alias"})
    assert (wrong.status_code, "这家企业已有别名" in wrong.content.decode()) == (422, True)
    assert (
        client.post(reverse("projects:alias-add", args=at), {"name": "新名", "kind": "brand"}).status_code
        == 302
    )
    alias = CompanyAlias.objects.get(name="新名")
    assert (
        client.post(reverse("projects:alias-remove", args=[*at, alias.pk]), {"reason": "错的"}).status_code
        == 302
    )
    client.post(reverse("projects:contact-add", args=at), {"name": "王五"})
    contact = Contact.objects.get()
    typed = {"name": "王五", "phone": "12", "version": "1"}
    refused = client.post(reverse("projects:contact-edit", args=[*at, contact.pk]), typed)
    assert (refused.status_code, 'value="12"' in refused.content.decode()) == (422, True)
    project = make_project(officer, company=company)
    url = reverse("projects:project-contacts", args=[project.public_id])
    assert client.post(url, {"contact": contact.pk, "part": "decides"}).status_code == 302
    assert "企业联系人" in client.get(reverse("projects:detail", args=[project.public_id])).content.decode()
    role = ContactRole.objects.get()
    assert (
        client.post(reverse("projects:contact-role-end", args=[project.public_id, role.pk])).status_code
        == 302
    )
    assert (
        client.post(
            reverse("projects:contact-retire", args=[*at, contact.pk]), {"reason": "离职"}
        ).status_code
        == 302
    )
    assert client.post(reverse("projects:contact-restore", args=[*at, contact.pk])).status_code == 302
    assert client.post(reverse("projects:group-new"), {"name": "新集团"}).status_code == 302
    typed = {"name": company.name, "country": "中国", "group": "又一集团", "version": company.version}
    assert client.post(reverse("projects:company-edit", args=at), typed).status_code == 302
    assert Company.objects.get(pk=company.pk).group.name == "又一集团"


def test_merge_pages_preview_merge_redirect_and_undo(
    officer: Account, manager: Account, company: Company, client_as: SignIn
) -> None:
    lost = make_company(officer, name="长河新能源公司", controller="王某")
    make_project(officer, company=lost, name="储能")
    client = client_as(manager)
    url = f"{reverse('projects:company-merge', args=[company.public_id])}?with={lost.public_id}"

    chosen = client.get(
        reverse("projects:company-merge", args=[company.public_id]), {"q": "长河"}
    ).content.decode()
    preview = client.get(url).content.decode()
    undecided = client.post(url, {"reason": ""})
    merged = client.post(url, {"reason": "同一家", "controller": "lost", "name": "kept"})
    old = client.get(reverse("projects:company", args=[lost.public_id]))

    assert lost.name in chosen
    for text in ("实际控制人", "王某", "储能", "并入“长河新能源科技有限公司”"):
        assert text in preview
    assert undecided.status_code == 422
    assert merged.status_code == old.status_code == 302
    assert old.url == reverse("projects:company", args=[company.public_id])
    assert client.get(f"/api/companies/{lost.public_id}/").json()["public_id"] == company.public_id
    undo = reverse("projects:merge-undo", args=[company.merges_kept.get().public_id])
    assert "1 条回到原处" in client.get(undo).content.decode()
    assert client.post(undo, {"reason": "看错了"}).status_code == 302
    assert client.get(reverse("projects:company", args=[lost.public_id])).status_code == 200
    assert client_as(officer).get(url).status_code == 403


def test_duplicate_pages_list_dismiss_and_reopen(
    officer: Account, manager: Account, client_as: SignIn
) -> None:
    first, second = make_company(officer, name="示例芯片公司"), make_company(officer, name="示例芯片")
    scan_here(actor=manager)
    client, url = client_as(manager), reverse("projects:duplicates")
    pair = first.pairs_as_first.get()
    at = reverse("projects:duplicate", args=[pair.public_id])

    listed = client.get(url).content.decode()
    side_by_side = client.get(at).content.decode()
    dismissed = client.post(at, {"reason": "母子公司"})

    assert second.name in listed
    assert "去掉公司形式后同名" in side_by_side
    assert dismissed.status_code == 302
    assert second.name not in client.get(url).content.decode()
    assert second.name in client.get(url, {"state": "dismissed"}).content.decode()
    assert client.post(reverse("projects:duplicate-reopen", args=[pair.public_id])).status_code == 302
    assert client_as(officer).get(url).status_code == 403


def test_workbook_has_the_new_columns(
    officer: Account, company: Company, client_as: SignIn, tmp_path: object
) -> None:
    change_company(actor=officer, company=company, controller="王某", address="创新路 1 号")

    reply = client_as(officer).get(reverse("projects:companies-workbook"), {"q": "苏北"})

    path = f"{tmp_path}/companies.xlsx"
    with open(path, "wb") as file:  # noqa: PTH123
        file.write(b"".join(reply.streaming_content) if reply.streaming else reply.content)
    rows = list(openpyxl.load_workbook(path).active.iter_rows(values_only=True))
    flat = ["" if cell is None else str(cell) for row in rows for cell in row]
    for text in ("实际控制人", "所属集团", company.name, "海天控股集团", "王某", "创新路 1 号"):
        assert text in flat


def test_api_writes_names_people_parts_merges_and_scans(
    officer: Account, manager: Account, company: Company, client_as: SignIn
) -> None:
    client, base = client_as(officer), f"/api/companies/{company.public_id}/"
    json = {"content_type": "application/json"}

    changed = client.patch(base, {"controller": "王某", "version": company.version}, **json)
    stale = client.patch(base, {"controller": "李某", "version": company.version}, **json)
    alias = client.post(f"{base}aliases/", {"name": "新名", "kind": "brand"}, **json)
    removed = client.post(f"{base}aliases/{alias.json()['id']}/remove/", {"reason": "错的"}, **json)
    contact = client.post(f"{base}contacts/", {"name": "王五", "phone": "13800000000"}, **json)
    bad = client.patch(f"{base}contacts/{contact.json()['id']}/", {"phone": "12"}, **json)
    project = make_project(officer, company=company)
    roles = f"/api/projects/{project.public_id}/contact-roles/"
    role = client.post(roles, {"contact": contact.json()["id"], "part": "decides"}, **json)
    ended = client.post(f"{roles}{role.json()['id']}/end/", **json)
    retired = client.post(f"{base}contacts/{contact.json()['id']}/retire/", {"reason": "离职"}, **json)

    assert [each.status_code for each in (changed, stale, alias, removed, contact, bad)] == [
        200,
        409,
        201,
        204,
        201,
        422,
    ]
    assert [each.status_code for each in (role, ended, retired)] == [201, 200, 200]
    assert len(client.get(roles).json()) == 1
    assert client.get("/api/company-groups/").json()["results"][0]["company_count"] == 1
    lost = make_company(officer, name="长河新能源公司")
    chief = client_as(manager)
    preview = chief.get(f"{base}merge-preview/{lost.public_id}/")
    merged = chief.post(f"{base}merge/", {"lost": lost.public_id, "reason": "同一家"}, **json)
    undone = chief.post(
        f"/api/company-merges/{merged.json()['public_id']}/undo/", {"reason": "看错了"}, **json
    )
    scan = chief.post("/api/duplicate-pairs/scan/", **json)
    assert [each.status_code for each in (preview, merged, undone, scan)] == [200, 201, 200, 202]
    assert (
        client.post(f"{base}merge/", {"lost": lost.public_id, "reason": "同一家"}, **json).status_code == 403
    )
    assert client.get("/api/duplicate-pairs/").json()["count"] == 0


def test_lists_of_groups_and_pairs_cost_the_same(
    officer: Account,
    manager: Account,
    client_as: SignIn,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    client = client_as(manager)

    def fill(name: str) -> None:
        for ending in ("公司", "集团"):
            change_company(
                actor=officer,
                company=make_company(officer, name=f"{name}芯片{ending}"),
                group=f"{name}控股集团",
            )
        scan_here(actor=manager)

    def counted() -> list[int]:
        costs = []
        for url in (reverse("projects:groups"), reverse("projects:duplicates")):
            with django_assert_max_num_queries(20) as queries:
                client.get(url)
            costs.append(len(queries))
        return costs

    fill("甲乙")
    counted()
    one = counted()
    fill("丙丁")
    fill("戊己")
    assert counted() == one


def test_merge_is_told_in_the_history_of_the_kept_company(
    officer: Account, manager: Account, company: Company, client_as: SignIn
) -> None:
    lost = make_company(officer, name="长河新能源公司")
    merge_companies(actor=manager, kept=company, lost=lost, reason="同一家企业")

    html = client_as(officer).get(reverse("projects:company", args=[company.public_id])).content.decode()

    assert "合并企业" in html
    assert "长河新能源公司 → 长河新能源科技有限公司" in html
