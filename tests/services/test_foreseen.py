"""What a dry run announces is what the pages of results show once the file is stored and published."""

import io
import json
from dataclasses import dataclass, field

import pytest

from kalata.country.models import Contest
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.results.models import Import
from kalata.results.queries import board as boards
from kalata.results.services import committing
from kalata.results.services import contests as services
from tests.conftest import HEADER, LISTS, PROFILE, ROWS, bring, csv_of

pytestmark = pytest.mark.django_db


def without(column: str) -> list[str]:
    at = HEADER.split(",").index(column)
    return [",".join(c for i, c in enumerate(r.split(",")) if i != at) for r in [HEADER, *ROWS]]


def lines(*rows: str) -> bytes:
    return ("\n".join(rows) + "\n").encode()


def narrowed(*boxes: str) -> dict:
    return {**PROFILE, "figures": {k: v for k, v in PROFILE["figures"].items() if k not in boxes}}


def long_file() -> bytes:
    """The same stations, a row for each list; the second half of the rows spells one of them otherwise."""
    out = ["region,cercle,bureau,inscrits,votants,bulletins,nuls,exprimes,candidat,voix"]
    for n, row in enumerate(ROWS):
        *station, a, b, c = row.split(",")
        names = [LISTS[0] if n < 2 else LISTS[0].upper(), *LISTS[1:]]
        out += [",".join([*station, name, votes]) for name, votes in zip(names, (a, b, c), strict=True)]
    return lines(*out)


def two_columns() -> bytes:
    """The first list stands in two columns, each filled for half of the stations."""
    out = [HEADER + ",LE BAOBAB"]
    for n, row in enumerate(ROWS):
        *rest, a, b, c = row.split(",")
        out.append(",".join([*rest, a if n < 2 else "", b, c, "" if n < 2 else a]))
    return lines(*out)


def workbook() -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = book.add_worksheet()
    for i, row in enumerate([HEADER, *BAD]):
        for j, cell in enumerate(row.split(",")):
            sheet.write(i, j, int(cell) if cell.isdigit() else cell)
    book.close()
    return out.getvalue()


LONG: dict = {**PROFILE, "rows": "long", "options": {"column": "candidat", "votes": "voix"}}


def total_row() -> str:
    cells = [r.split(",") for r in ROWS]
    return ",".join(["TOTAL", "", "TOTAL", *(str(sum(int(c[i]) for c in cells)) for i in range(3, 11))])


def boxes_as_rows() -> tuple[bytes, dict]:
    """A row for each list, and one for the null ballots, as some tables have it."""
    out = ["region,cercle,bureau,inscrits,votants,bulletins,exprimes,candidat,voix"]
    for row in ROWS:
        *station, nulls, valid, a, b, c = row.split(",")
        for name, votes in zip((*LISTS, "NULO"), (a, b, c, nulls), strict=True):
            out.append(",".join([*station, valid, name, votes]))
    figures = {k: v for k, v in PROFILE["figures"].items() if k != "null_ballots"}
    return lines(*out), {**LONG, "figures": figures, "options": {**LONG["options"], "boxes": {"NULO": "null_ballots"}}}


BAD = [ROWS[0].replace("100,60,35", "90,60,35"), ROWS[1].replace("200,200", "199,200"), *ROWS[2:]]


@dataclass
class Case:
    content: bytes
    profile: dict = field(default_factory=lambda: dict(PROFILE))
    before: bytes = b""


CASES = {
    "as it should be": Case(csv_of()),
    "sums that are not right": Case(csv_of(BAD)),
    "no column for the papers in the box": Case(lines(*without("bulletins")), narrowed("ballots")),
    "no column for papers, null, voters": Case(csv_of(), narrowed("ballots", "null_ballots", "voters")),
    "two columns of one list": Case(two_columns(), {**PROFILE, "options": [*LISTS, "LE BAOBAB"]}),
    "two spellings in a long file": Case(long_file(), LONG),
    "quotes and spaces": Case(csv_of([f'"{r.split(",")[0]} ", {",".join(r.split(",")[1:])}' for r in ROWS])),
    "a workbook": Case(workbook()),
    "a narrower file over a whole one": Case(lines(*without("bulletins")), narrowed("ballots"), csv_of(BAD)),
    "a region over the country": Case(csv_of([BAD[0]]), dict(PROFILE), csv_of(ROWS)),
    "a total row set aside": Case(csv_of([*ROWS, total_row()]), {**PROFILE, "totals": "skip"}),
    "blank and null votes as rows": Case(*boxes_as_rows()),
    "an empty cell": Case(csv_of([ROWS[0].replace("200,200", ",200"), *ROWS[1:]])),
    "a station that is missing": Case(csv_of([*ROWS, "Gao,Gao,GAO-001,400,,,,,,,"])),
}


def publish(contest, supervisor, publisher):
    contest.refresh_from_db()
    asked = services.ask_publication(contest=contest, reason="tout est là", by=supervisor)
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher)
    return Contest.objects.select_related("election__pack", "election__geography").get(pk=contest.pk)


def shown(contest) -> dict:
    """What the pages of results read."""
    found = boards.board(contest)
    total = found.total
    return {
        "stations": {"counted": total.counted, "annulled": total.annulled, "missing": total.missing},
        "figures": {b.value: v for b, v in total.boxes.items()},
        "valid": total.valid,
        "votes": found.votes,
        "checks": {c: int(m.sum()) for c, m in found.flags.items()},
        "errors": found.errors(),
    }


