"""Asking witnesses for their cosignatures, over the network or by USB key. Their absence never stops anything."""

from __future__ import annotations

import logging
import urllib.error
import urllib.request
from typing import Any

from django.db import transaction
from django.utils import timezone

from kalata.ledger.services import record
from kalata.people import services as people
from kalata.people.models import Person
from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency import kinds, publiclog
from kalata.transparency.models import Cosignature, LogCheckpoint, PublicLog, Witness
from kalata.transparency.rules.notes import COSIGNATURE, MLDSA44, BadNote, VerifierKey, read_note, signers
from kalata.transparency.rules.proofs import add_checkpoint

log = logging.getLogger("kalata.witness")
PATIENCE_S = 5
LARGEST = 64 * 1024


class BadWitness(Refused):
    code = "LOG-301"
    says = _("Ce témoin n’est pas accepté : %(why)s.")
    remedy = _("Demandez-lui la ligne de sa clé (kalata witness key), du type cosignature.")
    sentences = frozenset({"why"})
    status = 422


class BadCosignature(Refused):
    code = "LOG-302"
    says = _("Cette cosignature n’est pas retenue : %(why)s.")
    remedy = _("Donnez le fichier que le témoin a rendu pour ce journal, sans le modifier.")
    sentences = frozenset({"why"})
    status = 422


NOT_A_KEY = _("ce n’est pas une clé (nom+identifiant+clé), ou elle est abîmée")
OTHER_KIND = _("clé d’un autre type, ou de deux témoins")
KNOWN = _("un autre témoin tient déjà cette clé")
NOT_AN_ADDRESS = _("son adresse ne commence ni par http:// ni par https://")
NOT_A_NOTE = _("ses lignes ne se lisent pas, ou l’une de ses signatures est fausse")


@transaction.atomic
def add_witness(*, name: str, vkey: str, url: str, by: Person | None) -> Witness:
    """Know a witness. vkey: its Ed25519 key, and after a space its ML-DSA-44 one. LOG-301: not keys of one witness."""
    if by is not None:
        people.require(by, "log.keys")
    try:
        given = {k.kind: k for k in map(VerifierKey.read, vkey.split())}
    except BadNote:
        raise BadWitness(why=NOT_A_KEY) from None
    key, second = given.pop(COSIGNATURE, None), given.pop(MLDSA44, None)
    others = Witness.objects.exclude(name=name)
    if key is None or given or (second and second.name != key.name):
        raise BadWitness(why=OTHER_KIND)
    if others.filter(vkey=key.text()).exists() or (second and others.filter(vkey_pq=second.text()).exists()):
        raise BadWitness(why=KNOWN)
    if url and not url.startswith(("http://", "https://")):
        raise BadWitness(why=NOT_AN_ADDRESS)
    made, _fresh = Witness.objects.update_or_create(
        name=name,
        defaults={
            "vkey": key.text(),
            "vkey_pq": second.text() if second else "",
            "url": url.rstrip("/"),
            "active": True,
        },
    )
    record(by=by, kind=kinds.LOG_WITNESS_ADDED, subject=f"witness:{name}", after={"vkey": made.vkey, "url": made.url})
    return made


@transaction.atomic
def drop_witness(*, name: str, reason: str, by: Person) -> None:
    """A witness that is no more asked; its cosignatures stay."""
    people.require(by, "log.keys")
    Witness.objects.filter(name=name).update(active=False)
    record(by=by, kind=kinds.LOG_WITNESS_DROPPED, subject=f"witness:{name}", reason=reason)


def request_for(point: LogCheckpoint, old: int) -> str:
    """The body a witness reads, from the size it knows to this checkpoint."""
    held = publiclog._held.get(point.log_id) or publiclog.rebuilt(point.log)
    proof = held.tree.consistency(old, point.size) if 0 < old < point.size else []
    return add_checkpoint(old, proof, point.note)


def ask_all(one: PublicLog) -> int:
    """Ask every witness on the network that has not yet cosigned the last checkpoint. Returns how many did.

    Raises publiclog.OlderThanDisk where a witness has seen more than the database holds: the log is halted.
    """
    point = one.checkpoints.first()
    if point is None or point.size == 0:
        return 0
    done = 0
    waiting = Witness.objects.filter(active=True).exclude(url="").exclude(cosignatures__checkpoint=point)
    for witness in waiting:
        said = ""
        try:
            answer = ask(witness, point)
            take(point, answer, only=witness)
            done += 1
        except (urllib.error.URLError, OSError, BadCosignature, ValueError) as why:
            said = f"{type(why).__name__}: {why}"[:300]
            log.warning("%s: %s", witness.name, said)
        Witness.objects.filter(pk=witness.pk).update(seen=said, at=timezone.now())
    if done:
        publiclog.publish_files(one)
    return done


