"""Writes the static site of one log: whole, or only what changed since the last time.

Everything is read from the log's folder; `Extras` brings what stands beside it. The checkpoint is written
last, so that a reader never finds a checkpoint whose files are not there. An old folder whose log is not the
beginning of this one is refused: it belongs to another log, or to a fork.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pickle
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kalata.refusals import Refused
from kalata.text import gettext_noop as _
from kalata.transparency.folder import Damaged, LogFolder
from kalata.transparency.rules import opendata
from kalata.transparency.rules.proofs import Proof
from kalata.transparency.rules.replay import NATION, Area, Key
from kalata.transparency.site import beside, corrections, datasets, feeds, finding, memory
from kalata.transparency.site.edition import Edition
from kalata.transparency.site.frame import KEY_PAGES, Extras, site_of
from kalata.transparency.site.helpers import Helper, parts
from kalata.transparency.site.names import slug, zone
from kalata.transparency.site.pages import Pages
from kalata.transparency.site.render import HERE, LANGUAGES, MORE, STYLE, emblem_style
from kalata.transparency.site.writing import TITLES, Digests, dump, kind_of, put, put_log, write_data

LIST, SIGNATURE = "files.sha256", "files.note"
ASSETS = HERE / "assets"
FULL = ("fr", "en")


class OtherSite(Refused):
    code = "PUB-101"
    says = _("Le dossier %(folder)s contient la publication d’un autre journal, ou d’une suite différente de celui-ci.")
    remedy = _("Publiez dans un dossier vide, et faites comparer les deux racines par les témoins.")


@dataclass
class Stats:
    """What one publication did. seconds: by step."""

    full: bool
    size: int
    stations: int = 0
    areas: int = 0
    written: int = 0
    bytes: int = 0
    files: int = 0
    seconds: dict[str, float] = field(default_factory=dict)

    def record(self) -> dict[str, Any]:
        return {
            k: getattr(self, k) for k in ("full", "size", "stations", "areas", "written", "bytes", "files", "seconds")
        }


Signer = Callable[[str], str]
"""Gives the signature lines of a note's text."""


def stamp() -> str:
    """Of the program that draws the pages: when it changes, every page is drawn again."""
    digest = hashlib.sha256()
    for path in sorted(
        [*HERE.rglob("*.py"), *HERE.rglob("*.html"), *(HERE.parents[1] / "locale").rglob("*.mo"), STYLE, MORE]
    ):
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


@dataclass
class Work:
    """What is needed to draw station pages, here or in helpers."""

    pages: Pages
    out: Path
    images: dict[str, str]

    def station(self, key: Key) -> Digests:
        edition = self.pages.edition
        made: Digests = {}
        name = slug(key)
        proof, size, image = None, 0, ""
        if key in edition.replay.history:
            index, hashes = edition.proof_of(key)
            proof = Proof(index, tuple(hashes), edition.proof_note)
            data = proof.text().encode()
            size = len(data)
            put(self.out, f"pv/{name}.json", edition.entries[index], made)
            put(self.out, f"pv/{name}.tlog-proof", data, made)
            image = self.images.get(edition.replay.history[key][-1].entry.get("scan_sha256", ""), "")
        for lang in FULL:
            up = "../" if lang == "fr" else "../../"
            where = "pv" if lang == "fr" else "en/pv"
            page = self.pages.station(key, lang, proof, size, f"{up}{image}" if image else "")
            if lang == "en" and proof is not None:
                page = page.replace(f'href="{name}.'.encode(), f'href="../../pv/{name}.'.encode())
            put(self.out, f"{where}/{name}.html", page, made)
        return made

    def many(self, keys: list[Key]) -> Digests:
        made: Digests = {}
        for key in keys:
            made |= self.station(key)
        return made


FEW = 400
"""Up to so many stations a helper costs more than it saves."""
SLICE = 250


def draw(work: str, keys: list[Key]) -> Iterator[Digests]:
    """In a helper: the pages of some stations, slice by slice. work: the file in which `put_stations` left it."""
    held: Work = pickle.loads(Path(work).read_bytes())
    for i in range(0, len(keys), SLICE):
        yield held.many(keys[i : i + SLICE])


