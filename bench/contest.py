"""The empty contest that a bench of the Court fills: two candidacies, one roll."""

from __future__ import annotations

from typing import Any


def prepared() -> Any:
    """Tables, the pack of Mali, a contest without stations and its roll. Django stands already."""
    from django.core.management import call_command

    from kalata.country import packs
    from kalata.country import services as country
    from kalata.disputes.services import counters

    call_command("migrate", verbosity=0)
    version = country.load_pack_version(packs.load_pack(packs.find_pack("ml")))
    geography = country.own_geography(code="banc", name="Banc", levels=["Région"])
    election = country.create_election(
        code="banc", name_fr="Banc", name_en="Bench", pack=version, geography=geography, polling_day=None, exercise=True
    )
    contest = country.create_contest(
        election=election, code="pres", name_fr="Banc", system={"kind": "two_round_majority"},
        boxes=["registered", "voters", "valid"], options=[{"name": "A"}, {"name": "B"}],
    )  # fmt: skip
    counters.open_roll(contest=contest, short="P1", year=2027, by=None)
    return contest