def announced(report: dict) -> dict:
    counts = {f["code"]: f["count"] for f in report["findings"]}
    return {
        **report["after"],
        "checks": {t["code"]: counts.get(t["code"], 0) for t in report["tested"]},
        "errors": report["errors"],
    }


@pytest.mark.parametrize("name", CASES)
def test_the_dry_run_announces_what_the_pages_will_show(contest, supervisor, publisher, name):
    case = CASES[name]
    if case.before:
        assert bring(contest, supervisor, case.before, name="avant.csv").state == "committed"
    one = bring(contest, supervisor, case.content, case.profile, commit=False)
    assert one.state == "checked", one.report
    said = json.loads(json.dumps(announced(one.report)))
    committing.ask_or_commit(one=one, reason="essai", by=supervisor)
    seen = publish(contest, supervisor, publisher)
    assert shown(seen) == said
    assert json.loads(json.dumps(announced(Import.objects.get(pk=one.pk).report))) == said


def test_a_box_that_the_file_does_not_have_is_no_error(contest, supervisor):
    one = bring(contest, supervisor, lines(*without("bulletins")), narrowed("ballots"))
    found = boards.board(contest)
    assert found.errors() == 0 and not found.flags["E06"].any()
    assert {"E02", "E03"}.isdisjoint(found.flags), "no sum of which a term is not in the file is put to the test"
    assert {"code": "E02", "why": "file", "lacks": ["ballots"]} in one.report["untested"]


def test_a_box_beside_the_needed_ones_is_not_zero_because_a_file_lacks_it(contest, supervisor):
    contest.boxes = [*contest.boxes, "blank_ballots"]
    contest.save()
    rows = [r.replace(",200,200,", ",200,205,") for r in ROWS]
    one = bring(contest, supervisor, csv_of(rows))
    assert {"code": "E02", "why": "file", "lacks": ["blank_ballots"]} in one.report["untested"]
    assert "E02" not in boards.board(contest).flags and boards.board(contest).total.boxes["blank_ballots"] == 0


def test_an_empty_cell_of_a_column_that_is_there_stays_a_finding(contest, supervisor):
    bring(contest, supervisor, csv_of([ROWS[0].replace("200,200", ",200"), *ROWS[1:]]))
    assert int(boards.board(contest).flags["E06"].sum()) == 1


def test_two_spellings_of_a_list_are_added_up_and_said(contest, supervisor):
    one = bring(contest, supervisor, two_columns(), {**PROFILE, "options": [*LISTS, "LE BAOBAB"]})
    assert boards.board(contest).votes["Le baobab"] == 300
    assert "additionnées" in next(s["fr"] for s in one.report["said"] if s["kind"] == "added")
    long = bring(contest, supervisor, long_file(), LONG, create="none")
    assert long.report["counts"]["same"] == 4 and any(s["kind"] == "added" for s in long.report["said"])


def test_a_narrower_file_erases_no_figure_and_says_which_it_keeps(counted, supervisor):
    one = bring(counted, supervisor, lines(*without("bulletins")), narrowed("ballots"), create="none")
    assert one.report["counts"] == {"new": 0, "changed": 0, "same": 4, "created": 0}
    assert one.report["kept_figures"] == {"ballots": 4}


def test_a_list_of_stations_does_not_fix_the_boxes_of_a_contest(contest, supervisor):
    contest.boxes = []
    contest.save()
    register = "region,cercle,bureau,inscrits"
    rows = [",".join(r.split(",")[:4]) for r in ROWS]
    only = {"station": ["bureau"], "areas": ["region", "cercle"], "figures": {"registered": "inscrits"}}
    bring(contest, supervisor, lines(register, *rows), only)
    one = bring(contest, supervisor, csv_of(), create="none")
    contest.refresh_from_db()
    assert one.state == "committed" and contest.boxes == list(PROFILE["figures"])


def test_a_box_that_the_contest_does_not_have_is_said(contest, supervisor):
    contest.boxes = ["registered", "voters"]
    contest.save()
    one = bring(contest, supervisor, commit=False)
    assert one.report["dropped"] == ["ballots", "null_ballots", "valid"]


def test_who_is_limited_to_a_territory_is_told_what_his_own_pages_will_show(contest, supervisor):
    from kalata.country.models import Unit
    from kalata.results.access import as_seen_by
    from tests.conftest import make_person

    bring(contest, supervisor, csv_of(BAD))
    place = Unit.objects.get(code="ML-SEG", geography__code="ml-2015")
    regional = make_person("segou", "coordination-region", place)
    one = bring(contest, regional, csv_of([ROWS[2].replace(",80,", ",79,"), ROWS[3]]), create="none", commit=False)
    said = announced(one.report)
    committing.ask_or_commit(one=one, reason="essai", by=regional)
    seen = as_seen_by(regional, Contest.objects.get(pk=contest.pk))
    assert shown(seen) == said and said["stations"]["missing"] == 2


def test_new_options_that_the_rule_of_the_contest_cannot_decide_between_are_refused(contest, supervisor, pack_version):
    from kalata.country import services as country

    country.set_options(contest=contest, options=[])
    contest.system = {"kind": "two_option_majority", "yes": "OUI", "no": "NON"}
    contest.save()
    one = bring(contest, supervisor, csv_of(), {**PROFILE, "options": {"labels": {n: n for n in LISTS}}})
    assert one.state == "refused" and one.report["refusal"]["code"] == "RES-203"
