"""The checklist of new jobs, for houses whose checklist was written before there were jobs."""

from django.db import migrations

from projects.evidence_defaults import DEFAULTS, HOLDS_FROM, NOTE


def write_defaults(apps, schema_editor):
    requirements = apps.get_model("projects", "EvidenceRequirement")
    from promotion.identifiers import public_id

    if requirements.objects.filter(kind="jobs").exists():
        return
    requirements.objects.bulk_create(
        requirements(
            public_id=public_id(),
            kind=kind,
            capital_source=source,
            document_type=document_type,
            necessity=necessity,
            holds_from=HOLDS_FROM,
            position=position,
            note=NOTE,
        )
        for position, (kind, source, document_type, necessity) in enumerate(DEFAULTS, start=1)
        if kind == "jobs"
    )


class Migration(migrations.Migration):
    dependencies = [("projects", "0043_jobs_in_people")]
    operations = [migrations.RunPython(write_defaults, migrations.RunPython.noop)]
