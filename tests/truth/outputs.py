"""Reads every output that shows a figure, by what the figure means: {(meaning): [(where it stands, value)]}."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import defaultdict
from fractions import Fraction
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from django.utils import timezone

from kalata.country.models import Station
from kalata.results.services import announcing
from kalata.text import decimal_string, percent
from kalata.transparency import keys, publiclog
from kalata.transparency.folder import LogFolder
from kalata.transparency.models import PublicLog
from kalata.transparency.site import builder
from kalata.transparency.site import house as site_house
from kalata.transparency.site.names import slug
from tests.truth.history import Seen, Story

PHRASE = keys.joined("quatre mots au hasard", "et quatre autres mots")
BOXES = ("registered", "voters", "ballots", "null_ballots", "valid")
LOG_NAMES = {
    "registered": "registered",
    "voters": "voters",
    "ballots": "found",
    "null_ballots": "invalid",
    "valid": "valid",
}
WORDS = {0: "counted", 1: "annulled", 2: "missing", 3: "recalled"}
Found = dict[tuple[Any, ...], list[tuple[str, Any]]]


def house(tmp_path: Path, settings: Any, monkeypatch: Any) -> Path:
    settings.LOG_FOLDER = tmp_path / "log"
    settings.LOG_KEY = tmp_path / "keys" / "log.key"
    settings.KEPT_FOLDER = tmp_path / "kept"
    settings.SITE_FOLDER = tmp_path / "site"
    monkeypatch.setenv("KALATA_LOG_PASSPHRASE", PHRASE)
    keys.create(settings.LOG_KEY, PHRASE)
    publiclog.forget()
    announcing._told.clear()
    return tmp_path / "site"


def publish(one: Story, place: Path) -> None:
    """The log is brought up to date, the site drawn from it."""
    log = PublicLog.objects.get(name=one.contest.code)
    from django.conf import settings

    publiclog.sequence(log, keys.open_key(settings.LOG_KEY, PHRASE))
    assert not log.outbox.filter(done=False).exists() and not log.outbox.exclude(refused="").exists()
    extras = site_house.extras_of(one.contest, timezone.now())
    builder.publish(publiclog.place(one.contest.code), place / one.contest.code, extras, workers=1, state=place / f"{one.contest.code}.json")  # fmt: skip


# --- HTML ----------------------------------------------------------------------------------------
class Page(HTMLParser):
    """What a page says, by its data attributes: figures of the whole page, rows of areas, lists, boxes, stations."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.said: dict[tuple[str, ...], str] = defaultdict(str)
        self.cells: dict[tuple[str, str], list[str]] = defaultdict(list)
        self.attributes: list[dict[str, str]] = []
        self.box = ""
        self.feed(text)

    VOID = frozenset({"meta", "link", "img", "input", "br", "path", "rect", "use", "text"})

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {k: v or "" for k, v in attrs}
        if any(k.startswith("data-") and k != "data-l" for k in found):
            self.attributes.append(found)
        if tag in ("meta", "link", "img", "input", "br"):
            return
        self.open.append((tag, found))
        row = self.row()
        if row and tag == "td":
            self.cells[row].append("")
        if tag == "dt":
            self.box = found.get("data-box", "")
        if tag == "dd" and self.box:
            self.cells["box", self.box].append("")

    def handle_endtag(self, tag: str) -> None:
        while self.open:
            closed, _attrs = self.open.pop()
            if closed == tag:
                break
        if tag == "dd":
            self.box = ""

    def row(self) -> tuple[str, str] | None:
        for _tag, attrs in reversed(self.open):
            for kind in ("area", "list", "box", "station", "cause"):
                if f"data-{kind}" in attrs and _tag == "tr":
                    return kind, attrs[f"data-{kind}"]
        return None

    def handle_data(self, data: str) -> None:
        row = self.row()
        tags = [t for t, _a in self.open]
        for _tag, attrs in self.open:
            if name := attrs.get("data-figure"):
                self.said[(*(row or ()), name)] += data
            if name := attrs.get("data-finding"):
                self.said["finding", name] += data
        if row and "td" in tags and self.cells[row]:
            self.cells[row][-1] += data
        if "dd" in tags and self.box:
            self.cells["box", self.box][-1] += data


