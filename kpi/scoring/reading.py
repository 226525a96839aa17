"""Reading YAML or JSON into plain values: exact decimals, and the line of every entry for messages."""

import json
import re
from decimal import Decimal
from typing import Any

import yaml

from kpi.scoring.entries import InvalidDocument, Path, Reading, SchemeError, dotted

#: Far above any real scheme or facts file written by hand; keeps a hostile file from exhausting memory.
MOST_ENTRIES = 500_000

#: Longer JSON is read by the quick reader, which knows no lines.
MOST_WITH_LINES = 300_000


class YamlReader(yaml.SafeLoader):
    """YAML with the plain types of JSON only: no dates, no sexagesimal numbers, `on` and `no` stay words."""

    yaml_implicit_resolvers: dict[str, list[Any]] = {}


for _tag, _pattern, _first in (
    ("null", r"^(?:~|null|)$", ["~", "n", ""]),
    ("bool", r"^(?:true|false)$", list("tf")),
    ("int", r"^-?(?:0|[1-9][0-9]*)$", list("-0123456789")),
    ("float", r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]{1,2})?$", list("-0123456789")),
):
    YamlReader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), _first)


def read(text: str) -> Reading:
    """The values of a YAML or JSON text. Raises InvalidDocument for anything else."""
    found = _json(text) if text.lstrip()[:1] in {"{", "["} else None
    if found is not None and len(text) > MOST_WITH_LINES:
        return found
    try:
        return _yaml(text)
    except InvalidDocument:
        # JSON that is no YAML, such as one indented with tabs: read, only without line numbers.
        if found is None:
            raise
        return found


def _json(text: str) -> Reading | None:
    """The values of a JSON text without lines; None for what is no JSON or writes a key twice."""
    try:
        return Reading(json.loads(text, parse_float=Decimal, object_pairs_hook=_once, parse_constant=_refuse))
    except (ValueError, RecursionError):
        return None


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is written twice")
    return found


def _refuse(name: str) -> Any:
    raise ValueError(f"{name} is no number")


def _yaml(text: str) -> Reading:
    loader = YamlReader(text)
    try:
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark
        line = mark.line + 1 if mark else 0
        raise InvalidDocument([SchemeError("", line, _syntax(problem))]) from problem
    except RecursionError as problem:
        raise InvalidDocument([SchemeError("", 0, "嵌套过深，无法读取。")]) from problem
    except yaml.YAMLError as problem:
        raise InvalidDocument([SchemeError("", 0, "含有无法识别的字符，请另存为 UTF-8 文本。")]) from problem
    finally:
        loader.dispose()
    if node is None:
        raise InvalidDocument([SchemeError("", 0, "文件是空的。")])
    builder = _Builder()
    builder.reading.value = builder.build(node, ())
    if builder.errors:
        raise InvalidDocument(builder.errors)
    return builder.reading


def _syntax(problem: yaml.MarkedYAMLError) -> str:
    if "alias" in str(problem.problem):
        return "引用了没有定义的锚点。"
    return "格式有误：请检查这一行及上一行的缩进、冒号后的空格、括号和引号是否成对。"


class _Builder:
    """Turns YAML nodes into plain values, noting lines and duplicate keys."""

    def __init__(self) -> None:
        self.reading = Reading()
        self.errors: list[SchemeError] = []
        self.open: set[int] = set()

    def build(self, node: yaml.Node, path: Path) -> Any:
        line = node.start_mark.line + 1
        self.reading.lines.setdefault(path, line)
        if id(node) in self.open or len(self.reading.lines) > MOST_ENTRIES:
            raise InvalidDocument([SchemeError(dotted(path), line, "内容引用了自身或过大，无法读取。")])
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path)
        self.open.add(id(node))
        try:
            if isinstance(node, yaml.SequenceNode):
                return [self.build(entry, (*path, index)) for index, entry in enumerate(node.value)]
            return self._mapping(node, path)
        finally:
            self.open.discard(id(node))

    def _mapping(self, node: yaml.Node, path: Path) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = str(key_node.value)
            line = key_node.start_mark.line + 1
            if key in found:
                message = f"“{key}”写了两次，请只保留一处。"
                self.errors.append(SchemeError(dotted((*path, key)), line, message))
            self.reading.lines[(*path, key)] = line
            found[key] = self.build(value_node, (*path, key))
        return found

    def _scalar(self, node: yaml.ScalarNode, path: Path) -> Any:
        text = node.value
        match node.tag.rsplit(":", 1)[-1]:
            case "null":
                return None
            case "bool":
                return text == "true"
            case "int" | "float":
                return int(text) if node.tag.endswith("int") else Decimal(text)
            case "str":
                return text
        line = node.start_mark.line + 1
        self.errors.append(SchemeError(dotted(path), line, "不支持的类型标记，请写普通的文字或数字。"))
        return text
