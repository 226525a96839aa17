"""The component tags: what they draw, what they refuse, and what they never let through."""

import json
import re
from types import SimpleNamespace
from typing import Any

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils.html import strip_tags
from tablericons import IconDoesNotExist

from promotion.web.examples import examples


def draw(source: str, **context: Any) -> str:
    """The template's output on one line."""
    request = RequestFactory().get("/list/", context.pop("query", {}))
    return " ".join(engines["django"].from_string(source).render(context, request).split())


def words(html: str) -> str:
    return " ".join(strip_tags(html).split())


class LeadForm(forms.Form):
    company = forms.CharField(label="企业", help_text="全称")
    amount = forms.CharField(label="金额", required=False)
    kind = forms.ChoiceField(label="来源", choices=[("a", "内资")], widget=forms.RadioSelect)
    is_major = forms.BooleanField(label="重特大", required=False)


def test_badge_shows_its_word_in_its_tone() -> None:
    assert draw('{% badge "黄牌 1" "alarm" %}') == '<span class="mark mark-alarm">黄牌 1</span>'


@pytest.mark.parametrize(
    "source",
    [
        '{% badge "x" "red" %}',
        '{% meter 1 2 tone="blue" %}',
        '{% button "x" kind="big" %}',
        '{% field form.company width="wide" %}',
        '{% chart "x" "pie" data table "x" %}',
        '{% money 1 "百万" %}',
    ],
)
def test_an_unknown_tone_kind_or_unit_is_refused_by_name(source: str) -> None:
    with pytest.raises(ValueError, match="must be one of"):
        draw(source, form=LeadForm(), data={}, table={})


@pytest.mark.parametrize("source", ['{% badge "x" tonne="done" %}', '{% card titel="x" %}{% endcard %}'])
def test_a_misspelt_argument_fails_when_the_template_is_read(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=r"tonne|titel"):
        draw(source)


def test_an_unknown_icon_is_named() -> None:
    with pytest.raises(IconDoesNotExist, match="no-such-thing"):
        draw('{% icon "no-such-thing" %}')


def test_an_icon_is_silent_unless_labelled() -> None:
    assert 'aria-hidden="true"' in draw('{% icon "bell" %}')
    labelled = draw('{% icon "bell" label="通知" %}')
    assert 'role="img"' in labelled
    assert 'aria-label="通知"' in labelled
    assert "aria-hidden" not in labelled


@pytest.mark.parametrize(
    "source",
    [
        "{% badge evil %}",
        "{% chip evil %}",
        "{% figure evil evil unit=evil %}",
        "{% empty_state evil evil %}",
        "{% person_chip evil evil %}",
        "{% card evil detail=evil %}{{ evil }}{% endcard %}",
        "{% path_step evil %}{{ evil }}{% endpath_step %}",
        "{% timeline_item evil moment=evil kind=evil %}{{ evil }}{% endtimeline_item %}",
        "{% page_heading evil detail=evil subtitle=evil marks=marks %}{% endpage_heading %}",
        '{% chart "c" "bar" data table evil %}',
        "{% share_bar parts %}",
        '{% confirm_form evil "/x" evil %}',
    ],
)
def test_names_from_the_database_cannot_become_markup(source: str) -> None:
    evil = '<script>x</script>"><b>'
    html = draw(
        source,
        evil=evil,
        marks=[(evil, "plain")],
        data={"categories": [evil]},
        table={"head": [evil], "rows": [[evil]]},
        parts=[(evil, 1)],
    )

    assert "<b>" not in html
    assert "<script>" not in html


def test_chart_data_is_json_with_a_table_behind_it() -> None:
    data = {"categories": ["</script>"], "series": [{"name": "签约", "values": [1.5]}]}
    html = draw(
        '{% chart "c" "bar" data table "签约额" %}',
        data=data,
        table={"head": ["队", "亿元"], "rows": [["一队", 1.5]]},
    )

    found = re.search(r'<script type="application/json" id="c-data">(.*?)</script>', html)
    assert found is not None
    assert json.loads(found[1]) == data
    assert words(html[html.index("<tbody>") : html.index("</tbody>")]) == "一队1.5"


def test_meter_draws_share_and_target_and_says_both() -> None:
    html = draw("{% meter 3 12 mark=6 %}")

    assert re.findall(r'class="(meter-\w+)"[^>]*?(?:width|x)="([\d.]+)%"', html) == [
        ("meter-track", "100"),
        ("meter-fill", "25.0"),
        ("meter-mark", "50.0"),
    ]
    assert 'aria-label="3.00 / 12.00"' in html


@pytest.mark.parametrize(("value", "maximum"), [(0, 0), (5, 0), (None, 10), (-3, 10)])
def test_meter_of_nothing_is_empty(value: int | None, maximum: int) -> None:
    assert "meter-fill" not in draw("{% meter value maximum %}", value=value, maximum=maximum)


def test_share_bar_leaves_no_gap() -> None:
    html = draw("{% share_bar parts %}", parts=[("捕捉", 30), ("引进", 50), ("推进", 20)])

    assert re.findall(r'x="([\d.]+)%" width="([\d.]+)%"', html) == [
        ("0.0", "30.0"),
        ("30.0", "50.0"),
        ("80.0", "20.0"),
    ]
    assert words(html) == "捕捉 30%引进 50%推进 20%"


