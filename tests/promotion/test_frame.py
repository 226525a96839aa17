"""The frame's own small rules: amounts as typed, names made findable, identifiers."""

from decimal import Decimal

import pytest

from promotion.chinese import grams, initials, person_initials, person_pinyin, pinyin, query_grams
from promotion.errors import Refused
from promotion.money import YI, parse_amount


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.5亿", "350000000.00"),
        ("５０００万", "50000000.00"),
        ("1,200万元", "12000000.00"),
        ("35000", "350000000.00"),
        ("$300万", "3000000.00"),
        ("120元", "120.00"),
    ],
)
def test_amount_is_read_as_people_type_it(text: str, expected: str) -> None:
    assert parse_amount(text) == Decimal(expected)


@pytest.mark.parametrize("text", ["", "很多", "3.5亿左右", "-5万", "1e9", "999999亿亿", "9999999亿"])
def test_amount_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        parse_amount(text)


def test_amount_unit_of_the_field_applies_to_bare_numbers() -> None:
    assert parse_amount("2", default_unit=YI) == Decimal("200000000.00")


def test_name_is_findable_by_pinyin_initials_and_pairs() -> None:
    assert pinyin("联动天翼") == "liandongtianyi"
    assert initials("联动天翼") == "ldty"
    assert set(query_grams("天翼")) <= set(grams("联动天翼新能源"))
    assert query_grams("翼") == ["翼"]


def test_family_name_is_read_as_one() -> None:
    assert (person_pinyin("曾一鸣"), person_initials("单文博")) == ("zengyiming", "swb")
    assert person_pinyin("陈静") == pinyin("陈静")
