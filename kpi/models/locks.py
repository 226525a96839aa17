"""Rows of a closed year stand still (关账锁定): triggers that a model puts on itself in one line.

    triggers = [*locked_when_closed()]                                        # the row has a `year`
    triggers = [*locked_when_closed("SELECT r.year FROM changed c JOIN kpi_run r ON r.id = c.run_id")]

Each statement that inserts, updates or deletes is looked at once, whatever the number of its rows. It first takes a share lock on
the year, so that a close under way is waited for: what the close sealed is what it found.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

from promotion.action import explain_constraint

CLOSED = "year_is_closed"
#: `changed` are the rows of the statement; `{row}` in a row's trigger is the row itself.
OWN_YEAR = "SELECT c.year FROM changed c"
GUARD = """
    PERFORM 1 FROM kpi_assessmentyear y WHERE y.year IN ({years}) FOR KEY SHARE;
    IF EXISTS (SELECT 1 FROM kpi_assessmentyear y WHERE y.closed_at IS NOT NULL AND y.year IN ({years})) THEN
        RAISE EXCEPTION 'rows of a closed year of assessment stand still'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'year_is_closed', TABLE = TG_TABLE_NAME;
    END IF;
"""


def locked_when_closed(years: str = OWN_YEAR) -> list[pgtrigger.Trigger]:
    """Triggers that refuse to write rows of a closed year; `years` selects the years of the rows in `changed`."""
    before, after = years, years.replace("changed", "became")
    return [
        _guard("insert", pgtrigger.Insert, pgtrigger.Referencing(new="changed"), GUARD.format(years=before)),
        _guard(
            "update",
            pgtrigger.Update,
            pgtrigger.Referencing(old="changed", new="became"),
            GUARD.format(years=f"{before} UNION {after}"),
        ),
        _guard("delete", pgtrigger.Delete, pgtrigger.Referencing(old="changed"), GUARD.format(years=before)),
    ]


def _guard(
    name: str, operation: pgtrigger.Operation, referencing: pgtrigger.Referencing, body: str
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=f"closed_{name}",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=f"{body} RETURN NULL;",
    )


def inserted_when_open() -> pgtrigger.Trigger:
    """For a table in partitions whose rows are never updated nor deleted: row by row, so that no partition is a way round."""
    return pgtrigger.Trigger(
        name="closed_insert",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func=f"{GUARD.format(years='NEW.year')} RETURN NEW;",
    )


def closed_year_keeps_its_run() -> pgtrigger.Trigger:
    """For the year itself: what readers see of a closed year stays."""
    return pgtrigger.Protect(
        name="closed_keeps_run",
        operation=pgtrigger.Update,
        condition=pgtrigger.Q(old__closed_at__isnull=False, new__closed_at__isnull=False)
        & pgtrigger.Q(old__current_run__df=pgtrigger.F("new__current_run")),
    )


explain_constraint(CLOSED, _("这一年度已关账，数据不能再改；确需更正，请先由人事或分管领导申请重开年度。"))
