"""The unified social credit code (统一社会信用代码) of GB 32100-2015: 18 characters, the last computed from the others. Pure."""

import unicodedata

from django.utils.translation import gettext as _

from promotion.errors import Refused

# The standard leaves out I, O, S, V and Z, which are easily misread.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
# What a letter that the standard leaves out is most likely a misread form of.
LOOKALIKES = {"I": "1", "O": "0", "S": "5", "Z": "2", "V": "U"}
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))


def normalised(text: str) -> str:
    """Full-width to half-width, capitals, no white space: how a code is stored."""
    return "".join(unicodedata.normalize("NFKC", text).upper().split())


def check_character(body: str) -> str:
    """The 18th character that the first seventeen ask for; raises ValueError for a character outside the alphabet."""
    total = sum(ALPHABET.index(character) * weight for character, weight in zip(body, WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


def swapped_place(code: str) -> int:
    """The place (from 1) whose digit or letter, swapped with the next, makes the code right; 0 when there is none or several."""
    found = []
    for place in range(LENGTH - 1):
        swap = code[:place] + code[place + 1] + code[place] + code[place + 2 :]
        alike = code[place].isdigit() == code[place + 1].isdigit()
        if alike and swap != code and check_character(swap[:-1]) == swap[-1]:
            found.append(place + 1)
    return found[0] if len(found) == 1 else 0


def fault(code: str) -> str:
    """What is wrong with a normalised code, as a sentence for the person who typed it; empty when it is right."""
    if len(code) != LENGTH:
        return _("统一社会信用代码应为 18 位，您填了 %(length)s 位；请对照营业执照补全。") % {
            "length": len(code)
        }
    for place, character in enumerate(code, start=1):
        if character in LOOKALIKES:
            return _(
                "统一社会信用代码第 %(place)s 位“%(character)s”不可用，可能是“%(meant)s”；代码不含 I、O、S、V、Z。"
            ) % {"place": place, "character": character, "meant": LOOKALIKES[character]}
        if character not in ALPHABET:
            return _(
                "统一社会信用代码第 %(place)s 位“%(character)s”不可用：只用数字和大写字母，不含 I、O、S、V、Z。"
            ) % {
                "place": place,
                "character": character,
            }
    expected = check_character(code[:-1])
    if code[-1] != expected:
        sentence = _(
            "统一社会信用代码校验不通过：按前 17 位计算，末位应为 %(expected)s，您填的是 %(found)s；请逐位核对。"
        ) % {
            "expected": expected,
            "found": code[-1],
        }
        place = swapped_place(code)
        swap = _("也可能是第 %(place)s、%(next)s 位“%(pair)s”录入颠倒。")
        words = {"place": place, "next": place + 1, "pair": code[place - 1 : place + 1]}
        return sentence + (swap % words if place else "")
    return ""


def checked(text: str) -> str:
    """The code as it is stored, or empty for none; raises Refused, pointing at `credit_code`, for a wrong one."""
    code = normalised(text)
    sentence = fault(code) if code else ""
    if sentence:
        raise Refused(sentence, fields={"credit_code": sentence})
    return code
