"""A draw in the public log, and everything that is computed from it: drawn, undone, drawn again."""

import json

import pytest

from kalata.ledger.models import Act
from kalata.people import services as people
from kalata.people.rules.approval import Decision
from kalata.results.queries import board
from kalata.results.rules.outcome import Status
from kalata.results.services import announcing, lots
from kalata.transparency import publiclog
from kalata.transparency.models import Outbox, PublicLog
from kalata.transparency.site import builder
from kalata.transparency.site.edition import Edition
from kalata.transparency.verifying import verify
from tests.conftest import bring, csv_of, make_person
from tests.services.test_lots import NUMBER, SECRET, TIED, announced, corrected, published
from tests.services.test_public_log import entries, house_key, log_of, secret, sequenced  # noqa: F401  (a fixture)
from tests.site import extras_now, standalone

pytestmark = pytest.mark.django_db


@pytest.fixture
def tied(contest, supervisor, house_key):  # noqa: F811
    contest.system = {**contest.system, "tie_rule": "lot"}
    contest.save(update_fields=["system"])
    bring(contest, supervisor, csv_of(TIED))
    return published(contest, supervisor)


@pytest.fixture
def chair(pack_version):
    return make_person("presidence", "commission")


@pytest.fixture
def rapporteur(pack_version):
    return make_person("rapporteur", "commission")


def approved(asked, by):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=by)


def drawn(contest, chair, rapporteur, number=NUMBER):
    made = announced(contest, chair)
    approved(
        lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=number, document="PV n° 7", by=chair), rapporteur
    )
    contest.refresh_from_db()
    return made


def undone(made, chair, rapporteur):
    approved(lots.ask_undo(announcement_id=made.pk, reason="nullité", document="Arrêt n° 3", by=chair), rapporteur)
    made.contest.refresh_from_db()


def test_the_log_has_the_promise_before_and_the_order_after_and_the_verifiers_take_both(tied, chair, rapporteur):
    made = announced(tied, chair)
    found = sequenced(tied)
    promise = next(e for e in found if e["kind"] == "lot")
    assert promise["promise"] == made.promise and promise["votes"] == [{"list": 2, "n": 123}, {"list": 3, "n": 123}]
    assert SECRET not in json.dumps(found, ensure_ascii=False)
    approved(
        lots.ask_draw(announcement_id=made.pk, secret=SECRET, number=NUMBER, document="PV n° 7", by=chair), rapporteur
    )
    found = sequenced(tied)
    draw = next(e for e in found if e["kind"] == "draw")
    assert draw["secret"] == SECRET and draw["index"] == found.index(promise) < found.index(draw)
    undone(made, chair, rapporteur)
    kinds = [e["kind"] for e in sequenced(tied)]
    assert [k for k in kinds if k in ("lot", "draw", "undraw")] == ["lot", "draw", "undraw"]
    assert not Outbox.objects.exclude(refused="").exists()
    where = publiclog.place(tied.code)
    assert verify(where, [(where / "log.vkey").read_text().split()[0]]).problems == []
    assert standalone().verify(str(where))[0] == []
    named = {chair.username, rapporteur.username, chair.full_name, rapporteur.full_name}
    assert not any(n in json.dumps(entries(tied), ensure_ascii=False) for n in named)


def test_the_nightly_comparison_finds_a_draw_that_the_log_does_not_say(tied, chair, rapporteur):
    made = drawn(tied, chair, rapporteur)
    sequenced(tied)
    assert announcing.difference(tied) == []
    Outbox.objects.filter(kind="undraw").delete()
    undone(made, chair, rapporteur)
    Outbox.objects.filter(log=log_of(tied), kind="undraw", done=False).update(done=True, refused="lost")
    assert any("lots 1" in line for line in announcing.difference(tied))


def told(contest, client, folder):
    """What each place says of the outcome: (status, who) by place."""
    contest.refresh_from_db()
    announcing._told.clear()
    publiclog.sequence(PublicLog.objects.get(name=contest.code), secret())
    found = board.board(contest).outcome
    log = publiclog.place(contest.code)
    edition = Edition.read(log).outcome()
    builder.publish(log, folder, extras_now(), workers=1, full=True)
    site = json.loads((folder / "d/results.json").read_bytes())["outcome"]
    data = json.loads(b"".join(client.get(f"/resultats/{contest.code}/donnees/resultats.json").streaming_content))
    data = data["outcome"]
    return (
        {
            "board": (found.status.value, frozenset(found.options)),
            "log": (edition.status.value, frozenset(edition.options)),
            "site": (site["status"], frozenset(site["options"])),
            "export": (data["status"], frozenset(data["options"])),
        },
        {
            "page": client.get(f"/resultats/{contest.code}/").content.decode(),
            "list": client.get("/resultats/").content.decode(),
            "how": client.get(f"/resultats/{contest.code}/calcul/").content.decode(),
            "index": (folder / "index.html").read_text(),
            "card": (folder / "card/index.html").read_text() if (folder / "card/index.html").exists() else "",
        },
        (site["tie"], data["tie"]),
    )


