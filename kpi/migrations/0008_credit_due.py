"""What changes a credit is written down as due, by the database itself, whoever changes it."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION kpi_credit_due_by_fact() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        IF TG_OP = 'UPDATE' AND (OLD.state, OLD.happened_on, OLD.recognised_cny, OLD.recognised_amount, OLD.currency,
                OLD.usd_rate, OLD.project_id, OLD.person_id, OLD.kind, OLD.level, OLD.incident_reason)
            IS NOT DISTINCT FROM (NEW.state, NEW.happened_on, NEW.recognised_cny, NEW.recognised_amount, NEW.currency,
                NEW.usd_rate, NEW.project_id, NEW.person_id, NEW.kind, NEW.level, NEW.incident_reason) THEN
            RETURN NULL;
        END IF;
        IF OLD.state = 'recognised' THEN
            INSERT INTO kpi_creditdue (year, achievement) VALUES (extract(year FROM OLD.happened_on), OLD.id);
        END IF;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        IF NEW.state = 'recognised' THEN
            INSERT INTO kpi_creditdue (year, achievement) VALUES (extract(year FROM NEW.happened_on), NEW.id);
        END IF;
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER credit_due_by_fact AFTER INSERT OR UPDATE OR DELETE ON projects_achievement
    FOR EACH ROW EXECUTE FUNCTION kpi_credit_due_by_fact();

CREATE FUNCTION kpi_credit_due_by_share() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kpi_creditdue (year, project)
    SELECT DISTINCT extract(year FROM a.happened_on)::int, a.project_id FROM projects_achievement a
    WHERE a.state = 'recognised' AND a.project_id IN (
        CASE WHEN TG_OP = 'INSERT' THEN NEW.project_id ELSE OLD.project_id END,
        CASE WHEN TG_OP = 'DELETE' THEN OLD.project_id ELSE NEW.project_id END
    );
    RETURN NULL;
END $$;

CREATE TRIGGER credit_due_by_share AFTER INSERT OR UPDATE OR DELETE ON projects_creditshare
    FOR EACH ROW EXECUTE FUNCTION kpi_credit_due_by_share();
"""

BACKWARD = """
DROP TRIGGER credit_due_by_fact ON projects_achievement;
DROP TRIGGER credit_due_by_share ON projects_creditshare;
DROP FUNCTION kpi_credit_due_by_fact();
DROP FUNCTION kpi_credit_due_by_share();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('kpi', '0007_ledger_in_partitions'),
        ('projects', '0001_initial'),
    ]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
