"""A decision that annuls 1,000 stations of 24,697, carried out whole: versions, papers, ledger, announcements, signed log entries.

Once for stations that a file brought, once for stations whose report went through the desks (two entries, validation, batch).
"""

from __future__ import annotations

import gzip
import os
import random
import tempfile
import time
from pathlib import Path
from typing import Any

STATIONS, ANNULLED, OPTIONS = 24_697, int(os.environ.get("KALATA_ANNULLED", "1000")), 20
GOAL = 10.0


def brought(contest: Any, by: Any, folder: Path) -> None:
    """Every station but those of the desks, by one file: a part of the contest of its own."""
    from kalata.country.models import Station
    from kalata.results.services import committing, importing

    chance, path = random.Random(1), folder / "f.csv.gz"
    names = [f"Liste {i:02d}" for i in range(1, OPTIONS + 1)]
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as out:
        out.write("bureau,inscrits,votants,bulletins,nuls,exprimes," + ",".join(names) + "\n")
        for i in range(STATIONS - ANNULLED):
            votes = [chance.randint(0, 30) for _o in names]
            valid, null = sum(votes), chance.randint(0, 9)
            out.write(f"I{i:06d},{valid + null + 150},{valid + null},{valid + null},{null},{valid},{','.join(map(str, votes))}\n")  # fmt: skip
    Station.objects.bulk_create((Station(contest=contest, code=f"I{i:06d}", part="file", registered=600) for i in range(STATIONS - ANNULLED)), batch_size=2_000)  # fmt: skip
    contest.register_revision += 1
    contest.save(update_fields=["register_revision"])
    figures = {"registered": "inscrits", "voters": "votants", "ballots": "bulletins", "null_ballots": "nuls", "valid": "exprimes"}  # fmt: skip
    with path.open("rb") as content:
        one = importing.upload(contest=contest, name=path.name, content=content, by=by)
    profile = {"rows": "wide", "station": ["bureau"], "figures": figures, "options": names}
    importing.set_mapping(one=one, profile=profile, create="none", by=by)
    if (one := importing.dry_run(one)).state == "refused":
        raise SystemExit(f"not stored: {one.report['problems'][:1]}")
    committing.ask_or_commit(one=one, reason="banc", by=by)
    one.refresh_from_db()
    if one.state != "committed":
        raise SystemExit(f"not stored: {one.state} {one.report}")


def entered(contest: Any, clerks: list[Any], commission_: list[Any], desks: dict[str, Any]) -> None:
    """The reports of 1,000 stations received, scanned, through two entries and the validation of a sitting."""
    from dataclasses import replace

    from kalata.results import images
    from kalata.results.rules.boxes import Box, Sheet
    from kalata.tally.services import commission
    from kalata.tally.services import reports as tally

    page = images.store(b"\xff\xd8\xff a page")
    for code in contest.stations.values_list("code", flat=True):
        tally.scan(paper_id=tally.receive(contest=contest, station=code, by=desks["reception"]).pk, image=page, by=desks["numerisation"])  # fmt: skip
    figures = {Box.REGISTERED: 400, Box.VOTERS: 215, Box.BALLOTS: 215, Box.NULL_BALLOTS: 5, Box.VALID: 210}
    marks = {Box.GAP_NOTED: 0, Box.WORDS_AGREE: 1, Box.SIGNATURES: 5}
    sheet = Sheet({b: (figures | marks)[b] for b in tally.boxes_of(contest)}, tuple(range(1, OPTIONS + 1)))
    sitting = commission.convene(
        contest=contest, unit=None, title="B", quorum=2, members="Chair\nMember", by=commission_[0]
    )
    here = {m.pk: {"present": True} for m in sitting.members.all()}
    commission.note_members(sitting_id=sitting.pk, values=here, by=commission_[0])
    for one in commission_:
        commission.attend(sitting_id=sitting.pk, by=one)
    commission.change(sitting_id=sitting.pk, to="open", by=commission_[0])
    for _n in range(ANNULLED):
        for who in clerks:
            paper = tally.submit(paper_id=tally.claim_next(contest=contest, right="results.enter", by=who).pk, sheet=replace(sheet), by=who)  # fmt: skip
        tally.validate(paper_id=paper.pk, by=commission_[0], sitting_id=sitting.pk)