def test_every_output_follows_the_draw_its_undoing_and_the_next_draw(tied, chair, rapporteur, client, tmp_path):
    """A tie that no act breaks, a first draw, the act that undoes it, a second draw that gives the other order."""
    from kalata.results.rules import lots as rules

    other = next(
        str(n) for n in range(40) if rules.order(SECRET, str(n), [2, 3]) != rules.order(SECRET, NUMBER, [2, 3])
    )
    said, pages, ties = told(tied, client, tmp_path / "site")
    assert set(said.values()) == {("tie", frozenset(("Le baobab", "La pirogue", "La calebasse")))}
    assert all(t["rule"] == "lot" and t["broken_by"] is None for t in ties)
    assert all("tirage au sort, acte attendu" in pages[k] for k in ("page", "list", "index"))
    made = drawn(tied, chair, rapporteur)
    first = made.lot.order[0]
    said, pages, ties = told(tied, client, tmp_path / "site")
    assert set(said.values()) == {("runoff", frozenset(("Le baobab", first)))}
    assert all("n° 1" in t["broken_by"]["fr"] and set(t["options"]) == set(made.options) for t in ties)
    assert all(f"Le baobab et {first}" in pages[k] for k in ("page", "list", "index"))
    assert all("tirage au sort n° 1" in pages[k] for k in ("page", "how", "index"))
    undone(made, chair, rapporteur)
    said, pages, ties = told(tied, client, tmp_path / "site")
    assert {s for s, _who in said.values()} == {"tie"} and all(t["broken_by"] is None for t in ties)
    assert all("tirage au sort, acte attendu" in pages[k] for k in ("page", "list", "index"))
    again = drawn(tied, chair, rapporteur, other)
    second = again.lot.order[0]
    said, pages, ties = told(tied, client, tmp_path / "site")
    assert second != first and set(said.values()) == {("runoff", frozenset(("Le baobab", second)))}
    assert all("n° 2" in t["broken_by"]["fr"] for t in ties)


def test_a_correction_that_parts_the_tied_makes_the_draw_of_no_effect_everywhere(tied, chair, rapporteur, client, tmp_path, supervisor):  # fmt: skip
    drawn(tied, chair, rapporteur)
    corrected(tied, supervisor, [*TIED[:-1], TIED[-1].replace(",3,3,0,3,0,3,0", ",5,4,0,4,0,4,0")])
    said, _pages, ties = told(tied, client, tmp_path / "site")
    assert set(said.values()) == {("runoff", frozenset(("Le baobab", "La pirogue")))} and ties == (None, None)


def test_a_declaration_hashes_the_outcome_that_the_draw_gives(tied, chair, rapporteur, publisher):
    before = announcing.outcome_hash(board.board(tied))
    made = drawn(tied, chair, rapporteur)
    after = announcing.outcome_hash(board.board(tied))
    undone(made, chair, rapporteur)
    assert before != after and announcing.outcome_hash(board.board(tied)) == before


def test_the_acts_of_a_draw_are_in_the_ledger_with_who_asked_and_who_approved(tied, chair, rapporteur):
    undone(drawn(tied, chair, rapporteur), chair, rapporteur)
    acts = Act.objects.filter(kind__startswith="results.lots").order_by("pk").values_list("kind", "actor")
    assert [(k.rpartition(".")[2], a) for k, a in acts] == [
        ("asked", "presidence"), ("approved", "rapporteur"), ("asked", "presidence"), ("approved", "rapporteur"),
    ]  # fmt: skip
    assert board.board(tied).outcome.status is Status.TIE


# --- the minutes --------------------------------------------------------------------------------------------
def text_of(pdf: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(pdf) as paper:
        return " ".join("".join(page.get_textpage().get_text_range().split()) for page in paper)


def test_the_minutes_say_promise_secret_number_order_acts_and_who(tied, chair, rapporteur, sign_in, client):
    made = drawn(tied, chair, rapporteur)
    address = "/resultats/pres/tirages/1.pdf"
    public = text_of(client.get(address).content)
    seated = text_of(sign_in(chair).get(address).content)
    for said in (public, seated):
        for words in (
            made.promise,
            SECRET,
            NUMBER,
            "PV n° 7",
            "trois dés en séance",
            *(f"{o}," for o in made.lot.order),
        ):
            assert "".join(words.split()) in said, words
        assert said.index("".join(made.lot.order[0].split())) < said.index("".join(made.lot.order[1].split()))
        assert lots.fingerprint(made.lot, made.lot.order[0])[:16] in said
    assert all(p.username in seated and p.username not in public for p in (chair, rapporteur))
    undone(made, chair, rapporteur)
    assert "Arrêtn°3" in text_of(client.get(address).content)


def test_the_minutes_of_a_promise_say_that_nothing_is_drawn_yet(tied, chair, client):
    made = announced(tied, chair)
    said = text_of(client.get("/resultats/pres/tirages/1.pdf").content)
    assert made.promise in said and "rienn’esttiré" in said and "".join(SECRET.split()) not in said


def test_a_secret_of_one_long_word_fits_on_the_minutes(tied, chair, rapporteur, client):
    import pypdfium2

    from kalata.results.rules.lots import promise

    secret = "0123456789abcdef" * 18
    made = lots.announce(contest=tied, place="", promise=promise(secret), source="dés", by=chair)
    approved(lots.ask_draw(announcement_id=made.pk, secret=secret, number="4", document="PV", by=chair), rapporteur)
    with pypdfium2.PdfDocument(client.get("/resultats/pres/tirages/1.pdf").content) as paper:
        page = paper[0]
        text = page.get_textpage()
        rights = [text.get_charbox(i)[2] for i in range(text.count_chars())]
        assert len(paper) == 1 and max(rights) <= page.get_width() - 50  # inside the margin
        assert "".join(text.get_text_range().replace("\u200b", "").split()).count(secret) == 1
