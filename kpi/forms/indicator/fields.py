"""The fields of a form that is made of parts: whether they are filled in, what is wrong or missing, what a browser sends back."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.functional import cached_property

from kpi.forms.indicator.part import Part
from kpi.forms.indicator.rows import Row
from promotion.web.forms import error_summary


class Fields:
    """Parts together as one form."""

    def __init__(self, parts: Sequence[Part], data: Any = None) -> None:
        self.parts, self.is_bound = list(parts), data is not None

    @cached_property
    def is_valid(self) -> bool:
        """Whether every part is filled in as it should be."""
        found = [part.whole() for part in self.parts]
        return all(found)

    def mistakes(self) -> dict[str, str]:
        """What is wrong with the fields as they were sent, by field name; what is only missing yet is none."""
        found: dict[str, str] = {}
        for bound in self.written_fields():
            errors = bound.form.errors.as_data().get(bound.name, ())
            if sentences := [str(text) for error in errors if error.code != "required" for text in error]:
                found[bound.html_name] = " ".join(sentences)
        return found

    def missing(self) -> list[str]:
        """The labels of what is still to be filled in before anything can be tried."""
        found = [
            str(bound.label)
            for bound in self.written_fields()
            if any(error.code == "required" for error in bound.form.errors.as_data().get(bound.name, ()))
        ]
        found += [table.message.rstrip("。") for part in self.parts for table in part.rows if table.message]
        return list(dict.fromkeys(found))

    def summary(self) -> list[dict[str, str]]:
        """All that is wrong, each line with the id of its field."""
        lines = []
        for part in self.parts:
            lines += error_summary(part)
            for table in part.rows:
                if table.message:
                    lines.append(
                        {"id": f"rows-{table.name}", "label": str(part.heading), "text": table.message}
                    )
                for row in table.filled:
                    lines += error_summary(row)
        return lines

    def focus(self, name: str) -> None:
        """Let the last line of a table be the one that is typed in next."""
        for table in (table for part in self.parts for table in part.rows if table.name == name):
            table.focus()

    def mark(self, faults: Mapping[str, str]) -> None:
        """Add faults of the document to the fields they are about."""
        by_name = {bound.html_name: bound for bound in self.bound_fields()}
        for name, sentence in faults.items():
            if name in by_name:
                by_name[name].form.add_error(by_name[name].name, sentence)

    def bound_fields(self) -> Iterator[Any]:
        """Every field of every part."""
        for part in self.parts:
            yield from part.bound_fields()

    def written_fields(self) -> Iterator[Any]:
        """Every field but those of empty lines."""
        for bound in self.bound_fields():
            if not isinstance(bound.form, Row) or not bound.form.is_blank():
                yield bound

    def as_data(self) -> QueryDict:
        """What a browser would send back when nothing is changed."""
        data = QueryDict(mutable=True)
        for bound in self.bound_fields():
            value = bound.value()
            if isinstance(value, list | tuple):
                data.setlist(bound.html_name, [str(one) for one in value])
            elif value is True:
                data[bound.html_name] = "on"
            elif value is not None and value is not False:
                data[bound.html_name] = str(value)
        return data


def nearest(marks: Mapping[str, str], path: str) -> str:
    """The field that stands for a path, or for the nearest above it; empty when none does."""
    while path:
        if path in marks:
            return marks[path]
        path = path[: max(path.rfind("."), path.rfind("["))] if "." in path or "[" in path else ""
    return ""
