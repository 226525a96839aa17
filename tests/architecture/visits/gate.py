"""An application with a condition, an inquiry, a matter of pre-coaching, and the configuration they come from."""

from datetime import timedelta
from types import SimpleNamespace

from django.utils import timezone

from projects.actions.admission import apply_for_admission, decide_admission
from projects.actions.coaching import open_coaching
from projects.actions.conditions import Condition
from projects.actions.diligence import open_diligence
from projects.actions.gates import adopt_gate_defaults
from projects.models import ChecklistTopic, Project
from staff.models import Account


def visits(project: Project, officer: Account, manager: Account) -> dict[str, object]:
    lines = adopt_gate_defaults(actor=manager)
    application = apply_for_admission(actor=officer, project=project)
    condition = Condition("补能评", project.owner, timezone.localdate() + timedelta(days=9))
    decided = decide_admission(
        actor=manager, application=application, decision="conditional", reason="可", conditions=[condition]
    )
    inquiry = open_diligence(actor=officer, project=project)
    topic = inquiry.items.all()[0]
    condition_of = SimpleNamespace(public_id=application.public_id, pk=decided.conditions.get().pk)
    return {
        "projects:admission": application,
        "projects:admission-decide": application,
        "projects:admission-condition": condition_of,
        "projects:diligence": inquiry,
        "projects:diligence-item": SimpleNamespace(public_id=inquiry.public_id, pk=topic.pk),
        "projects:diligence-move": SimpleNamespace(public_id=inquiry.public_id, verb="conclude"),
        "projects:coaching-record": open_coaching(actor=officer, project=project)[0],
        "projects:gate-lift": lines[0],
        "projects:topic-retire": ChecklistTopic.objects.all()[0],
        "projects:gate-settle": SimpleNamespace(part="topic"),
    }
