"""What the bench deliberates: a text sealed to the keys of its members (docs/en/sealed.md gives every byte).

One content key a file, wrapped for each reader by HPKE (RFC 9180, base mode, P-256, HKDF-SHA256, AES-256-GCM), and
the text under AES-256-GCM with all that stands before it as associated data: one byte changed anywhere, in another
reader's slot too, and nobody opens the file. The key is committed to, so that one file cannot say two things to two
members. Outside: the number of readers, and a length rounded up to 256 bytes. Nothing says who they are.

Known limit: whoever has the public keys can seal. Who wrote a text is said by the record that holds it, not by the seal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kalata.disputes.rules.sealing_keys import PrivateKey, PublicKey
from kalata.refusals import Refused
from kalata.text import gettext_noop as _

MAGIC = b"kalata.court/sealed/1\n"
SUITE = hpke.Suite(hpke.KEM.P256, hpke.KDF.HKDF_SHA256, hpke.AEAD.AES_256_GCM)
SLOT = 65 + 32 + 16
"""Bytes of one reader: an ephemeral point, the content secret, its tag."""
STEP, LENGTH, TAG, COMMIT = 256, 8, 16, 32
MOST_READERS = 1000
LARGEST = 32 * 1024 * 1024
NONCE = bytes(12)
"""Each content key seals one text only: its nonce need not change."""

Chance = Callable[[int], bytes]
"""So many bytes that nobody can foresee."""


class NotSealed(Refused):
    code = "DIS-751"
    says = _("Ce n’est pas un fichier scellé.")
    remedy = _("Donnez le fichier tel que le serveur ou « kalata disputes seal » l’a écrit, sans le convertir.")
    status = 422


class NotForThisKey(Refused):
    """No slot opens: either the key is another's, or the slot was changed; nothing inside can tell which."""

    code = "DIS-752"
    says = _(
        "Cette clé n’est pas de celles pour qui ce texte est scellé (lecteurs : %(readers)d), ou le fichier a changé."
    )
    remedy = _("Prenez la clé que vous aviez le jour du scellement ; sinon deux membres qui le lisent le rescellent.")
    status = 403


class Altered(Refused):
    code = "DIS-753"
    says = _("Ce fichier scellé a été changé : il ne s’ouvre plus.")
    remedy = _("Redemandez le fichier, et comparez son empreinte SHA-256 avec celle du registre.")
    status = 422


class NoReader(Refused):
    code = "DIS-754"
    says = _("Un texte se scelle pour un lecteur au moins, et %(most)d au plus ; il y en a %(n)d.")
    remedy = _("Donnez les clés publiques du siège, une par ligne.")
    status = 422


class TwiceSealed(Refused):
    code = "DIS-755"
    says = _("La même clé est donnée deux fois : %(key)s.")
    remedy = _("Un membre manque peut-être à la liste : vérifiez-la, une clé par ligne et par membre.")
    status = 422


class TooLong(Refused):
    code = "DIS-756"
    says = _("Le texte a %(n)d {n:octet|octets} ; %(most)d au plus.")
    remedy = _("Une pièce longue va au registre des pièces ; scellez le texte seul.")
    status = 413


@dataclass(frozen=True, slots=True)
class Outside:
    """What a sealed file tells to anybody: how many readers, and the text's length rounded up."""

    readers: int
    rounded: int


def rounded(length: int) -> int:
    """The length that is told: up to the next 256 bytes, and 256 for a text of none."""
    return max(1, -(-length // STEP)) * STEP


def derived(secret: bytes) -> tuple[bytes, bytes]:
    """(the key of the text, what commits to it)."""
    both = HKDF(SHA256(), 64, salt=None, info=MAGIC).derive(secret)
    return both[:32], both[32:]


def seal(text: bytes, readers: Iterable[PublicKey], chance: Chance) -> bytes:
    """The sealed file. Twice the same text gives different bytes. Refused: no reader, one twice, a text too long."""
    known = list(readers)
    if not 1 <= len(known) <= MOST_READERS:
        raise NoReader(n=len(known), most=MOST_READERS)
    met: set[bytes] = set()
    for one in known:
        if one.point in met:
            raise TwiceSealed(key=one.text())
        met.add(one.point)
    if len(text) > LARGEST:
        raise TooLong(n=len(text), most=LARGEST)
    secret = chance(32)
    key, commit = derived(secret)
    slots = sorted(SUITE.encrypt(secret, one.public, info=MAGIC) for one in known)  # no order tells who is who
    head = MAGIC + len(slots).to_bytes(2, "big") + b"".join(slots) + commit
    padded = len(text).to_bytes(LENGTH, "big") + text.ljust(rounded(len(text)), b"\0")
    return head + AESGCM(key).encrypt(NONCE, padded, head)


def sealed_file(data: bytes) -> bool:
    """True for what began as a sealed file: one changed byte in its first line makes it an altered one, no other file."""
    first = data[: len(MAGIC)]
    return len(first) == len(MAGIC) and sum(a != b for a, b in zip(first, MAGIC, strict=True)) <= 1


def outside(data: bytes) -> Outside:
    """What the file tells without a key. NotSealed: another file; Altered: its sizes do not fit."""
    if not sealed_file(data):
        raise NotSealed
    if not data.startswith(MAGIC) or len(data) < len(MAGIC) + 2:
        raise Altered
    readers = int.from_bytes(data[len(MAGIC) : len(MAGIC) + 2], "big")
    body = len(data) - (len(MAGIC) + 2 + readers * SLOT + COMMIT) - LENGTH - TAG
    if not 1 <= readers <= MOST_READERS or body < STEP or body % STEP or body > rounded(LARGEST):
        raise Altered
    return Outside(readers, body)


def unseal(data: bytes, key: PrivateKey) -> bytes:
    """The text. NotSealed: another file; NotForThisKey: no slot opens; Altered: one does, and the rest does not hold."""
    told = outside(data)
    begin = len(MAGIC) + 2
    head = data[: begin + told.readers * SLOT + COMMIT]
    secret = opened((data[begin + n * SLOT : begin + (n + 1) * SLOT] for n in range(told.readers)), key.private)
    if secret is None:
        raise NotForThisKey(readers=told.readers)
    content, commit = derived(secret)
    if commit != head[-COMMIT:]:
        raise Altered
    try:
        padded = AESGCM(content).decrypt(NONCE, data[len(head) :], head)
    except InvalidTag:
        raise Altered from None
    length = int.from_bytes(padded[:LENGTH], "big")
    if rounded(length) != told.rounded or any(padded[LENGTH + length :]):
        raise Altered
    return padded[LENGTH : LENGTH + length]


def opened(slots: Iterable[bytes], private: ec.EllipticCurvePrivateKey) -> bytes | None:
    """The content secret of the slot that this key opens; None where it opens none."""
    for slot in slots:
        try:
            return SUITE.decrypt(slot, private, info=MAGIC)
        except (InvalidTag, ValueError):
            continue
    return None
