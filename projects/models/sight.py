"""Who sees which project, kept by the database as narrow rows that have an index; and when a project last got on, verified.

`ProjectSight` repeats what the owner, the responsible team, the open shares and the named readers say; triggers keep it,
actions never write it. Reading a visible set is then one search in an index in place of three lookups per project.
"""

from datetime import date

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)

# Rows of sight of the projects that `{which}` names; a secret one is its owner's and its readers' alone.
SIGHT_OF = """
    SELECT p.id, p.owner_id, DATE '0001-01-01', DATE '9999-12-31' FROM projects_project p WHERE {which}
    UNION SELECT p.id, -p.team_id, DATE '0001-01-01', DATE '9999-12-31'
      FROM projects_project p WHERE NOT p.is_secret AND {which}
    UNION SELECT p.id, s.person_id, DATE '0001-01-01', DATE '9999-12-31'
      FROM projects_project p JOIN projects_creditshare s ON s.project_id = p.id AND s.holds_until IS NULL
     WHERE NOT p.is_secret AND {which}
    UNION SELECT p.id, r.person_id, r.reads_from, coalesce(r.reads_until, DATE '9999-12-31')
      FROM projects_project p JOIN projects_projectreader r ON r.project_id = p.id WHERE {which}
"""
WRITE_SIGHT = f"INSERT INTO projects_projectsight (project_id, viewer, seen_from, seen_until) {SIGHT_OF}"


def _anew(project: str) -> str:
    """Statements that write the sight of one project anew. Its row is locked first, so that two changes take turns."""
    return f"""
        PERFORM 1 FROM projects_project WHERE id = {project} FOR NO KEY UPDATE;
        DELETE FROM projects_projectsight WHERE project_id = {project};
        {WRITE_SIGHT.format(which=f"p.id = {project}")};
    """  # noqa: S608 - names of columns, no values


PROJECT_SIGHT = [
    pgtrigger.Trigger(
        name="sight_of_new",
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        func=f"{_anew('NEW.id')} RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="sight_of_changed",
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("owner", "team", "is_secret"),
        func=f"{_anew('NEW.id')} RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="sight_of_deleted",
        when=pgtrigger.Before,
        operation=pgtrigger.Delete,
        func="DELETE FROM projects_projectsight WHERE project_id = OLD.id; RETURN OLD;",
    ),
]
SIGHT_BY_PART = pgtrigger.Trigger(
    name="sight_by_part",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
    declare=[("touched", "bigint")],
    func=f"touched := coalesce(NEW.project_id, OLD.project_id); {_anew('touched')} RETURN NULL;",
)

# The last verified progress of project `{project}`: its report, entering its stage, what was recognised, what was confirmed.
VERIFIED_ON = """
    greatest({reported}, {entered},
        (SELECT max(a.happened_on) FROM projects_achievement a WHERE a.project_id = {project} AND a.state = 'recognised'),
        (SELECT max((f.happened_at AT TIME ZONE 'Asia/Shanghai')::date) FROM projects_protectionextension e
           JOIN projects_followup f ON f.id = e.follow_up_id WHERE f.project_id = {project}))
"""
PROJECT_VERIFIED = [
    pgtrigger.Trigger(
        name="verified_from_start",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert,
        func="NEW.verified_on := greatest(NEW.reported_on, NEW.stage_since); RETURN NEW;",
    ),
    pgtrigger.Trigger(
        name="verified_by_move",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("stage_since", "reported_on", "verified_on"),
        func="NEW.verified_on := "
        + VERIFIED_ON.format(project="NEW.id", reported="NEW.reported_on", entered="NEW.stage_since")
        + "; RETURN NEW;",
    ),
]


def _touch(project: str) -> str:
    """A change of the date wakes the trigger of the project, which works the date out."""
    return f"UPDATE projects_project SET verified_on = NULL WHERE id = {project};"  # noqa: S608


VERIFIED_BY_FACT = pgtrigger.Trigger(
    name="verified_by_fact",
    when=pgtrigger.After,
    operation=pgtrigger.Insert | pgtrigger.Update,
    func=f"""
        IF NEW.project_id IS NOT NULL AND (
            NEW.state = 'recognised' OR (TG_OP = 'UPDATE' AND OLD.state = 'recognised')
        ) THEN {_touch("NEW.project_id")} END IF;
        RETURN NULL;
    """,
)
VERIFIED_BY_FOLLOW_UP = pgtrigger.Trigger(
    name="verified_by_follow_up",
    when=pgtrigger.After,
    operation=pgtrigger.Insert,
    declare=[("touched", "bigint")],
    func=f"""
        SELECT project_id INTO touched FROM projects_followup WHERE id = NEW.follow_up_id;
        IF touched IS NOT NULL THEN {_touch("touched")} END IF;
        RETURN NULL;
    """,  # noqa: S608
)


class ProjectSight(models.Model):
    """That somebody sees a project (可见登记): `viewer` is a person's number, or a team's with a minus before it.

    Written by triggers; half-open [seen_from, seen_until).
    """

    project = models.ForeignKey(
        "projects.Project", models.DO_NOTHING, related_name="sight", verbose_name=_("项目"), db_index=True
    )
    viewer = models.BigIntegerField(_("谁看到"))
    seen_from = models.DateField(_("起"), default=FIRST_DAY)
    seen_until = models.DateField(_("止（不含）"), default=LAST_DAY)

    class Meta:
        verbose_name = _("可见登记")
        verbose_name_plural = _("可见登记")
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["viewer", "project"], include=["seen_from", "seen_until"], name="sight_of_viewer"
            )
        ]

    def __str__(self) -> str:
        return f"{self.viewer} {self.project_id}"
