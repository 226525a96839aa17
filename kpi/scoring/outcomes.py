"""What stands beside the score (评定): eligibility, grade and cards, after gates and overrides. People decide."""

from collections.abc import Iterable, Mapping, Sequence

from kpi.scoring.evaluate import Evaluation
from kpi.scoring.results import GateResult, Outcome, Standing
from kpi.scoring.rounding import settled
from kpi.scoring.scheme import Gate, Grade, Scheme


def outcomes(
    scheme: Scheme, evaluation: Evaluation, standings: Mapping[str, Sequence[Standing]]
) -> tuple[Outcome, ...]:
    """One outcome per subject when the scheme has gates or grades; none otherwise."""
    if not scheme.gates and not scheme.grades:
        return ()
    placed = {entry.sheet.subject.code: entry for group in standings.values() for entry in group}
    return tuple(_outcome(scheme, evaluation, code, placed.get(code)) for code in evaluation.entries)


def _outcome(scheme: Scheme, evaluation: Evaluation, code: str, standing: Standing | None) -> Outcome:
    subject = evaluation.entries[code].subject
    barred: list[str] = []
    cards: list[str] = []
    reasons: list[str] = []
    open_gates: list[tuple[Gate, str]] = []
    moves: list[Gate] = []
    results: list[GateResult] = []
    for gate in scheme.gates:
        if not scheme.concerns(gate.applies_to, subject.kind):
            continue
        held, reason = evaluation.holds(code, gate)
        results.append(GateResult(gate.code, gate.title, held, _effect(scheme, gate), reason))
        if held is None:
            open_gates.append((gate, f"“{gate.title}”未定：{reason}"))
        elif held:
            reasons.append(f"“{gate.title}”成立{_colon(_effect(scheme, gate))}。")
            barred.extend(gate.bars)
            cards.extend([gate.card] if gate.card else [])
            moves.extend([gate] if gate.move else [])
    open_bar = any(gate.bars for gate, _ in open_gates)
    open_move = any(gate.move for gate, _ in open_gates)
    grade = "" if open_move else moved(scheme.grades, grade_of(scheme, evaluation, code, standing), moves)
    return Outcome(
        subject=subject,
        eligible=False if "all" in barred else None if open_bar else True,
        barred=tuple(dict.fromkeys(barred)),
        grade=grade,
        cards=tuple(cards),
        reasons=(*reasons, *(reason for _, reason in open_gates)),
        gates=tuple(results),
    )


def _effect(scheme: Scheme, gate: Gate) -> str:
    titles = {award.code: award.title for award in scheme.awards}
    words = []
    if "all" in gate.bars:
        words.append("取消全部评奖资格")
    elif gate.bars:
        words.append(f"取消{'、'.join(titles.get(code, code) for code in gate.bars)}资格")
    if gate.card:
        words.append(gate.card)
    if gate.move:
        kind, value = gate.move
        moves = {"up": f"晋 {value} 档", "down": f"降 {value} 档", "at_most": f"等次最高为{value}"}
        moves |= {"at_least": f"等次不低于{value}", "set": f"等次定为{value}"}
        words.append(moves[kind])
    return "，".join(words)


def _colon(effect: str) -> str:
    return f"：{effect}" if effect else ""


def grade_of(scheme: Scheme, evaluation: Evaluation, code: str, standing: Standing | None) -> str:
    """The grade by total or place; empty while an item is undecided or when no grade fits."""
    sheet = standing.sheet if standing else evaluation.sheet(code)
    if sheet.undecided:
        return ""
    total = settled(sheet.exact_total)
    for grade in scheme.grades:
        by_total = grade.from_ is not None and total >= grade.from_
        by_place = grade.first is not None and standing is not None and standing.place <= grade.first
        if by_total or by_place or (grade.from_ is None and grade.first is None):
            return grade.title
    return ""


def moved(grades: Sequence[Grade], grade: str, gates: Iterable[Gate]) -> str:
    """The grade after all overrides, in the order of the scheme; never above the best nor below the last."""
    order = [entry.title for entry in grades]
    if grade not in order:
        return grade
    place = order.index(grade)
    for gate in gates:
        kind, value = gate.move or ("up", "0")
        match kind:
            case "up":
                place = max(place - int(value), 0)
            case "down":
                place = min(place + int(value), len(order) - 1)
            case "at_most":
                place = max(place, order.index(value))
            case "at_least":
                place = min(place, order.index(value))
            case _:
                place = order.index(value)
    return order[place]
