"""Try a scheme on a file of facts and targets, without a database."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from kpi.management.facts_workbook import facts_of_workbook
from kpi.management.trial_workbook import workbook_of
from kpi.scoring.document import parse_scheme
from kpi.scoring.entries import InvalidDocument
from kpi.scoring.facts_document import FactsDocument, parse_facts
from kpi.scoring.scheme import Scheme
from kpi.scoring.table import as_table
from kpi.scoring.trial import as_document, try_out


class Command(BaseCommand):
    """`manage.py kpi_evaluate SCHEME FACTS`: sheets, standings and award candidates as JSON, a table or a workbook.

    The result goes to the screen or a file, progress to the error output (`--verbosity 0`: none).
    """

    help = "用一份考核细则试算一份数据，不读写数据库。格式见 docs/kpi-schemes.md。"
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("scheme", type=Path, help="细则文件（YAML 或 JSON）")
        parser.add_argument("facts", type=Path, help="数据文件（JSON、YAML 或 XLSX）")
        parser.add_argument(
            "--format",
            choices=("json", "table", "xlsx"),
            help="输出格式，不写则按输出文件的后缀，再不然为表格",
        )
        parser.add_argument("--output", type=Path, help="写入文件，不写则输出到屏幕")

    def handle(self, *args: Any, scheme: Path, facts: Path, output: Path | None, **options: Any) -> None:
        form = options["format"] or _form_of(output)
        if form == "xlsx" and output is None:
            raise CommandError("工作簿要写入文件：请用 --output 写明文件名。")
        parsed = _scheme(scheme)
        read = _facts(facts, parsed)
        self._say(
            f"细则 {parsed.title}：{len(parsed.indicators)} 项指标；数据：{len(read.assessed)} 个对象。",
            options,
        )
        trial = try_out(parsed, read, lambda stage, done, size: self._beat(stage, done, size, options))
        if form == "xlsx":
            data = workbook_of(trial)
        elif form == "json":
            data = (json.dumps(as_document(trial), ensure_ascii=False, indent=2) + "\n").encode()
        else:
            data = as_table(trial).encode()
        if output is None:
            self.stdout.write(data.decode(), ending="")
            return
        try:
            output.write_bytes(data)
        except OSError as error:
            raise CommandError(f"不能写入 {output}：{error.strerror}。") from error
        self._say(f"已写入 {output}。", options)

    def _beat(self, stage: str, done: int, size: int, options: Mapping[str, Any]) -> None:
        """Say how far a stage is, ten times at the most."""
        if done == size or done % max(size // 10, 1) == 0:
            self._say(f"{stage} {done}/{size}", options)

    def _say(self, text: str, options: Mapping[str, Any]) -> None:
        if options["verbosity"]:
            self.stderr.write(text)


def _form_of(output: Path | None) -> str:
    suffix = output.suffix.lower() if output else ""
    return {".json": "json", ".xlsx": "xlsx"}.get(suffix, "table")


def _scheme(path: Path) -> Scheme:
    try:
        return parse_scheme(_text(path))
    except InvalidDocument as error:
        raise CommandError(f"细则 {path} 不能使用：\n{error}") from error


def _facts(path: Path, scheme: Scheme) -> FactsDocument:
    try:
        if path.suffix.lower() in {".xlsx", ".xlsm"}:
            return parse_facts(facts_of_workbook(_bytes(path)), scheme)
        return parse_facts(_text(path), scheme)
    except InvalidDocument as error:
        raise CommandError(f"数据 {path} 不能使用：\n{error}") from error


def _text(path: Path) -> str:
    try:
        return _bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise CommandError(f"{path} 不是 UTF-8 文本，请另存为 UTF-8 后重试。") from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(f"不能读取 {path}：{error.strerror}。") from error
