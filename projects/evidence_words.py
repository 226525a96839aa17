"""What the name of a file says that it is, so that a photo from the phone need not be sorted by hand."""

# In order: the first word that the name holds decides. A guess is shown as what it is and can be corrected.
WORDS: tuple[tuple[str, str], ...] = (
    ("外汇", "exchange_registration"),
    ("业务登记凭证", "exchange_registration"),
    ("外资", "foreign_filing"),
    ("批复", "foreign_filing"),
    ("验资", "capital_proof"),
    ("进账单", "bank_advice"),
    ("回单", "bank_advice"),
    ("变更登记", "business_licence"),
    ("营业执照", "business_licence"),
    ("执照", "business_licence"),
    ("章程", "articles"),
    ("施工许可", "building_permit"),
    ("竣工", "completion_filing"),
    ("投产", "production_proof"),
    ("固定资产", "investment_statement"),
    ("固投", "investment_statement"),
    ("产值", "output_statement"),
    ("完税", "tax_receipt"),
    ("纳税", "tax_receipt"),
    ("不动产", "land_title"),
    ("土地", "land_title"),
    ("租赁", "land_title"),
    ("合同", "contract"),
    ("协议", "contract"),
    ("公告", "announcement"),
    ("报道", "announcement"),
    ("新闻", "announcement"),
    ("批准", "award_notice"),
    ("公布", "award_notice"),
    ("照片", "site_photo"),
    ("现场", "site_photo"),
)
OTHER = "other"


def guessed_type(title: str) -> str:
    """The type of document that the name speaks of; `other` when it speaks of none."""
    return next((found for word, found in WORDS if word in title), OTHER)