def put_fixed(log: Path, out: Path, edition: Edition, verifier: bytes, script: bytes, made: Digests) -> None:
    """The look, the verifiers, the log itself: what is not a page."""
    emblems = emblem_style(o["emblem"] for o in edition.replay.manifest["lists"] if o.get("emblem"))
    put(out, "s/kalata.css", STYLE.read_bytes() + MORE.read_bytes() + emblems.encode(), made)
    for name in ("stale.js", "find.js"):
        put(out, f"s/{name}", (ASSETS / name).read_bytes(), made)
    put(out, "verifier.html", verifier, made)
    put(out, "verifier-qr.js", (ASSETS / "verifier-qr.js").read_bytes(), made)
    put(out, "verify.py", script, made)
    put(out, "dump.zip", dump(edition), made)
    put_log(log, out, edition, made)


def draw_all(
    pages: Pages, changed: set[Key], zones: set[tuple[str, str]], out: Path, image: Callable[[str], Path | None],
    made: Digests, workers: int, clock: Clock,
) -> tuple[dict[str, tuple[str, int]], dict[str, Any]]:  # fmt: skip
    """The stations, zones and open data that moved. On a large log a helper writes the data while others draw."""
    edition = pages.edition
    with contextlib.ExitStack() as stack:
        alone = workers < 2 or len(changed) < FEW
        data = None if alone else stack.enter_context(Helper(write_data, edition, pages.extras, out))
        images = put_images(edition, changed, out, image, made)
        pages.documents = put_documents(edition, out, image, made)
        clock.lap("images")
        put_stations(Work(pages, out, images), sorted(changed), made, workers)
        clock.lap("stations")
        put_areas(pages, zones, out, made)
        clock.lap("areas")
        files, score = data.result() if data else write_data(edition, pages.extras, out)
    made |= {f"d/{n}": sha for n, (sha, _size) in files.items()}
    clock.lap("data")
    return files, score


def publish(
    log: Path, out: Path, extras: Extras, *, image: Callable[[str], Path | None] = lambda _sha: None, sign: Signer | None = None,
    full: bool = False, workers: int | None = None, say: Callable[[str], None] = lambda _text: None, state: Path | None = None,
) -> Stats:  # fmt: skip
    """Write, or bring up to date, the site of one log. PUB-101: the folder holds another log.

    state: the file, outside `out`, that remembers the last publication; beside `out` when left out.
    """
    clock = Clock()
    edition = Edition.read(log)
    clock.lap("read")
    out.mkdir(parents=True, exist_ok=True)
    state = state or memory.place(out)
    before = memory.read(state, out)
    digests = memory.standing(before, out)
    since = old_size(edition, before, out)
    drawn_by = stamp()
    drawn_otherwise = before.get("stamp") != drawn_by or before.get("base") != extras.base or digests is None
    registered = any(b'"kind":"register"' in e for e in edition.entries[since:])
    since = 0 if full or drawn_otherwise or registered else since
    lay, digests = dict(digests or {}), dict(digests or {}) if since else {}
    stats = Stats(not since, edition.point.size)
    verifier, script = asset("verifier.html"), (ASSETS / "verify.py").read_bytes()
    verifier = verifier.replace(b"%CONFIG%", configured(edition))
    site = site_of(edition, extras, datasets.digest(verifier), datasets.digest(script))
    pages = Pages(edition, extras, site)
    pages.documents = {Path(n).stem: n for n in digests if n.startswith("doc/")}
    note = datasets.digest(edition.note.whole().encode())
    if since == edition.point.size and before.get("note") == note:
        return still_there(pages, out, state, before, digests, sign, stats, clock)
    if since == edition.point.size:  # a witness has signed since: every proof of this state is handed out again with it
        since, digests, stats.full = 0, {}, True
    changed = edition.changed_since(since) if since else set(edition.replay.register.places)
    zones = {a for k in changed for a in edition.place(k).areas} if since else set(edition.figures)
    zones |= edition.drawn_since(since)
    say(f"{len(changed)} bureaux, {len(zones)} zones")
    made: Digests = {}
    files, score = draw_all(pages, changed, zones, out, image, made, workers or min(os.cpu_count() or 1, 8), clock)
    put_fixed(log, out, edition, verifier, script, made)
    if stats.full:  # the register has changed since, or nothing was drawn yet
        for name, content in finding.files(edition):
            put(out, name, content, made)
    history = feeds.remember(before.get("history", []), edition, extras.at, since)
    for name, content in feeds.both(pages, history).items():
        put(out, name, content, made)
    put(out, "corrections.atom", corrections.feed(pages), made)
    put_pages(pages, files, score, out, made)
    beside.write(pages, out, digests, made, before, full=stats.full, draw=True)
    clock.lap("pages")
    digests |= made
    if stats.full:
        for name in memory.once_there(before, out) - digests.keys() - {"log/checkpoint"}:
            (out / name).unlink(missing_ok=True)  # drawn once, by a program that drew other files
    checkpoint = (log / "checkpoint").read_bytes()
    put(out, "log/checkpoint", checkpoint, digests)
    seal(out, edition, digests, sign)
    memory.keep(state, out, digests, {"size": edition.point.size, "root": edition.point.root.hex(), "stamp": drawn_by, "base": extras.base, "at": extras.at.isoformat(), "history": history, "note": note, "rooms": beside.said(pages)})  # fmt: skip
    clock.lap("seal")
    stats.stations, stats.areas, stats.files, stats.seconds = len(changed), len(zones), len(digests), clock.laps
    fresh = [n for n, sha in made.items() if lay.get(n) != sha and (out / n).exists()]
    stats.written, stats.bytes = len(fresh), sum((out / n).stat().st_size for n in (*fresh, LIST))
    return stats


