"""`kalata log` and `kalata witness`: the key ceremony, the sequencer, proofs, verification, witnesses."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from kalata import rooms
from kalata.cli import setup_django
from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BadFile(Refused):
    code = "CLI-102"
    says = _("%(file)s n’est pas lisible : %(why)s.")
    remedy = _("Vérifiez le chemin et le fichier. Rien n’a été écrit.")
    status = 422


class Unknown(Refused):
    code = "LOG-401"
    says = _("« %(name)s » n’est pas dans ce journal publié.")
    remedy = _("Donnez le code exact du bureau, comme dans d/results.csv.")
    status = 404


def reading(file: Path, call: Callable[[], Any]) -> Any:
    """What `call` reads; a refusal with the file's name where it cannot be read."""
    from kalata.transparency.folder import Damaged
    from kalata.transparency.rules.canonical import NotCanonical
    from kalata.transparency.rules.replay import Broken

    try:
        return call()
    except (Damaged, OSError, Broken, NotCanonical, ValueError) as why:
        raise BadFile(file=str(file), why=str(why)) from None


def text_of(path: str) -> str:
    return sys.stdin.read() if path == "-" else reading(Path(path), lambda: Path(path).read_text(encoding="utf-8"))


@click.group()
def log() -> None:
    """The public log: ceremony of the key, sequencing, proofs, verification."""


# --- pure commands --------------------------------------------------------------------------------
@log.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--vkey", "vkeys", multiple=True, help="key of the log, as read aloud or printed")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="whom to trust")
@click.option("--json", "as_json", is_flag=True)
def verify(folder: Path, vkeys: tuple[str, ...], policy: Path | None, as_json: bool) -> None:
    """Verify a published log and recompute every published total (pure)."""
    from kalata.transparency.site.corrections import check
    from kalata.transparency.verifying import logs_in, verify

    text = policy.read_text(encoding="utf-8") if policy else ""
    found = [verify(one, vkeys, text, check) for one in logs_in(folder)]
    if not found:
        raise BadFile(file=str(folder), why="aucun journal : ni checkpoint, ni log/checkpoint")
    valid = all(v.valid for v in found)
    if as_json:
        click.echo(json.dumps({"valid": valid, "logs": [v.record() for v in found]}, ensure_ascii=False))
    else:
        for v in found:
            said = "valide / valid" if v.valid else "NON VALIDE / NOT VALID"
            click.echo(f"{v.origin or v.folder}: {said}; {v.size} inscriptions, {v.stations} bureaux, {v.totals} totaux, {v.rulings} publications de décisions, {v.proofs} preuves, {v.files} fichiers")  # fmt: skip
            click.echo(f"  racine {v.root}; témoins {', '.join(v.witnesses) or '0'}")
            for where, what in v.problems[:40]:
                click.echo(f"  ✗ {where}: {what}")
            for what in v.warnings:
                click.echo(f"  ! {what}")
    sys.exit(0 if valid else 1)


def log_in(folder: Path) -> Any:
    from kalata.transparency.folder import LogFolder

    return LogFolder(folder / "log" if (folder / "log" / "checkpoint").exists() else folder)


def found_in(folder: Path, station: str, part: str) -> tuple[Any, Any, list[tuple[str, str]]]:
    """The log under a folder that holds the station: (log, replay, keys). A code that stands in two contests is refused."""
    from kalata.transparency.verifying import logs_in

    seen = []
    for one in logs_in(folder) or [folder]:
        there = log_in(one)
        replay = reading(one, there.replay)
        if keys := [k for k in replay.history if k[1] == station and part in ("", k[0])]:
            seen.append((there, replay, keys))
    if not seen:
        raise Unknown(name=station)
    if len(seen) > 1:
        raise Unknown(name=f"{station} ({', '.join(r.manifest['contest'] for _t, r, _k in seen)})")
    return seen[0]


def light_note(there: Any) -> str:
    """The checkpoint as a proof carries it (Edition.proof_note)."""
    from kalata.transparency.site.edition import Edition

    return str(Edition.read(there.folder).proof_note)