def ask(witness: Witness, point: LogCheckpoint) -> str:
    """One exchange: from the last size this witness has cosigned here, then from the one it tells."""
    last = Cosignature.objects.filter(witness=witness, checkpoint__log=point.log).order_by("-checkpoint__size").first()
    old = last.checkpoint.size if last else 0
    for _turn in range(2):
        try:
            return post(f"{witness.url}/add-checkpoint", request_for(point, old))
        except urllib.error.HTTPError as why:
            if why.code != 409:
                raise
            old = int(why.read(LARGEST).decode().strip())
            if old > point.size:
                raise publiclog.OlderThanDisk(here=point.size, there=old, where=witness.name) from None
    raise ValueError("the witness changes its mind")


class Stays(urllib.request.HTTPRedirectHandler):
    """A witness that leads elsewhere has not answered: only the address that the keepers registered is asked."""

    def redirect_request(self, *_where: Any) -> None:
        return None


opener = urllib.request.build_opener(Stays)


def post(url: str, body: str) -> str:
    asked = urllib.request.Request(url, body.encode(), {"Content-Type": "text/plain"})
    with opener.open(asked, timeout=PATIENCE_S) as answer:
        return str(answer.read(LARGEST).decode())


@transaction.atomic
def take(point: LogCheckpoint, lines: str, *, only: Witness | None = None) -> list[str]:
    """Keep the cosignatures of a checkpoint, once checked; returns the witnesses. LOG-302: none that counts."""
    text = read_note(point.note).text
    rows = [only] if only else list(Witness.objects.filter(active=True))
    known = {VerifierKey.read(k): w for w in rows for k in (w.vkey, w.vkey_pq) if k}
    try:
        note = read_note(f"{text}\n{lines if lines.endswith(chr(10)) else lines + chr(10)}")
        found = signers(note, known)
    except BadNote:
        raise BadCosignature(why=NOT_A_NOTE) from None
    if not found:
        raise BadCosignature(why=_("aucun témoin connu n’a signé cet état"))
    names = []
    for witness in dict.fromkeys(known[key] for key in found):
        ids = {(key.name, key.id) for key in found if known[key] == witness}
        own = [next(x for x in note.lines if (x.name, x.id) == i) for i in sorted(ids)]
        _kept, fresh = Cosignature.objects.get_or_create(
            checkpoint=point,
            witness=witness,
            defaults={"line": "".join(x.text() for x in own), "seconds": int.from_bytes(own[0].payload[:8], "big")},
        )
        if fresh:
            record(by=None, kind=kinds.LOG_COSIGNED, subject=f"log:{point.log.origin}", after={"size": point.size, "witness": witness.name})  # fmt: skip
        names.append(witness.name)
    return names


def take_file(one: PublicLog, content: str) -> tuple[int, list[str]]:
    """A witness's answer come back by USB: "size <n>" then its lines. Returns (size, witnesses)."""
    first, _gap, lines = content.partition("\n")
    word, _space, size = first.partition(" ")
    if word != "size" or not size.isdigit():
        raise BadCosignature(why=_("le fichier ne commence pas par la taille du journal"))
    point = one.checkpoints.filter(size=int(size)).first()
    if point is None:
        raise BadCosignature(why=_("cet état n’est pas de ce journal"))
    names = take(point, lines)
    publiclog.publish_files(one)
    return point.size, names


def tally(one: PublicLog) -> tuple[int, int, list[tuple[Witness, Cosignature | None]]]:
    """(cosignatures of the last checkpoint, active witnesses, each with its latest cosignature of this log)."""
    point = one.checkpoints.first()
    rows = []
    for witness in Witness.objects.filter(active=True):
        last = witness.cosignatures.filter(checkpoint__log=one).order_by("-checkpoint__size").first()
        rows.append((witness, last))
    done = sum(c is not None and point is not None and c.checkpoint_id == point.pk for _w, c in rows)
    return done, len(rows), rows


publiclog.SEQUENCED.append(lambda one: ask_all(one))
