"""Telephone numbers as people write them: what is accepted, how one is stored and how it is dialled. Pure."""

import re
import unicodedata

from django.utils.translation import gettext as _

SHORTEST, LONGEST = 7, 16
WRITTEN = re.compile(r"^\+?[0-9][0-9 \-()]*((ext|转|x)\.? ?[0-9]{1,6})?$", re.IGNORECASE)


def normalised(text: str) -> str:
    """Full-width to half-width, single spaces: how a number is stored."""
    return " ".join(unicodedata.normalize("NFKC", text).replace("—", "-").split())


def fault(number: str) -> str:
    """What is wrong with a normalised number, as a sentence for the person who typed it; empty when it is right."""
    if not WRITTEN.match(number):
        return _("电话“%(number)s”含有不能拨打的字符；请只填数字、空格、“-”、“+”，分机写“转 123”。") % {
            "number": number
        }
    digits = dialled(number)
    count = len(digits.lstrip("+"))
    if not SHORTEST <= count <= LONGEST:
        return _(
            "电话“%(number)s”有 %(count)s 位数字；座机请带区号，手机 11 位，境外号码以“+国家代码”开头。"
        ) % {
            "number": number,
            "count": count,
        }
    if len(digits) == 11 and digits[0] == "1" and digits[1] in "012":
        return _("手机号“%(number)s”第 2 位应为 3 至 9；请核对。") % {"number": number}
    return ""


def dialled(number: str) -> str:
    """The number as a telephone takes it (tel:), without an extension; +86 is left out."""
    main = re.split(r"ext|转|x", normalised(number), maxsplit=1, flags=re.IGNORECASE)[0]
    digits = ("+" if main.startswith("+") else "") + re.sub(r"\D", "", main)
    return digits.removeprefix("+86")