@log.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("station")
@click.option("--part", default="", help="where the same code stands in several parts")
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), default=Path("."), help="folder to write into")
@click.option("--json", "as_json", is_flag=True)
def prove(folder: Path, station: str, part: str, out: Path, as_json: bool) -> None:
    """Write STATION.json (the exact entry) and STATION.tlog-proof (pure)."""
    from kalata.transparency.rules.proofs import Proof
    from kalata.transparency.site.names import slug

    there, replay, keys = found_in(folder, station, part)
    if len(keys) != 1:
        raise Unknown(name=station if not keys else f"{station} ({', '.join(k[0] for k in keys)})")
    index = replay.history[keys[0]][-1].index
    tree = reading(folder, there.tree)
    entry = next(there.entries(len(tree), index))
    proof = Proof(index, tuple(tree.inclusion(index)), reading(folder, lambda: light_note(there))).text()
    name = slug(keys[0])
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{name}.json").write_bytes(entry)
    (out / f"{name}.tlog-proof").write_text(proof, encoding="utf-8")
    said = {"station": station, "part": keys[0][0], "index": index, "size": len(tree), "entry": str(out / f"{name}.json"),
            "proof": str(out / f"{name}.tlog-proof"), "bytes": len(proof.encode())}  # fmt: skip
    click.echo(
        json.dumps(said, ensure_ascii=False)
        if as_json
        else f"{said['proof']} ({said['bytes']} octets), {said['entry']}"
    )


@log.command("check-proof")
@click.argument("proof", type=click.Path(dir_okay=False))
@click.option("--vkey", "vkeys", multiple=True, required=True, help="key of the log, as read aloud or printed")
@click.option("--entry", type=click.Path(dir_okay=False), help="the entry; beside the proof when left out")
@click.option("--policy", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--newer", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="a newer checkpoint to reach"
)
@click.option(
    "--consistency", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="the proof that leads to it"
)
@click.option("--json", "as_json", is_flag=True)
def check_proof(
    proof: str, vkeys: tuple[str, ...], entry: str | None, policy: Path | None, newer: Path | None, consistency: Path | None, as_json: bool
) -> None:  # fmt: skip
    """Check a proof file, without network (pure). Exit status 1 where it proves nothing."""
    from kalata.transparency.rules import canonical, proofs
    from kalata.transparency.rules.merkle import BadProof, check_consistency
    from kalata.transparency.rules.notes import BadNote, VerifierKey, open_checkpoint, unb64
    from kalata.transparency.rules.policy import read_policy

    beside = entry or str(Path(proof).with_suffix(".json"))
    record: dict[str, Any] = {"valid": False}
    text = text_of(proof)
    data = reading(Path(beside), lambda: Path(beside).read_bytes())
    known = reading(Path("--vkey"), lambda: [VerifierKey.read(v) for v in vkeys])
    try:
        held = read_policy(policy.read_text(encoding="utf-8")) if policy else None
        found = proofs.check_proof(proofs.read_proof(text), data, known, held)
        record |= {"valid": found.quorum, "origin": found.checkpoint.origin, "size": found.checkpoint.size,
                   "index": proofs.read_proof(text).index, "witnesses": list(found.cosigners), "quorum": found.quorum,
                   "entry": canonical.read(data)}  # fmt: skip
        if newer:
            point, _note = open_checkpoint(newer.read_text(encoding="utf-8"), known)
            way = [unb64(x) for x in (consistency.read_text(encoding="utf-8").split() if consistency else [])]
            check_consistency(found.checkpoint.size, point.size, found.checkpoint.root, point.root, way)
            record["newer"] = point.size
    except (BadProof, BadNote, canonical.NotCanonical) as why:
        record |= {"valid": False, "why": str(why)}
    if as_json:
        click.echo(json.dumps(record, ensure_ascii=False))
    else:
        click.echo(
            "Preuve valide / valid proof"
            if record["valid"]
            else f"Preuve NON valide / NOT valid: {record.get('why', 'quorum')}"
        )
        if record["valid"]:
            said = record["entry"]
            click.echo(
                f"  {said.get('contest')} {said.get('station')}: "
                + ", ".join(f"{k} {v}" for k, v in said.items() if isinstance(v, int) and k not in ("v", "round"))
                + "; "
                + ", ".join(f"n° {v['list']} {v['n']}" for v in said.get("votes", []))
            )
    sys.exit(0 if record["valid"] else 1)


