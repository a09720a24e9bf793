"""One-time codes: how they are drawn, hashed and read again. Nothing here is stored in clear.

A typed code is a selector of 5 letters, which finds the row, and a verifier of 10 (49 bits behind a
slow salted hash and five tries). The QR code carries a secret of 26 letters instead (128 bits).
"""

import hashlib
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from unicodedata import normalize

#: Without 0 O 1 I L, which look alike on paper.
ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SELECTOR, TYPED, SCANNED = 5, 10, 26
#: 8 MB and some 20 ms a guess.
COST = {"n": 2**13, "r": 8, "p": 1}


def draw(length) -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


@dataclass(frozen=True)
class Secret:
    """A new code in clear: lives as long as the response that prints it."""

    selector: str
    typed: str
    scanned: str

    @classmethod
    def new(cls):
        return cls(draw(SELECTOR), draw(TYPED), draw(SCANNED))

    @property
    def printed(self) -> str:
        """ABCDE-FGHJK-MNPQR, for people to type."""
        return f"{self.selector}-{self.typed[:5]}-{self.typed[5:]}"

    @property
    def fragment(self) -> str:
        return self.selector + self.scanned

    def stored(self) -> dict:
        """Fields of the row."""
        salt = secrets.token_hex(8)
        return {
            "selector": self.selector,
            "salt": salt,
            "typed_hash": slow(self.typed, salt),
            "scanned_hash": fast(self.scanned, salt),
        }


def slow(verifier, salt) -> str:
    return hashlib.scrypt(verifier.encode(), salt=salt.encode(), **COST).hex()


def fast(secret, salt) -> str:
    """128 random bits need no slow hash."""
    return hashlib.sha256(f"{salt}{secret}".encode()).hexdigest()


def tidy(text) -> str:
    """As printed, however it was typed: 全角, small letters, spaces, dashes."""
    text = normalize("NFKC", text).upper()
    return "".join(letter for letter in text if letter in ALPHABET)[: SELECTOR + SCANNED]


def strangers(text) -> list[str]:
    """Letters and digits that no code has: 0, 1, O, I, L."""
    text = normalize("NFKC", text).upper()
    return list(dict.fromkeys(sign for sign in text if sign.isalnum() and sign not in ALPHABET))


def split(text) -> tuple[str, str]:
    text = tidy(text)
    return text[:SELECTOR], text[SELECTOR:]


def fits(verifier, *, salt, typed_hash, scanned_hash) -> bool:
    """Whether it is the verifier; a wrong one costs as much as a right one."""
    if len(verifier) == SCANNED:
        return compare_digest(fast(verifier, salt), scanned_hash)
    return compare_digest(slow(verifier, salt), typed_hash) and len(verifier) == TYPED
