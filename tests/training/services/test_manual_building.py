"""The pieces of a role: made by the worker, kept by their hash, marked as a draft, printed and sent to centres."""

import hashlib
import json
from types import SimpleNamespace
from unittest import mock

import pytest

from kalata.documents.queries import content_of
from kalata.refusals import Forbidden, Refused
from kalata.training import manuals
from kalata.training.models import ManualBuild, PrintRun, ProcedureVersion
from kalata.training.queries import manual_builds as queries
from kalata.training.rules.manuals.kept import copies
from kalata.training.services import manual_building, manuals_register, procedures
from tests.conftest import make_person

pytestmark = pytest.mark.django_db
ASKED = {"source": "ml-staff", "role": "security_force", "language": "fr"}


@pytest.fixture
def cell(pack_version):
    one = make_person("cellule", "cellule-pedagogique")
    procedures.import_pack(pack="ml", by=one)
    return one


@pytest.fixture
def undrawn():
    """No sheet is drawn: what it would be drawn from stands in its place."""
    with mock.patch(
        "kalata.documents.typeset.accessible",
        lambda template, data, beside: json.dumps([data, sorted(beside)]).encode(),
    ):
        yield


def test_one_button_makes_every_piece_and_keeps_each_by_its_hash(cell, undrawn):
    made = manual_building.ask(**ASKED, draft=True, by=cell)
    made.refresh_from_db()
    assert (made.state, made.done) == ("made", made.total)
    ending = {
        f.path.partition(".security_force.fr.")[2] for f in made.files.filter(kind__in=("manual", "quiz", "scorm"))
    }
    assert {"pdf", "html", "docx", "A.pdf", "B.pdf", "scorm.zip"} <= ending
    for one in made.files.all():
        assert hashlib.sha256(content_of(one.sha256)).hexdigest() == one.sha256
    said = json.loads(content_of(made.files.get(kind="manifest").sha256))
    assert {f["path"]: f["sha256"] for f in said["files"]} == dict(
        made.files.exclude(kind="manifest").values_list("path", "sha256")
    )
    assert [p["id"] for p in made.pages] and {p["id"] for p in made.pages} == {p["id"] for p in said["pages"]}
    again = manual_building.ask(**ASKED, draft=True, by=cell)
    assert [f.sha256 for f in again.files.all()] == [f.sha256 for f in made.files.all()]


def test_what_nobody_approved_is_made_as_a_draft_alone(cell, undrawn):
    with pytest.raises(Refused) as no:
        manual_building.ask(**ASKED, draft=False, by=cell)
    assert no.value.code == "TRN-636" and "FDS" in no.value.message.text("fr")
    assert not ManualBuild.objects.exists()
    made = manual_building.ask(**ASKED, draft=True, by=cell)
    assert b'"draft": true' in content_of(made.files.get(path__startswith="manual", path__endswith=".pdf").sha256)


def test_pieces_of_a_text_that_moved_since_they_were_asked_are_not_made(cell, undrawn):
    with mock.patch.object(manual_building, "make_manuals"):
        made = manual_building.ask(**ASKED, draft=True, by=cell)
        with pytest.raises(Refused) as twice:
            manual_building.ask(**ASKED, draft=True, by=cell)
    assert twice.value.code == "TRN-645"
    one = ProcedureVersion.objects.get(procedure__code="FDS")
    procedures.edit(
        version=one, what="step FDS.1", change=lambda c: {**c, "title": {**c["title"], "fr": "Autre"}}, by=cell
    )
    manual_building.make(made)
    made.refresh_from_db()
    assert (made.state, made.files.count()) == ("failed", 0) and "ont changé" in made.fault