@log.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.argument("old", type=int)
def consistency(folder: Path, old: int) -> None:
    """The proof, in base64 lines, that the log of OLD entries is the beginning of the present one (pure)."""
    from kalata.transparency.rules.notes import b64

    tree = reading(folder, log_in(folder).tree)
    for one in reading(folder, lambda: tree.consistency(old)):
        click.echo(b64(one))


# --- the house ---------------------------------------------------------------------------------
@log.command()
@click.option(
    "--minutes", type=click.Path(dir_okay=False, path_type=Path), help="write the minutes of the ceremony here"
)
@click.option("--give", "given", is_flag=True, help="give this house the passphrase at once (kalata log phrase)")
def init(minutes: Path | None, given: bool) -> None:
    """The key ceremony: two custodians make the key of the public log together."""
    setup_django()
    from django.db import transaction

    from kalata.ledger.services import record
    from kalata.transparency import ceremony, giving, keys, kinds, publiclog

    if publiclog.key_path().exists():
        raise keys.KeyThere(path=str(publiclog.key_path()))
    one, two, phrase = ceremony.two_custodians(new=True)
    public = keys.create(publiclog.key_path(), phrase)
    print_ = keys.fingerprint(public)
    with transaction.atomic():
        record(
            by=one,
            kind=kinds.LOG_KEY_CREATED,
            subject="log:key",
            after={"fingerprint": print_, "with": two.get_username()},
        )
    pq = keys.signing(keys.open_key(publiclog.key_path(), phrase), "x")[-1].verifier.public
    text = ceremony.minutes_of(public, pq, one, two)
    if minutes:
        minutes.write_text(text, encoding="utf-8")
    click.echo(text)
    if given:
        give(phrase, giving.usual(), one, two)


def give(phrase: str, place: Path, one: Any, two: Any) -> None:
    """Keep the passphrase with this house, and say where, and what follows."""
    from kalata.transparency import giving

    named = giving.give(phrase=phrase, file=place, by=one, other=two)
    click.echo(f"{place} (600)")
    if not named:
        click.echo(f'{giving.SETTING}="{place.resolve()}"')
    click.echo("Relancez la maison : elle signera. / Restart the house: it will sign.")


@log.command()
@click.option("--file", type=click.Path(dir_okay=False, path_type=Path), help="where the house keeps it (beside its settings)")
def phrase(file: Path | None) -> None:
    """Give the house the passphrase of its key: each custodian types their half; it is proved on the key, then kept."""
    setup_django()
    from kalata.transparency import ceremony, giving

    one, two, typed = ceremony.two_custodians()
    give(typed, file or giving.usual(), one, two)


@log.command()
def rotate() -> None:
    """Change the key: two custodians, a new passphrase, an entry signed by the old key in every log."""
    setup_django()
    from kalata.transparency import ceremony, upkeep

    click.echo("Clé actuelle / present key", err=True)
    one, two, phrase = ceremony.two_custodians()
    click.echo("Nouvelle clé / new key", err=True)
    _one, _two, fresh = ceremony.two_custodians(new=True, shown=(one.pk, two.pk))
    click.echo(f"{upkeep.rotate(passphrase_now=phrase, passphrase_new=fresh, by=one, other=two)}")


@log.command()
@click.option("--json", "as_json", is_flag=True)
def status(as_json: bool) -> None:
    """Each log: size, root, witnesses, what waits, and why it refuses to sign where it does."""
    setup_django()
    from kalata.transparency import publiclog, witnessing
    from kalata.transparency.models import PublicLog

    rows = []
    for one in PublicLog.objects.all():
        head = one.checkpoints.first()
        done, known, _rows = witnessing.tally(one)
        rows.append({"log": one.origin, "size": head.size if head else 0, "root": head.root if head else None,
                     "at": head.at.isoformat() if head else None, "witnesses": f"{done}/{known}",
                     "waiting": one.outbox.filter(done=False).count(), "halted": one.halted, "alarm": one.alarm})  # fmt: skip
    key = publiclog.key_path().exists()
    if as_json:
        click.echo(json.dumps({"key": key, "unlocked": bool(publiclog.passphrase()), "logs": rows}, ensure_ascii=False))
    else:
        click.echo(
            f"clé / key: {'oui' if key else 'NON'}; phrase / passphrase: {'oui' if publiclog.passphrase() else 'NON'}"
        )
        for row in rows:
            halted = row["halted"]
            why = f"ARRÊTÉ {halted['code']} {halted['fr']}" if isinstance(halted, dict) else "ok"
            click.echo(f"{row['log']}  {row['size']}  témoins {row['witnesses']}  en attente {row['waiting']}  {why}")
    sys.exit(1 if any(r["halted"] or r["alarm"] for r in rows) else 0)