def still_there(
    pages: Pages, out: Path, state: Path, before: dict[str, Any], digests: Digests, sign: Signer | None, stats: Stats, clock: Clock
) -> Stats:  # fmt: skip
    """Nothing new in the log: only the pages that say when they were published, and what waits, are drawn again."""
    made: Digests = {}
    for lang in LANGUAGES:
        drawn = {"index": pages.national, "missing": pages.missing, "calendar": pages.calendar, "differs": pages.differs}
        for path, draw_page in ((f"{name}.html", page) for name, page in drawn.items()):
            if lang in FULL or path in KEY_PAGES:
                put(out, path if lang == "fr" else f"{lang}/{path}", draw_page(lang), made)
    beside.write(pages, out, digests, made, before, full=False)
    digests |= made
    seal(out, pages.edition, digests, sign)
    memory.keep(state, out, digests, before | {"at": pages.extras.at.isoformat(), "rooms": beside.said(pages)})
    clock.lap("pages")
    stats.written, stats.files, stats.seconds = len(made), len(digests), clock.laps
    return stats


class Clock:
    def __init__(self) -> None:
        self.last, self.laps = time.perf_counter(), dict[str, float]()

    def lap(self, name: str) -> None:
        now = time.perf_counter()
        self.laps[name], self.last = round(now - self.last, 2), now


def asset(name: str) -> bytes:
    return (ASSETS / name).read_bytes()


def configured(edition: Edition) -> bytes:
    """What the verifier knows before any file: the contest, its lists, whom it trusts until its reader says otherwise."""
    manifest = edition.replay.manifest
    trust = edition.policy.text() if edition.policy.logs else "".join(f"log {k.text()}\n" for k in edition.log.vkeys())
    value = {
        "origin": edition.point.origin, "contest": manifest["contest"], "title": manifest.get("names", {}).get("fr", manifest["contest"]),
        "boxes": opendata.boxes_of(edition.replay), "lists": {str(n): name for n, name in edition.names.items()}, "trust": trust.strip(),
    }  # fmt: skip
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c").encode()


# --- what the folder remembers ----------------------------------------------------------------------
def old_size(edition: Edition, before: dict[str, Any], out: Path) -> int:
    """Up to where the folder is already drawn. PUB-101: with another log."""
    size = before.get("size", 0)
    if not size and (out / "log" / "checkpoint").exists():  # not remembered: what lies there may refuse, never be kept
        try:
            there = LogFolder(out / "log").checkpoint()
        except Damaged:
            return 0
        if (
            there.origin != edition.point.origin
            or there.size > edition.point.size
            or edition.tree.root(there.size) != there.root
        ):
            raise OtherSite(folder=str(out))
    if not size:
        return 0
    if size > edition.point.size or edition.tree.root(size).hex() != before.get("root"):
        raise OtherSite(folder=str(out))
    return int(size)