def number(text: str) -> int | None:
    """A number as a page writes it; None for a dash or a word."""
    plain = re.sub(r"[\s\u202f\u00a0,]", "", text).replace("\u2212", "-")
    return int(plain) if re.fullmatch(r"-?\d+", plain) else None


def shown(text: str) -> str:
    return text.strip().replace("\u202f", " ").replace("\u00a0", " ")


def put(found: Found, meaning: tuple[Any, ...], where: str, value: Any) -> None:
    found[meaning].append((where, value))


COUNTS = ("expected", "counted", "annulled", "missing", "recalled", "received")


def page_of_area(found: Found, where: str, text: str, area: str, en: bool = False) -> Page:
    page = Page(text)
    for name in COUNTS:
        if (name,) in page.said:
            put(found, (area, name), where, number(page.said[name,]))
    if ("coverage",) in page.said:
        put(found, (area, "coverage", "en" if en else "fr"), where, shown(page.said["coverage",]))
    for name in BOXES:
        if (name,) in page.said:
            put(found, (area, name), where, number(page.said[name,]))
    if ("turnout",) in page.said:
        put(found, (area, "turnout", len(page.said["turnout",].split(".")[-1].split(",")[-1].rstrip("\u202f% ")), "en" if en else "fr"), where, shown(page.said["turnout",]))  # fmt: skip
    for (kind, key), cells in page.cells.items():
        if kind == "list":
            numbers = [n for c in cells if (n := number(c)) is not None]
            put(found, (area, "votes", int(key)), where, numbers[0])
        if kind == "cause":
            put(found, (area, "cause", key), where, (number(cells[0]), number(cells[1])))
    for attrs in page.attributes:
        if "data-balance" in attrs:
            put(found, (area, "gap", attrs["data-balance"]), where, int(attrs["data-gap"]))
    for key, value in page.said.items():
        if len(key) == 3 and key[0] == "area" and key[2] == "coverage":
            put(found, (key[1], "coverage", "en" if en else "fr"), where, shown(value))
    return page


def page_of_station(found: Found, where: str, text: str, code: str, lang: str = "fr") -> Page:
    page = Page(text)
    for attrs in page.attributes:
        if "data-situation" in attrs and "data-station" not in attrs:
            put(found, ("station", code, "situation"), where, WORDS[int(attrs["data-situation"])])
        if "data-version" in attrs:
            put(found, ("station", code, "version"), where, int(attrs["data-version"]))
    for (kind, key), cells in page.cells.items():
        if kind == "list":
            put(found, ("station", code, f"c{key}"), where, number(cells[0] if number(cells[0]) is not None or len(cells) == 2 else next((c for c in cells if number(c) is not None), "")))  # fmt: skip
        if kind == "box" and key in BOXES:
            put(found, ("station", code, key), where, number(cells[0]))
    for key, value in page.said.items():
        if key[0] == "finding":
            put(found, ("station", code, "finding", key[1], lang), where, shown(value))
    return page


def stations_listed(found: Found, where: str, page: Page) -> None:
    for attrs in page.attributes:
        if "data-station" in attrs:
            put(found, ("station", attrs["data-station"], "situation"), where, WORDS[int(attrs["data-situation"])])


# --- all of them --------------------------------------------------------------------------------------
def read_all(one: Story, place: Path, client: Any) -> Found:
    found: Found = defaultdict(list)
    application(one, found, client)
    exports(one, found, client)
    programs(one, found)
    public_site(one, found, place / one.contest.code)
    if one.seed % 6 == 0:
        paper(one, found)
    return found


