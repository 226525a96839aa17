"""Where an investor is at home."""

import pytest

from projects.geography import CITIES, home_of, province_of
from projects.models import Company
from staff.models import Account


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("江苏无锡", "江苏"),
        ("苏州", "江苏"),
        ("内蒙古自治区包头市", "内蒙古"),
        ("中国（上海）自由贸易试验区", "上海"),
        ("深圳市南山区", "广东"),
        ("吉林省吉林市", "吉林"),
        ("位于合肥的工厂", "安徽"),
        ("", ""),
        ("不详", ""),
    ],
)
def test_an_address_gives_its_province(text: str, province: str) -> None:
    assert province_of(text) == province


@pytest.mark.parametrize(
    ("country", "region", "name", "home"),
    [
        ("中国", "无锡", "示例公司", "江苏"),
        ("中国", "", "上海示例有限公司", "上海"),
        ("中国", "", "示例上海有限公司", ""),
        ("日本", "东京", "三桐精密株式会社", "日本"),
        ("Japan", "", "Mitsukiri", "日本"),
        ("中国香港", "", "示例控股", "香港"),
        ("", "浙江", "示例", "浙江"),
        ("奥地利", "", "Beispiel", "奥地利"),
    ],
)
def test_a_company_is_at_home_in_a_province_or_a_country(
    country: str, region: str, name: str, home: str
) -> None:
    assert home_of(country=country, region=region, name=name) == home


def test_no_city_is_claimed_by_two_provinces() -> None:
    cities = [city for names in CITIES.values() for city in names.split()]

    assert sorted(set(cities)) == sorted(cities)
    assert len(CITIES) == 34


@pytest.mark.django_db
def test_the_home_follows_the_address(officer: Account) -> None:
    company = Company.objects.create(name="示例有限公司", region="江苏无锡", created_by=officer)
    kept = company.home
    company.region = "杭州"
    company.save(update_fields=["region"])
    company.refresh_from_db()

    assert (kept, company.home) == ("江苏", "浙江")
