"""Writing a scheme document back (成文): what changed is written anew, the rest keeps its lines, order and comments."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import yaml

from kpi.scoring.entries import InvalidDocument
from kpi.scoring.reading import YamlReader, read
from kpi.scoring.rounding import plain

#: The longest entry that is written on one line, in braces.
LINE = 96
COMMENT = "#"


class _Anew(Exception):
    """This part cannot be mended line by line; it is written anew."""


class _Writer(yaml.SafeDumper):
    """YAML as the schemes of the product are written; what any reader might take for a number is quoted."""

    yaml_implicit_resolvers = {
        first: [*yaml.SafeDumper.yaml_implicit_resolvers.get(first, []), *found]
        for first in {*yaml.SafeDumper.yaml_implicit_resolvers, *YamlReader.yaml_implicit_resolvers}
        for found in [YamlReader.yaml_implicit_resolvers.get(first, [])]
    }

    def ignore_aliases(self, data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)  # type: ignore[no-untyped-call]


def _mapping(writer: _Writer, value: Mapping[str, Any]) -> yaml.Node:
    return writer.represent_mapping("tag:yaml.org,2002:map", value.items(), flow_style=_small(value))


def _sequence(writer: _Writer, value: Sequence[Any]) -> yaml.Node:
    return writer.represent_sequence("tag:yaml.org,2002:seq", value, flow_style=_small(value))


def _decimal(writer: _Writer, value: Decimal) -> yaml.Node:
    text = plain(value)
    return writer.represent_scalar(f"tag:yaml.org,2002:{'float' if '.' in text else 'int'}", text)


_Writer.add_representer(dict, _mapping)
_Writer.add_representer(list, _sequence)
_Writer.add_representer(Decimal, _decimal)


def _small(value: Any) -> bool:
    """Whether it fits on one line: nothing in it but words, numbers and lists of them."""
    below = list(value.values()) if isinstance(value, Mapping) else list(value)
    flat = all(
        not isinstance(one, Mapping)
        and (not isinstance(one, list) or not any(isinstance(each, list | Mapping) for each in one))
        and "\n" not in str(one)
        for one in below
    )
    return flat and len(str(value)) <= LINE


def written(value: Any) -> str:
    """The value as a YAML text."""
    if isinstance(value, Mapping):
        return "".join(_dumped({key: below}) for key, below in value.items())
    return _dumped(value)


def _dumped(value: Any) -> str:
    """YAML whose outermost level is never in braces."""
    if not isinstance(value, Mapping) or len(value) != 1:
        return _one(value)
    ((key, below),) = value.items()
    if isinstance(below, Mapping | list) and not _small(below):
        return f"{_one(key).strip()}:\n{_indented(_one(below), 2)}"
    return f"{_one(key).strip()}: {_one(below)}"


def _one(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Writer, allow_unicode=True, sort_keys=False, width=10**6)
    return text.removesuffix("...\n")


def _indented(text: str, by: int) -> str:
    return "".join(f"{' ' * by}{line}" if line.strip() else line for line in text.splitlines(keepends=True))


def rewritten(text: str, value: Any) -> str:
    """The document's text with this value: unchanged parts keep their lines and comments as far as that is possible."""
    if text.lstrip()[:1] in {"{", "["}:
        return json.dumps(as_json(value), ensure_ascii=False, indent=2) + "\n"
    try:
        found = _block(text if text.endswith("\n") else f"{text}\n", read(text).value, value)
    except (_Anew, InvalidDocument, yaml.YAMLError):
        return written(value)
    return found if _reads_as(found, value) else written(value)


def _reads_as(text: str, value: Any) -> bool:
    try:
        return same(read(text).value, value)
    except InvalidDocument:
        return False


def as_json(value: Any) -> Any:
    """The value with the numbers of JSON; `document.exact` makes decimals of them again."""
    if isinstance(value, Mapping):
        return {key: as_json(below) for key, below in value.items()}
    if isinstance(value, list):
        return [as_json(one) for one in value]
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value


