"""Passwords: what is asked of them, and how they are hashed and checked."""

import threading
from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from ..problems import Problem, SlowDown

SHORTEST, LONGEST = 12, 128

# OWASP's second choice for argon2id: the library's default takes 2 GiB for 32 sign-ins at once.
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_AT_ONCE = threading.BoundedSemaphore(4)
_COMMON = Path(__file__).with_name("common-passwords.txt")


class PasswordRefused(Problem):
    """A password must have 12 to 128 characters and must not be one that many people use. Any character will do."""

    title = "Choose another password"


def require_good(password: str) -> None:
    """Refuse a password that is too short, too long, or one that is guessed first."""
    if not SHORTEST <= len(password) <= LONGEST:
        detail = f"A password has {SHORTEST} to {LONGEST} characters. Three or four words in a row work well."
        raise PasswordRefused(detail, errors={"password": [detail]})
    if password.lower() in _common():
        detail = "This password is on the list of those that are tried first. Three or four words in a row work well."
        raise PasswordRefused(detail, errors={"password": [detail]})


def hash_password(password: str) -> str:
    """The argon2id hash of a password. Takes 19 MiB; at most four run at once in a process."""
    with _Turn():
        return HASHER.hash(password)


def is_right(password: str, stored: str | None) -> bool:
    """Is this the password? Takes as long when there is no account (`stored` is None), so that nobody can tell."""
    with _Turn():
        try:
            return HASHER.verify(stored or _nobody(), password) and stored is not None
        except (VerifyMismatchError, InvalidHashError):
            return False


def needs_rehash(stored: str) -> bool:
    """Was this hash made with parameters that have moved since?"""
    return HASHER.check_needs_rehash(stored)


class _Turn:
    """One of the few places at the hasher; whoever cannot get one soon is asked to come back."""

    def __enter__(self):
        if not _AT_ONCE.acquire(timeout=5):
            raise SlowDown("Many people are signing in at once. Try again in a moment.", headers={"Retry-After": "3"})

    def __exit__(self, *_):
        _AT_ONCE.release()


@cache
def _nobody() -> str:
    return HASHER.hash("the password of nobody at all")


@cache
def _common() -> frozenset[str]:
    return frozenset(_COMMON.read_text().split("\n"))
