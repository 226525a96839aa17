"""Papers of the staff file: kept after a look at their content, opened by few."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from promotion.errors import Refused
from staff.actions.paper import keep_paper
from staff.models import Role, StaffPaper
from tests.factories.staff import make_account

pytestmark = pytest.mark.django_db


def test_only_who_handed_it_in_hr_and_auditors_open_a_paper() -> None:
    owner = make_account(Role("officer"))
    paper = keep_paper(SimpleUploadedFile("证书.txt", "日语一级".encode()), by=owner)
    answers = {}
    for role in ("officer", "leader", "manager", "hr", "auditor", "administrator"):
        client = Client()
        client.force_login(make_account(Role(role)))
        answers[role] = [
            client.get(f"/teams/papers/{paper.public_id}/{part}").status_code for part in ("", "preview/")
        ]
    client = Client()
    client.force_login(owner)
    opened = client.get(f"/teams/papers/{paper.public_id}/")
    assert b"".join(opened.streaming_content).decode() == "日语一级"
    shown = client.get(f"/teams/papers/{paper.public_id}/preview/").content.decode()
    assert "日语一级" in shown
    assert "证书.txt" in shown
    assert answers == {
        "officer": [404, 404],
        "leader": [404, 404],
        "manager": [404, 404],
        "hr": [200, 200],
        "auditor": [200, 200],
        "administrator": [404, 404],
    }


def test_a_paper_that_is_not_what_its_name_says_is_refused_at_its_input() -> None:
    owner = make_account(Role("officer"))
    with pytest.raises(Refused) as refusal:
        keep_paper(SimpleUploadedFile("合同.pdf", b"no pdf"), by=owner, field="contract")
    assert list(refusal.value.fields) == ["contract"]
    assert StaffPaper.objects.count() == 0
