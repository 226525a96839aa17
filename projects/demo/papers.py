"""Papers for the file of a demo achievement: small one-page PDFs that say that they are demo evidence."""

from datetime import date

TITLES = {
    "signed": "投资协议.pdf",
    "registered": "营业执照.pdf",
    "started": "施工许可证.pdf",
    "completed": "竣工验收备案表.pdf",
    "produced": "投产证明.pdf",
    "paid_in": "验资报告.pdf",
    "fixed_asset": "固定资产投资凭证.pdf",
    "output": "产值统计表.pdf",
    "tax": "完税证明.pdf",
    "win": "批准文件.pdf",
}


def title_of(kind: str) -> str:
    """The name under which such a paper is filed."""
    return TITLES[kind]


def paper(kind: str, number: int, on: date, part: int) -> bytes:
    """A valid PDF whose one line tells what it stands for; different for every achievement."""
    text = f"Demo evidence - {kind} - project {number} - part {part} - {on.isoformat()}"
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
