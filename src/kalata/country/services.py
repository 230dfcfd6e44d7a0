"""Every write about places, packs and contests. One function per act of a person."""

from __future__ import annotations

import csv
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path
from typing import Any

from django.db import transaction

from kalata import codes, plain
from kalata.country import freezing, kinds, packs
from kalata.country.freezing import ContestLocked as ContestLocked
from kalata.country.models import Constituency, Contest, Crosswalk, Election, Geography, Option, PackVersion, Unit
from kalata.country.redrawing import import_outlines as import_outlines
from kalata.country.redrawing import keep_outlines as keep_outlines
from kalata.country.rules.pack import Pack, sources_of
from kalata.ledger.bonds import Gone
from kalata.ledger.services import Actor, record
from kalata.refusals import Refused
from kalata.text import fold as fold
from kalata.text import gettext_noop as _


class BadGeographyFile(Refused):
    code = "GEO-101"
    says = _("Fichier %(file)s, ligne %(row)d, champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez la ligne et recommencez. Rien n’a été enregistré.")
    status = 422


class BadContest(Refused):
    code = "CON-102"
    says = _("Champ « %(field)s » : %(why)s.")
    remedy = _("Corrigez ce champ et recommencez.")
    status = 422


class UnknownGeography(Refused):
    code = "GEO-102"
    says = _("Le découpage « %(code)s » n’est pas chargé.")
    remedy = _("Chargez le pack ou importez ce découpage d’abord.")
    status = 404


MOST_CSV = 20 * 2**20
LEVELS = frozenset("123456789")


def jsonable(pack: Pack) -> Any:
    return json.loads(json.dumps(pack.plain(), default=str))


@transaction.atomic
def load_pack_version(pack: Pack, *, by: Actor | None = None, folder: Path | None = None) -> PackVersion:
    """Keep this version of a pack and make its geographies usable. The same pack twice changes nothing."""
    digest = pack.fingerprint()
    if found := PackVersion.objects.filter(sha256=digest).first():
        return found
    version = PackVersion.objects.create(code=pack.code, version=pack.version, sha256=digest, content=jsonable(pack))
    folder = folder or (packs.PACKS / pack.code)
    for geography in pack.records("geographies"):
        keep_geography(pack, geography, folder)
    keep_crosswalks(pack)
    record(
        by=by, kind=kinds.PACK_LOADED, subject=f"pack:{pack.code}", after={"version": pack.version, "sha256": digest}
    )
    return version


def keep_geography(pack: Pack, record_: Mapping[str, Any], folder: Path) -> None:
    outlines = None
    if name := record_.get("outlines"):
        path = folder / str(name)
        outlines = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else None
    geography, _fresh = Geography.objects.get_or_create(
        code=record_["id"],
        defaults={
            "name_fr": record_["name_fr"],
            "name_en": record_["name_en"],
            "legal_basis": record_.get("legal_basis", ""),
            "valid_from": record_.get("valid_from"),
            "valid_to": record_.get("valid_to"),
            "levels": record_["levels"],
            "source": ", ".join(record_["source"]),
            "confidence": record_["confidence"],
            "outlines": outlines,
        },
    )
    made = {u.code: u for u in geography.units.all()}
    rows: list[Mapping[str, Any]] = list(pack.units(str(record_["id"])))
    for row in sorted(rows, key=lambda r: int(str(r["level"]))):
        if row["code"] in made:
            continue
        made[str(row["code"])] = Unit.objects.create(
            geography=geography,
            code=row["code"],
            level=row["level"],
            name=row["name"],
            sort_name=fold(str(row["name"])),
            kind=row["kind"],
            parent=made.get(str(row.get("parent"))),
            aliases=row.get("aliases") or [],
            outline=row.get("outline") or "",
            source=", ".join(row["source"]),
            confidence=row["confidence"],
        )


def keep_crosswalks(pack: Pack) -> None:
    units = {(u.geography.code, u.code): u for u in Unit.objects.select_related("geography")}
    rows: tuple[Mapping[str, Any], ...] = pack.records("crosswalks")
    for row in rows:
        Crosswalk.objects.get_or_create(
            origin=units[(str(row["from_geography"]), str(row["from_unit"]))],
            target=units[(str(row["to_geography"]), str(row["to_unit"]))],
            defaults={
                "share": row["share"],
                "method": row["method"],
                "source": ", ".join(row["source"]),
                "confidence": row["confidence"],
            },
        )


