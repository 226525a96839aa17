"""Sealing what only few may ever read: encrypted at rest with keys that are never in the database.

The keys come from the environment (`SEALED_KEYS`, the newest first; on one machine the first start writes them into the state
folder). The newest seals, every one of them opens. What is sealed carries what it belongs to, so that a row that somebody
moved to another record does not open there.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.translation import gettext as _

from promotion.errors import Refused


class KeyTrouble(Refused):
    """There is no key, or none of the keys opens this. Everything else of the product works without."""


def sealing_keys() -> list[str]:
    """The configured keys, the newest first; those that are no keys are left out."""
    return [key for key in (each.strip() for each in settings.SEALED_KEYS) if is_key(key)]


def is_key(text: str) -> bool:
    """Whether the text is 32 bytes in URL-safe base64."""
    try:
        return len(base64.urlsafe_b64decode(text.encode())) == 32
    except ValueError:
        return False


def mark_of(key: str) -> str:
    """Eight characters that tell keys apart and say nothing of them."""
    return hashlib.sha256(b"mark of a sealing key:" + key.encode()).hexdigest()[:8]


def newest_mark() -> str:
    """The mark of the key that seals now; empty without any."""
    return next((mark_of(key) for key in sealing_keys()), "")


def seal(text: str, belongs: Mapping[str, str]) -> tuple[str, str]:
    """The sealed text with the mark of its key. Raises KeyTrouble without a key."""
    keys = sealing_keys()
    if not keys:
        raise KeyTrouble(
            _("封存档案的密钥没有配置，不能封存也不能开启；其他功能不受影响。请联系系统管理员。")
        )
    # As long as any other: the length of what is sealed would tell something of it.
    padded = {"text": text, "belongs": dict(belongs), "fill": " " * (-len(text.encode()) % 256)}
    content = json.dumps(padded, ensure_ascii=False).encode()
    return Fernet(keys[0]).encrypt(content).decode(), mark_of(keys[0])


def unseal(sealed: str, belongs: Mapping[str, str]) -> str:
    """The text again. Raises KeyTrouble without the right key, or when it was sealed for something else."""
    keys = sealing_keys()
    if not keys:
        raise KeyTrouble(
            _("封存档案的密钥没有配置，不能封存也不能开启；其他功能不受影响。请联系系统管理员。")
        )
    try:
        content = json.loads(MultiFernet([Fernet(key) for key in keys]).decrypt(sealed.encode()))
    except InvalidToken as error:
        raise KeyTrouble(
            _("现有的密钥打不开这份封存档案：密钥换过而没有保留旧密钥，或内容被改动。请联系系统管理员。")
        ) from error
    if content["belongs"] != dict(belongs):
        raise KeyTrouble(_("这份封存内容不属于这条记录，已拒绝开启。请联系系统管理员。"))
    return str(content["text"])


def key_file_faults() -> list[str]:
    """What is wrong with the file that holds the keys on this machine, if there is one: read by others."""
    path = Path(settings.STATE_DIR) / "secrets.env"
    try:
        mode = path.stat().st_mode & 0o077
    except OSError:
        return []
    return [str(path)] if mode else []
