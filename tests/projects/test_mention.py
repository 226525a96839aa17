"""Naming colleagues by @: who is meant, who may be named, who is told."""

from collections.abc import Callable

import pytest
from django.test import Client

from projects.actions import see_mention, write_follow_up
from projects.models import Mention, Project
from projects.queries.mention import named_in, suggestions, unseen_mentions
from projects.queries.timeline import Timeline
from promotion.errors import NotFound, Refused
from promotion.models import Notice
from staff.models import Account, Role, Team
from tests.factories.projects import make_project
from tests.factories.staff import make_account, make_person

ClientAs = Callable[[Account], Client]


@pytest.fixture
def project(officer: Account) -> Project:
    return make_project(officer)


def named(name: str, team: Team, number: str = "") -> Account:
    person = make_person(name=name, **({"staff_number": number} if number else {}))
    return make_account(Role.OFFICER, team=team, person=person)


def test_the_named_are_kept_and_told_with_the_way_there(
    officer: Account, first_team: Team, project: Project
) -> None:
    friend = named("林望舒", first_team)

    write_follow_up(
        actor=officer,
        project=project,
        kind="call",
        text=f"@林望舒 请核对用电负荷，@{officer.display_name} 周五去。",
    )

    mention = Mention.objects.get()
    notice = Notice.objects.get()
    assert (mention.account, notice.recipient, notice.kind) == (friend, friend, "mention")
    assert notice.url == f"/projects/{project.public_id}/?tab=timeline&show=mentioned"
    assert '<span class="mention">@林望舒</span>' in Timeline(officer, project)[0:5][0].title


def test_whoever_may_not_see_the_project_is_refused_and_nothing_is_written(
    officer: Account, second_team: Team, project: Project
) -> None:
    named("顾南星", second_team)

    with pytest.raises(Refused, match="顾南星 看不到这个项目") as refusal:
        write_follow_up(actor=officer, project=project, kind="call", text="请 @顾南星 看看")

    assert set(refusal.value.fields) == {"text"}
    assert (project.follow_ups.count(), Notice.objects.count()) == (0, 0)


def test_unknown_names_are_said_and_addresses_are_none(officer: Account, project: Project) -> None:
    with pytest.raises(Refused, match="没有找到“@王某某”"):
        write_follow_up(actor=officer, project=project, kind="call", text="@王某某 请看")

    write_follow_up(actor=officer, project=project, kind="call", text="资料发到 li@某公司.cn 和 a@b.com")
    assert Mention.objects.count() == 0


def test_namesakes_are_told_apart_by_number_and_longer_names_win(
    officer: Account, first_team: Team, project: Project
) -> None:
    first, second = named("张伟", first_team, "ZS901"), named("张伟", first_team, "ZS902")
    longer = named("张伟民", first_team)

    with pytest.raises(Refused, match="有 2 位“张伟”"):
        write_follow_up(actor=officer, project=project, kind="call", text="@张伟 请看")
    write_follow_up(actor=officer, project=project, kind="call", text="@张伟（zs902）和@张伟民请看")

    assert set(Mention.objects.values_list("account", flat=True)) == {second.pk, longer.pk}
    assert {text for account, text in suggestions(project, "zhangwei") if account in (first, second)} == {
        "张伟（ZS901）",
        "张伟（ZS902）",
    }


def test_names_are_found_by_reading_and_only_those_who_see(
    officer: Account, first_team: Team, second_team: Team, project: Project
) -> None:
    friend = named("林望舒", first_team)
    named("林望远", second_team)

    for typed in ("林", "linw", "lws", "望舒"):
        assert [account for account, _text in suggestions(project, typed)] == [friend], typed
    assert named_in("写给 @林望舒 的")[0] == {"林望舒": [friend]}


def test_noting_takes_it_off_the_workbench(
    officer: Account, colleague: Account, outsider: Account, project: Project, client_as: ClientAs
) -> None:
    write_follow_up(actor=officer, project=project, kind="call", text=f"@{colleague.display_name} 请看")
    mention = Mention.objects.get()

    before = client_as(colleague).get("/").content.decode()
    with pytest.raises(NotFound):
        see_mention(actor=outsider, mention=mention)
    noted = client_as(colleague).post(f"/mentions/{mention.pk}/seen/")

    assert ("知道了" in before, noted.status_code, unseen_mentions(colleague).count()) == (True, 302, 0)
    mine = (
        client_as(colleague)
        .get(f"/projects/{project.public_id}/?tab=timeline&show=mentioned")
        .content.decode()
    )
    assert mine.count('class="timeline-item') == 1


def test_names_and_mentions_over_the_api(
    officer: Account, colleague: Account, project: Project, client_as: ClientAs
) -> None:
    url = f"/api/projects/{project.public_id}/follow-ups/"
    body = {"kind": "call", "text": f"@{colleague.display_name} 请看"}

    written = client_as(officer).post(url, body, content_type="application/json")
    unknown = client_as(officer).post(url, {**body, "text": "@查无此 请看"}, content_type="application/json")
    listed = client_as(colleague).get("/api/mentions/").json()["results"]
    names = client_as(officer).get(f"/projects/{project.public_id}/mention-names/?q=").json()["names"]

    assert (written.status_code, unknown.status_code, unknown.json()["fields"].keys()) == (201, 422, {"text"})
    assert [(one["project"]["public_id"], one["by"]) for one in listed] == [
        (project.public_id, officer.display_name)
    ]
    assert client_as(colleague).post(f"/api/mentions/{listed[0]['id']}/seen/").status_code == 200
    assert officer.display_name not in [one["name"] for one in names]