@transaction.atomic
def import_geography(
    *, path: str, code: str, name: str, valid_from: str | None, source: str, by: Actor | None = None
) -> dict[str, Any]:
    """Import a hierarchy from CSV; idempotent. Broken chains are repaired by `region_id` and
    `cercle_id` where the file has them, and reported, none hidden.

    Raises:
        BadGeographyFile: GEO-101, naming row and field; nothing is stored.
    """
    rows = plain.rows_of(Path(path).read_bytes(), file=Path(path).name, most=MOST_CSV)
    for column in ("id", "level", "name", "parent_id"):
        if not rows or column not in rows[0]:
            raise BadGeographyFile(file=Path(path).name, row=1, field=column, why="colonne absente")
    seen: dict[str, int] = {}
    held = Unit.objects.filter(geography__code=code).values_list("code", flat=True)
    alike = {codes.key(c): c for c in held}
    problems: list[str] = []
    doubled: set[int] = set()
    for number, row in enumerate(rows, 2):
        for column, most in (("id", 60), ("name", 200), ("type", 60)):
            if len(row.get(column, "")) > most:
                raise BadGeographyFile(file=Path(path).name, row=number, field=column, why=f"plus de {most} signes")
        if not row["id"]:
            raise BadGeographyFile(file=Path(path).name, row=number, field="id", why="vide")
        tidied = codes.tidy(row["id"])
        if isinstance(tidied, codes.Fault):
            raise BadGeographyFile(file=Path(path).name, row=number, field="id", why=tidied.message)
        row["id"], row["parent_id"] = tidied, str(codes.tidy(row["parent_id"])) if row["parent_id"] else ""
        if alike.setdefault(codes.key(tidied), tidied) != tidied:
            raise BadGeographyFile(file=Path(path).name, row=number, field="id", why=codes.SameCode(value=tidied, other=alike[codes.key(tidied)]).message)  # fmt: skip
        if row["level"] not in LEVELS:
            raise BadGeographyFile(
                file=Path(path).name, row=number, field="level", why="un entier de 1 à 9 est attendu"
            )
        if row["id"] in seen:  # published files do have them: the first row stands, the second is reported
            doubled.add(number)
            problems.append(
                f"GEO-106 ligne {number} : l’identifiant {row['id']} ({row['name']}) figure déjà ; la première ligne est gardée"
            )
            continue
        if not row["name"].strip():
            raise BadGeographyFile(file=Path(path).name, row=number, field="name", why="vide")
        seen[row["id"]] = int(row["level"])
    named: dict[int, str] = {}
    for row in rows:
        named.setdefault(int(row["level"]), row.get("type") or f"niveau {row['level']}")
    geography, _made = Geography.objects.get_or_create(
        code=code,
        defaults={
            "name_fr": name,
            "name_en": name,
            "valid_from": valid_from or None,
            "source": source,
            "confidence": "secondary source",
            "levels": [{"level": n, "fr": k.capitalize(), "en": k.capitalize()} for n, k in sorted(named.items())],
        },
    )
    have = {u.code: u for u in geography.units.all()}
    added = repairs = 0
    for level in sorted(named):
        batch = []
        for number, row in enumerate(rows, 2):
            if number in doubled or int(row["level"]) != level or row["id"] in have:
                continue
            parent = row["parent_id"]
            if level > 1 and (parent not in seen or seen[parent] >= level):
                repaired = next(
                    (row.get(k) for k in ("cercle_id", "region_id") if row.get(k) in seen and seen[row[k]] < level),
                    None,
                )
                problems.append(
                    f"GEO-103 ligne {number} : {row['id']} {row['name']}, parent « {parent} » absent ; rattaché à {repaired or 'rien'}"
                )
                parent = repaired or ""
                repairs += 1
            batch.append(
                Unit(
                    geography=geography,
                    code=row["id"],
                    level=level,
                    name=row["name"],
                    sort_name=fold(row["name"]),
                    kind=row.get("type", ""),
                    parent=have.get(parent),
                    source=source,
                    confidence="secondary source",
                )
            )
        added += len(batch)
        have |= {u.code: u for u in Unit.objects.bulk_create(batch)}
    record(
        by=by,
        kind=kinds.GEOGRAPHY_IMPORTED,
        subject=f"geography:{code}",
        after={"units": len(rows), "added": added, "problems": len(problems)},
    )
    return {
        "geography": code,
        "rows": len(rows),
        "added": added,
        "unchanged": len(rows) - added - len(doubled),
        "doubled": len(doubled),
        "repaired": repairs,
        "problems": problems,
    }


