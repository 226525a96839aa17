"""Whether the awards of a scheme make sense: places or everybody, targets, awards of earlier years, exceptions."""

from collections.abc import Iterator, Mapping
from typing import Any

from kpi.scoring.awarded import Award, Introduced, Won
from kpi.scoring.entries import Path
from kpi.scoring.scheme import Scheme

Found = Iterator[tuple[Path, str]]
#: What only makes sense where somebody is at a place.
OF_PLACES = ("if_target_missed", "next_in_line")


def award_faults(scheme: Scheme, award: Award, raw: Mapping[str, Any], index: int) -> Found:
    """What an award names that does not exist, or says twice."""
    path: Path = ("awards", index)
    if sum(key in raw for key in ("first", "last", "everybody")) != 1:
        yield path, "请写明取前几名（first）、末几名（last）或所有符合条件的人（everybody），写且只写一个。"
    if award.group not in scheme.groups:
        yield (*path, "group"), f"没有分组“{award.group}”。"
    yield from _targets(scheme, award, path)
    yield from _everybody(award, raw, path)
    yield from _won(scheme, award, raw, index)
    for key, wanted in (("if_all", award.if_all), ("if_any", award.if_any)):
        for position, one in enumerate(wanted):
            if isinstance(one, Introduced) and one.since is not None and one.since > scheme.year:
                yield (*path, key, position, "introduced", "since"), "累计的起始年度不能晚于考核年度。"
    if raw.get("measures") and award.asks is None:
        yield (*path, "measures"), "写了度量 measures，请在条件里用 reached 引用。"
    taken = {one.code for one in scheme.indicators} | {one.code for one in scheme.gates}
    if award.asks is not None and award.code in taken:
        yield (*path, "code"), f"奖项有自己的度量，代码“{award.code}”不能与指标或门槛的代码重复。"


def _targets(scheme: Scheme, award: Award, path: Path) -> Found:
    by_code = {indicator.code: indicator for indicator in scheme.indicators}
    for position, code in enumerate(award.condition.indicators if award.condition else ()):
        place = (*path, "if_target_missed", "indicators", position)
        if code not in by_code:
            yield place, f"没有代码为“{code}”的指标。"
        elif by_code[code].progress is None:
            yield place, f"指标“{by_code[code].title}”没有写 progress，无法判断是否完成任务。"


def _everybody(award: Award, raw: Mapping[str, Any], path: Path) -> Found:
    if award.end != "everybody":
        return
    if not award.wanted:
        yield path, "不看名次的奖项要写条件 if_all 或 if_any，否则人人都是候选。"
    for key in OF_PLACES:
        if key in raw:
            yield (*path, key), f"{key} 只用于按名次的奖项。"
    if award.exceptions is not None and award.exceptions.ties:
        yield (*path, "except", "ties"), "不看名次的奖项没有并列。"


def _won(scheme: Scheme, award: Award, raw: Mapping[str, Any], index: int) -> Found:
    """An award that was won before stands further up, so that this year's candidates for it are known."""
    before = {one.code for one in scheme.awards[:index]}
    for key, wanted in (("if_all", award.if_all), ("if_any", award.if_any)):
        for position, one in enumerate(wanted):
            if not isinstance(one, Won) or one.award in before:
                continue
            place: Path = ("awards", index, key, position, "won", "award")
            if one.award in {each.code for each in scheme.awards}:
                yield place, f"请把奖项“{one.award}”写在这个奖项之前。"
            else:
                yield place, f"没有代码为“{one.award}”的奖项。"
