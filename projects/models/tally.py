"""How many projects there are and what they plan to invest, kept by the database so that pages need not read them all to say so.

A statement that changes projects adds rows with what it changes, and never alters one: people at work do not wait for each
other. Every so often whoever adds a row folds all rows together. A secret project is in no row, as few may see it.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

# Whoever adds a row whose number is a multiple of this folds the rows together.
FOLDED_EVERY = 1000
# Only one folds at a time and nobody waits for it; a number of our own among the database's advisory locks.
FOLDING = 7_402_014

_COLUMNS = "team, status, stage, industry, count, known, amount"
_GROUP = "team, status, stage, industry"
_ANYTHING = "(count, known, amount) <> (0, 0, 0)"


def _changed(rows: str, sign: str) -> str:
    """The projects in a table of changed rows, each to be added or taken away."""
    columns = f"{sign}1 AS sign, team_id AS team, status, stage, industry, planned_investment"
    return f"SELECT {columns} FROM {rows} WHERE NOT is_secret"  # noqa: S608 - no values


def _keep(*changed: str) -> str:
    """The function of a trigger: adds what changed in sum, nothing if nothing did, and folds the rows when it is time.

    Folding takes away the rows that are committed, or its own, and adds their sums, so rows that others are adding stay. Under a
    snapshot of its own a transaction might take away what another has folded; there it leaves that to others.
    """
    return f"""
        WITH changed AS ({" UNION ALL ".join(changed)}),
        summed AS (
            SELECT {_GROUP}, sum(sign) AS count,
                   coalesce(sum(sign) FILTER (WHERE planned_investment IS NOT NULL), 0) AS known,
                   coalesce(sum(sign * planned_investment), 0) AS amount
              FROM changed GROUP BY {_GROUP}
        ),
        added AS (
            INSERT INTO projects_projecttally ({_COLUMNS})
            SELECT * FROM summed WHERE {_ANYTHING} RETURNING id
        )
        SELECT coalesce(bool_or(id % {FOLDED_EVERY} = 0), false) INTO due FROM added;
        IF due AND current_setting('transaction_isolation') = 'read committed'
               AND pg_try_advisory_xact_lock({FOLDING}) THEN
            WITH folded AS (DELETE FROM projects_projecttally RETURNING {_COLUMNS})
            INSERT INTO projects_projecttally ({_COLUMNS})
            SELECT * FROM (
                SELECT {_GROUP}, sum(count) AS count, sum(known) AS known, sum(amount) AS amount
                  FROM folded GROUP BY {_GROUP}
            ) summed WHERE {_ANYTHING};
        END IF;
        RETURN NULL;
    """  # noqa: S608


def _after(
    name: str, operation: pgtrigger.Operation, func: str, *, old: str | None = None, new: str | None = None
) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=pgtrigger.Referencing(old=old, new=new),
        declare=[("due", "boolean")],
        func=func,
    )


_GONE, _COME = _changed("gone", "-"), _changed("come", "+")
PROJECT_TALLY = [
    _after("tally_of_new", pgtrigger.Insert, _keep(_COME), new="come"),
    _after("tally_of_changed", pgtrigger.Update, _keep(_GONE, _COME), old="gone", new="come"),
    _after("tally_of_deleted", pgtrigger.Delete, _keep(_GONE), old="gone"),
    pgtrigger.Trigger(
        name="tally_of_none",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Truncate,
        func="DELETE FROM projects_projecttally; RETURN NULL;",
    ),
]

COUNTED = """
    SELECT team_id, status, stage, industry, count(*), count(planned_investment), coalesce(sum(planned_investment), 0)
      FROM projects_project WHERE NOT is_secret GROUP BY team_id, status, stage, industry
"""
# All rows anew. The lock lets changes that are under way end first, and those that come wait, so that none is lost or doubled.
FILL_TALLY = f"""
    LOCK TABLE projects_project IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM projects_projecttally;
    INSERT INTO projects_projecttally ({_COLUMNS}) {COUNTED};
"""  # noqa: S608


class ProjectTally(models.Model):
    """A part of the number of projects (项目计数) of a team, status, stage and industry, and of their planned investment in 元.

    Written by triggers; what there is is the sum over all rows. `known` counts projects that have an amount.
    """

    team = models.BigIntegerField(_("责任团队"))
    status = models.CharField(_("状态"), max_length=10)
    stage = models.CharField(_("阶段"), max_length=12)
    industry = models.CharField(_("产业"), max_length=24, default="")
    count = models.IntegerField(_("项目数"))
    known = models.IntegerField(_("有金额的项目数"))
    amount = models.DecimalField(_("计划总投资（元）"), max_digits=24, decimal_places=2)

    class Meta:
        verbose_name = _("项目计数")
        verbose_name_plural = _("项目计数")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.team} {self.status} {self.stage} {self.industry} {self.count}"