@transaction.atomic
def import_crosswalk(
    *,
    path: str,
    origin: str,
    target: str,
    from_column: str,
    to_column: str,
    method_column: str,
    source: str,
    by: Actor | None = None,
) -> dict[str, Any]:
    """Import a correspondence; rows whose unit is unknown or whose target is empty are listed."""
    for code in (origin, target):
        if not Geography.objects.filter(code=code).exists():
            raise UnknownGeography(code=code)
    a = {u.code: u for u in Unit.objects.filter(geography__code=origin)}
    b = {u.code: u for u in Unit.objects.filter(geography__code=target)}
    problems: list[str] = []
    pairs: dict[str, dict[str, int]] = {}
    methods: dict[tuple[str, str], str] = {}
    with open(path, encoding="utf-8-sig", newline="") as handle:
        for number, row in enumerate(csv.DictReader(handle), 2):
            left, right = row.get(from_column, ""), row.get(to_column, "")
            if left not in a or right not in b:
                problems.append(
                    f"GEO-104 ligne {number} : « {left} » → « {right or 'vide'} » ne peut pas être rattaché"
                )
                continue
            pairs.setdefault(left, {}).setdefault(right, 0)
            pairs[left][right] += 1
            methods[(left, right)] = row.get(method_column, "") if method_column else ""
    made = 0
    for left, targets in pairs.items():
        total = sum(targets.values())
        for right, count in targets.items():
            _row, fresh = Crosswalk.objects.update_or_create(
                origin=a[left],
                target=b[right],
                defaults={
                    "share": str(Fraction(count, total)),
                    "method": methods[(left, right)] or f"{count}/{total}",
                    "source": source,
                    "confidence": "secondary source",
                },
            )
            made += fresh
    record(
        by=by,
        kind=kinds.CROSSWALK_IMPORTED,
        subject=f"crosswalk:{origin}>{target}",
        after={"added": made, "unmapped": len(problems)},
    )
    return {
        "added": made,
        "mapped": sum(len(t) for t in pairs.values()),
        "unmapped": len(problems),
        "problems": problems,
    }


@transaction.atomic
def create_election(
    *,
    code: str,
    name_fr: str,
    name_en: str,
    pack: PackVersion,
    geography: Geography,
    polling_day: date | None,
    exercise: bool = False,
    by: Actor | None = None,
) -> Election:
    """A new consultation, bound for good to one pack version and one geography."""
    if Election.objects.filter(code__iexact=codes.slug(code)).exists():
        raise BadContest(field="code", why="ce code est déjà pris")
    election = Election.objects.create(
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        pack=pack,
        geography=geography,
        polling_day=polling_day,
        exercise=exercise,
    )
    record(
        by=by,
        kind=kinds.ELECTION_CREATED,
        subject=f"election:{code}",
        after={"name": name_fr, "pack": pack.sha256, "geography": geography.code, "polling_day": str(polling_day)},
    )
    return election


@transaction.atomic
def own_geography(*, code: str, name: str, levels: Sequence[str], by: Actor | None = None) -> Geography:
    """A geography filled from the files of one election, for a country whose map is not loaded."""
    geography, fresh = Geography.objects.get_or_create(
        code=code,
        defaults={
            "name_fr": name,
            "name_en": name,
            "levels": [{"level": i, "fr": n, "en": n} for i, n in enumerate(levels, 1)],
            "source": "imported file",
            "confidence": "secondary source",
        },
    )
    if fresh:
        record(by=by, kind=kinds.GEOGRAPHY_CREATED, subject=f"geography:{code}", after={"levels": list(levels)})
    return geography


