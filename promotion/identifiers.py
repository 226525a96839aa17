"""Identifiers for URLs: short, unguessable, and silent about how many records there are."""

import secrets

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"


def public_id() -> str:
    """Ten characters without look-alikes: 31^10 possibilities."""
    return "".join(secrets.choice(ALPHABET) for _ in range(10))
