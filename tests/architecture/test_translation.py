"""The English catalogue is complete, and the machinery that says so finds what it should."""

from pathlib import Path

from promotion.translation import catalogue_faults, messages_in_code, messages_in_template, placeholders

ROOT = Path(__file__).resolve().parents[2]


def test_texts_are_found_in_code_and_templates() -> None:
    code = 'x = _("甲") ; y = gettext("乙" "丙") % {"a": 1} ; z = other("丁")'
    template = '{% translate "戊" %}{% blocktranslate with n=3 %}共 {{ n }} 个{% endblocktranslate %}{% figure _("己") %}'

    assert list(messages_in_code(code)) == ["甲", "乙丙"]
    assert set(messages_in_template(template)) == {"戊", "共 %(n)s 个", "己"}


def test_placeholders_are_compared_by_name() -> None:
    assert placeholders("由%(team)s自%(since)s") == ["%(since)s", "%(team)s"]


def test_english_catalogue_is_complete() -> None:
    assert catalogue_faults(ROOT) == []