def paper(one: Story, found: Found) -> None:
    """The recap as PDF, of what the house counts: where nothing waits, what everybody reads."""
    import pypdfium2

    from kalata.tally.views.papers_out import recap_pdf

    if waits(one):
        return
    with pypdfium2.PdfDocument(recap_pdf(one.contest, None, blank=False)) as book:
        text = "".join(page.get_textpage().get_text_bounded() for page in book)
    told = {n for word in re.findall(r"[\d\u202f\u00a0,]+", text) if (n := number(word)) is not None}
    for i in (1, 2, 3):
        votes = one.total(f"c{i}")
        put(found, ("nation", "votes", i), "PDF of the recap", votes if votes in told else sorted(told))


def waits(one: Story) -> bool:
    return any(s.by_paper and s.situation != "counted" and s.code in one.counted_inside for s in one.stations.values())


def get(client: Any, address: str, lang: str = "fr") -> str:
    answer = client.get(address, headers={"accept-language": lang})
    assert answer.status_code == 200, address
    return answer.content.decode()


def application(one: Story, found: Found, client: Any) -> None:
    from kalata.results.access import as_seen_by
    from kalata.results.queries import board as boards

    here = f"/resultats/{one.contest.code}/"
    page_of_area(found, "application, national", get(client, here), "nation")
    page_of_area(found, "application, national, en", get(client, here, "en"), "nation", en=True)
    for where, address in (("list of contests", "/resultats/"),):
        text = get(client, f"{address}?q={one.contest.name_fr.replace(' ', '+')}")
        page_of_area(found, where, text, "nation")
    contest = as_seen_by(None, type(one.contest).objects.get(pk=one.contest.pk))
    units = list(boards.board(contest).frame.units.values())
    for unit in units:
        page = page_of_area(found, f"application, {unit.name}", get(client, f"{here}zone/{unit.pk}/"), unit.code)
        stations_listed(found, f"application, list of {unit.name}", page)
    stations_listed(found, "application, list", Page(get(client, f"{here}bureaux/")))
    for pk, code in Station.objects.filter(contest=one.contest).values_list("pk", "code"):
        taken_back = one.stations[code].situation in ("recalled", "annulled")
        if taken_back or one.chance.random() < 0.3:
            lang = one.chance.choice(["fr", "en"])
            page_of_station(
                found, f"application, {code}, {lang}", get(client, f"{here}bureaux/{pk}/", lang), code, lang
            )
    notices = Page(get(client, f"{here}lots/"))
    put(found, ("notices",), "application, notices", sorted(int(a["data-version"]) for a in notices.attributes if "data-version" in a))  # fmt: skip


def lines_of(client: Any, address: str) -> bytes:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


COLUMNS = {
    "attendus": "expected", "comptes": "counted", "annules": "annulled", "manquants": "missing", "rappeles": "recalled",
    "inscrits_manquants": "registered_missing", "inscrits_annules": "registered_annulled",
}  # fmt: skip


def whole(cell: Any) -> int | None:
    return None if cell in ("", None) else int(cell)


def exports(one: Story, found: Found, client: Any) -> None:
    here = f"/resultats/{one.contest.code}/donnees/"
    rows = list(csv.DictReader(io.StringIO(lines_of(client, here + "bureaux.csv").decode("utf-8-sig"))))
    for row in rows:
        station_row(found, "bureaux.csv", row["bureau"], row["etat"], row, {b: b for b in BOXES}, "voix_%d")
    zones = list(csv.DictReader(io.StringIO(lines_of(client, here + "zones.csv").decode("utf-8-sig"))))
    zone_row(found, "zones.csv", "nation", zones[0])
    for row in zones[1:]:
        names = [row[k] for k in row if k.startswith("zone_") and row[k]]
        zone_row(found, "zones.csv", ("path", *names), row)
    record = json.loads(lines_of(client, here + "resultats.json"))
    record_of(found, "resultats.json", "nation", record["stations"])
    for i, votes in enumerate(record["votes"].values(), 1):
        put(found, ("nation", "votes", i), "resultats.json", votes)
    for name in BOXES:
        put(found, ("nation", name), "resultats.json", record["figures"][name])
    balances_of(found, "resultats.json", "nation", record["balances"])
    for area in record["areas"]:
        record_of(found, "resultats.json", ("path", *area["path"]), area["stations"])
        for name in BOXES:
            if name != "valid":
                put(found, (("path", *area["path"]), name), "resultats.json", area["figures"][name])
    book = openpyxl.load_workbook(io.BytesIO(lines_of(client, here + "resultats.xlsx")), read_only=True)
    sheet = [[c.value for c in r] for r in book["Zones"].iter_rows()]
    nation = dict(zip(sheet[0], sheet[1], strict=False))
    for column, name in COLUMNS.items():
        put(found, ("nation", name), "resultats.xlsx", whole(nation.get(column)))
    stations = [[c.value for c in r] for r in book["Bureaux"].iter_rows()]
    at = stations[0].index("etat")
    for row in stations[1:]:
        put(found, ("station", row[0], "situation"), "resultats.xlsx", row[at])


