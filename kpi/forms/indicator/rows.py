"""Tables in a form: lines that are added and taken away, told apart by a number in their names."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _


class Row(forms.Form):
    """One line of a table; a line with nothing in it is passed over. `was` names the entry it was read from.

    `usual` are fields that come filled in and by themselves say nothing.
    """

    use_required_attribute = False
    usual: tuple[str, ...] = ()
    was = forms.CharField(required=False, widget=forms.HiddenInput)

    def has_changed(self) -> bool:
        """An empty line is left alone, whatever it was read from."""
        return not self.is_blank()

    def is_blank(self) -> bool:
        """Whether nothing is written in the line."""
        return not any(
            str(self.data.get(self.add_prefix(name), "")).strip()
            for name in self.fields
            if name != "was" and name not in self.usual
        )


class RowSet:
    """The lines of a table under one name; the lines are told apart by a number in their fields' names."""

    def __init__(
        self,
        row: type[Row],
        name: str,
        initial: list[dict[str, Any]],
        data: Any = None,
        *,
        blank: int = 2,
        needed: bool = True,
    ) -> None:
        self.name, self.message, self.needed = name, "", needed
        if data is None:
            filled = initial or [{}] * blank
            self.forms = [row(initial=one, prefix=f"{name}-{index}") for index, one in enumerate(filled)]
        else:
            numbers = numbers_in(data, name)
            self.forms = [row(data, prefix=f"{name}-{index}", empty_permitted=True) for index in numbers]

    def dress(self) -> None:
        """Name every cell for screen readers by its line and column."""
        for line, row in enumerate(self.forms, start=1):
            for bound in row.visible_fields():
                words = {"number": line, "column": bound.label}
                look = "form-select" if isinstance(bound.field, forms.ChoiceField) else "form-control"
                label = _("第 %(number)s 行 %(column)s") % words
                bound.field.widget.attrs |= {"class": look, "aria-label": label}

    @property
    def columns(self) -> list[Any]:
        """The headings of the table."""
        return [bound.label for bound in self.forms[0].visible_fields()] if self.forms else []

    def focus(self) -> None:
        """Let the last line be the one that is typed in next."""
        if self.forms:
            self.forms[-1].visible_fields()[0].field.widget.attrs["autofocus"] = True

    @property
    def filled(self) -> list[Row]:
        """The lines in which something is written."""
        return [form for form in self.forms if not form.is_blank()]

    def is_valid(self) -> bool:
        """Whether every written line is right, and there is one where one is needed."""
        if self.needed and not self.filled:
            self.message = _("请至少写一行。")
        found = [form.is_valid() for form in self.filled]
        return (bool(found) or not self.needed) and all(found)


def numbers_in(data: Any, name: str) -> list[int]:
    """The numbers of the lines of a table that were sent."""
    found = {key.removeprefix(f"{name}-").split("-")[0] for key in data if key.startswith(f"{name}-")}
    return sorted(int(one) for one in found if one.isascii() and one.isdigit() and len(one) < 5)


def with_row(data: Any, name: str) -> Any:
    """What was sent, with an empty line more in the table."""
    changed = data.copy()
    changed[f"{name}-{max(numbers_in(data, name), default=-1) + 1}-was"] = ""
    return changed


def without_row(data: Any, line: str) -> Any:
    """What was sent, without one line: “bands-2”."""
    changed = data.copy()
    for key in [key for key in changed if key.startswith(f"{line}-")]:
        del changed[key]
    return changed
