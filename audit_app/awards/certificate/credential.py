"""The signed credential of an award: Open Badges 3.0 as a W3C Verifiable Credential of a place, secured as a JSON Web
Token with Ed25519 (`docs/decisions/0010`), and what may be said of one that somebody shows.

Everything here works on given keys and a given moment, and asks nobody. A signature alone never makes a credential
valid: it says only who wrote it. Whether it still holds is for the register to say, or, where the register cannot be
reached, for a status list that is fresh.
"""

import base64
import gzip
import io
import json
import re
import zlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from ...ledger.canonical import canonical, digest

VC = "https://www.w3.org/ns/credentials/v2"
OPEN_BADGES = "https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json"
BADGE_TYPE, LIST_TYPE = "OpenBadgeCredential", "BitstringStatusListCredential"
ENVELOPED = "data:application/vc+jwt,"

VALID, EXPIRED, SUSPENDED, WITHDRAWN = "valid", "expired", "suspended", "withdrawn"
SUPERSEDED, UNKNOWN, CANNOT_CONFIRM = "superseded", "unknown", "cannot-confirm"
STATES = (VALID, EXPIRED, SUSPENDED, WITHDRAWN, SUPERSEDED, UNKNOWN, CANNOT_CONFIRM)

PURPOSES = {"revocation": WITHDRAWN, "suspension": SUSPENDED, "refresh": SUPERSEDED}  # worst first
LIST_BITS = 131_072  # the least that a list has, so that nobody can tell one award by the list that is asked for
LIST_LIVES = timedelta(days=7)
LONGEST = 64 * 1024  # of a token; ours have two or three thousand letters
LONGEST_LIST = 1024 * 1024

_PART = r"[A-Za-z0-9_-]+"
_TOKEN = re.compile(rf"{_PART}\.{_PART}\.{_PART}")


@dataclass(frozen=True)
class Award:
    """What a credential says. `home`: the service's address without a slash at its end. `number`: the certificate's.
    `place`: the setting's id. `until`: the first day on which it holds no more. `record`: the ledger's digest at the
    seal. `index`: the award's place in the status lists."""

    home: str
    number: str
    index: int
    body_id: str
    body: str
    place: str
    setting: str
    organisation: str
    checklist: str
    checklist_title: str
    edition: int
    language: str
    decided: date
    until: date
    record: str


@dataclass(frozen=True)
class SigningKey:
    """A key that signs, by the id under which its public half is published."""

    id: str
    private: Ed25519PrivateKey

    @property
    def public(self) -> Ed25519PublicKey:
        return self.private.public_key()


Keys = Mapping[str, Ed25519PublicKey]


@dataclass(frozen=True)
class Registered:
    """What the register holds of a number: the digests of the credential that stands and of those it was issued as
    before (with an older key, or put right), and how the award stands: a state, or None where nothing ended it."""

    current: str
    earlier: frozenset[str] = frozenset()
    ended: str | None = None


@dataclass(frozen=True)
class Checked:
    """What may be said of something shown. `number` is told only of a credential that we signed. `as_of`: the moment of
    the status list that was relied on, where the register could not be asked."""

    state: str
    number: str | None = None
    as_of: datetime | None = None


def key_set(keys: Keys) -> dict:
    """The public keys as a JSON Web Key Set, for a well-known address.

    A new key signs from the day it is added. An old one stays, so that what it signed can be checked. One that leaked
    is taken out, and what it signed is issued anew."""
    return {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "alg": "EdDSA",
                "use": "sig",
                "kid": id,
                "x": _encode(key.public_bytes_raw()),
            }
            for id, key in keys.items()
        ]
    }


def keys_in(published: Mapping) -> dict[str, Ed25519PublicKey]:
    """The keys of a key set, as a device last fetched it; keys of other kinds are left out."""
    return {
        key["kid"]: Ed25519PublicKey.from_public_bytes(_decode(key["x"]))
        for key in published["keys"]
        if (key.get("kty"), key.get("crv")) == ("OKP", "Ed25519")
    }