def zone_row(found: Found, where: str, area: Any, row: dict[str, str]) -> None:
    for column, name in COLUMNS.items():
        put(found, (area, name), where, whole(row[column]))
    put(found, (area, "coverage", "decimal"), where, row["couverture"])
    for name in BOXES:
        if name != "valid":
            put(found, (area, name), where, whole(row[name]))
    put(found, (area, "valid"), where, whole(row["exprimes_retenus"]))
    for i in (1, 2, 3):
        put(found, (area, "votes", i), where, whole(row[f"voix_{i}"]))


def station_row(found: Found, where: str, code: str, situation: str, row: dict[str, str], names: dict[str, str], votes: str) -> None:  # fmt: skip
    put(found, ("station", code, "situation"), where, situation)
    if situation in ("counted", "annulled"):
        for box, name in names.items():
            put(found, ("station", code, box), where, whole(row[name]))
        for i in (1, 2, 3):
            put(found, ("station", code, f"c{i}"), where, whole(row[votes % i]))


def record_of(found: Found, where: str, area: Any, record: dict[str, Any]) -> None:
    for name in ("expected", "counted", "annulled", "missing", "recalled", "registered_missing", "registered_annulled"):
        put(found, (area, name), where, record[name])
    put(found, (area, "coverage", "decimal"), where, record["coverage"])