def same(one: Any, other: Any) -> bool:
    """Whether two plain documents say the same, in the same order."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return list(one) == list(other) and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(same(*pair) for pair in zip(one, other, strict=True))
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    numbers = (int, Decimal)
    return isinstance(one, numbers) == isinstance(other, numbers) and bool(one == other)


def _block(text: str, old: Any, new: Any) -> str:
    """The lines of one value, the changed parts of it exchanged. Raises _Anew where it is in braces or another shape."""
    if same(old, new):
        return text
    node = yaml.compose(text, Loader=YamlReader)
    if isinstance(node, yaml.MappingNode) and isinstance(new, Mapping) and not node.flow_style:
        return _changed_mapping(text, node, old, new)
    if isinstance(node, yaml.SequenceNode) and isinstance(new, list) and not node.flow_style:
        return _changed_sequence(text, node, old, new)
    raise _Anew


def _pieces(text: str, starts: Sequence[int]) -> tuple[str, list[str]]:
    """What stands before the first entry, and the lines of each; a comment right above an entry belongs to it."""
    lines = text.splitlines(keepends=True)
    begins = [_with_comments(lines, start) for start in starts]
    if any(later <= earlier for earlier, later in pairwise(begins)):
        raise _Anew
    ends = [*begins[1:], len(lines)]
    found = ["".join(lines[start:end]) for start, end in zip(begins, ends, strict=True)]
    return "".join(lines[: begins[0]]) if begins else text, found


def _with_comments(lines: Sequence[str], start: int) -> int:
    """The line on which the comments right above a line begin."""
    while start > 0 and lines[start - 1].lstrip().startswith(COMMENT):
        start -= 1
    return start


def _changed_mapping(
    text: str, node: yaml.MappingNode, old: Mapping[str, Any], new: Mapping[str, Any]
) -> str:
    head, pieces = _pieces(text, [key.start_mark.line for key, _value in node.value])
    known = dict(zip((str(key.value) for key, _value in node.value), pieces, strict=True))
    indent = node.start_mark.column
    parts = [head]
    for key, value in new.items():
        if key not in known:
            parts.append(_indented(_dumped({key: value}), indent))
        elif same(old[key], value):
            parts.append(known[key])
        else:
            parts.append(_changed_value(known[key], key, old[key], value, indent))
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in parts)


def _changed_value(piece: str, key: str, old: Any, new: Any, indent: int) -> str:
    above, body, below = _margins(piece)
    first, _newline, rest = body.partition("\n")
    if first.split(COMMENT)[0].rstrip().endswith(":") and rest.strip():
        try:
            return f"{above}{first}\n{_block(rest, old, new)}{below}"
        except _Anew:
            pass
    return f"{above}{_indented(_dumped({key: new}), indent)}{below}"


def _margins(piece: str) -> tuple[str, str, str]:
    """The comments above an entry, the entry itself, and the comments and empty lines below it."""
    lines = piece.splitlines(keepends=True)
    silent = [not line.strip() or line.lstrip().startswith(COMMENT) for line in lines]
    first = silent.index(False) if False in silent else len(lines)
    last = len(lines) - (silent[::-1].index(False) if False in silent else 0)
    return "".join(lines[:first]), "".join(lines[first:last]), "".join(lines[last:])


def _changed_sequence(text: str, node: yaml.SequenceNode, old: list[Any], new: list[Any]) -> str:
    head, pieces = _pieces(text, [entry.start_mark.line for entry in node.value])
    column = node.start_mark.column
    left = dict(enumerate(old))
    parts = []
    for position, value in enumerate(new):
        found = _partner(value, position, left, new)
        if found is None:
            parts.append(_indented(_one([value]), column))
            continue
        before = left.pop(found)
        parts.append(
            pieces[found] if same(before, value) else _changed_entry(pieces[found], before, value, column)
        )
    spaced = any(piece.endswith("\n\n") for piece in pieces)
    return head + "".join(_ended(part, spaced and part is not parts[-1]) for part in parts)


def _ended(part: str, spaced: bool) -> str:
    """The entry with an empty line below it, or without one."""
    return part.rstrip("\n") + ("\n\n" if spaced else "\n")


def _partner(value: Any, position: int, left: Mapping[int, Any], new: list[Any]) -> int | None:
    """The old entry that this one was: the same, or one of its code, or the one at its place; None for a new one."""
    for index, one in left.items():
        if same(one, value):
            return index
    if isinstance(value, Mapping) and "code" in value:
        matching = (
            i for i, one in left.items() if isinstance(one, Mapping) and one.get("code") == value["code"]
        )
        return next(matching, None)
    taken = position in left and any(same(left[position], other) for other in new)
    return position if position in left and not taken else None


def _changed_entry(piece: str, old: Any, new: Any, column: int) -> str:
    above, body, below = _margins(piece)
    if body[column : column + 1] == "-" and isinstance(new, Mapping) and isinstance(old, Mapping):
        try:
            inside = _block(f"{body[:column]} {body[column + 1 :]}", old, new)
            first = next(line for line in inside.splitlines(keepends=True) if line.strip())
            if inside.startswith(first) and not first[: column + 1].strip():
                return f"{above}{inside[:column]}-{inside[column + 1 :]}{below}"
        except (_Anew, yaml.YAMLError):
            pass
    return f"{above}{_indented(_one([new]), column)}{below}"
