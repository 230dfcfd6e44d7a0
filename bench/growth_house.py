"""A house of one size: import beside bare inserts, pages after a change and then again, one row corrected."""

from __future__ import annotations

import gzip
import json
import os
import random
import sqlite3
import sys
import tempfile
from pathlib import Path
from typing import Any

from bench.growth_log import spent

OPTIONS = [f"Liste {i:02d}" for i in range(1, 13)]
FIGURES = {"registered": "inscrits", "voters": "votants", "ballots": "bulletins", "null_ballots": "nuls", "valid": "exprimes"}  # fmt: skip
AREAS = ["region", "cercle", "arrondissement", "commune", "quartier"]


def row_of(i: int, chance: random.Random) -> list[Any]:
    votes = [chance.randint(0, 30) for _o in OPTIONS]
    valid, null = sum(votes), chance.randint(0, 9)
    down = [i % 20, i % 160, i % 480, i % 1_600, i % 4_800]
    areas = ["-".join(f"{name[0]}{n}" for name, n in zip(AREAS[: k + 1], down, strict=False)) for k in range(5)]
    return [*areas, f"{i:07d}", valid + null + 150, valid + null, valid + null, null, valid, *votes]


def written(path: Path, rows: list[list[Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.write(",".join([*AREAS, "bureau", *FIGURES.values(), *OPTIONS]) + "\n")
        out.writelines(",".join(map(str, row)) + "\n" for row in rows)
    return path


def bare(rows: list[list[Any]], path: Path) -> None:
    """The least that keeps them: a station and a packed sheet each, in one transaction, by the database's own module."""
    import numpy as np

    held = sqlite3.connect(path)
    held.execute(
        "create table s (id integer primary key, code text unique, name text, unit integer, registered integer)"
    )
    held.execute("create table r (id integer primary key, station integer unique, version integer, standing integer, sheet blob, at text)")  # fmt: skip
    held.executemany(
        "insert into s values (?, ?, ?, ?, ?)", [(i, r[5], r[5], i % 4_800, r[6]) for i, r in enumerate(rows)]
    )
    held.executemany("insert into r values (?, ?, 1, 1, ?, 'now')", [(i, i, np.array(r[6:], "<i4").tobytes()) for i, r in enumerate(rows)])  # fmt: skip
    held.commit()


def same(source: Path, path: Path) -> tuple[float, int]:
    """Seconds of every row that an import must keep, put as it stands into tables of the same columns and indexes,
    without guards, by the database's own module; and how many rows those are."""
    tables = ("country_unit", "country_station", "results_stationreport")
    held, made = sqlite3.connect(f"file:{source}?mode=ro", uri=True), sqlite3.connect(path)
    marks = ", ".join("?" * len(tables))
    for (text,) in held.execute(f"select sql from sqlite_master where tbl_name in ({marks}) and type in ('table', 'index') and sql is not null order by type <> 'table'", tables):  # fmt: skip  # noqa: S608
        made.execute(text)
    rows = {name: held.execute(f"select * from {name}").fetchall() for name in tables}  # noqa: S608

    def put() -> None:
        made.execute("begin")
        for name, every in rows.items():
            made.executemany(f"insert into {name} values ({', '.join('?' * len(every[0]))})", every)  # noqa: S608
        made.commit()

    return spent(put), sum(map(len, rows.values()))


def prepared() -> Any:
    """(contest, who brings files): tables, the pack of Mali, a contest without stations."""
    import django

    django.setup()
    from django.core.management import call_command

    from kalata.country import packs
    from kalata.country import services as country
    from kalata.people import services as people
    from kalata.people.models import Person

    call_command("migrate", verbosity=0)
    call_command("collectstatic", "--noinput", verbosity=0)
    version = country.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    by = Person.objects.create(username="banc", full_name="Banc", is_active=True)
    people.give_mandate(person=by, role="superviseur")
    geography = country.own_geography(code="banc", name="Banc", levels=[a.title() for a in AREAS])
    election = country.create_election(
        code="banc", name_fr="Banc", name_en="Bench", pack=version, geography=geography, polling_day=None, exercise=True
    )
    contest = country.create_contest(
        election=election, code="banc", name_fr="Banc", system={"kind": "two_round_majority"},
        boxes=list(FIGURES), options=[{"name": n} for n in OPTIONS],
    )  # fmt: skip
    return contest, by


def brought(contest: Any, by: Any, path: Path, create: str) -> None:
    from kalata.results.services import committing, importing

    with path.open("rb") as content:
        one = importing.upload(contest=contest, name=path.name, content=content, by=by)
    profile = {"rows": "wide", "station": ["bureau"], "areas": AREAS, "figures": FIGURES, "options": OPTIONS}
    importing.set_mapping(one=one, profile=profile, create=create, by=by)
    importing.dry_run(one)
    committing.ask_or_commit(one=one, reason="banc", by=by)
    one.refresh_from_db()
    if one.state != "committed":
        raise SystemExit(f"not stored: {one.state} {one.report}")


def main(stations: int) -> dict[str, float]:
    from django.db import connection

    chance = random.Random(1)
    rows = [row_of(i, chance) for i in range(stations)]
    with tempfile.TemporaryDirectory() as keep:
        where = Path(keep)
        os.environ |= {"KALATA_VAR": f"{keep}/var", "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1", "KALATA_MICRO_CACHE": "0"}  # fmt: skip
        contest, by = prepared()
        path = written(where / "f.csv.gz", rows)
        found = {"import": spent(lambda: brought(contest, by, path, "all"))}
        found["  bare inserts of the same"] = min(spent(lambda n=n: bare(rows, where / f"bare{n}")) for n in range(3))
        found["  the same rows in the same tables, bare"], _rows = same(where / "var" / "kalata.sqlite3", where / "same")
        contest.refresh_from_db()
        from kalata.ledger.locks import lifted
        from kalata.results.services.contests import changed

        with lifted():
            fixed = rows[len(rows) // 2]
            fixed[11], fixed[7], fixed[8], fixed[10] = fixed[11] + 1, fixed[7] + 1, fixed[8] + 1, fixed[10] + 1
            one = written(where / "one.csv.gz", [fixed])
            found["one-row correction: file, dry run, commit"] = spent(lambda: brought(contest, by, one, ""))
            for figure in (7, 8, 10, 11):
                fixed[figure] += 1
            again = written(where / "again.csv.gz", [fixed])
            found["  another, the register in memory"] = spent(lambda: brought(contest, by, again, ""))
            found |= looked(contest, changed)
        connection.close()
    return found


def looked(contest: Any, changed: Any) -> dict[str, float]:
    """Pages of a contest made public: the first after a change of one row, then the same again."""
    from django.db import transaction
    from django.test import Client
    from django.utils import timezone

    from kalata.country.models import Contest

    Contest.objects.filter(pk=contest.pk).update(published_at=timezone.now())
    client = Client(headers={"host": "localhost"})

    def get(address: str) -> None:
        assert client.get(f"/resultats/banc/{address}").status_code == 200

    get("")
    with transaction.atomic():
        changed(Contest.objects.get(pk=contest.pk))
    found = {"first page after a change": spent(lambda: get(""))}
    get("bureaux/")
    for what, address in (
        ("page of stations", "bureaux/?page=3"),
        ("search of a station", "bureaux/?q=0123"),
        ("page of stations, sorted", "bureaux/?tri=-participation"),
        ("page of the whole", ""),
    ):
        found[what] = min(spent(lambda a=address: get(a)) for _n in range(5))
    return found | crowd(get)


def crowd(get: Any) -> dict[str, float]:
    """Four hundred readers of ten public pages, drawn each time, then as the house serves them."""
    from django.conf import settings

    pages = ["", "bureaux/", *(f"bureaux/?page={n}" for n in range(2, 10))]

    def come() -> None:
        for n in range(400):
            get(pages[n % len(pages)])

    drawn = spent(lambda: [get(page) for page in pages]) * 40
    settings.MICRO_CACHE = 600
    return {"crowd of 400 readers, every page drawn": drawn, "  as served": spent(come)}


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
