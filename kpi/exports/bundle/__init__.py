"""The auditor's bundle (审计包): one archive from which the ranking of a closed year is recomputed without the product.

It is written while it is sent: no table is ever whole in memory.
"""

import hashlib
import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from kpi.exports.bundle import companions
from kpi.exports.bundle.program import program_files
from kpi.exports.sink import Sink
from kpi.models import YearSeal
from kpi.queries.seal import PARTS

__all__ = ["bundle_archive", "bundle_name"]

README = Path(__file__).with_name("README.txt")
#: How much is gathered before it is sent on.
PIECE = 1 << 18


def bundle_name(seal: YearSeal) -> str:
    """The file's name."""
    return _("%(year)s年考核审计包_第%(number)s环.zip") % {"year": seal.year, "number": seal.number}


def bundle_archive(seal: YearSeal) -> Iterator[bytes]:
    """The ZIP, piece by piece; the same seal gives the same bytes while numbers keep their names."""
    sink = Sink()
    moment = seal.sealed_at.timetuple()[:6]
    digests: dict[str, str] = {}
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in _files(seal):
            entry = zipfile.ZipInfo(name, moment)
            entry.compress_type = zipfile.ZIP_DEFLATED
            hashed = hashlib.sha256()
            with archive.open(entry, "w", force_zip64=True) as file:
                for piece in content:
                    hashed.update(piece)
                    file.write(piece)
                    if len(sink.held) > PIECE:
                        yield sink.taken()
            digests[name] = hashed.hexdigest()
        manifest = "".join(f"{digest}  {name}\n" for name, digest in digests.items())
        archive.writestr(zipfile.ZipInfo("MANIFEST.txt", moment), manifest)
    yield sink.taken()


def _files(seal: YearSeal) -> Iterator[tuple[str, Iterable[bytes]]]:
    """Path in the archive and content; the sealed parts are read as they were when they were sealed."""
    run = seal.run
    sealed = {part["code"] for part in seal.parts}
    yield "README.txt", [README.read_bytes()]
    for part in PARTS:
        if part.code in sealed:
            yield f"sealed/{part.file}", part.content(run)
    yield "seal.json", [_json(companions.seal_document(seal))]
    yield "about.json", [_json(companions.about(run))]
    yield "scheme.json", [companions.scheme_json(run).encode()]
    yield from companions.tables(run)
    for name, content in program_files().items():
        yield name, [content]


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1).encode()
