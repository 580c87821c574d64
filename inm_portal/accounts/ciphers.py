"""What the database may hold, but not in clear: the secrets of second factors."""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

__all__ = ["InvalidToken", "decrypt", "encrypt", "rewrite"]


def cipher() -> MultiFernet:
    """Return what writes with the present key, and reads what former keys wrote."""
    return _cipher((settings.ENCRYPTION_KEY, *settings.ENCRYPTION_KEY_FALLBACKS))


@lru_cache(maxsize=4)
def _cipher(keys: tuple[str, ...]) -> MultiFernet:
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str) -> bytes:
    derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"second factors")
    return base64.urlsafe_b64encode(derive.derive(key.encode()))


def encrypt(text: str) -> str:
    return cipher().encrypt(text.encode()).decode()


def decrypt(text: str) -> str:
    """
    :raises cryptography.fernet.InvalidToken: if no key of the portal wrote it.
    """
    return cipher().decrypt(text.encode()).decode()


def rewrite(text: str) -> str:
    """Return the same secret under the present key."""
    return cipher().rotate(text.encode()).decode()
