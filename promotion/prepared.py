"""Statements that are compiled once and then run with other values.

Django builds a queryset and compiles it to SQL anew for every request, which takes it longer than the database needs to answer. A
page that asks many small questions keeps them here: `Prepared(build)` calls `build` once, with a `Slot` wherever a value
comes, and each run only fills the slots in. What `build` is called with (its shape: a role, a switch) may change the
statement, values never do. It reads rows into the same models, values or tuples as the queryset itself.
"""

import copy
from collections.abc import Callable, Hashable, Iterable
from typing import Any, Generic, TypeVar

from django.db import connection
from django.db.models import Expression, Field, IntegerField, Lookup, QuerySet, Subquery
from django.db.models.expressions import RawSQL

Row = TypeVar("Row")


class Named:
    """Stands among the parameters of a compiled statement for the value of a slot."""

    __slots__ = ("name",)

    def __init__(self, name: str) -> None:
        self.name = name


class Slot(Expression):
    """A value that each run of a prepared statement brings along."""

    def __init__(self, name: str, output_field: "Field[Any, Any] | None" = None) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s", [Named(self.name)]

    def get_group_by_cols(self) -> list[Any]:
        return []


class Keys(Expression):
    """Whole numbers as one array among the values of a statement, written out ("1,2"): there may be thousands of them."""

    def __init__(self, written: str) -> None:
        super().__init__()
        self.written = written

    @classmethod
    def of(cls, numbers: Iterable[int]) -> "Keys":
        return cls(",".join(map(str, numbers)))

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        return "%s::bigint[]", [f"{{{self.written}}}"]

    def get_group_by_cols(self) -> list[Any]:
        return []


class IsAnyOf(Lookup):
    """`left = ANY(array)`: one search in the index for each entry, however the array is found."""

    lookup_name = "is_any_of"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, left_values = self.process_lhs(compiler, connection)
        right, right_values = compiler.compile(self.rhs)
        return f"{left} = ANY({right})", [*left_values, *right_values]


class HowMany(Subquery):
    """The number of rows of a subquery."""

    template = "(SELECT count(*) FROM (%(subquery)s) counted)"
    output_field = IntegerField()


class Prepared(Generic[Row]):
    """A queryset with slots, compiled once for each shape it is asked in."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Row]"]) -> None:
        self.build = build
        self._compiled: dict[tuple[Hashable, ...], _Compiled] = {}

    def rows(self, *shape: Hashable, **values: Any) -> list[Row]:
        """The rows with these values in the slots; one statement."""
        compiled = self._compiled.get(shape)
        if compiled is None:
            compiled = self._compiled[shape] = _Compiled(self.build(*shape))
        return compiled.rows(values)

    def first(self, *shape: Hashable, **values: Any) -> Row | None:
        """The first row, if there is any; the queryset says itself how many it reads."""
        found = self.rows(*shape, **values)
        return found[0] if found else None


class Part:
    """A subquery with slots, compiled once: a part of other querysets, prepared ones too (their slots go on into it)."""

    def __init__(self, build: Callable[..., "QuerySet[Any, Any]"]) -> None:
        self.build = build
        self._compiled: dict[tuple[Hashable, ...], _Compiled] = {}

    def __call__(self, *shape: Hashable, **values: Any) -> RawSQL:
        compiled = self._compiled.get(shape)
        if compiled is None:
            compiled = self._compiled[shape] = _Compiled(self.build(*shape))
        return RawSQL(compiled.sql, compiled.filled(values))  # noqa: S611 as Django compiled it, values apart


class _Compiled:
    def __init__(self, queryset: Any) -> None:
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(using=queryset.db)
        self.sql, self.parameters = self.compiler.as_sql()

    def filled(self, values: dict[str, Any]) -> tuple[Any, ...]:
        """The parameters in their order; a slot given for a slot waits on."""
        given = {name: Named(one.name) if isinstance(one, Slot) else one for name, one in values.items()}
        return tuple(given[one.name] if type(one) is Named else one for one in self.parameters)

    def rows(self, values: dict[str, Any]) -> list[Any]:
        parameters = self.filled(values)
        compiler = copy.copy(self.compiler)
        compiler.connection = connection
        compiler.as_sql = lambda *_args, **_more: (self.sql, parameters)
        # Copying a queryset in the usual way would run it.
        run = object.__new__(type(self.queryset))
        run.__dict__ = {**self.queryset.__dict__, "_query": _Ready(self.queryset.query, compiler)}
        return list(run._iterable_class(run))


class _Ready:
    """A query whose compiler is at hand; everything else is asked of the query itself."""

    def __init__(self, query: Any, compiler: Any) -> None:
        self.query, self.compiler = query, compiler

    def get_compiler(self, *_args: Any, **_more: Any) -> Any:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.query, name)
