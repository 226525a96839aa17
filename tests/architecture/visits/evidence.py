"""A line of a checklist, and a file whose first page can be drawn."""

from types import SimpleNamespace

from django.core.files.base import ContentFile

from projects.models import Document, EvidenceRequirement, Project
from staff.models import Account
from tests.factories.files import PDF


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    paper = Document.objects.create(
        project=project,
        title="投资协议.pdf",
        file=ContentFile(PDF, name="paper.pdf"),
        content_type="application/pdf",
        size=len(PDF),
        digest="1" * 64,
        uploaded_by=officer,
    )
    line = EvidenceRequirement.objects.create(
        kind="signed", document_type="contract", holds_from=project.reported_on
    )
    page = SimpleNamespace(public_id=paper.public_id, number=1)
    return {
        "projects:document-preview": paper,
        "projects:document-page": page,
        "projects:document-replace": paper,
        "projects:document-classify": paper,
        "projects:evidence-requirement-*": line,
        "kpi:project-verdicts": project,
    }
