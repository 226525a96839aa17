"""A bulletin on paper: PDF and Word say what the page says, are the same bytes for the same figures, and are recorded."""

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import docx
import pypdfium2
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from kpi.actions import bulletin as actions
from kpi.exports.bulletin import bulletin_document, bulletin_paper, nice_top
from kpi.models import Bulletin
from promotion.models import AuditEntry
from staff.models import Account, Team
from tests.factories.projects import make_project, make_recognised
from tests.kpi.test_bulletin import ranked

SignIn = Callable[[Account], Client]


@pytest.fixture
def issued(officer: Account, manager: Account, hr: Account, first_team: Team) -> Bulletin:
    make_recognised(make_project(officer), officer, manager, kind="signed", happened_on=date(2025, 3, 3))
    ranked(first_team)
    made = actions.draft_bulletin(actor=hr, year=2025, period="M03")
    words = {"lead": "稳中有进。", "outlook": "抓紧注册。", "sent_to": "管委会领导", "copied_to": ""}
    made = actions.edit_bulletin(actor=hr, bulletin=made, body_name="bureau", **words)
    return actions.issue_bulletin(actor=manager, bulletin=made)


def address(path: str) -> str:
    return f"https://example.test{path}"


def text_of(paper: bytes) -> str:
    document = pypdfium2.PdfDocument(paper)
    pages = [document[place].get_textpage().get_text_range() for place in range(len(document))]
    return "".join("".join(pages).split())


@pytest.mark.django_db
def test_the_pdf_says_what_the_page_says_and_links_each_figure(issued: Bulletin) -> None:
    paper = bulletin_paper(issued, address)
    said = text_of(paper)
    for words in (
        "招商引资通报",
        "第1期",
        "2025年3月招商引资情况通报",
        "稳中有进。",
        "抓紧注册。",
        "报送：管委会领导",
        "招商局",
    ):
        assert words in said, words
    assert "3月认定签约项目1个、签约认定额1.00亿元" in said
    assert paper == bulletin_paper(issued, address)


@pytest.mark.django_db
def test_the_word_document_has_the_sections_tables_and_charts(issued: Bulletin) -> None:
    content = bulletin_document(issued)
    document = docx.Document(io.BytesIO(content))
    said = [paragraph.text for paragraph in document.paragraphs]
    assert [
        text for text in said if text in ("一、总体情况", "二、各队进度", "四、堵点与慢项目", "五、下步工作")
    ] == [
        "一、总体情况",
        "二、各队进度",
        "四、堵点与慢项目",
        "五、下步工作",
    ]
    assert (said[0], len(document.tables), len(document.inline_shapes)) == ("招商引资通报", 2, 2)
    assert [cell.text for cell in document.tables[0].rows[1].cells] == ["签约项目（个）", "1", "1", "0", "—"]
    assert "报送：管委会领导" in said
    assert content == bulletin_document(issued)


@pytest.mark.django_db
def test_a_draft_says_that_it_is_one_and_a_bulletin_without_anything_is_drawn(hr: Account) -> None:
    made = actions.draft_bulletin(actor=hr, year=2025, period="M01")
    assert "草稿，未印发" in text_of(bulletin_paper(made, address))
    assert len(docx.Document(io.BytesIO(bulletin_document(made))).inline_shapes) == 1


@pytest.mark.django_db
def test_whoever_may_read_it_takes_it_and_that_is_recorded(
    issued: Bulletin, officer: Account, client_as: SignIn
) -> None:
    client, url = client_as(officer), f"/year/bulletins/{issued.public_id}/bulletin"
    assert client.get(f"{url}.pdf").content.startswith(b"%PDF")
    assert client.get(f"{url}.docx").content.startswith(b"PK")
    forms = AuditEntry.objects.filter(verb="bulletin.export").order_by("pk").values_list("detail", flat=True)
    assert [detail["form"] for detail in forms] == ["pdf", "docx"]


@given(st.decimals(0, 10**13, places=4))
def test_an_axis_ends_just_above_the_largest_value(largest: Decimal) -> None:
    top = nice_top(largest)
    assert top >= largest
    assert largest == 0 or top <= largest * 2
