"""How many achievements there are and what they sum to, kept by the database so that lists and figures need not read them all.

As `tally.py` keeps projects: a statement that changes achievements adds rows with what it changes in sum and alters none; every
so often whoever adds a row folds all rows together. Secret projects are in the sums: who may not open one has it taken off.
"""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

# Whoever adds a row whose number is a multiple of this folds the rows together.
FOLDED_EVERY = 1000
# Only one folds at a time and nobody waits for it; a number of our own among the database's advisory locks.
FOLDING = 7_402_015
GROUP = ("kind", "state", "year", "month", "of_project")
#: What is summed of each achievement, with its expression; `known_…` counts those that have it.
SUMMED = {
    "reported_cny": "amount_cny",
    "recognised_cny": "recognised_cny",
    "recognised_usd": """CASE WHEN currency = 'USD' THEN recognised_amount
        WHEN usd_rate > 0 THEN round(recognised_cny / usd_rate, 2) END""",
    "people": "people",
    "recognised_people": "recognised_people",
}
NUMBERS = ("count", *SUMMED, *(f"known_{name}" for name in SUMMED))
_GROUP, _NUMBERS = ", ".join(GROUP), ", ".join(NUMBERS)
_READ = f"""
    kind, state, extract(year FROM happened_on)::smallint AS year, extract(month FROM happened_on)::smallint AS month,
    project_id IS NOT NULL AS of_project, {", ".join(f"{value} AS {name}" for name, value in SUMMED.items())}"""
_SUMS = ", ".join(
    [
        "sum(sign) AS count",
        *(f"coalesce(sum(sign * {name}), 0) AS {name}" for name in SUMMED),
        *(f"coalesce(sum(sign) FILTER (WHERE {name} IS NOT NULL), 0) AS known_{name}" for name in SUMMED),
    ]
)
_ANYTHING = f"({_NUMBERS}) <> ({', '.join('0' for _name in NUMBERS)})"


def _changed(rows: str, sign: str) -> str:
    """The achievements in a table of changed rows, each to be added or taken away."""
    return f"SELECT {sign}1 AS sign, {_READ} FROM {rows}"  # noqa: S608 - no values


def _keep(*changed: str) -> str:
    """The function of a trigger: adds what changed in sum, nothing if nothing did, and folds the rows when it is time.

    Why folding leaves what others are adding, and when it is left to others, is told in `tally.py`.
    """
    return f"""
        WITH changed AS ({" UNION ALL ".join(changed)}),
        summed AS (SELECT {_GROUP}, {_SUMS} FROM changed GROUP BY {_GROUP}),
        added AS (
            INSERT INTO projects_achievementtally ({_GROUP}, {_NUMBERS})
            SELECT {_GROUP}, {_NUMBERS} FROM summed WHERE {_ANYTHING} RETURNING id
        )
        SELECT coalesce(bool_or(id % {FOLDED_EVERY} = 0), false) INTO due FROM added;
        IF due AND current_setting('transaction_isolation') = 'read committed'
               AND pg_try_advisory_xact_lock({FOLDING}) THEN
            WITH folded AS (DELETE FROM projects_achievementtally RETURNING {_GROUP}, {_NUMBERS})
            INSERT INTO projects_achievementtally ({_GROUP}, {_NUMBERS})
            SELECT * FROM (
                SELECT {_GROUP}, {", ".join(f"sum({name}) AS {name}" for name in NUMBERS)}
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
ACHIEVEMENT_TALLY = [
    _after("tally_of_new", pgtrigger.Insert, _keep(_COME), new="come"),
    _after("tally_of_changed", pgtrigger.Update, _keep(_GONE, _COME), old="gone", new="come"),
    _after("tally_of_deleted", pgtrigger.Delete, _keep(_GONE), old="gone"),
    pgtrigger.Trigger(
        name="tally_of_none",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Truncate,
        func="DELETE FROM projects_achievementtally; RETURN NULL;",
    ),
]

COUNTED = f"""
    SELECT {_GROUP}, {_SUMS} FROM (SELECT 1 AS sign, {_READ} FROM projects_achievement) achievement GROUP BY {_GROUP}
"""  # noqa: S608
# All rows anew. The lock lets changes that are under way end first, and those that come wait, so that none is lost or doubled.
FILL_ACHIEVEMENT_TALLY = f"""
    LOCK TABLE projects_achievement IN SHARE ROW EXCLUSIVE MODE;
    DELETE FROM projects_achievementtally;
    INSERT INTO projects_achievementtally ({_GROUP}, {_NUMBERS}) {COUNTED};
"""  # noqa: S608


class AchievementTally(models.Model):
    """A part of the number of achievements (业绩计数) of a kind, state and month, and of what they sum to; written by triggers.

    What there is is the sum over all rows. Amounts in 元 (`…_cny`) and US dollars; `known_…` counts achievements that have one.
    """

    kind = models.CharField(_("种类"), max_length=12)
    state = models.CharField(_("认定状态"), max_length=12)
    year = models.SmallIntegerField(_("年"))
    month = models.SmallIntegerField(_("月"))
    of_project = models.BooleanField(_("属于项目"))
    count = models.IntegerField(_("业绩数"))
    reported_cny = models.DecimalField(_("申报金额（元）"), max_digits=24, decimal_places=2)
    recognised_cny = models.DecimalField(_("认定金额（元）"), max_digits=24, decimal_places=2)
    recognised_usd = models.DecimalField(_("认定金额（美元）"), max_digits=24, decimal_places=2)
    people = models.BigIntegerField(_("申报人数"))
    recognised_people = models.BigIntegerField(_("认定人数"))
    known_reported_cny = models.IntegerField(_("有申报金额的"))
    known_recognised_cny = models.IntegerField(_("有认定金额的"))
    known_recognised_usd = models.IntegerField(_("有认定美元金额的"))
    known_people = models.IntegerField(_("有申报人数的"))
    known_recognised_people = models.IntegerField(_("有认定人数的"))

    class Meta:
        verbose_name = _("业绩计数")
        verbose_name_plural = _("业绩计数")
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.state} {self.year}-{self.month} {self.count}"