def balances_of(found: Found, where: str, area: Any, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        parts = sum(row[k]["sum"] for k in ("more", "less", "empty"))
        put(found, (area, "parts", row["check"]), where, row["gap"] - parts)
        if row["gap"] or any(row[k]["stations"] for k in ("more", "less", "empty")):
            put(found, (area, "gap", row["check"]), where, row["gap"])


def programs(one: Story, found: Found) -> None:
    """The API, for a key that reads the whole country: where nothing waits, it reads what everybody reads."""
    from django.test import Client

    if waits(one):
        return
    answer = Client().get(
        f"/api/contests/{one.contest.code}/coverage", headers={"authorization": f"Bearer {one.house.key}"}
    )
    assert answer.status_code == 200, answer.content
    record = answer.json()
    record_of(found, "API", "nation", record)
    put(found, ("nation", "received"), "API", record["received"])
    for cause in record["missing_by_cause"]:
        put(found, ("nation", "cause", cause["cause"]), "API", (cause["stations"], cause["registered"]))
    balances_of(found, "API", "nation", record["balances"])
    for area in record["areas"]:
        record_of(found, "API", area["code"], area)


def public_site(one: Story, found: Found, site: Path) -> None:
    log = LogFolder(site / "log")
    tree = log.tree()
    front = re.search(r"([0-9a-f]{16})…", (site / "index.html").read_text())
    assert front is not None
    put(found, ("root", "front"), "the log", log.checkpoint().root.hex()[:16])
    put(found, ("root", "front"), "site, index.html", front[1])
    for name, en in (
        ("index.html", False),
        ("en/index.html", True),
        ("bm/index.html", False),
        ("card/index.html", False),
    ):
        page_of_area(found, f"site, {name}", (site / name).read_text(), "nation", en=en)
    page_of_area(found, "site, missing.html", (site / "missing.html").read_text(), "nation")
    for folder in ("", "en/"):
        for path in sorted((site / f"{folder}r").rglob("*.html")):
            page = page_of_area(found, f"site, {folder}{path.name}", path.read_text(), path.stem, en=bool(folder))
            stations_listed(found, f"site, list of {folder}{path.name}", page)
    for path in [*(site / "card" / "r").rglob("*.html"), *(site / "poster").rglob("*.html")]:
        page_of_area(found, f"site, {path.parent.name}/{path.name}", path.read_text(), path.stem)
    for code, station in one.stations.items():
        part = "fds" if station.by_paper else "general"
        for folder in ("", "en/"):
            text = (site / f"{folder}pv/{slug((part, code))}.html").read_text()
            page_of_station(found, f"site, {folder}{code}", text, code, "en" if folder else "fr")
            if named := re.search(r'data-root-size="(\d+)".*?<p class="hash">([0-9a-f]{64})</p>', text, re.S):
                size = int(named[1])
                put(found, ("root", size), "the log", tree.root(size).hex())
                put(found, ("root", size), f"site, {folder}{code}", named[2])
    for row in csv.DictReader(io.StringIO((site / "d/areas.csv").read_text())):
        site_area_row(found, row)
    versions: dict[str, int] = defaultdict(int)
    for row in csv.DictReader(io.StringIO((site / "d/results.csv").read_text())):
        versions[row["station"]] = max(versions[row["station"]], int(row["revision"]) + 1)
        if row["state"] == "current":
            names = {b: LOG_NAMES[b] for b in BOXES}
            station_row(found, "site, results.csv", row["station"], "counted", row, names, "votes_%d")
    for code, n in versions.items():
        put(found, ("station", code, "version"), "site, results.csv", n)
    record = json.loads((site / "d/results.json").read_text())
    for area in record["areas"]:
        name = "nation" if area["level"] == "nation" else area["code"]
        record_of(found, "site, results.json", name, area["stations"])
        balances_of(found, "site, results.json", name, area["balances"])
        for box in BOXES:
            if box != "valid":
                put(found, (name, box), "site, results.json", area["figures"][LOG_NAMES[box]])
        put(found, (name, "valid"), "site, results.json", area["valid"])
        for i, votes in area["votes"].items():
            put(found, (name, "votes", int(i)), "site, results.json", votes)
    feed = ElementTree.fromstring((site / "feed.atom").read_text())
    said = feed.find("{http://www.w3.org/2005/Atom}entry/{http://www.w3.org/2005/Atom}title")
    assert said is not None and said.text
    counted, expected, share = re.match(r"(\d+) procès-verbaux sur (\d+) \((.*?)\)", said.text).groups()  # type: ignore[union-attr]
    put(found, ("nation", "counted"), "site, feed.atom", int(counted))
    put(found, ("nation", "expected"), "site, feed.atom", int(expected))
    put(found, ("nation", "coverage", "fr"), "site, feed.atom", shown(share))
    assert said.text in (site / "feed.rss").read_text()


def site_area_row(found: Found, row: dict[str, str]) -> None:
    area = "nation" if row["level"] == "nation" else row["code"]
    for column, name in (("expected", "expected"), ("included", "counted"), ("annulled", "annulled"), ("missing", "missing"), ("recalled", "recalled"), ("registered_missing", "registered_missing"), ("registered_annulled", "registered_annulled")):  # fmt: skip
        put(found, (area, name), "site, areas.csv", whole(row[column]))
    put(found, (area, "coverage", "decimal"), "site, areas.csv", row["coverage"])
    for box in BOXES:
        if box != "valid":
            put(found, (area, box), "site, areas.csv", whole(row[LOG_NAMES[box]]))


# --- comparison -----------------------------------------------------------------------------------------
def areas_of(one: Story) -> dict[Any, Any]:
    """Every way an output names an area -> which stations lie in it."""
    from kalata.country.models import Unit

    out: dict[Any, Any] = {"nation": None}
    paths: dict[str, tuple[str, ...]] = {}
    units = {u.pk: u for u in Unit.objects.filter(geography=one.contest.election.geography)}
    for code, pk in Station.objects.filter(contest=one.contest).values_list("code", "unit"):
        trail, step = [], pk
        while step:
            trail.insert(0, units[step])
            step = units[step].parent_id
        paths[code] = tuple(u.code for u in trail)
        names = tuple(u.name for u in trail)
        for depth in range(1, len(trail) + 1):
            inside = _inside(paths, depth, trail[depth - 1].code)
            out[trail[depth - 1].code] = inside
            out["path", *names[:depth]] = inside
    return out


def _inside(paths: dict[str, tuple[str, ...]], depth: int, code: str) -> Any:
    return lambda s: paths[s.code][depth - 1 : depth] == (code,)


def truth_of(one: Story, area: Any, inside: Any) -> dict[tuple[Any, ...], Any]:
    out: dict[tuple[Any, ...], Any] = {}
    counts = one.expected(inside)
    for name, n in counts.items():
        out[area, name] = n
    share = Fraction(counts["counted"], counts["expected"]) if counts["expected"] else None
    for lang in ("fr", "en"):
        out[area, "coverage", lang] = shown(percent(share, lang, 1))
    out[area, "coverage", "decimal"] = "" if share is None else decimal_string(share, 6)
    totals = {b: one.total(b, inside) for b in BOXES if b != "valid"}
    out |= {(area, b): n for b, n in totals.items()}
    found = [s for s in one.stations.values() if inside is None or inside(s)]
    counted = [s for s in found if s.situation == "counted"]
    out[area, "valid"] = sum(one.value(s, "valid") for s in counted)
    for i in (1, 2, 3):
        out[area, "votes", i] = sum(one.value(s, f"c{i}") for s in counted)
    turnout = Fraction(totals["voters"], totals["registered"]) if totals["registered"] else None
    for places in (1, 2):
        for lang in ("fr", "en"):
            out[area, "turnout", places, lang] = shown(percent(turnout, lang, places))
    away = [s for s in found if s.situation in ("missing", "recalled")]
    unlisted = counts["expected"] - len(found)
    out[area, "registered_missing"] = None if unlisted else total_of([s.registered for s in away])
    struck = [s.registered if s.registered is not None else (s.shown or {}).get("registered") for s in found if s.situation == "annulled"]  # fmt: skip
    out[area, "registered_annulled"] = total_of(struck)
    if inside is None:
        out[area, "received"] = one.received
    return out


def total_of(values: list[int | None]) -> int | None:
    return None if any(v is None for v in values) else sum(v or 0 for v in values)


def truth_of_station(station: Seen) -> dict[tuple[Any, ...], Any]:
    name = ("station", station.code)
    out: dict[tuple[Any, ...], Any] = {(*name, "situation"): station.situation}
    if station.version:
        assert station.shown is not None
        out[*name, "version"] = station.version
        out |= {(*name, key): value for key, value in station.shown.items()}
    return out


def compare(one: Story, found: Found) -> list[str]:
    """Where an output says something else than the account, or two outputs something else than each other."""
    truth: dict[tuple[Any, ...], Any] = {("notices",): sorted(v for _c, v in one.notices)}
    for area, inside in areas_of(one).items():
        truth |= truth_of(one, area, inside)
    for station in one.stations.values():
        truth |= truth_of_station(station)
    apart = []
    for meaning, values in found.items():
        if meaning[1:2] == ("parts",):
            apart += [f"{meaning}: {w} leaves {v} unexplained" for w, v in values if v]
            continue
        right = truth[meaning] if meaning in truth else values[0][1]
        apart += [f"{meaning}: {where} says {value!r}, not {right!r}" for where, value in values if value != right]
    return apart
