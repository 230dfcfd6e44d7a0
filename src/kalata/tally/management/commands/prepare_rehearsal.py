"""Set the stage of a rehearsal in this database, and write what the players need to know."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.management.base import BaseCommand, CommandError, CommandParser

TOGETHER = 20
"""Forms in one file of the scanner."""


class Command(BaseCommand):
    help = "Prepare a synthetic tally night (used by `kalata rehearse`)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder")
        parser.add_argument("--papers", type=int, default=100)
        parser.add_argument("--clerks", type=int, default=8)
        parser.add_argument("--lost", type=int, default=0)
        parser.add_argument("--flawed", type=int, default=25, help="one paper in so many has an error on it")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument("--scanned", action="store_true", help="papers start scanned: the entry desks alone")

    def handle(self, *args: Any, **options: Any) -> None:
        from kalata.country import packs, services
        from kalata.country.models import Election, Geography, Unit
        from kalata.results import images
        from kalata.tally.models import Paper
        from kalata.tally.queries import formcodes
        from kalata.tally.rehearsal import stage, truth
        from kalata.tally.rules.lifecycle import State

        if not settings.DEMO:
            raise CommandError("A rehearsal runs in a demonstration house only (KALATA_DEMO=1).")
        if Election.objects.exists():
            raise CommandError("This database holds an election already: a rehearsal has its own.")
        folder = Path(options["folder"])
        folder.mkdir(parents=True, exist_ok=True)
        version = services.load_pack_version(packs.load_pack(packs.find_pack("ml")))
        geography = Geography.objects.get(code=version.pack.head["default_geography"])
        units = list(Unit.objects.filter(geography=geography, level=2).order_by("code")[:24])
        lists = [{"name": f"Liste {i:02d}"} for i in range(1, 21)]
        contest = stage.raise_curtain(
            version=version, geography=geography, units=units, lists=lists, size=options["papers"], seed=options["seed"],
            by=None,
        )  # fmt: skip
        clerks = [f"clerc-{i:03d}" for i in range(1, options["clerks"] + 1)]
        extra = [(c, "saisie", "Opérateur de saisie") for c in clerks]
        extra += [("publication-1", "publication", "Publication"), ("publication-2", "publication", "Publication")]
        team = stage.team(extra)
        said = stage.papers_written(contest, options["seed"], options["flawed"])
        papers = list(contest.papers.select_related("station").order_by("pk"))
        chance = random.Random(options["seed"] + 7)
        lost = set(chance.sample(range(len(papers)), min(options["lost"], len(papers))))
        arriving = [p for i, p in enumerate(papers) if i not in lost]
        files = []
        if options["scanned"]:
            picture = images.store(stage.photographed(stage.filled(contest, said, papers[:1]))[0][0])
            Paper.objects.update(state=State.SCANNED, image=picture)
        else:
            for i in range(0, len(arriving), TOGETHER):
                target = folder / f"scan-{i // TOGETHER + 1:04d}.pdf"
                target.write_bytes(stage.filled(contest, said, arriving[i : i + TOGETHER]))
                files.append(str(target))
        plan = {
            "contest": contest.code,
            "clerks": clerks,
            "cookies": {name: session_of(person) for name, person in team.items()},
            "papers": {
                str(p.pk): {
                    "station": p.station.code,
                    "code": formcodes.code_of(contest, p.station, p.serial).text(),
                    "lines": truth.typed(said[p.station.code]),
                }
                for p in papers
            },
            "arriving": [p.pk for p in arriving],
            "files": files,
            "seed": options["seed"],
        }
        (folder / "plan.json").write_text(json.dumps(plan), encoding="utf-8")
        self.stdout.write(f"{len(papers)} papers, {len(lost)} lost, {len(files)} files, pid {os.getpid()}")


def session_of(person: Any) -> str:
    """A signed-in session, as the sign-in page would have opened it."""
    session = SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = "allauth.account.auth_backends.AuthenticationBackend"
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session.create()
    return str(session.session_key)
