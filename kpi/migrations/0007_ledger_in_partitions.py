"""The ledger as a table in partitions by year.

Small years share the default partition; a year that is posted in bulk is written into a table of its own, gets its indexes
afterwards and is then attached (kpi/actions/bulk.py). Keys begin with the number and name the year, as the database asks of
a table in partitions; foreign keys stay.
"""

import django.db.models.deletion
from django.db import migrations, models

COLUMNS = (
    "id, year, kind, role, happened_on, share, amount, amount_usd, full_amount, full_amount_usd, industry, project_class, "
    "capital_source, channel, park, level, reason, posted_at, achievement_id, person_id, posted_run_id, project_id, "
    "ranked_team_id, reverses_id, team_id"
)

FORWARD = f"""
DO $$
DECLARE
    definition text; name text; note text;
BEGIN
    SELECT pg_get_triggerdef(oid), tgname, obj_description(oid, 'pg_trigger') INTO definition, name, note
    FROM pg_trigger WHERE tgrelid = 'kpi_ledgerline'::regclass AND tgname LIKE 'pgtrigger_append_only%';

    ALTER TABLE kpi_ledgerline RENAME TO kpi_ledgerline_before;
    CREATE TABLE kpi_ledgerline (
        id bigint NOT NULL,
        year smallint NOT NULL CHECK (year >= 0),
        kind varchar(12) COLLATE "C" NOT NULL,
        role varchar(12) COLLATE "C" NOT NULL,
        happened_on date NOT NULL,
        share numeric(7, 6) NOT NULL,
        amount numeric(20, 4) NOT NULL,
        amount_usd numeric(20, 4) NOT NULL,
        full_amount numeric(18, 2),
        full_amount_usd numeric(18, 2),
        industry varchar(24) COLLATE "C" NOT NULL,
        project_class varchar(10) COLLATE "C" NOT NULL,
        capital_source varchar(10) COLLATE "C" NOT NULL,
        channel varchar(20) COLLATE "C" NOT NULL,
        park varchar(10) COLLATE "C" NOT NULL,
        level varchar(12) COLLATE "C" NOT NULL,
        reason varchar(24) COLLATE "C" NOT NULL,
        posted_at timestamptz NOT NULL,
        achievement_id bigint NOT NULL,
        person_id bigint NOT NULL,
        posted_run_id bigint,
        project_id bigint,
        ranked_team_id bigint,
        reverses_id bigint,
        team_id bigint
    ) PARTITION BY LIST (year);
    CREATE TABLE kpi_ledgerline_small PARTITION OF kpi_ledgerline DEFAULT;
    INSERT INTO kpi_ledgerline ({COLUMNS}) SELECT {COLUMNS} FROM kpi_ledgerline_before;
    DROP TABLE kpi_ledgerline_before;

    CREATE SEQUENCE kpi_ledgerline_id_seq OWNED BY kpi_ledgerline.id;
    PERFORM setval('kpi_ledgerline_id_seq', coalesce((SELECT max(id) FROM kpi_ledgerline), 0) + 1, false);
    ALTER TABLE kpi_ledgerline ALTER id SET DEFAULT nextval('kpi_ledgerline_id_seq');
    ALTER TABLE kpi_ledgerline ADD CONSTRAINT kpi_ledgerline_pkey PRIMARY KEY (id, year);
    EXECUTE definition;
    EXECUTE format('COMMENT ON TRIGGER %I ON kpi_ledgerline IS %L', name, note);
END $$;

CREATE INDEX ledger_year_person ON kpi_ledgerline (year, person_id, kind);
CREATE INDEX ledger_year_team ON kpi_ledgerline (year, ranked_team_id, kind);
CREATE INDEX ledger_achievement ON kpi_ledgerline (achievement_id);
CREATE INDEX ledger_project ON kpi_ledgerline (project_id);
CREATE UNIQUE INDEX ledger_reversed_once ON kpi_ledgerline (reverses_id, year) WHERE reverses_id IS NOT NULL;

ALTER TABLE kpi_ledgerline
    ADD CONSTRAINT ledger_achievement_known FOREIGN KEY (achievement_id) REFERENCES projects_achievement (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_project_known FOREIGN KEY (project_id) REFERENCES projects_project (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_person_known FOREIGN KEY (person_id) REFERENCES staff_person (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_team_known FOREIGN KEY (team_id) REFERENCES staff_team (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_ranked_team_known FOREIGN KEY (ranked_team_id) REFERENCES staff_team (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_run_known FOREIGN KEY (posted_run_id) REFERENCES kpi_run (id)
        DEFERRABLE INITIALLY DEFERRED,
    ADD CONSTRAINT ledger_reversed_known FOREIGN KEY (reverses_id, year) REFERENCES kpi_ledgerline (id, year)
        DEFERRABLE INITIALLY DEFERRED;
"""  # noqa: S608 - names of this module only


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0006_runs_in_proportion'),
        ('projects', '0001_initial'),
        ('staff', '0002_account_must_change_password'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunSQL(FORWARD)],
            state_operations=[
                migrations.RemoveIndex(
                    model_name='ledgerline',
                    name='ledger_achievement',
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='capital_source',
                    field=models.CharField(blank=True, db_collation='C', max_length=10, verbose_name='资金来源'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='channel',
                    field=models.CharField(blank=True, db_collation='C', max_length=20, verbose_name='渠道'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='industry',
                    field=models.CharField(blank=True, db_collation='C', max_length=24, verbose_name='产业'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='kind',
                    field=models.CharField(db_collation='C', max_length=12, verbose_name='种类'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='level',
                    field=models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='级别'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='park',
                    field=models.CharField(blank=True, db_collation='C', max_length=10, verbose_name='园区'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='person',
                    field=models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_lines', to='staff.person', verbose_name='人员'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='posted_run',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='posted_lines', to='kpi.run', verbose_name='入账核算'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='project_class',
                    field=models.CharField(blank=True, db_collation='C', max_length=10, verbose_name='项目等级'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='ranked_team',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='staff.team', verbose_name='参评团队'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='reason',
                    field=models.CharField(blank=True, db_collation='C', max_length=24, verbose_name='扣分事由'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='role',
                    field=models.CharField(blank=True, db_collation='C', max_length=12, verbose_name='角色'),
                ),
                migrations.AlterField(
                    model_name='ledgerline',
                    name='team',
                    field=models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='ledger_lines', to='staff.team', verbose_name='当日任职团队'),
                ),
            ],
        ),
    ]
