"""Papers for the file of a demo achievement: small one-page PDFs that say that they are demo evidence."""

from datetime import date

from projects.actions.history_records import PastFile

# By kind, with the type of document it is filed as: the first is there for everybody, the second for foreign capital.
PAPERS: dict[str, tuple[tuple[str, str], ...]] = {
    "announced": (("签约公告.pdf", "announcement"),),
    "signed": (("投资协议.pdf", "contract"),),
    "registered": (("营业执照.pdf", "business_licence"), ("外资备案回执.pdf", "foreign_filing")),
    "started": (("施工许可证.pdf", "building_permit"),),
    "completed": (("竣工验收备案表.pdf", "completion_filing"),),
    "produced": (("投产证明.pdf", "production_proof"),),
    "paid_in": (("验资报告.pdf", "capital_proof"), ("业务登记凭证.pdf", "exchange_registration")),
    "fixed_asset": (("固定资产投资凭证.pdf", "investment_statement"),),
    "output": (("产值统计表.pdf", "output_statement"),),
    "tax": (("完税证明.pdf", "tax_receipt"),),
    "jobs": (("社保缴纳证明.pdf", "social_insurance"),),
    "win": (("批准文件.pdf", "award_notice"),),
}


def filed(kind: str, number: int, on: date, part: int = 0, *, foreign: bool = False) -> tuple[PastFile, ...]:
    """The papers that such an achievement is filed with, each of a content of its own."""
    papers = PAPERS[kind] if foreign else PAPERS[kind][:1]
    return tuple(
        PastFile(title, paper(kind, number, on, part, copy), document_type=document_type)
        for copy, (title, document_type) in enumerate(papers)
    )


def paper(kind: str, number: int, on: date, part: int, copy: int = 0) -> bytes:
    """A valid PDF whose one line tells what it stands for; different for every achievement."""
    text = f"Demo evidence - {kind} - project {number} - part {part} - {on.isoformat()}" + (
        f" - {copy}" if copy else ""
    )
    stream = f"BT /F1 14 Tf 60 760 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    body, places = b"%PDF-1.4\n", []
    for number_of, part_of in enumerate(parts, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number_of, part_of)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return (
        body
        + b"xref\n0 6\n0000000000 65535 f \n%strailer << /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            table,
            len(body),
        )
    )
