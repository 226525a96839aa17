"""A fixed layout as a Word document: WordprocessingML written as text, so that twenty thousand rows cost no tree in memory.

What a document of the house needs is small: headings, paragraphs, tables with a repeated heading row, a page number. Fonts are
those of official documents (方正小标宋, 仿宋, 黑体), with the ones that every Word has named as their stand-ins.
"""

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from promotion.papers.layouts import MADE, Column, Layout, Part, cell_text, chinese_day, printable

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: A4 and its margins in twentieths of a point: width, height, then top, right, bottom, left.
UPRIGHT = (11906, 16838, (1700, 1474, 1361, 1587))
FLAT = (16838, 11906, (1134, 1021, 1134, 1021))
TITLE, BOLD, TEXT = "方正小标宋简体", "黑体", "仿宋_GB2312"
RED = "B8321F"
RULED = '<w:pBdr><w:top w:val="single" w:sz="6" w:space="2" w:color="595959"/></w:pBdr><w:spacing w:before="120"/>'
#: The relation of the first picture: styles, fonts and the footer come before.
FIRST_PICTURE = 4
STAND_INS = {TITLE: "华文中宋,宋体,SimSun", TEXT: "仿宋,FangSong,STFangsong", BOLD: "SimHei,STHeiti"}
#: Name → font, half-points, alignment, further paragraph properties.
STYLES = {
    "Masthead": (TITLE, 84, "center", '<w:spacing w:before="240" w:after="240"/>'),
    "Title": (TITLE, 44, "center", '<w:spacing w:before="0" w:after="160" w:line="640" w:lineRule="exact"/>'),
    "Subtitle": (TEXT, 32, "center", '<w:spacing w:after="120"/>'),
    "Heading1": (BOLD, 32, "left", '<w:keepNext/><w:spacing w:before="200" w:after="120"/>'),
    "BodyText": (
        TEXT,
        32,
        "both",
        '<w:spacing w:line="560" w:lineRule="exact"/><w:ind w:firstLineChars="200" w:firstLine="640"/>',
    ),
    "Line": (TEXT, 24, "left", '<w:spacing w:after="60"/>'),
    "Note": (TEXT, 21, "left", '<w:spacing w:before="60" w:after="60"/>'),
    "Closing": (TEXT, 32, "right", '<w:keepNext/><w:spacing w:line="560" w:lineRule="exact"/>'),
    "Cell": (TEXT, 21, "left", ""),
    "CellHead": (BOLD, 21, "center", ""),
    "Footer": ("宋体", 28, "center", ""),
}


