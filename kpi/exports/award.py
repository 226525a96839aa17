"""Certificates of honour (荣誉证书) and notices (通知书) as PDF, one or all in one file, or each in a ZIP."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from kpi.models import AwardDecision, Consequence
from kpi.queries.standing import scheme_of
from promotion.papers import render_paper
from promotion.web.formats import number
from staff.exports.placement import written
from staff.models import BodyName

# The same bytes for the same papers, whenever they are packed.
PACKED = (2026, 1, 1, 0, 0, 0)


def award_papers(decisions: Sequence[AwardDecision], body_name: str = "") -> bytes:
    """One PDF with the paper of each decision, under either name of the body. An official paper is in Chinese."""
    with translation.override(settings.LANGUAGE_CODE):
        body = BodyName(body_name if body_name in BodyName.values else BodyName.CENTRE)
        data = {
            "title": _("荣誉证书和通知书"),
            "body": str(body.label),
            "papers": [_paper(each) for each in decisions],
        }
        return render_paper("award", data)


def award_archive(decisions: Sequence[AwardDecision], body_name: str = "") -> bytes:
    """Every paper in a PDF of its own, in one ZIP file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for each in decisions:
            archive.writestr(zipfile.ZipInfo(award_paper_name(each), PACKED), award_papers([each], body_name))
    return stream.getvalue()


def award_paper_name(decision: AwardDecision) -> str:
    """The file's name: number, award, subject."""
    return f"{decision.number}-{decision.title}-{decision.subject_name}.pdf"


def _paper(decision: AwardDecision) -> dict[str, Any]:
    common = {
        "number": decision.number,
        "name": decision.subject_name,
        "address": "同志" if decision.person_id is not None else "",
        "on": written(decision.approved_on) if decision.approved_on else "",
        "award": decision.title,
    }
    if decision.is_warning:
        return {**common, "kind": "notice", "paragraphs": _notice(decision)}
    body = f"在{decision.year}年度招商引资考核中成绩突出，经考核、审批，被评为"
    return {**common, "kind": "certificate", "body": body}


def _notice(decision: AwardDecision) -> list[str]:
    """What was found, by which clause, and what follows."""
    scheme = scheme_of(decision.run)
    clause = next((one.clause for one in scheme.awards if one.code == decision.award), "")
    whose = "您" if decision.person_id is not None else "你队"
    found = (
        f"经{decision.year}年度招商引资绩效考核，{whose}综合得分{number(decision.total)}分，"
        f"列第{decision.place}名（共{decision.group_size}名）。依据《{scheme.title}》{clause}，"
        f"经研究决定，将{whose}列入“{decision.title}”。"
    )
    return [found, *FOLLOWS.get(decision.consequence, ()), "如有异议，请在收到本通知后向人事提出。"]


#: What the notice says of the consequence; the move and the end of the contract are papers of their own.
FOLLOWS: dict[str, tuple[str, ...]] = {
    Consequence.MOVE.value: ("按规定调整您的工作岗位，请配合办理岗位交接。",),
    Consequence.END.value: ("按规定解除聘用，请配合办理工作交接和离职手续。",),
    Consequence.NONE.value: ("请认真查找差距，改进工作。",),
    "": ("请认真查找差距，改进工作。",),
}