@log.command()
def sequence() -> None:
    """Enter what waits, sign, write the files, ask the witnesses: what the house does every minute."""
    setup_django()
    from kalata.transparency import keys, publiclog

    if not publiclog.key_path().exists():
        raise keys.NoKey
    click.echo(f"{publiclog.sequence_all()} inscriptions / entries")


@log.command("open")
def open_logs() -> None:
    """Give a log to each published contest that has none yet (published before the log existed)."""
    setup_django()
    paths = [room.publishes.open_missing for room in rooms.every() if room.publishes.open_missing]
    for path in paths:
        for code in rooms.load(path)():
            click.echo(code)


@log.command()
def hold() -> None:
    """After the database was put back by other means (PostgreSQL): no log signs before it was compared (LOG-205)."""
    setup_django()
    from kalata.transparency import upkeep

    click.echo(f"{upkeep.hold_after_restore()} journaux attendent / logs wait: kalata log recover")


@log.command()
@click.argument("name")
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def recover(name: str, folder: Path) -> None:
    """After an old backup was put back: take the lost entries again from FOLDER, a copy of the published log."""
    setup_django()
    from kalata.transparency import upkeep

    one = log_named(name)
    source = folder / "log" if (folder / "log" / "checkpoint").exists() else folder
    click.echo(f"{upkeep.recover(one, source)} inscriptions reprises / entries recovered")


def log_named(name: str) -> Any:
    from kalata.transparency.models import PublicLog

    found = PublicLog.objects.filter(name=name).first()
    if found is None:
        raise Unknown(name=name)
    return found


@log.command()
@click.option("--json", "as_json", is_flag=True)
def compare(as_json: bool) -> None:
    """The public records of the database against the log: the nightly check, now. Exit status 1: they differ."""
    setup_django()
    n = sum(rooms.load(room.publishes.compare)() for room in rooms.every() if room.publishes.compare)
    click.echo(json.dumps({"differences": n}) if as_json else f"{n} différences / differences")
    sys.exit(1 if n else 0)


@log.group()
def witnesses() -> None:
    """The witnesses that the house knows."""


@witnesses.command("add")
@click.argument("name")
@click.argument("vkey", nargs=-1, required=True)
@click.option("--url", default="", help="where it listens; left out for one that comes by USB")
def add(name: str, vkey: tuple[str, ...], url: str) -> None:
    """Know a witness by its keys (kalata witness key): Ed25519, and ML-DSA-44 where it has one."""
    setup_django()
    from kalata.transparency import witnessing

    click.echo(witnessing.add_witness(name=name, vkey=" ".join(vkey), url=url, by=None).name)


@witnesses.command("request")
@click.argument("log_name")
@click.argument("out", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--old", default=0, help="the size that the witness has last seen")
def request(log_name: str, out: Path, old: int) -> None:
    """Write on a USB key what a witness reads with `kalata witness cosign`."""
    setup_django()
    from kalata.transparency import witnessing

    point = log_named(log_name).checkpoints.first()
    if point is None:
        raise Unknown(name=log_name)
    out.write_text(witnessing.request_for(point, old), encoding="utf-8")
    click.echo(f"{out} ({point.size})")


@witnesses.command("take")
@click.argument("log_name")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def take(log_name: str, file: Path) -> None:
    """Read back the cosignature that a witness has put on the USB key."""
    setup_django()
    from kalata.transparency import witnessing

    size, names = witnessing.take_file(log_named(log_name), file.read_text(encoding="utf-8"))
    click.echo(f"{size}: {', '.join(names)}")
