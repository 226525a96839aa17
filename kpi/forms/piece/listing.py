"""A list (名单) that conditions ask for, with its versions by date."""

import re
from collections.abc import Iterator
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from kpi.forms.indicator.part import Entry, Part, Place
from kpi.forms.indicator.rows import Row, RowSet

TABLE = "versions"


class VersionRow(Row):
    """One version: what it is called, from when it holds, who is on it."""

    name = forms.CharField(label=gettext_lazy("版本"), max_length=40)
    since = forms.DateField(
        label=gettext_lazy("起用日期"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    members = forms.CharField(
        label=gettext_lazy("名单（一行一个）"),
        max_length=64 * 1024,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def clean_members(self) -> list[str]:
        found = [one.strip() for one in re.split(r"[\n、;；]+", self.cleaned_data["members"])]
        return list(dict.fromkeys(one for one in found if one))


class ListForm(Part):
    """The name of the list and its versions."""

    heading = gettext_lazy("名单")
    template = "kpi/parts/listing.html"
    lead = gettext_lazy("每年换名单就加一版：按事实发生那天有效的一版算。")

    title = forms.CharField(label=gettext_lazy("名称"), max_length=60)

    @classmethod
    def read(cls, entry: Entry) -> dict[str, Any]:
        return {"title": entry.get("title", "")}

    def place_rows(self, entry: Entry, data: Any) -> None:
        lines = [
            {"was": name, "name": name, "since": one["from"], "members": "\n".join(one["members"])}
            for name, one in entry.get("versions", {}).items()
        ]
        self.rows = [RowSet(VersionRow, TABLE, lines, data, blank=1)]

    def write(self, entry: Entry, document: Entry) -> None:
        entry["title"] = self.cleaned_data["title"]
        before = entry.get("versions", {})
        versions = {}
        for row in self.rows[0].filled:
            cleaned = row.cleaned_data
            one = dict(before.get(cleaned["was"], {}))
            one["from"] = cleaned["since"].isoformat()
            one["members"] = cleaned["members"]
            versions[cleaned["name"]] = one
        entry["versions"] = versions

    def whole(self) -> bool:
        """No two versions of one name, either."""
        if not super().whole():
            return False
        names = [row.cleaned_data["name"] for row in self.rows[0].filled]
        for row in self.rows[0].filled:
            if names.count(row.cleaned_data["name"]) > 1:
                row.add_error("name", REPEATED)
        return len(set(names)) == len(names)

    def places(self, entry: Entry) -> Iterator[tuple[Place, str]]:
        yield ("title",), "title"
        for row in self.rows[0].filled:
            at: Place = ("versions", row.cleaned_data["name"])
            yield at, row.add_prefix("name")
            yield (*at, "from"), row.add_prefix("since")
            yield (*at, "members"), row.add_prefix("members")


REPEATED = gettext_lazy("两行名称相同，请改成不同的。")