def issue(award: Award, key: SigningKey) -> str:
    """The award's credential as a compact token."""
    return _sign(credential_of(award), key)


def credential_of(award: Award) -> dict:
    """What the credential says, as Open Badges 3.0 words it; the holder is a place, named and not hashed."""
    address = f"{award.home}/check/{award.number}"
    edition = f"{award.home}/checklists/{award.checklist}/{award.edition}"
    return _claims(
        {
            "@context": [VC, OPEN_BADGES],
            "id": address,
            "type": ["VerifiableCredential", BADGE_TYPE],
            "name": award.checklist_title,
            "issuer": {"id": f"{award.home}/organisations/{award.body_id}", "type": ["Profile"], "name": award.body},
            "validFrom": _moment(award.decided),
            "validUntil": _moment(award.until),
            "credentialSubject": {
                "id": f"{award.home}/places/{award.place}",
                "type": ["AchievementSubject"],
                "identifier": [
                    {
                        "type": "IdentityObject",
                        "hashed": False,
                        "identityHash": f"{award.setting}, {award.organisation}",
                        "identityType": "name",
                    }
                ],
                "achievement": {
                    "id": edition,
                    "type": ["Achievement"],
                    "name": award.checklist_title,
                    "description": f"{award.checklist_title}, edition {award.edition}",
                    "criteria": {"id": edition},
                    "version": str(award.edition),
                    "inLanguage": award.language,
                },
            },
            "evidence": [
                {"id": f"{address}#record", "type": ["Evidence"], "name": "sha256", "narrative": award.record}
            ],
            "credentialStatus": [
                {
                    "id": f"{_list_address(award.home, award.body_id, purpose)}#{award.index}",
                    "type": "BitstringStatusListEntry",
                    "statusPurpose": purpose,
                    "statusListIndex": str(award.index),
                    "statusListCredential": _list_address(award.home, award.body_id, purpose),
                }
                for purpose in PURPOSES
            ],
        }
    )


