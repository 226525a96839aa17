"""The forms of an award hold every award of the schemes that come with the product, and give each back as it was."""

from copy import deepcopy
from typing import Any

import pytest

from kpi.forms.indicator.part import Setting
from kpi.forms.piece.award import AwardForm
from kpi.forms.piece.award_wanted import AwardExceptForm, AwardWantedForm
from kpi.queries.scheme import library, library_text
from kpi.scoring.document import parse_scheme
from kpi.scoring.reading import read

AWARDS = [
    pytest.param(name, position, id=f"{name}:{entry['code']}")
    for name in library()
    for position, entry in enumerate(read(library_text(name)).value.get("awards", ()))
]


@pytest.mark.parametrize(("name", "position"), AWARDS)
def test_an_award_comes_back_as_it_was(name: str, position: int) -> None:
    text = library_text(name)
    document: dict[str, Any] = read(text).value
    setting = Setting(parse_scheme(text), document)
    entry = document["awards"][position]
    written = deepcopy(entry)
    for form in (AwardForm, AwardWantedForm, AwardExceptForm):
        shown = form(setting, entry)
        data = {key: value for key, value in shown.initial.items() if value not in (None, False)}
        part = form(setting, deepcopy(written), data)
        assert part.whole(), part.errors
        part.write(written, document)

    assert written == entry


def test_what_no_field_holds_stays() -> None:
    text = library_text("high-tech-zone-2026.yaml")
    document: dict[str, Any] = read(text).value
    setting = Setting(parse_scheme(text), document)
    entry = deepcopy(document["awards"][-1])
    kept = {"introduced": {"classes": ["ordinary"], "at_least": 9}}
    entry["if_any"][1] = deepcopy(kept)
    part = AwardWantedForm(setting, entry, {"won_award": "", "projects": "", "identity": ["contract"]})
    assert part.others == 1
    assert part.whole()
    part.write(entry, document)

    assert (entry["if_all"], entry["if_any"]) == ([{"identity": ["contract"]}], [kept])