def test_a_making_that_is_stopped_keeps_nothing_more_and_one_that_was_cut_goes_on(cell, undrawn):
    with mock.patch.object(manual_building, "make_manuals"):
        made = manual_building.ask(**ASKED, draft=True, by=cell)
    keep, seen = manual_building.keep, []

    def cut(*args, **kwargs):
        seen.append(args[1])
        if len(seen) == 4:
            raise KeyboardInterrupt
        return keep(*args, **kwargs)

    with mock.patch.object(manual_building, "keep", cut), pytest.raises(KeyboardInterrupt):
        manual_building.make(made)
    assert made.files.count() == 3
    manual_building.make(made)
    made.refresh_from_db()
    assert made.whole and made.files.count() == made.total
    with mock.patch.object(manual_building, "make_manuals"):
        other = manual_building.ask(**ASKED, draft=True, by=cell)
    manual_building.stop(build=other, by=cell)
    manual_building.make(other)
    other.refresh_from_db()
    assert (other.state, other.files.count()) == ("stopped", 0)
    with pytest.raises(Refused) as ended:
        manual_building.stop(build=other, by=cell)
    assert ended.value.code == "TRN-638"


def test_papers_with_their_keys_are_not_for_who_only_reads(cell, undrawn):
    made = manual_building.ask(**ASKED, draft=True, by=cell)
    reader, trainer = make_person("relecteur", "relecture-juridique"), make_person("formatrice", "formation-nationale")
    kinds = {f.kind for f in queries.files(reader, made)}
    assert {"manual", "card", "poster", "audio"} <= kinds and not kinds & {
        "quiz",
        "gift",
        "moodle",
        "scorm",
        "qti",
        "trainer",
    }
    assert queries.file_for(reader, made, "quiz.security_force.fr.A.pdf") is None
    assert queries.build_for(trainer, made.pk) is None
    with pytest.raises(Forbidden):
        manual_building.ask(**ASKED, draft=True, by=reader)


def test_a_print_run_is_of_the_file_that_was_kept(cell, undrawn):
    planner = make_person("logistique", "logistique-formation")
    made = manual_building.ask(**ASKED, draft=True, by=cell)
    made.refresh_from_db()
    run = manuals_register.register(build=made, number="T-1", kind="card", copies=40, by=planner)
    assert run.file == made.files.get(path="card.security_force.fr.pdf").sha256 and run.draft
    assert queries.printed(made) == {p["id"]: 40 for p in made.pages}
    assert queries.of_run(run).path == "card.security_force.fr.pdf"
    for given, code in (({"number": "T-1", "kind": "card"}, "TRN-629"), ({"number": "T-2", "kind": "quiz"}, "TRN-639")):
        with pytest.raises(Refused) as no:
            manuals_register.register(build=made, copies=1, by=planner, **given)
        assert no.value.code == code
    assert PrintRun.objects.count() == 1


def test_the_reserve_of_a_centre_is_of_its_persons_and_not_of_each_station():
    sent = copies(3, staff=5, manuals=2, posters=1, reserve=10)
    assert (sent.manuals, sent.cards, sent.posters) == (6, 17, 3)
    assert copies(24_416, staff=5, manuals=2, posters=1, reserve=0).manuals == 48_832


def test_each_centre_of_a_contest_is_one_line_of_the_order(contest, django_assert_max_num_queries):
    planner = make_person("logistique", "logistique-formation")
    contest.stations.filter(code__startswith="KAY").update(centre="École A")
    asked = SimpleNamespace(scrutin="", q="")
    rows = list(queries.centres(planner, asked))
    assert [(r["centre"], r["n"], r["staff"]) for r in rows] == [("École A", 2, 5), ("", 1, 5)]
    assert list(queries.centres(planner, SimpleNamespace(scrutin="", q="cole A"))) == rows[:1]
    assert list(queries.centres(make_person("personne", "saisie"), asked)) == []
    ((_contest, centres, stations, all_of_them),) = queries.totals(planner, asked)
    assert (centres, stations, all_of_them.manuals, all_of_them.cards) == (2, 3, 6, 17)


def test_a_draft_of_a_role_is_the_same_that_the_register_compares_with(cell):
    from kalata.training.queries import manuals_register as register

    ready = queries.ready("ml-staff", "security_force", "fr", draft=True)
    assert [p.id for p in ready.made.pages] == [
        p.id for p in register.made_of("ml-staff", "security_force", "fr").pages
    ]
    assert isinstance(ready.made, manuals.Made)