@pytest.mark.parametrize(
    ("source", "text", "tone"),
    [
        ('{% figure "总分" "78.4" movement=4 %}', "+4.0", "done"),
        ('{% figure "总分" "78.4" movement=low %}', "−0.5", "alarm"),
        ('{% figure "超期" "3" movement=2 fall_is_good=True %}', "+2.0", "alarm"),
        ('{% figure "超期" "3" movement=low fall_is_good=True %}', "−0.5", "done"),
        ('{% figure "排名" "8" movement=3 ranks=True %}', "↑ 3", "done"),
        ('{% figure "排名" "8" movement=0 ranks=True %}', "—", "plain"),
    ],
)
def test_a_movement_has_the_tone_of_its_meaning(source: str, text: str, tone: str) -> None:
    html = draw(source, low=-0.5)

    assert f'<span class="figure-change figure-change-{tone}">{text}</span>' in html


def test_a_figure_without_movement_shows_none() -> None:
    assert "figure-change" not in draw('{% figure "总分" "78.4" %}')


def test_ribbon_marks_the_present_stage_for_readers_too() -> None:
    steps = [
        {"label": "线索", "detail": "03-14", "state": "past"},
        {"label": "洽谈", "detail": "61 天", "state": "current"},
        {"label": "签约", "detail": "", "state": "future"},
    ]
    html = draw("{% stage_ribbon steps %}", steps=steps)

    assert re.findall(r"ribbon-(past|current|future) ", html) == ["past", "current", "future"]
    assert html.count('aria-current="step"') == 1


def test_field_joins_label_help_and_error() -> None:
    form = LeadForm({"company": "", "kind": "a"})
    html = draw("{% field form.company %}", form=form)

    assert '<label class="field-label" for="id_company">企业</label>' in html
    assert 'aria-describedby="id_company-help id_company-error"' in html
    assert 'aria-invalid="true"' in html
    assert 'id="id_company-error"' in html


def test_field_that_is_right_says_nothing_of_errors() -> None:
    html = draw("{% field form.amount amount=True %}", form=LeadForm())

    assert "aria-invalid" not in html
    assert "data-amount-preview" in html
    assert "选填" in html


def test_a_choice_of_several_is_a_fieldset_with_a_legend() -> None:
    html = draw("{% field form.kind %}", form=LeadForm())

    assert html.index("<fieldset") < html.index('id="id_kind"')
    assert "<legend" in html


def test_error_summary_links_each_field_and_is_absent_without_errors() -> None:
    form = LeadForm({"kind": "z"})
    form.add_error(None, "两条线索重复。")
    html = draw("{% form_errors form %}", form=form)

    assert re.findall(r'href="#([^"]+)"', html) == ["id_company", "id_kind"]
    assert "有 3 处需要改" in html
    assert "两条线索重复。" in html
    assert draw("{% form_errors form %}", form=LeadForm()) == ""


def test_pager_keeps_the_rest_of_the_address() -> None:
    page = Paginator(range(100), 10).get_page(2)
    html = draw("{% pager page %}", page=page, query={"stage": "talks", "page": "2"})

    assert set(re.findall(r' href="([^"]+)"', html)) == {
        "?stage=talks&amp;page=1",
        "?stage=talks&amp;page=3",
        "?stage=talks&amp;page=10",
    }
    assert draw("{% pager page %}", page=Paginator([], 10).get_page(1)) == ""


def test_sort_header_tells_the_present_order() -> None:
    column = SimpleNamespace(
        label="投资额", align="end", sortable=True, sorted="desc", sort_url="?sort=amount"
    )
    html = draw("{% sort_header column %}", column=column)

    assert 'aria-sort="descending"' in html
    assert 'href="?sort=amount"' in html
    fixed = SimpleNamespace(label="备注", align="start", sortable=False, sorted="", sort_url="")
    assert draw("{% sort_header column %}", column=fixed) == '<th scope="col">备注</th>'


def test_link_to_the_dialog_is_a_page_without_script() -> None:
    html = draw('{% link_button "推进" "/p/1/advance/" kind="primary" dialog=True key="M" %}')

    assert 'href="/p/1/advance/"' in html
    assert 'hx-get="/p/1/advance/" hx-target="#dialog-body"' in html
    assert 'data-key="m"' in html


def test_confirmation_posts_with_the_token() -> None:
    html = draw('{% confirm_form "作废" "/x/" "确定作废？" %}')

    assert 'method="post" action="/x/" data-confirm="确定作废？"' in html
    assert re.search(r'name="csrfmiddlewaretoken" value="\w{20,}"', html)


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("{{ v|yi }}", "3.50"),
        ("{{ v|yi:1 }}", "3.5"),
        ("{{ v|wan:0 }}", "35,000"),
        ("{{ v|usd_wan }}", "35,000.00"),
        ('{% money v "亿元" 1 %}', "3.5"),
        ("{{ none|yi }}", "—"),
        ("{{ none|day }}", "—"),
        ("{{ r|percent }}", "89%"),
        ("{{ r|percent:1 }}", "89.3%"),
        ("{{ half|number:0 }}", "3"),
        ("{{ minus|number:1 }}", "−0.5"),
        ("{{ tiny|number:1 }}", "0.0"),
        ("{{ tiny|signed }}", "—"),
    ],
)
def test_figures_are_written_one_way(source: str, shown: str) -> None:
    values = {"v": 350_000_000, "none": None, "r": "0.8930", "half": "2.5", "minus": "-0.5", "tiny": "-0.01"}

    assert draw(source, **values) == shown


def test_the_component_page_draws_without_inline_style_or_script() -> None:
    html = draw("{% include 'promotion/components.html' %}", **examples())

    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", html)
    assert re.findall(r"<script(?![^>]*(?:src=|application/json))", html) == []
    ids = re.findall(r'\sid="([^"]+)"', html)
    assert sorted(ids) == sorted(set(ids))
