"""The explanation line (算式) of an item, rendered from the very steps that computed it."""

from decimal import Decimal

from kpi.scoring.rounding import Rounding, plain, rounded
from kpi.scoring.steps import Step

SUM, PRODUCT, ATOM = 1, 2, 3
STRENGTH = {"sum": SUM, "difference": SUM, "product": PRODUCT, "quotient": PRODUCT}


def explain(step: Step, points: Decimal, rounding: Rounding) -> str:
    """`(28÷27×50% + 177.7÷54×50%)×0.5 = 1.08 → 封顶 0.5`: always ends in the item's points."""
    line = _chain(step, rounding)
    if step.operation not in {"cap", "floor", "band", "whole"}:
        shows_it = step.operation == "known" and line.split(" ")[-1] == plain(points)
        return line if shows_it else f"{line} = {plain(points)}"
    return line if line.endswith(f" {plain(points)}") else f"{line} ≈ {plain(points)}"


def shown(number: Decimal, rounding: Rounding) -> str:
    """A number in the middle of a line: exact when short, else rounded for reading."""
    digits = max(rounding.digits, 2)
    return plain(rounded(number, digits, rounding.mode))


def _chain(step: Step, rounding: Rounding) -> str:
    """The step as a whole line, not enclosed in brackets."""
    match step.operation:
        case "known":
            return f"{step.words} {_exact(step.value)}".strip()
        case "percent":
            return f"{step.words} {_exact(step.value * 100)}%".strip()
        case "cap" | "floor" | "whole":
            return f"{equation(step.parts[0], rounding)} → {step.words}"
        case "band":
            return f"{equation(step.parts[0], rounding)} → {step.words} {_exact(step.value)}"
        case "highest":
            return f"{step.words or '取高者'}：" + "；".join(equation(part, rounding) for part in step.parts)
        case "note":
            return f"{step.words}（{equation(step.parts[0], rounding)}）"
    return _arithmetic(step, rounding)


def equation(step: Step, rounding: Rounding) -> str:
    """The step followed by its value, unless it shows its value anyway."""
    line = _chain(step, rounding)
    if step.operation in {"known", "cap", "floor", "band", "whole", "note"}:
        return line
    value = _exact(step.value * 100) + "%" if step.operation == "percent" else shown(step.value, rounding)
    return line if step.operation == "percent" else f"{line} = {value}"


def _arithmetic(step: Step, rounding: Rounding) -> str:
    sign = {"sum": " + ", "difference": " − ", "product": "×", "quotient": "÷"}[step.operation]
    strength = STRENGTH[step.operation]
    texts = []
    for position, part in enumerate(step.parts):
        weakest = strength + (position > 0 and step.operation in {"difference", "quotient"})
        texts.append(_bracketed(part, weakest, rounding))
    return sign.join(texts)


def _bracketed(step: Step, weakest: int, rounding: Rounding) -> str:
    """A part of a larger formula, in brackets when it would otherwise be misread."""
    if step.operation in {"cap", "floor", "whole", "band", "highest"}:
        return f"({_chain(step, rounding)})"
    strong_enough = STRENGTH.get(step.operation, ATOM) >= weakest
    text = _chain(step, rounding)
    return text if strong_enough and not text.startswith("-") else f"({text})"


def _exact(number: Decimal) -> str:
    """An input as given; a repeating fraction, which only a share can bring in, is cut to six digits."""
    text = plain(number)
    return text if len(text) <= 16 else plain(rounded(number, 6))