def write(layout: Layout) -> bytes:
    """The DOCX file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, content in _fixed_files(layout):
            archive.writestr(_entry(name), HEAD + content)
        for place, picture in enumerate(_pictures(layout)):
            archive.writestr(_entry(f"word/media/chart{place}.png"), picture)
        with archive.open(_entry("word/document.xml"), "w") as document:
            for piece in _document(layout):
                document.write(piece.encode())
    return stream.getvalue()


def _pictures(layout: Layout) -> list[bytes]:
    return [part.picture for part in layout.parts if part.picture]


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, MADE.timetuple()[:6])
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _fixed_files(layout: Layout) -> Iterator[tuple[str, str]]:
    """The parts that every document has: types, relations, styles, fonts, footer, properties."""
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml"
    overrides = {
        "word/document.xml": f"{kind}.document.main+xml",
        "word/styles.xml": f"{kind}.styles+xml",
        "word/fontTable.xml": f"{kind}.fontTable+xml",
        "word/footer1.xml": f"{kind}.footer+xml",
        "docProps/core.xml": "application/vnd.openxmlformats-package.core-properties+xml",
    }
    listed = "".join(f'<Override PartName="/{name}" ContentType="{of}"/>' for name, of in overrides.items())
    types = (
        f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{listed}</Types>'
    )
    yield "[Content_Types].xml", types
    yield (
        "_rels/.rels",
        _relations(
            (f"{R}/officeDocument", "word/document.xml"),
            (f"{PACKAGE}/relationships/metadata/core-properties", "docProps/core.xml"),
        ),
    )
    yield (
        "word/_rels/document.xml.rels",
        _relations(
            (f"{R}/styles", "styles.xml"),
            (f"{R}/fontTable", "fontTable.xml"),
            (f"{R}/footer", "footer1.xml"),
            *((f"{R}/image", f"media/chart{place}.png") for place in range(len(_pictures(layout)))),
        ),
    )
    yield "word/styles.xml", _styles()
    yield "word/fontTable.xml", _fonts()
    yield "word/footer1.xml", _footer()
    yield "docProps/core.xml", _properties(layout)


def _relations(*pairs: tuple[str, str]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(pairs, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{listed}</Relationships>'


def _run_properties(font: str, half_points: int, style: str = "") -> str:
    latin = "Times New Roman"
    colour = f'<w:color w:val="{RED}"/>' if style == "Masthead" else ""
    return (
        f'<w:rPr><w:rFonts w:ascii="{latin}" w:hAnsi="{latin}" w:cs="{latin}" w:eastAsia="{font}"/>{colour}'
        f'<w:sz w:val="{half_points}"/><w:szCs w:val="{half_points}"/></w:rPr>'
    )


def _styles() -> str:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{name}"><w:name w:val="{name}"/><w:basedOn w:val="Normal"/><w:qFormat/>'
        f'<w:pPr>{more}<w:jc w:val="{align}"/></w:pPr>{_run_properties(font, size, name)}</w:style>'
        for name, (font, size, align, more) in STYLES.items()
    )
    return (
        f'<w:styles xmlns:w="{W}"><w:docDefaults><w:rPrDefault>{_run_properties(TEXT, 32)}</w:rPrDefault></w:docDefaults>'
        '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>'
        f"{styles}</w:styles>"
    )


def _fonts() -> str:
    listed = "".join(
        f'<w:font w:name="{name}"><w:altName w:val="{other}"/><w:charset w:val="86"/><w:family w:val="auto"/></w:font>'
        for name, other in STAND_INS.items()
    )
    return f'<w:fonts xmlns:w="{W}">{listed}</w:fonts>'


def _footer() -> str:
    """— 1 —, as official documents number pages."""
    page = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText xml:space="preserve"> PAGE </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    return (
        f'<w:ftr xmlns:w="{W}"><w:p><w:pPr><w:pStyle w:val="Footer"/></w:pPr>'
        f'<w:r><w:t xml:space="preserve">— </w:t></w:r>{page}<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
    )


def _properties(layout: Layout) -> str:
    moment = f"{MADE.isoformat()}Z"
    return (
        f'<cp:coreProperties xmlns:cp="{PACKAGE}/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:dcterms="http://purl.org/dc/terms/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:title>{_clean(layout.title)}</dc:title><dc:creator>{_clean(layout.body)}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{moment}</dcterms:created></cp:coreProperties>'
    )


def _document(layout: Layout) -> Iterator[str]:
    width, height, margins = FLAT if layout.landscape else UPRIGHT
    room = width - margins[1] - margins[3]
    yield f'{HEAD}<w:document xmlns:w="{W}" xmlns:r="{R}"><w:body>'
    yield from _heading(layout, room)
    shown = 0
    for part in layout.parts:
        yield from _part(part, room)
        if part.picture:
            yield picture(part, room, shown)
            shown += 1
    yield from _closing(layout, room)
    top, right, bottom, left = margins
    turned = ' w:orient="landscape"' if layout.landscape else ""
    yield (
        f'<w:sectPr><w:footerReference w:type="default" r:id="rId3"/><w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{top}" w:right="{right}" w:bottom="{bottom}" w:left="{left}" w:header="720" w:footer="720" w:gutter="0"/>'
        "</w:sectPr></w:body></w:document>"
    )


def _heading(layout: Layout, room: int) -> Iterator[str]:
    if layout.masthead:
        yield from _masthead(layout, room)
        return
    yield paragraph("Title", layout.title)
    if layout.subtitle:
        yield paragraph("Subtitle", layout.subtitle)
    tab = f'<w:tabs><w:tab w:val="right" w:pos="{room}"/></w:tabs>'
    yield paragraph("Line", layout.body, after=layout.number, properties=tab)
    if layout.facts:
        yield paragraph("Note", "　　".join(f"{label}：{value}" for label, value in layout.facts))


def _masthead(layout: Layout, room: int) -> Iterator[str]:
    """The red head: the name, who issues it with number and day over a red rule, then the title."""
    yield paragraph("Masthead", layout.masthead)
    tabs = (
        f'<w:tabs><w:tab w:val="center" w:pos="{room // 2}"/><w:tab w:val="right" w:pos="{room}"/></w:tabs>'
    )
    edge = f'<w:pBdr><w:bottom w:val="single" w:sz="18" w:space="4" w:color="{RED}"/></w:pBdr>'
    dated = chinese_day(layout.dated_on) if layout.dated_on else ""
    yield paragraph(
        "Line", layout.signed_by or layout.body, after=f"{layout.number}\t{dated}", properties=edge + tabs
    )
    yield paragraph("Title", layout.title, properties='<w:spacing w:before="240"/>')


def picture(part: Part, room: int, place: int) -> str:
    """A PNG as wide as the page has room, under what it shows; its proportions stand in its first bytes."""
    wide, high = (int.from_bytes(part.picture[at : at + 4], "big") for at in (16, 20))
    across = room * 635
    size = f'cx="{across}" cy="{across * high // wide}"'
    drawing = "http://schemas.openxmlformats.org/drawingml/2006"
    words = quoteattr(printable(part.picture_words))
    caption = paragraph("Note", part.picture_words, properties="<w:keepNext/>", align="center")
    return caption + (
        f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing><wp:inline xmlns:wp="{drawing}/wordprocessingDrawing">'
        f'<wp:extent {size}/><wp:docPr id="{place + 1}" name="chart{place}" descr={words}/>'
        f'<a:graphic xmlns:a="{drawing}/main"><a:graphicData uri="{drawing}/picture"><pic:pic xmlns:pic="{drawing}/picture">'
        f'<pic:nvPicPr><pic:cNvPr id="{place + 1}" name="chart{place}.png"/><pic:cNvPicPr/></pic:nvPicPr>'
        f'<pic:blipFill><a:blip r:embed="rId{FIRST_PICTURE + place}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
        f'<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {size}/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
        "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )


def _part(part: Part, room: int) -> Iterator[str]:
    if part.title:
        yield paragraph("Heading1", part.title)
    for words in part.paragraphs:
        yield paragraph("BodyText", words)
    if part.columns:
        yield from _table(part, room)
    if part.note:
        yield paragraph("Note", part.note)


def _table(part: Part, room: int) -> Iterator[str]:
    whole = sum(column.width for column in part.columns)
    widths = [int(room * column.width / whole) for column in part.columns]
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="595959"/>'
        for side in ("top", "left", "bottom", "right", "insideH", "insideV")
    )
    grid = "".join(f'<w:gridCol w:w="{one}"/>' for one in widths)
    yield (
        f'<w:tbl><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/><w:tblBorders>{edges}</w:tblBorders>'
        f'<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/></w:tblCellMar>'
        f"</w:tblPr><w:tblGrid>{grid}</w:tblGrid>"
    )
    heads = [
        (paragraph("CellHead", column.heading), width)
        for column, width in zip(part.columns, widths, strict=True)
    ]
    yield _row(heads, "<w:cantSplit/><w:tblHeader/>")
    for rows, bold in ((part.rows, False), (part.totals, True)):
        for row in rows:
            yield _row(list(zip(_cells(part.columns, row, bold=bold), widths, strict=True)), "<w:cantSplit/>")
    yield "</w:tbl>"


def _cells(columns: Sequence[Column], row: Sequence[Any], *, bold: bool) -> Iterator[str]:
    for column, value in zip(columns, row, strict=True):
        text = "" if bold and value is None else cell_text(column, value)
        yield paragraph("Cell", text, bold=bold, align="right" if column.is_figure else "")


def _row(cells: Sequence[tuple[str, int]], properties: str) -> str:
    written = "".join(
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:vAlign w:val="center"/></w:tcPr>{content}</w:tc>'
        for content, width in cells
    )
    return f"<w:tr><w:trPr>{properties}</w:trPr>{written}</w:tr>"


def _closing(layout: Layout, room: int) -> Iterator[str]:
    for words in layout.notes:
        yield paragraph("Note", words)
    if layout.signatures:
        step = room // len(layout.signatures)
        tabs = "".join(
            f'<w:tab w:val="left" w:pos="{step * place}"/>' for place in range(1, len(layout.signatures))
        )
        first, *rest = [f"{words}：" for words in layout.signatures]
        properties = f'<w:tabs>{tabs}</w:tabs><w:spacing w:before="480" w:after="240"/>'
        yield paragraph("Line", first, after="\t".join(rest), properties=properties)
    for label, names in layout.distribution:
        yield paragraph("Line", f"{label}：{names}", properties=RULED)
    if layout.dated_on and not layout.masthead:
        yield paragraph("Closing", layout.signed_by or layout.body, properties='<w:spacing w:before="480"/>')
        yield paragraph("Closing", chinese_day(layout.dated_on))


def paragraph(
    style: str, text: str, *, after: str = "", bold: bool = False, align: str = "", properties: str = ""
) -> str:
    """A paragraph of a style; `after` stands behind a tab, as do its own pieces divided by tabs."""
    aligned = f'<w:jc w:val="{align}"/>' if align else ""
    look = "<w:rPr><w:b/></w:rPr>" if bold else ""
    pieces = [text, *(after.split("\t") if after else ())]
    written = "<w:tab/>".join(_text(piece) for piece in pieces)
    return f"<w:p><w:pPr><w:pStyle w:val={quoteattr(style)}/>{properties}{aligned}</w:pPr><w:r>{look}{written}</w:r></w:p>"


def _text(piece: str) -> str:
    return "<w:br/>".join(f'<w:t xml:space="preserve">{_clean(line)}</w:t>' for line in piece.split("\n"))


def _clean(text: str) -> str:
    return escape(printable(text))