@transaction.atomic
def create_contest(
    *,
    election: Election,
    code: str,
    name_fr: str,
    name_en: str = "",
    system: Mapping[str, Any],
    boxes: Sequence[str],
    options: Sequence[Mapping[str, str]] = (),
    round_: int = 1,
    previous: Contest | None = None,
    place: str = "",
    constituency_level: int | None = None,
    polling_day: date | None = None,
    expected_stations: int | None = None,
    annulled_keeps: Sequence[str] = (),
    absent: Sequence[Mapping[str, Any]] = (),
    by: Actor | None = None,
) -> Contest:
    """A contest with its options in ballot order. BadContest (CON-102) names the field."""
    if Contest.objects.filter(code__iexact=codes.slug(code)).exists():
        raise BadContest(field="code", why="ce code est déjà pris")
    contest = Contest.objects.create(
        election=election,
        code=code,
        name_fr=name_fr,
        name_en=name_en,
        round=round_,
        previous=previous,
        place=place,
        system=dict(system),
        boxes=list(boxes),
        constituency_level=constituency_level,
        polling_day=polling_day or election.polling_day,
        expected_stations=expected_stations,
        annulled_keeps=list(annulled_keeps),
        absent=[dict(a) for a in absent],
    )
    set_options(contest=contest, options=options, by=by)
    record(
        by=by,
        rows=[contest],
        kind=kinds.CONTEST_CREATED,
        subject=f"contest:{code}",
        after={"name": name_fr, "system": dict(system), "round": round_},
    )
    return contest


@transaction.atomic
def set_options(
    *, contest: Contest, options: Sequence[Mapping[str, str]], by: Actor | None = None, qualified: bool = False
) -> None:
    """Replace the candidates or lists of a contest that has no figure yet (CON-101 otherwise).

    qualified: they are those of a first round, given by two persons; nobody alone changes the list of a second round.
    """
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    freezing.free(contest, "options")
    ids = [str(o.get("code") or o["name"]) for o in options]
    for code in ids:
        if ids.count(code) > 1:
            raise BadContest(field="options", why=f"« {code} » figure deux fois")
        if not code.strip():
            raise BadContest(field="options", why="un nom est vide")
    ids = [codes.label(code) for code in ids]
    names = [codes.label(str(o["name"])) for o in options]
    codes.distinct(ids)
    codes.distinct(names, codes.name_key)
    emblems = [str(o.get("emblem", "")).strip() for o in options]
    own_emblems(emblems)
    if contest.previous_id:
        known = set(contest.previous.options.values_list("code", flat=True)) if contest.previous else set()
        for code in ids:
            if code not in known:
                raise BadContest(field="options", why=f"E14 : « {code} » n’était pas au premier tour")
        held = list(contest.options.order_by("rank").values_list("code", flat=True))
        if held and held != ids and not qualified:
            raise BadContest(
                field="options", why="la liste d’un second tour est donnée par le premier, à deux personnes"
            )
    before = [o.name for o in contest.options.all()]
    gone = Gone(Option, tuple(contest.options.values_list("pk", flat=True)))
    contest.options.all().delete()
    Option.objects.bulk_create(
        Option(contest=contest, rank=rank, code=code, name=name, emblem=emblem)
        for rank, (code, name, emblem) in enumerate(zip(ids, names, emblems, strict=True), 1)
    )
    if before or names:
        record(
            by=by, kind=kinds.CONTEST_OPTIONS, subject=f"contest:{contest.code}", before=before, after=names,
            rows=[gone, contest.options.all()],
        )  # fmt: skip


def own_emblems(emblems: Sequence[str]) -> None:
    """Each emblem is of one option. CON-102 names the one that two would carry."""
    seen: set[str] = set()
    for emblem in filter(None, emblems):
        if codes.key(emblem) in seen:
            raise BadContest(field="options", why=f"l’emblème « {emblem} » est celui de deux candidatures")
        seen.add(codes.key(emblem))


@transaction.atomic
def update_contest(*, contest: Contest, by: Actor, **values: Any) -> Contest:
    """Change names, dates or expected stations; what gives figures their meaning only while there is none (CON-101)."""
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    changed = {k: v for k, v in values.items() if getattr(contest, k) != v}
    freezing.free(contest, *(k for k in changed if k in freezing.MEANING))
    before = {k: getattr(contest, k) for k in changed}
    for key, value in changed.items():
        setattr(contest, key, value)
    if changed:
        contest.revision += 1 if contest.revision else 0
        contest.save()
        record(
            by=by,
            kind=kinds.CONTEST_CHANGED,
            rows=[contest],
            subject=f"contest:{contest.code}",
            before=json.loads(json.dumps(before, default=str)),
            after=json.loads(json.dumps(changed, default=str)),
        )
    return contest


