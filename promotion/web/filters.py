"""How lists are narrowed: django-filter's sets and choices, made ready once for a process instead of anew for every page."""

import copy
from typing import Any

from django.forms import BaseForm, BoundField, Field, ModelChoiceField, MultiValueField
from django.utils.translation import get_language
from django_filters import FilterSet, ModelChoiceFilter, ModelMultipleChoiceFilter
from django_filters.fields import ModelChoiceField as OneRecordField
from django_filters.fields import ModelChoiceIterator
from django_filters.fields import ModelMultipleChoiceField as RecordsField
from django_filters.filters import QuerySetRequestMixin

from promotion.web.markup import remembered


class NamedChoices(ModelChoiceIterator):
    """Records to choose from as (key, name), without a model instance for each."""

    def __iter__(self) -> Any:
        if self.field.empty_label is not None:
            yield ("", self.field.empty_label)
        yield from self.field.named

    def __len__(self) -> int:
        return len(self.field.named) + (self.field.empty_label is not None)


class NamedChoiceMixin:
    """A choice among records that are shown by their name; asked once, however often they are drawn."""

    iterator = NamedChoices

    @property
    def named(self) -> tuple[tuple[Any, str], ...]:
        if "_named" not in self.__dict__:
            rows: Any = self.queryset  # type: ignore[attr-defined]
            key = self.to_field_name or "pk"  # type: ignore[attr-defined]
            self._named = tuple(rows.values_list(key, "name"))
        return self._named


class NamedChoiceField(NamedChoiceMixin, OneRecordField):
    pass


class NamedChoicesField(NamedChoiceMixin, RecordsField):
    pass


class NamedChoiceFilter(ModelChoiceFilter):
    """One of some records that have a name."""

    field_class = NamedChoiceField


class NamedChoicesFilter(ModelMultipleChoiceFilter):
    """Any of some records that have a name."""

    field_class = NamedChoicesField


class SharedFilters(dict[str, Any]):
    """The filters of a set. Each request gets copies one level deep: what lies further down never changes."""

    def __deepcopy__(self, memo: Any) -> "SharedFilters":
        return SharedFilters((name, _twin(shared)) for name, shared in self.items())


def _twin(shared: Any) -> Any:
    twin = copy.copy(shared)
    twin.extra = dict(shared.extra)
    twin.method = shared.method  # binds the method to the copy
    return twin


FORMS: dict[type, Any] = {}


class ListFilter(FilterSet):
    """The filters of a list page. Its form is put together once; a request puts in the records it may choose from."""

    @classmethod
    def get_filters(cls) -> dict[str, Any]:
        return SharedFilters(super().get_filters())

    def get_form_class(self) -> Any:
        if type(self) not in FORMS:
            FORMS[type(self)] = super().get_form_class()
        return FORMS[type(self)]

    @property
    def form(self) -> BaseForm:
        if not hasattr(self, "_form"):
            form = super().form
            for name, each in self.filters.items():
                if isinstance(each, QuerySetRequestMixin):
                    form.fields[name].queryset = each.get_queryset(self.request)
        return self._form


def drawn_filter(bound: BoundField, draw: Any) -> str:
    """The field of a filter form, drawn once for what it offers and what is chosen in it; what was typed is drawn each time."""
    key = _all_it_depends_on(bound)
    return draw(bound) if key is None else remembered(key, lambda: draw(bound))


def _all_it_depends_on(bound: BoundField) -> tuple[Any, ...] | None:
    """The form, the field, the language, the records offered and the values chosen; None where there is more to it."""
    form: Any = bound.form
    field = bound.field
    if form.errors or isinstance(field, MultiValueField):
        return None
    values = tuple(form.data.getlist(bound.html_name)) if form.is_bound else ()
    offered: Any = None
    if isinstance(field, NamedChoiceMixin):
        offered = field.named
    elif isinstance(field, ModelChoiceField) or (any(values) and not _offers_choices(field)):
        return None
    return (type(form), bound.html_name, get_language(), values, offered)


def _offers_choices(field: Field) -> bool:
    return getattr(field, "choices", None) is not None
