"""Drafting and publishing a scheme."""

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from kpi.models import SchemeVersion
from kpi.queries.rule_words import Names, rule_words
from kpi.queries.scheme import read_scheme
from kpi.queries.words import indicator_words
from kpi.scoring.rules import build
from staff.models import Account
from tests.factories.kpi import SCHEME, make_scheme

pytestmark = pytest.mark.django_db

YEAR = 2025
TEXT = SCHEME.replace("2026", str(YEAR))
SignIn = Callable[[Account], Client]


def test_a_scheme_is_drafted_by_one_and_published_by_another(
    hr: Account, manager: Account, client_as: SignIn
) -> None:
    drafter, publisher = client_as(hr), client_as(manager)

    saved = drafter.post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT})
    version = SchemeVersion.objects.get()
    url = reverse("kpi:scheme-publish", args=[version.public_id])

    assert (saved.status_code, saved.headers["Location"]) == (
        302,
        reverse("kpi:scheme", args=[version.public_id]),
    )
    assert "发布人" not in drafter.get(saved.headers["Location"]).content.decode()
    assert drafter.post(url).status_code == 422
    assert publisher.post(url).status_code == 302
    version.refresh_from_db()
    assert (version.state, version.published_by, version.drafted_by) == ("published", manager, hr)


def test_an_uploaded_scheme_takes_the_place_of_the_text(hr: Account, client_as: SignIn) -> None:
    file = SimpleUploadedFile("scheme.yaml", TEXT.encode())

    response = client_as(hr).post(
        reverse("kpi:scheme-new"), {"year": YEAR, "text": "scheme: other", "file": file}
    )

    assert response.status_code == 302
    assert SchemeVersion.objects.get().text == TEXT


@pytest.mark.parametrize("as_file", [False, True])
def test_a_faulty_scheme_comes_back_with_lines_and_nothing_lost(
    hr: Account, client_as: SignIn, *, as_file: bool
) -> None:
    broken = TEXT.replace("full_marks: 50", "full_mark: 50").replace(
        "kind: ratio_times_points", "kind: ratio_times_point"
    )
    sent = {"file": SimpleUploadedFile("s.yaml", broken.encode())} if as_file else {"text": broken}

    response = client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, **sent})
    page = response.content.decode()

    assert response.status_code == 422
    assert len(response.context["faults"]) >= 2
    assert all(fault.startswith("细则没有保存") or "行" in fault for fault in response.context["faults"])
    assert "full_mark: 50" in page
    assert not SchemeVersion.objects.exists()


def test_a_file_in_another_encoding_is_refused_with_what_to_do(hr: Account, client_as: SignIn) -> None:
    file = SimpleUploadedFile("scheme.yaml", TEXT.encode("gb18030"))

    response = client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, "file": file})

    assert response.status_code == 422
    assert "不是 UTF-8 编码" in response.content.decode()


def test_drafts_are_hidden_from_officers_and_drafting_is_not_theirs(
    hr: Account, officer: Account, client_as: SignIn
) -> None:
    client_as(hr).post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT})
    client = client_as(officer)

    assert client.get(reverse("kpi:scheme", args=[SchemeVersion.objects.get().public_id])).status_code == 404
    assert client.get(reverse("kpi:scheme-new")).status_code == 403
    assert client.post(reverse("kpi:scheme-new"), {"year": YEAR, "text": TEXT}).status_code == 403
    assert "测试细则" not in client.get(reverse("kpi:schemes")).content.decode()


def test_a_scheme_is_read_in_words_and_compared_with_the_version_before(
    officer: Account, client_as: SignIn
) -> None:
    make_scheme(YEAR, number=1)
    version = make_scheme(YEAR, SCHEME.replace("points: 50}", "points: 40}"), number=2)

    response = client_as(officer).get(reverse("kpi:scheme", args=[version.public_id]))
    page = response.content.decode()

    assert "签约项目 ÷ 目标“签约任务” × 40 分" in page
    assert "团队" in page
    assert "且项目签约中任一项未达到年度目标" in page
    changed = [
        (line.kind, line.text.strip()) for line in response.context["diff"] if line.kind in ("add", "drop")
    ]
    assert [kind for kind, _text in changed] == ["drop", "add"]


RULES = [
    ({"kind": "fixed", "points": 3}, "3 分"),
    ({"kind": "rate_percent", "of": "a", "target": "t"}, "签约 ÷ 目标“任务”，以百分数通报"),
    (
        {"kind": "count_times_points", "base": 1, "terms": [{"of": "a", "each": 2, "at_most": 3}]},
        "基本分 1 分；签约每个 2 分（最多 3）",
    ),
    (
        {"kind": "points_minus_per_event", "points": 5, "terms": [{"of": "a", "each": 1}], "most": 2},
        "5 分；签约每个扣 1 分；最多扣 2 分",
    ),
    (
        {"kind": "highest", "parts": [{"kind": "fixed", "points": 1}, {"kind": "fixed", "points": 2}]},
        "取高者：1 分 / 2 分",
    ),
    ({"kind": "times", "part": {"kind": "fixed", "points": 1}, "factor": "50%"}, "（1 分）× 50%"),
    ({"kind": "limited", "part": {"kind": "fixed", "points": 9}, "cap": 5}, "9 分，此部分最多 5 分"),
    (
        {
            "kind": "over_fulfilment",
            "of": "a",
            "target": "t",
            "points": 10,
            "bonus": {"step": "1%", "points": 1, "steps": "whole", "cap": 3},
            "shortfall": "proportional",
        },
        "签约 ÷ 目标“任务”：完成得 10 分；每超 1% 加 1 分（不足一档不计），最多 3 分；未完成的按完成率得分",
    ),
    (
        {"kind": "bands", "of": "a", "target": "t", "bands": [{"title": "达标", "from": 1, "points": 5}]},
        "签约 ÷ 目标“任务”：达标得 5 分",
    ),
]


@pytest.mark.parametrize(("document", "words"), RULES)
def test_every_kind_of_rule_has_words(document: dict[str, object], words: str) -> None:
    scheme = read_scheme(
        make_scheme(YEAR, SCHEME.replace("title: 签约任务", "title: 任务").replace("signings", "t"))
    )
    measures = {"a": next(iter(scheme.indicators[0].measures.values()))}
    measures["a"] = type(measures["a"])(**{**_fields(measures["a"]), "title": "签约"})

    assert rule_words(build(document), Names(measures, scheme)) == words


def _fields(value: object) -> dict[str, object]:
    return {name: getattr(value, name) for name in value.__dataclass_fields__}  # type: ignore[attr-defined]


def test_words_of_the_measures_say_what_counts() -> None:
    scheme = read_scheme(make_scheme(YEAR))

    words = indicator_words(scheme, scheme.indicators[0])

    assert (words.limits, words.applies) == ("封顶 50 分", "全部对象")
    assert words.measures == (("签约项目", "“签约”的次数（个）；按份额计"),)
