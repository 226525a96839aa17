"""What the database keeps beside the facts, so that lists and figures read one table and an index.

A project repeats the names of its company, so that a search asks one table (docs/decisions/0014-speed.md); a move knows how
many days the project stood before it. Triggers keep both, actions never write them.
"""

import pgtrigger

# Columns of the project and the column of its company that each repeats.
REPEATED = {
    "company_grams": "grams",
    "company_pinyin": "pinyin",
    "company_initials": "initials",
    "company_readings": "other_readings",
}
# The company's row is held until the end, so that a renaming beside it is waited for and not missed.
_TAKE_OVER = f"""
    SELECT {", ".join(REPEATED.values())} INTO {", ".join(f"NEW.{name}" for name in REPEATED)}
      FROM projects_company WHERE id = NEW.company_id FOR SHARE;
    RETURN NEW;
"""  # noqa: S608 - names of columns, no values
PROJECT_COMPANY_NAMES = [
    pgtrigger.Trigger(
        name="company_names_of_new", when=pgtrigger.Before, operation=pgtrigger.Insert, func=_TAKE_OVER
    ),
    pgtrigger.Trigger(
        name="company_names_of_changed",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange("company", *REPEATED),
        func=_TAKE_OVER,
    ),
]
COMPANY_RENAMED = pgtrigger.Trigger(
    name="company_renamed",
    when=pgtrigger.After,
    operation=pgtrigger.Update,
    condition=pgtrigger.AnyChange(*REPEATED.values()),
    func=f"""
        UPDATE projects_project SET {", ".join(f"{own} = NEW.{theirs}" for own, theirs in REPEATED.items())}
         WHERE company_id = NEW.id;
        RETURN NULL;
    """,  # noqa: S608
)
FILL_COMPANY_NAMES = f"""
    UPDATE projects_project p SET {", ".join(f"{own} = c.{theirs}" for own, theirs in REPEATED.items())}
      FROM projects_company c WHERE c.id = p.company_id
"""  # noqa: S608

# Moves are added and never changed, so the days are known once and for all when the move is written.
STAYED = pgtrigger.Trigger(
    name="stayed",
    when=pgtrigger.Before,
    operation=pgtrigger.Insert,
    func="""
        NEW.stayed := NEW.happened_on - (
            SELECT m.happened_on FROM projects_stagechange m
             WHERE m.project_id = NEW.project_id AND m.id < NEW.id ORDER BY m.id DESC LIMIT 1);
        RETURN NEW;
    """,
)
FILL_STAYED = """
    UPDATE projects_stagechange s SET stayed = d.stayed
      FROM (SELECT id, happened_on - lag(happened_on) OVER (PARTITION BY project_id ORDER BY id) AS stayed
              FROM projects_stagechange) d
     WHERE d.id = s.id
"""