@transaction.atomic
def set_constituencies(*, contest: Contest, rows: Sequence[Mapping[str, Any]], by: Actor | None = None) -> int:
    """Set the constituencies and their seats while there is no figure (CON-101). Rows: code, name, seats, source, confidence."""
    contest = Contest.objects.select_for_update().get(pk=contest.pk)
    freezing.free(contest, "constituencies")
    return write_constituencies(contest=contest, rows=clean_constituencies(contest, rows), by=by)


def clean_constituencies(contest: Contest, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Rows as they are kept. Raises: CON-102 seats below 1, COD-101 no code or name, COD-102 two codes alike."""
    held = set(contest.constituencies.values_list("code", flat=True))
    codes.distinct({*held, *(codes.code(str(row["code"])) for row in rows)})
    for row in rows:
        if type(row["seats"]) is not int or not 1 <= row["seats"] <= 32_767:
            raise BadContest(field=f"seats {row['code']}", why="un entier d’au moins 1 est attendu")
    return [
        {
            "code": codes.code(str(row["code"])),
            "name": codes.label(str(row["name"])),
            "seats": row["seats"],
            "source": row.get("source", ""),
            "confidence": row.get("confidence", ""),
        }
        for row in rows
    ]


def write_constituencies(*, contest: Contest, rows: Sequence[Mapping[str, Any]], by: Actor | None = None) -> int:
    """Keep clean rows. The caller holds the contest's lock and has asked whether they may still change."""
    before = {c.code: c.seats for c in contest.constituencies.all()}
    for row in rows:
        values = {k: row[k] for k in ("name", "seats", "source", "confidence")}
        Constituency.objects.update_or_create(contest=contest, code=row["code"], defaults=values)
    after = {c.code: c.seats for c in contest.constituencies.all()}
    placed = place_stations(contest)
    if before != after or placed:
        contest.register_revision += 1
        contest.revision += 1 if contest.revision else 0
        contest.save(update_fields=["revision", "register_revision"])
        record(by=by, kind=kinds.CONTEST_CONSTITUENCIES, subject=f"contest:{contest.code}", before=before, after=after)
    return len(after)


def place_stations(contest: Contest) -> int:
    """Put the stations that have no constituency into the one that carries the code of their unit
    or of a unit above it. Returns how many were placed."""
    by_code = dict(contest.constituencies.values_list("code", "pk"))
    placed = 0
    for unit, code in homes(contest, by_code).items():
        found = contest.stations.filter(unit_id=unit, constituency__isnull=True)
        placed += found.update(constituency_id=by_code[code])
    return placed


def unplaced(contest: Contest, rows: Sequence[Mapping[str, Any]]) -> dict[int, str]:
    """station id -> the constituency it would be put into, of stations that have none yet."""
    found = homes(contest, {*contest.constituencies.values_list("code", flat=True), *(r["code"] for r in rows)})
    loose = contest.stations.filter(constituency=None).values_list("pk", "unit_id")
    return {pk: found[unit] for pk, unit in loose if unit in found}


def homes(contest: Contest, known: Collection[str]) -> dict[int, str]:
    """unit id -> the constituency that carries its code, or that of the nearest unit above it."""
    above = {
        pk: (code, parent)
        for pk, code, parent in Unit.objects.filter(geography_id=contest.election.geography_id).values_list(
            "pk", "code", "parent_id"
        )
    }
    home: dict[int, str] = {}
    for unit in above:
        step: int | None = unit
        while step is not None:
            code, parent = above[step]
            if code in known:
                home[unit] = code
                break
            step = parent
    return home


def constituencies_from_pack(*, contest: Contest, name: str, by: Actor) -> int:
    """Take a set of constituencies and seats from the pack the contest is bound to."""
    return set_constituencies(contest=contest, rows=pack_constituencies(contest, name), by=by)


def pack_constituencies(contest: Contest, name: str) -> list[dict[str, Any]]:
    """The rows of a set of constituencies of the pack. CON-102: it has none of this name."""
    rows = [
        {
            "code": r["unit"],
            "name": r["name"],
            "seats": r["seats"],
            "source": ", ".join(sources_of(r)),
            "confidence": r["confidence"],
        }
        for r in contest.election.pack.pack.records("constituencies")
        if r["set"] == name
    ]
    if not rows:
        raise BadContest(field="set", why="ce jeu n’existe pas dans le pack")
    return rows
