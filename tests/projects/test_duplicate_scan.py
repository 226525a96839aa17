"""The scan for duplicates: which pairs it finds and why, that dismissed ones stay dismissed, and who may ask."""

import pytest

from projects.actions import add_contact
from projects.actions.company_merge import merge_companies
from projects.actions.company_name import add_alias
from projects.actions.duplicate_scan import (
    dismiss_pair,
    execute_scan,
    reopen_pair,
    request_scan,
    requeue_stale_scans,
)
from projects.models import DuplicatePair, DuplicateScan
from projects.queries.duplicate_scan import slips_between
from promotion.errors import NotAllowed, NotFound, Refused
from staff.models import Account
from tests.factories.projects import make_company

CODE = "91350100M000100Y43"


@pytest.fixture(autouse=True)
def _no_broker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("projects.actions.duplicate_scan.wake_worker", lambda _scan_id: None)


def scan(manager: Account) -> DuplicateScan:
    done = execute_scan(scan_id=request_scan(actor=manager).pk)
    assert done is not None
    return done


def found() -> list[tuple[str, str, int, list[str]]]:
    return [
        (pair.first.name, pair.second.name, pair.score, sorted(row["sign"] for row in pair.reasons))
        for pair in DuplicatePair.objects.order_by("-score", "pk").select_related("first", "second")
    ]


def test_scan_finds_pairs_by_name_alias_part_code_phone_website_and_seat(
    officer: Account, manager: Account
) -> None:
    first = make_company(officer, name="示例新能源有限公司", website="https://www.example.com/cn")
    make_company(officer, name="示例新能源集团", website="http://example.com")
    renamed = make_company(officer, name="长河药业有限公司")
    add_alias(actor=officer, company=renamed, name="示例医药研究院")
    make_company(officer, name="合肥示例医药研究院")
    one = make_company(officer, name="远山光电", address="创新路 1 号", controller="王某")
    make_company(officer, name="近水照明", address="创新路1号", controller="王某")
    phoned = make_company(officer, name="东风机床")
    add_contact(actor=officer, company=one, name="王五", phone="0551-6512345")
    add_contact(actor=officer, company=phoned, name="王先生", phone="0551 651 2345")
    make_company(officer, name="甲骨文字", credit_code=CODE)
    make_company(officer, name="乙丙丁戊", credit_code=CODE[:-2] + "34")
    make_company(officer, name="毫不相干")

    done = scan(manager)

    assert found() == [
        ("示例新能源有限公司", "示例新能源集团", 100, ["core", "website"]),
        ("甲骨文字", "乙丙丁戊", 75, ["code"]),
        ("远山光电", "近水照明", 50, ["seat"]),
        ("长河药业有限公司", "合肥示例医药研究院", 45, ["part"]),
        ("远山光电", "东风机床", 40, ["phone"]),
    ]
    assert (done.state, done.found, done.done, done.planned) == ("done", 5, 10, 10)
    assert first.pairs_as_first.get().reasons[0].keys() == {"sign", "text"}


def test_what_a_crowd_shares_tells_nothing(officer: Account, manager: Account) -> None:
    for number in range(42):
        make_company(officer, name=f"企业{number}号工厂", website="https://portal.example.com")

    scan(manager)

    assert [row for row in found() if "website" in row[3]] == []


def test_dismissed_pairs_stay_dismissed_and_settled_ones_go(officer: Account, manager: Account) -> None:
    first, second = make_company(officer, name="示例芯片公司"), make_company(officer, name="示例芯片")
    make_company(officer, name="别家汽车"), make_company(officer, name="别家汽车公司")
    scan(manager)
    pair = DuplicatePair.objects.get(first=first)

    with pytest.raises(Refused):
        dismiss_pair(actor=manager, pair=pair, reason=" ")
    dismiss_pair(actor=manager, pair=pair, reason="母子公司")
    with pytest.raises(Refused):
        dismiss_pair(actor=manager, pair=pair, reason="再来")
    other = DuplicatePair.objects.exclude(pk=pair.pk).get()
    merge_companies(actor=manager, kept=other.first, lost=other.second, reason="同一家")
    scan(manager)

    assert list(DuplicatePair.objects.values_list("pk", "dismiss_reason")) == [(pair.pk, "母子公司")]
    assert reopen_pair(actor=manager, pair=pair).dismissed_at is None
    assert second.pairs_as_second.count() == 1


def test_only_managers_and_administrators_scan_and_settle(
    officer: Account, leader: Account, administrator: Account, manager: Account
) -> None:
    make_company(officer, name="示例芯片公司"), make_company(officer, name="示例芯片")
    scan(manager)
    pair = DuplicatePair.objects.get()

    for account in (officer, leader):
        with pytest.raises(NotAllowed):
            request_scan(actor=account)
        with pytest.raises(NotFound):
            dismiss_pair(actor=account, pair=pair, reason="母子公司")
    assert request_scan(actor=administrator).state == "queued"


def test_a_scan_that_is_open_is_not_asked_for_twice_and_a_lost_worker_is_given_up(manager: Account) -> None:
    first = request_scan(actor=manager)
    assert request_scan(actor=manager) == first
    DuplicateScan.objects.update(state="running", attempts=3, heartbeat_at=None)

    requeue_stale_scans()

    first.refresh_from_db()
    assert (first.state, bool(first.error)) == ("failed", True)
    assert request_scan(actor=manager) != first


@pytest.mark.parametrize(
    ("code", "other", "slips"),
    [(CODE, CODE, 0), (CODE, CODE[:-1] + "4", 1), (CODE, CODE[:-2] + "34", 1), (CODE, CODE[:5], 18)],
)
def test_slips_between_codes(code: str, other: str, slips: int) -> None:
    assert slips_between(code, other) == slips
