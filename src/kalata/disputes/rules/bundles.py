"""What an offline counter carries to the registry: its receipts as they were signed, in one signed file.

A zip: `bundle.json` (canonical: counter, key, instant, how many, the SHA-256 of the next), `receipts.jsonl` (one
canonical line a receipt: its text, root, signature and chain of custody), `bundle.sig` (Ed25519 of the counter over
bundle.json, hex), and `pieces/SHA-256`. Whatever is not so is refused, and named; nothing is read by its place.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kalata.disputes.rules import custody, receipts
from kalata.disputes.rules.filing import CHANNELS, Filing, filing_of
from kalata.disputes.rules.numbers import ReceiptNumber
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.rules.canonical import NotCanonical, canonical
from kalata.transparency.rules.canonical import read as read_canonical

MARK = "KALATA-LOT-1"
MANIFEST, LINES, SIGNATURE, PIECES = "bundle.json", "receipts.jsonl", "bundle.sig", "pieces/"
PREFIX = b"KALATA-LOT-1\n"


class NotABundle(Refused):
    code = "DIS-131"
    says = _("Ce fichier n’est pas un lot de guichet : %(why)s.")
    remedy = _("Demandez au guichet de remettre son lot de nouveau. Rien n’a été fusionné.")
    status = 422
    sentences = frozenset({"why"})


class ForeignBundle(Refused):
    code = "DIS-132"
    says = _("Ce lot est signé d’une clé que le greffe ne connaît pas pour le guichet « %(counter)s ».")
    remedy = _("Vérifiez la clé avec le guichet par une autre voie, et inscrivez-la. Rien n’a été fusionné.")


class ForgedBundle(Refused):
    code = "DIS-133"
    says = _("Le lot du guichet %(counter)s a été altéré : %(where)s, champ « %(field)s ».")
    remedy = _("Gardez ce fichier à part et demandez au guichet de remettre son lot. Rien n’a été fusionné.")


class NumberTaken(Refused):
    code = "DIS-134"
    says = _("Le numéro %(number)s est déjà celui d’une autre requête.")
    remedy = _("Deux machines se servent de la même clé de guichet : gardez les deux, et faites ouvrir un autre guichet. Rien n’a été fusionné.")  # fmt: skip


class UnknownContest(Refused):
    code = "DIS-135"
    says = _("Le lot parle d’un scrutin dont le rôle n’est pas tenu ici : %(contest)s.")
    remedy = _("Ouvrez le rôle de ce scrutin avec le même nom court et la même année, puis fusionnez.")


@dataclass(frozen=True, slots=True)
class Line:
    """One receipt of a bundle, its form and its signature checked."""

    number: ReceiptNumber
    contest: str
    received_at: datetime
    channel: str
    filing: Filing
    said: Mapping[str, Any]
    text: str
    root: str
    signature: str
    pieces: tuple[Mapping[str, Any], ...]
    custody: tuple[Mapping[str, Any], ...] = field(default=())


def manifest(
    *, counter: str, key: str, made_at: datetime, count: int, lines_sha256: str, drift_ms: int | None
) -> bytes:
    said: dict[str, Any] = {
        "kalata": MARK, "counter": counter, "key": key, "made_at": receipts.written(made_at), "receipts": count,
        "receipts_sha256": lines_sha256,
    }  # fmt: skip
    if drift_ms is not None:
        said["drift_ms"] = drift_ms
    return canonical(said)


def line(*, body: str, root: str, signature: str, chain: list[dict[str, Any]]) -> bytes:
    return canonical({"body": body, "root": root, "signature": signature, "custody": chain}) + b"\n"


def sign(key: Ed25519PrivateKey, text: bytes) -> str:
    return key.sign(PREFIX + text).hex()


def read_manifest(text: bytes, signature: str) -> dict[str, Any]:
    """What a manifest says, signed by the key it names. DIS-131: it is none; DIS-133: the signature does not hold."""
    try:
        said = read_canonical(text)
        counter, key = said["counter"], said["key"]
        if said["kalata"] != MARK or not isinstance(said["receipts"], int) or not isinstance(counter, str):
            raise NotABundle(why=_("sa première page n’en est pas une"))
        receipts.read(said["made_at"])
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except (NotCanonical, KeyError, ValueError, TypeError):
        raise NotABundle(why=_("sa première page n’en est pas une")) from None
    try:
        public.verify(bytes.fromhex(signature.strip()), PREFIX + text)
    except (InvalidSignature, ValueError):
        raise ForgedBundle(counter=counter[:8], where=MANIFEST, field="signature") from None
    return said


def read_line(raw: bytes, place: int, *, counter: str, key: str) -> Line:
    """One receipt of the bundle of this counter. DIS-133 names the receipt and the field that does not hold."""

    def wrong(name: str, where: str = "") -> ForgedBundle:
        return ForgedBundle(counter=counter, where=where or f"{LINES}:{place}", field=name)

    try:
        outer = read_canonical(raw.rstrip(b"\n"))
        text, root, signature, chain = outer["body"], outer["root"], outer["signature"], outer["custody"]
        said = read_canonical(text.encode())
        number = ReceiptNumber.read(said["number"])
    except (NotCanonical, KeyError, ValueError, TypeError, AttributeError):
        raise wrong("body") from None
    if number is None or number.counter != counter or said.get("kalata") != receipts.MARK:
        raise wrong("number")
    where = str(number)
    if not receipts.signed_by(key, where, said.get("received_at", ""), root, signature):
        raise wrong("signature", where)
    try:
        if receipts.root_of(text.encode(), said["pieces"]) != root:
            raise wrong("root", where)
        at, filing = receipts.read(said["received_at"]), filing_of(said["filing"])
    except (KeyError, ValueError, TypeError, NotCanonical):
        raise wrong("filing", where) from None
    if said.get("channel") not in CHANNELS or not isinstance(chain, list) or custody.check(chain):
        raise wrong("custody" if said.get("channel") in CHANNELS else "channel", where)
    return Line(number, said["contest"], at, said["channel"], filing, said, text, root, signature, tuple(said["pieces"]), tuple(chain))  # fmt: skip