def seal(out: Path, edition: Edition, digests: Digests, sign: Signer | None) -> None:
    """The list of every file, in the format of sha256sum, and the log's signature over it."""
    gone = [n for n in digests if not (out / n).exists()]
    for name in gone:
        del digests[name]
    text = "".join(f"{sha}  {name}\n" for name, sha in sorted(digests.items()))
    sink: Digests = {}
    put(out, LIST, text.encode(), sink)
    if sign is not None:
        note = "\n".join(["kalata/files@v1", edition.point.origin, sink[LIST], ""])
        put(out, SIGNATURE, f"{note}\n{sign(note)}".encode(), {})
    else:
        (out / SIGNATURE).unlink(missing_ok=True)


# --- parts ------------------------------------------------------------------------------------------
def put_images(
    edition: Edition, keys: Iterable[Key], out: Path, image: Callable[[str], Path | None], made: Digests
) -> dict[str, str]:
    """Images of the stations to draw, under their own SHA-256; returns digest -> path in the site."""
    found: dict[str, str] = {}
    for key in keys:
        for version in edition.replay.history.get(key, ()):
            sha = version.entry.get("scan_sha256", "")
            source = image(sha) if sha else None
            if source is None:
                continue
            with source.open("rb") as file:
                name = f"scan/{sha}.{kind_of(file.read(5))}"
            target = out / name
            if not target.exists() or hashlib.sha256(target.read_bytes()).hexdigest() != sha:
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(source, target)
            made[name] = sha
            found[sha] = name
    return found


def put_documents(edition: Edition, out: Path, image: Callable[[str], Path | None], made: Digests) -> dict[str, str]:
    """Documents of the declarations, under the SHA-256 that the log binds; returns digest -> path in the site."""
    found: dict[str, str] = {}
    for _index, entry in edition.replay.declarations:
        sha = entry["document_sha256"]
        source = image(sha)
        if source is None:
            continue
        data = source.read_bytes()
        name = f"doc/{sha}.{kind_of(data)}"
        put(out, name, data, made)
        found[sha] = name
    return found


def put_stations(work: Work, keys: list[Key], made: Digests, workers: int) -> None:
    for folder in ("pv", "en/pv"):
        (work.out / folder).mkdir(parents=True, exist_ok=True)
    if workers < 2 or len(keys) < FEW:
        made |= work.many(keys)
        return
    with contextlib.ExitStack() as stack:
        left = stack.enter_context(tempfile.NamedTemporaryFile(prefix="kalata-work-"))
        pickle.dump(work, left, protocol=5)
        left.flush()
        team = [stack.enter_context(Helper(draw, left.name, keys[i::workers])) for i in range(workers)]
        for part in parts(team):
            made |= part


def put_areas(pages: Pages, zones: Iterable[Area], out: Path, made: Digests) -> None:
    for area in sorted(zones):
        put(out, f"card/{zone(area)}.html", pages.card(area), made)
        if area == NATION:
            continue
        for lang in FULL:
            for path, page in pages.area(area, lang):
                put(out, path if lang == "fr" else f"en/{path}", page, made)
        if pages.edition.stations.get(area):
            put(out, f"poster/{zone(area)[2:]}.html", pages.poster(area), made)


def put_pages(pages: Pages, files: dict[str, tuple[str, int]], score: dict[str, Any], out: Path, made: Digests) -> None:
    rows = [
        {"path": f"d/{n}", "name": n, "title": TITLES.get(n, ""), "size": s, "sha": sha}
        for n, (sha, s) in files.items()
    ]
    for name in ("dump.zip", "verifier.html", "verify.py"):
        rows.append(
            {
                "path": name,
                "name": name,
                "title": TITLES[name],
                "size": (out / name).stat().st_size,
                "sha": made[name],
            }
        )
    for lang in LANGUAGES:
        whole = {
            "index.html": pages.national, "verify.html": pages.verify, "missing.html": pages.missing, "areas.html": pages.areas,
            "changes.html": pages.changes, "calendar.html": pages.calendar, "differs.html": pages.differs,
            "data.html": lambda lang: pages.data(lang, rows, score, datasets.LICENCE["title"]),
        }  # fmt: skip
        for path, draw_page in whole.items():
            if lang in FULL or path in KEY_PAGES:
                put(out, path if lang == "fr" else f"{lang}/{path}", draw_page(lang), made)