def status_list(home: str, body_id: str, purpose: str, indexes: Collection[int], key: SigningKey, now: datetime) -> str:
    """A signed bitstring status list (W3C): the bit of each of `indexes` is set, the first bit being the leftmost."""
    bits = bytearray(max(LIST_BITS, (max(indexes, default=0) // 8 + 1) * 8) // 8)
    for index in indexes:
        bits[index // 8] |= 0x80 >> index % 8
    address = _list_address(home, body_id, purpose)
    return _sign(
        _claims(
            {
                "@context": [VC],
                "id": address,
                "type": ["VerifiableCredential", LIST_TYPE],
                "issuer": f"{home}/organisations/{body_id}",
                "validFrom": _moment(now),
                "validUntil": _moment(now + LIST_LIVES),
                "credentialSubject": {
                    "id": f"{address}#list",
                    "type": "BitstringStatusList",
                    "statusPurpose": purpose,
                    "encodedList": "u" + _encode(gzip.compress(bytes(bits), mtime=0)),
                },
            }
        ),
        key,
    )


def envelope(token: str) -> dict:
    """The token as a JSON document, as W3C's securing of credentials by JOSE has it."""
    return {"@context": VC, "id": ENVELOPED + token, "type": "EnvelopedVerifiableCredential"}


def number_in(token: str, keys: Keys) -> str | None:
    """The certificate's number in a credential that we signed; None for anything else. The register is asked by it."""
    claims = _read(token, keys, BADGE_TYPE)
    return claims["id"].rpartition("/")[2] if claims else None


def check_with_register(token: str, keys: Keys, registered: Registered | None, at: datetime) -> Checked:
    """What may be said of a token where the register can be asked. `registered`: what it holds of `number_in()`."""
    claims = _read(token, keys, BADGE_TYPE)
    if claims is None or registered is None:
        return Checked(UNKNOWN)
    number = claims["id"].rpartition("/")[2]
    shown = digest(token)
    if shown not in {registered.current, *registered.earlier} or at < _parse(claims["validFrom"]):
        return Checked(UNKNOWN)
    if registered.ended in (WITHDRAWN, SUPERSEDED):
        return Checked(registered.ended, number)
    if at >= _parse(claims["validUntil"]):
        return Checked(EXPIRED, number)
    if registered.ended is not None:
        return Checked(registered.ended if registered.ended in STATES else CANNOT_CONFIRM, number)
    return Checked(VALID if shown == registered.current else SUPERSEDED, number)


def check_without_register(token: str, keys: Keys, lists: Collection[str], at: datetime) -> Checked:
    """What may be said of a token by the keys and status lists that were fetched last, such as with no network.

    Valid only where a fresh list of each purpose says that nothing ended the award. What a list that is no longer fresh
    says against it is still said; that it says nothing is not enough. Where no key fits, the keys may be too old.
    """
    claims = _read(token, keys, BADGE_TYPE)
    if claims is None:
        return Checked(CANNOT_CONFIRM if _names_other_key(token, keys) else UNKNOWN)
    number = claims["id"].rpartition("/")[2]
    if at < _parse(claims["validFrom"]):
        return Checked(UNKNOWN)
    found = [one for one in (_read(text, keys, LIST_TYPE) for text in lists) if one and _parse(one["validFrom"]) <= at]
    fresh: dict[str, datetime] = {}
    for purpose, state in PURPOSES.items():
        entry = next(one for one in claims["credentialStatus"] if one["statusPurpose"] == purpose)
        ours = [one for one in found if one["id"] == entry["statusListCredential"] and one["iss"] == claims["iss"]]
        if not ours:
            continue
        latest = max(ours, key=lambda one: one["validFrom"])
        index = int(entry["statusListIndex"])
        bits = _bits(latest["credentialSubject"]["encodedList"])
        if index >= len(bits) * 8:
            continue
        if bits[index // 8] & 0x80 >> index % 8 and not (state == SUSPENDED and at >= _parse(claims["validUntil"])):
            return Checked(state, number, _parse(latest["validFrom"]))
        if at < _parse(latest["validUntil"]):
            fresh[purpose] = _parse(latest["validFrom"])
    if at >= _parse(claims["validUntil"]):
        return Checked(EXPIRED, number)
    if fresh.keys() != PURPOSES.keys():
        return Checked(CANNOT_CONFIRM, number)
    return Checked(VALID, number, min(fresh.values()))


def token_in(shown: bytes) -> str | None:
    """The token in what somebody pastes or hands in: a token, its JSON envelope, or a baked SVG or PNG; else None."""
    if shown.startswith(_PNG):
        return _token_in_png(shown)
    try:
        text = shown.decode().strip()
    except UnicodeDecodeError:
        return None
    if text.startswith("{"):
        return _token_in_json(text)
    if text.startswith("<"):
        found = _IN_SVG.findall(text)
        return found[0] if len(found) == 1 else None
    return text if len(text) <= LONGEST and _TOKEN.fullmatch(text) else None


def bake_svg(picture: str, token: str) -> str:
    """The SVG with the credential in it, as Open Badges 3.0 bakes a token."""
    baked = f'<openbadges:credential xmlns:openbadges="https://purl.imsglobal.org/ob/v3p0" verify="{token}"/>'
    before, end, _ = picture.rpartition("</svg>")
    return before + baked + end


def bake_png(picture: bytes, token: str) -> bytes:
    """The PNG with the credential in an iTXt chunk before its end, not compressed."""
    said = _KEYWORD + b"\0\0\0\0\0" + token.encode()
    end = picture.rindex(b"IEND") - 4
    return picture[:end] + _chunk(b"iTXt", said) + picture[end:]


# Inside.

_PNG = b"\x89PNG\r\n\x1a\n"
_KEYWORD = b"openbadgecredential"
_IN_SVG = re.compile(rf'<openbadges:credential\b[^<>]*?\sverify="({_TOKEN.pattern})"')
_WANTED = {"iss", "jti", "sub", "nbf", "exp", "id", "type", "validFrom", "validUntil", "credentialSubject"}


def _sign(claims: dict, key: SigningKey) -> str:
    said = f"{_encode(_header(key.id))}.{_encode(canonical(claims).encode())}"
    return f"{said}.{_encode(key.private.sign(said.encode()))}"


def _header(key_id: str) -> bytes:
    return canonical({"alg": "EdDSA", "kid": key_id, "typ": "JWT"}).encode()


def _claims(body: dict) -> dict:
    """The credential with the registered claims that a token repeats it in."""
    issuer = body["issuer"]
    return body | {
        "iss": issuer["id"] if isinstance(issuer, dict) else issuer,
        "jti": body["id"],
        "sub": body["credentialSubject"]["id"],
        "nbf": int(_parse(body["validFrom"]).timestamp()),
        "exp": int(_parse(body["validUntil"]).timestamp()),
    }


def _read(token: str, keys: Keys, kind: str) -> dict | None:
    """What a token says that one of these keys signed and that is of this kind; None for anything else. There is one
    way to write a token: another spelling of the same bytes is not it."""
    if len(token) > LONGEST_LIST or not _TOKEN.fullmatch(token):
        return None
    header, body, signature = token.split(".")
    key = next((key for id, key in keys.items() if header == _encode(_header(id))), None)
    if key is None:
        return None
    try:
        key.verify(_decode(signature), f"{header}.{body}".encode())
        if signature != _encode(_decode(signature)):
            return None
    except (InvalidSignature, ValueError):
        return None
    claims = json.loads(_decode(body))  # ours, for the signature fits
    is_whole = claims.keys() >= _WANTED and kind in claims["type"] and claims == claims | _claims(claims)
    return claims if is_whole else None


def _names_other_key(token: str, keys: Keys) -> bool:
    """Is this written as our tokens are, but by a key that is not among these?"""
    if not _TOKEN.fullmatch(token):
        return False
    try:
        header = json.loads(_decode(token.split(".")[0]))
        return header["alg"] == "EdDSA" and isinstance(header["kid"], str) and header["kid"] not in keys
    except (ValueError, KeyError, TypeError, RecursionError):
        return False


def _token_in_json(text: str) -> str | None:
    try:
        shown = json.loads(text)
        token = shown["id"].removeprefix(ENVELOPED)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return token if shown == envelope(token) and _TOKEN.fullmatch(token) else None


def _token_in_png(shown: bytes) -> str | None:
    at, found = len(_PNG), []
    while at + 12 <= len(shown):
        length = int.from_bytes(shown[at : at + 4], "big")
        kind, said = shown[at + 4 : at + 8], shown[at + 8 : at + 8 + length]
        if shown[at : at + 12 + length] != _chunk(kind, said):
            return None
        if kind == b"iTXt" and said.startswith(_KEYWORD + b"\0\0\0\0\0"):
            found.append(said[len(_KEYWORD) + 5 :].decode("ascii", "replace"))
        at += 12 + length
    return found[0] if len(found) == 1 and _TOKEN.fullmatch(found[0]) else None


def _chunk(kind: bytes, said: bytes) -> bytes:
    return len(said).to_bytes(4, "big") + kind + said + zlib.crc32(kind + said).to_bytes(4, "big")


def _bits(encoded: str) -> bytes:
    with gzip.open(io.BytesIO(_decode(encoded.removeprefix("u")))) as packed:
        return packed.read(LONGEST_LIST)


def _list_address(home: str, body_id: str, purpose: str) -> str:
    return f"{home}/status/{body_id}/{purpose}"


def _moment(when: date | datetime) -> str:
    if not isinstance(when, datetime):
        when = datetime(when.year, when.month, when.day, tzinfo=UTC)
    return when.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _parse(text: str) -> datetime:
    return datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def _encode(some: bytes) -> str:
    return base64.urlsafe_b64encode(some).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