def decided(contest: Any, codes: list[str], number: str, judge: Any, president: Any) -> Any:
    """A decision on these stations as it stands once published: written and printed, its signature put by hand."""
    from kalata.disputes.models import Publication, Ruling
    from kalata.disputes.services import rulings
    from kalata.ledger.locks import lifted

    made = rulings.draft(contest=contest, number=number, words="banc", by=judge, own_motion="banc")
    acts = [{"id": "1", "act": "ANNUL_STATION", "stations": [[c] for c in codes], "ground": "g1"}]
    made = rulings.generate(
        ruling=rulings.amend(ruling=made, by=judge, acts=acts, articles=["ML-D-OPERATIONS"]), by=judge
    )
    digest = number.encode().hex().ljust(64, "0")[:64]
    with lifted():
        Ruling.objects.filter(pk=made.pk).update(
            state="published", digest=digest, pdf=digest, xml=digest, signed_by=president, passed_by=president, signed_at=made.at
        )  # fmt: skip
        Publication.objects.create(
            ruling=made, state="published", salt=digest, full_digest=digest, public_digest=digest, public={"text": {"words": ["banc"]}},
            pdf=digest, xml=digest, prepared_by=judge, proposed_by=judge, decided_by=president, published_at=made.at, at=made.at,
        )  # fmt: skip
    return Ruling.objects.get(pk=made.pk)


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kalata-bench-") as folder:
        os.environ |= {"KALATA_VAR": folder, "DJANGO_SETTINGS_MODULE": "kalata.settings.office", "KALATA_DEMO": "1"}
        measure(Path(folder))


def measure(folder: Path) -> None:
    from django.utils import timezone

    from bench import tally
    from bench.lines import line

    tally.prepared(ANNULLED, scanned=False)
    from kalata.country.models import Contest
    from kalata.disputes.services import executing
    from kalata.people import services as people
    from kalata.people.models import Person
    from kalata.results.services import contests
    from kalata.tally.demonstration import public_log
    from kalata.tally.services import batches
    from kalata.transparency import publiclog

    contest = Contest.objects.get(code="b")
    seats = {}
    for name, role in (("juge", "juge"), ("presidence-cour", "presidence"), ("greffe", "greffe"), ("superviseur", "superviseur"), ("publication", "publication"), ("reception", "reception"), ("numerisation", "numerisation")):  # fmt: skip
        seats[name] = Person.objects.create(username=name, full_name=name, is_active=True)
        people.give_mandate(person=seats[name], role=role)
    clerks = [Person.objects.get(username=f"clerk{i}") for i in range(2)]
    commission = [Person.objects.get(username=f"clerk{i}") for i in (tally.CLERKS, tally.CLERKS + 1)]
    start = time.perf_counter()
    entered(contest, clerks, commission, seats)
    brought(contest, seats["superviseur"], folder)
    contest.refresh_from_db()
    asked = contests.ask_publication(contest=contest, reason="banc", by=seats["superviseur"])
    people.decide_approval(approval_id=asked.pk, to=people.Decision.APPROVED, by=seats["publication"])
    public_log()
    contest.refresh_from_db()
    while batches.ready(contest):
        one = batches.ask_batch(contest=contest, document="banc", note="", by=seats["superviseur"])
        people.decide_approval(approval_id=one.pk, to=people.Decision.APPROVED, by=seats["publication"])
    publiclog.sequence_all()
    line(
        f"  (stage: {ANNULLED:,} reports entered, the others brought by a file, published)",
        f"{time.perf_counter() - start:.0f} s",
        "-",
    )
    for rank, (what, letter) in enumerate((("brought by a file", "I"), ("gone through the desks", "B")), 1):
        contest.refresh_from_db()
        codes = list(contest.stations.filter(code__startswith=letter).order_by("code").values_list("code", flat=True))[
            :ANNULLED
        ]
        start = time.perf_counter()
        ruling = decided(
            contest, codes, f"{timezone.localdate().year}-{rank:02d}/CC-EL", seats["juge"], seats["presidence-cour"]
        )
        wrote = time.perf_counter() - start
        start, cpu = time.perf_counter(), time.process_time()
        decision = executing.apply(ruling=ruling, by=seats["greffe"])
        carried, cost = time.perf_counter() - start, time.process_time() - cpu
        start = time.perf_counter()
        entries = publiclog.sequence_all()
        signed = time.perf_counter() - start
        total = carried + signed
        line(f"{ANNULLED:,} stations {what}, of 24,697: annulled, carried out, in the log", f"{total:.1f} s", f"<= {GOAL:.0f} s", total <= GOAL, of=min(decision.lines.count(), entries), least=ANNULLED)  # fmt: skip
        line(
            "  of that: the transaction (its processor), the log", f"{carried:.1f} s ({cost:.1f}), {signed:.1f} s", "-"
        )
        line("  the draft of its acts and its print", f"{wrote:.1f} s", "-")


if __name__ == "__main__":
    from bench.lines import not_measured

    main()
    raise SystemExit(3 if not_measured else 0)
