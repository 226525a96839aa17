"""Finding companies by any of their names: own, English, former, short, brand, group, code, pinyin, initials.

Everything a company goes by lies in indexed columns of its own row (`grams`, readings), so each search is one scan of
one table, whatever the number of aliases.
"""

from collections.abc import Mapping

from django.db.models import Q, QuerySet

from projects.credit_code import normalised
from projects.models import Company, CompanyAlias
from promotion.chinese import fold, pinyin, query_grams


def named(text: str, columns: str = "") -> Q:
    """Names (and codes) that may contain the text, by an index: grams for substrings, readings for Latin letters.

    `columns` is what the names of the columns begin with.
    """
    return _read(text, columns) | _written(text, columns)


def company_named(text: str, columns: str = "", others: str = "other_readings") -> Q:
    """As `named`, for companies: also the readings of aliases and of the group, which are in the column `others`."""
    return _read(text, columns) | _read_otherwise(text, others) | _written(text, columns)


def project_named(text: str) -> Q:
    """Projects whose own name or code, or whose company, may have the text: all of it columns of one table.

    Letters are compared with readings first: what an index found is looked at again in this order, and a reading is compared far
    quicker than grams are.
    """
    read = _read(text) | _read(text, "company_") | _read_otherwise(text, "company_readings")
    return read | _written(text) | _written(text, "company_")


def project_of_company_named(text: str) -> Q:
    """`company_named` in the columns that a project repeats of its company."""
    return company_named(text, "company_", "company_readings")


def _written(text: str, columns: str = "") -> Q:
    return Q((f"{columns}grams__contains", query_grams(text)))


def _read(text: str, columns: str = "") -> Q:
    """Letters that are part of a reading, or begin it if they are few, or are initials."""
    folded = fold(text)
    if not _is_reading(folded, 2):
        return Q()
    held = "contains" if len(folded) >= 4 else "startswith"
    return Q((f"{columns}pinyin__{held}", folded)) | Q((f"{columns}initials__contains", folded))


def _read_otherwise(text: str, column: str) -> Q:
    folded = fold(text)
    return Q((f"{column}__contains", folded)) if _is_reading(folded, 3) else Q()


def _is_reading(folded: str, least: int) -> bool:
    """Whether it is at least so many letters and nothing else."""
    return folded.isascii() and folded.isalpha() and len(folded) >= least


def companies_named_like(text: str) -> QuerySet[Company]:
    """The companies, whoever sees them, one of whose names may contain the text or is spelt by it; merged ones left out.

    Grams say that all pairs of characters are there, not that they stand together: `contains_name` tells.
    """
    return Company.objects.filter(company_named(text), merged_into=None)


def contains_name(company: Company, text: str) -> bool:
    """Whether a name, the code or a reading of the company truly has the text."""
    folded = fold(text)
    parts = (fold(company.search_text()), company.pinyin, company.initials, company.other_readings)
    return any(folded in part for part in parts)


def exactly_named(name: str) -> Q:
    """Rows whose own name may be exactly this one, by an index; `same_name` tells."""
    corrected = Q(grams__contains=query_grams(name)) & ~Q(reading="")
    return Q(pinyin=pinyin(name)) | corrected


def same_name(company: Company, name: str) -> bool:
    return fold(company.name) == fold(name)


def companies_called(name: str) -> list[Company]:
    """The living companies that go by exactly this name, the own name first, then former and other names; at most four queries.

    A company that was merged into another stands for the other.
    """
    if len(fold(name)) < 2:
        return []
    own = [row for row in Company.objects.filter(exactly_named(name)).order_by("pk") if same_name(row, name)]
    aliased = CompanyAlias.objects.filter(folded=fold(name)).order_by("company_id").values_list("company_id")
    also = Q(pk__in=[pk for (pk,) in aliased])
    if name.isascii():
        also |= Q(english_name__iexact=name.strip())
    others = Company.objects.filter(also).order_by("pk")
    wanted = list(dict.fromkeys(row.merged_into_id or row.pk for row in [*own, *others]))
    living = Company.objects.filter(merged_into=None).in_bulk(wanted)
    return [living[pk] for pk in wanted if pk in living]


def companies_by_any_name(codes: Mapping[str, str]) -> dict[str, Company]:
    """Name → the living company, for many names at once: by credit code, own, former or other name, English name.

    `codes` has the credit code beside each name, empty where none is known. Four queries, whatever the number of names.
    """
    clean = {name: normalised(code) for name, code in codes.items() if code}
    folded = {fold(name): name for name in codes}
    found: dict[str, int] = {}
    by_english = Company.objects.filter(english_name__in=[name for name in codes if name.isascii()])
    found |= dict(by_english.values_list("english_name", "pk"))
    aliases = CompanyAlias.objects.filter(folded__in=folded).values_list("folded", "company")
    found |= {folded[alias]: pk for alias, pk in aliases}
    found |= dict(Company.objects.filter(name__in=codes).values_list("name", "pk"))
    rows_by_code = Company.objects.filter(credit_code__in=clean.values()).values_list("credit_code", "pk")
    coded = dict(rows_by_code)
    found |= {name: coded[code] for name, code in clean.items() if code in coded}
    rows = Company.objects.select_related("merged_into").in_bulk(found.values())
    return {name: rows[pk].merged_into or rows[pk] for name, pk in found.items()}


def company_of_code(code: str) -> Company | None:
    """The living company of a credit code; of one that was merged, the company that was kept."""
    code = normalised(code)
    if not code:
        return None
    rows = list(Company.objects.filter(credit_code=code).select_related("merged_into").order_by("pk"))
    living = [row for row in rows if row.merged_into_id is None]
    return living[0] if living else next((row.merged_into for row in rows), None)


def survivor_of(public_id: str) -> Company | None:
    """The company that another one, whose address this was, has been merged into."""
    row = (
        Company.objects.filter(public_id=public_id)
        .exclude(merged_into=None)
        .select_related("merged_into")
        .first()
    )
    return row.merged_into if row else None


def aliases_of(company: Company) -> QuerySet[CompanyAlias]:
    return company.aliases.select_related("created_by").order_by("kind", "id")
