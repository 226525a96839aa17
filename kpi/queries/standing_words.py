"""A standing in words: who, which place, how it moved, who signs for it, and how points came about stage by stage."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kpi.models import Standing
from kpi.scoring.scheme import Group
from kpi.scoring.working import Stage
from promotion.web.formats import NOTHING, exact, places_moved, signed
from staff.models import Grade

STAGES: Mapping[str, Any] = {
    "rule": gettext_lazy("按规则"),
    "cap": gettext_lazy("封顶保底"),
    "weight": gettext_lazy("权重"),
    "bonus": gettext_lazy("加分"),
    "deduction": gettext_lazy("扣分"),
    "veto": gettext_lazy("否决"),
    "rounding": gettext_lazy("取舍"),
}


def subject_facts(standing: Standing) -> list[tuple[str, str]]:
    """Who a standing is about, in labels and words: name and number, grade and team for a person."""
    if standing.person is None:
        code = standing.team.code if standing.team else ""
        return [(_("团队"), f"{standing.subject_name}（{code}）")]
    facts = [(_("姓名"), f"{standing.subject_name}（{standing.person.staff_number}）")]
    if standing.grade:
        facts.append((_("级别"), str(Grade(standing.grade).label)))
    if standing.home_team is not None:
        facts.append((_("任职团队"), standing.home_team.name))
    return facts


def outcome_facts(standing: Standing) -> list[tuple[str, str]]:
    """What stands beside the score under a scheme with gates and grades: grade, eligibility, cards."""
    if not standing.outcome:
        return []
    facts = [(_("等次"), standing.merit or NOTHING), (_("评奖资格"), _eligibility(standing))]
    if standing.cards:
        facts.append((_("亮牌"), "、".join(standing.cards)))
    return facts


def _eligibility(standing: Standing) -> str:
    barred = standing.outcome.get("barred", [])
    if standing.eligible is None:
        return _("未定")
    if not standing.eligible:
        return _("取消")
    return _("有，但不参加：%(awards)s") % {"awards": "、".join(barred)} if barred else _("有")


def gate_rows(standing: Standing) -> list[tuple[str, str, str]]:
    """Every gate that concerns the subject: what it is called, whether it holds, and with which effect and reason."""
    words = {True: _("成立"), False: _("不成立"), None: _("未定")}
    return [
        (
            str(gate["title"]),
            words[gate["holds"]],  # type: ignore[index]
            "；".join(
                str(part) for part in (gate["effect"] if gate["holds"] else "", gate["reason"]) if part
            ),
        )
        for gate in standing.gates
    ]


def place_words(standing: Standing, group: Group | None, *, tied: bool) -> str:
    """招商专员第 3 名，共 111（并列）."""
    words = {"group": group.title if group else "", "rank": standing.rank, "count": standing.group_size}
    shown = _("%(group)s第 %(rank)s 名，共 %(count)s") % words
    return _("%(place)s（并列）") % {"place": shown} if tied else shown


def place_moved_words(standing: Standing) -> str:
    """36 → 33, or only the place of a newcomer."""
    before = standing.previous_rank
    return str(standing.rank) if before in (None, standing.rank) else f"{before} → {standing.rank}"


def movement_words(standing: Standing) -> str:
    """How rank and total moved since the run before."""
    if standing.previous_rank is None:
        return _("没有可比的上一次")
    return _("上次第 %(rank)s 名 %(moved)s，总分 %(gain)s") % {
        "rank": standing.previous_rank,
        "moved": places_moved(standing.places_gained),
        "gain": signed(standing.gain, 2),
    }


def signature_words(*, is_person: bool) -> tuple[str, str, str]:
    """Who signs a statement: the person or the leader of the team, the one above, and HR."""
    if is_person:
        return _("本人确认"), _("所在团队负责人"), _("人事核对")
    return _("团队负责人"), _("分管领导"), _("人事核对")


def stage_words(stages: Sequence[Stage]) -> list[tuple[str, str, str]]:
    """Label, words and points of each stage of an item; the rule alone says no more than the formula."""
    if len(stages) < 2:
        return []
    return [(str(STAGES[stage.name]), stage.words, exact(stage.value)) for stage in stages]
