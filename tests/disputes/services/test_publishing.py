# ruff: noqa: F811
"""A decision is published by two persons on the very text that was read, and what was taken out of it is nowhere public."""

import json

import pytest
from django.db import DatabaseError, transaction

from kalata.disputes.models import Precedent, Publication, Redaction, Ruling
from kalata.disputes.queries import precedents, public_decisions
from kalata.disputes.queries import publications as queries
from kalata.disputes.rules import publications as rules
from kalata.disputes.rules import redaction
from kalata.disputes.rules import summary as rules_of
from kalata.disputes.rules.rulings import State as Decided
from kalata.disputes.services import executing, logging_texts, publishing, rulings, summaries
from kalata.disputes.services import precedents as indexing
from kalata.disputes.signing import court, papers, texts
from kalata.evidence import store
from kalata.evidence.models import Custody
from kalata.ledger import locks
from kalata.ledger.models import Act
from kalata.people.approving import decide_approval
from kalata.people.rules.approval import Decision, Outdated, SamePerson
from kalata.people.rules.shown import PageMoved
from kalata.refusals import Forbidden
from kalata.results.models import Decision as Carried
from kalata.results.models import StationReport
from kalata.transparency.models import Outbox
from kalata.transparency.rules import entries
from tests.conftest import make_person
from tests.disputes.publishing import notified, published_text, read_over
from tests.disputes.services.test_rulings import again, keys, petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db
NAME, PHONE = "Modèle Fictif", "76 12 34 56"
WORDS = f"le témoin {NAME}, joint au {PHONE}, dit que le président n’était pas sur la liste."


@pytest.fixture
def ready(ruling, petition, judge, president, registrar, keys):
    """A decision notified, whose reasons name a witness."""
    rulings.amend(ruling=ruling, by=judge, outcomes={petition.number: ("granted", {"g1": WORDS})})
    rulings.generate(ruling=again(ruling), by=judge)
    return notified(again(ruling), judge, president, registrar)


def hide_all(one, by):
    for row in one.redactions.all():
        publishing.answer(publication=one, redaction_id=row.pk, decision="hide", reason=row.reason, by=by)
    read_over(one, by)


def test_what_was_taken_out_is_in_no_public_paper_and_the_signed_one_is_not_touched(
    ready, registrar, publisher_of_court
):
    before = store.path(ready.pdf).read_bytes()
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    assert {(r.reason, r.decision) for r in one.redactions.all()} == {("witness", ""), ("phone", "")}
    hide_all(one, publisher_of_court)
    publishing.propose(publication=one, by=publisher_of_court)
    done = publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    assert (done.state, again(ready).state, done.decided_by) == ("published", "published", registrar)
    assert store.path(ready.pdf).read_bytes() == before and done.pdf != ready.pdf
    assert NAME in str(queries.text_of(ready))
    for leaked in (NAME, "Fictif", PHONE):
        assert leaked not in json.dumps(done.public, ensure_ascii=False)
        assert leaked.encode() not in store.path(done.xml).read_bytes()
        assert leaked not in everything(store.path(done.pdf).read_bytes())
        assert not Act.objects.filter(after__icontains=leaked).exists()
    assert "[occulté : témoin]" in everything(store.path(done.pdf).read_bytes())


def everything(pdf):
    """The text of the pages, the metadata, each object and stream of a PDF, as one string."""
    import io

    import pikepdf
    from pypdfium2 import PdfDocument

    out = []
    with PdfDocument(pdf) as pages:
        out += [page.get_textpage().get_text_range() for page in pages]
        out += [str(pages.get_metadata_dict())]
    with pikepdf.open(io.BytesIO(pdf)) as held:
        for one in held.objects:
            if isinstance(one, pikepdf.Stream):
                out.append(one.read_bytes().decode("utf-8", "replace") if one.get("/Filter") != "/DCTDecode" else "")
            out.append(repr(one))
    return " ".join(" ".join(out).split())


def test_the_public_papers_have_their_own_seal_and_say_what_they_are(ready, registrar, publisher_of_court):
    done = published_text(ready, publisher_of_court, registrar)
    root = court.the_court().root
    pdf, xml = store.path(done.pdf).read_bytes(), store.path(done.xml).read_bytes()
    found = papers.check(pdf, [root])
    assert found.faults == [] and json.loads(found.attached["publication.json"]) == done.public
    assert texts.check(xml, [root], court.now()).faults == []
    said = everything(pdf)
    assert "texte public" in said and "non son original signé" in said
    flat = "".join(said.split())
    assert all(digest in flat for digest in (done.public_digest, done.full_digest, ready.pdf))
    access = dict(Custody.objects.filter(subject=f"ruling:{ready.number}").values_list("content_id", "access"))
    sha = dict(Custody.objects.values_list("content__sha256", "content_id"))
    assert access[sha[done.pdf]] == "public" and access[sha[ready.pdf]] == "staff"


def test_the_full_hash_is_salted_so_that_a_guess_cannot_be_tried_on_it(ready, registrar, publisher_of_court):
    done = published_text(ready, publisher_of_court, registrar)
    assert done.full_digest == queries.full_digest(again(ready), done.salt) != queries.full_digest(again(ready), "")
    assert done.salt not in json.dumps(done.public) and ready.digest not in json.dumps(done.public)
    shown = public_decisions.decision(ready.number.replace("/", "-"))
    assert shown.digest == done.full_digest  # the hash of the signed decision could be tried with guesses of a number


def test_one_person_cannot_propose_and_approve(ready, registrar, publisher_of_court):
    both = make_person("les-deux", "publication-cour")
    one = publishing.prepare(ruling=ready, by=both)
    hide_all(one, both)
    asked = publishing.propose(publication=one, by=both)
    from kalata.people import services as people

    people.give_mandate(person=both, role="greffe")
    with pytest.raises(SamePerson):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=type(both).objects.get(pk=both.pk))
    with pytest.raises(Forbidden):
        decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=publisher_of_court)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=one.pk).update(decided_by=both)
    assert again(ready).state == Decided.NOTIFIED


def test_an_approval_of_another_text_than_the_one_asked_is_refused(ready, president, registrar, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    hide_all(one, publisher_of_court)
    publishing.propose(publication=one, by=publisher_of_court)
    passage = "La présente décision sera notifiée aux parties"
    rulings.correct(
        ruling=again(ready), passage=passage, reads=passage.replace("parties", "Parties"), why="faute", by=president
    )
    with pytest.raises(Outdated):
        publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    publishing.decide(publication=one, to=Decision.REFUSED, note="texte corrigé depuis", by=registrar)
    one = Publication.objects.get(pk=one.pk)
    with pytest.raises(rules.TextMoved):
        publishing.propose(publication=one, by=publisher_of_court)
    kept = {r.pk: r.decision for r in one.redactions.all()}
    one = publishing.prepare(ruling=again(ready), by=publisher_of_court)
    assert {r.pk: r.decision for r in one.redactions.all()} == kept
    publishing.propose(publication=one, by=publisher_of_court)
    done = publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    assert done.public["text"]["corrections"] and again(ready).state == "published"


def test_what_was_submitted_is_not_changed_and_a_page_that_moved_is_refused(ready, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    seen = publishing.stamp(one)
    hide_all(one, publisher_of_court)
    with pytest.raises(PageMoved):
        publishing.propose(publication=one, by=publisher_of_court, seen=seen)
    publishing.propose(publication=one, by=publisher_of_court)
    with pytest.raises(rules.NotPrepared):
        publishing.add(publication=one, words=NAME, reason="witness", by=publisher_of_court)
    for change in (
        lambda: Redaction.objects.filter(publication=one).update(decision="keep"),
        lambda: Redaction.objects.filter(publication=one).delete(),
        lambda: Redaction.objects.create(
            publication=one, section="reasons", paragraph=0, start=0, end=2, reason="voter", at=one.at
        ),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_nothing_is_submitted_while_an_answer_lacks_or_a_hidden_name_can_still_be_read(ready, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    with pytest.raises(rules.Undecided):
        publishing.propose(publication=one, by=publisher_of_court)
    hide_all(one, publisher_of_court)
    row = one.redactions.get(reason="phone")
    publishing.answer(
        publication=one,
        redaction_id=row.pk,
        decision="keep",
        reason="",
        note="numéro du service public",
        by=publisher_of_court,
    )
    with locks.lifted():  # a signed decision keeps its words: this one is as if it had been signed so
        Ruling.objects.filter(pk=ready.pk).update(words=f"dires de {NAME}")
    publishing.prepare(ruling=again(ready), by=publisher_of_court)
    made = Publication.objects.get(pk=one.pk)
    assert made.redactions.filter(section="words").exists() is True
    for left in made.redactions.filter(section="words"):
        publishing.answer(
            publication=made, redaction_id=left.pk, decision="keep", reason="", note="x", by=publisher_of_court
        )
    with pytest.raises(rules.StillThere):
        publishing.propose(publication=made, by=publisher_of_court)


def test_the_operative_part_is_refused_by_the_service_and_by_the_database(ready, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    with pytest.raises(redaction.Closed):
        publishing.add(
            publication=one, words="La présente décision sera notifiée", reason="voter", by=publisher_of_court
        )
    with pytest.raises(redaction.Closed):
        publishing.add(
            publication=one, words=ready.outcomes.get().petition.number, reason="voter", by=publisher_of_court
        )
    with pytest.raises(DatabaseError), transaction.atomic():
        Redaction.objects.create(
            publication=one, section="operative", paragraph=0, start=0, end=5, reason="voter", at=one.at
        )


def test_keeping_wants_words_and_hiding_a_reason_of_the_list(ready, publisher_of_court):
    from kalata.people.rules.approval import NoReason

    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    row = one.redactions.get(reason="phone")
    with pytest.raises(NoReason):
        publishing.answer(publication=one, redaction_id=row.pk, decision="keep", reason="", by=publisher_of_court)
    with pytest.raises(redaction.NotAReason):
        publishing.answer(publication=one, redaction_id=row.pk, decision="hide", reason="", by=publisher_of_court)
    with pytest.raises(DatabaseError), transaction.atomic():
        Redaction.objects.filter(pk=row.pk).update(decision="hide")


def test_an_erratum_is_another_version_and_both_stay(ready, registrar, publisher_of_court):
    first = published_text(ready, publisher_of_court, registrar)
    with pytest.raises(rules.NoNewVersion):
        publishing.prepare(ruling=again(ready), by=publisher_of_court)
    second = publishing.prepare(ruling=again(ready), by=publisher_of_court, why="un nom restait lisible")
    publishing.add(publication=second, words="le président n’était pas", reason="private_person", by=publisher_of_court)
    publishing.propose(publication=second, by=publisher_of_court)
    done = publishing.decide(publication=second, to=Decision.APPROVED, by=registrar)
    assert [(v.version, v.state) for v in queries.versions(ready.pk)] == [(2, "published"), (1, "superseded")]
    assert queries.current(ready.number) == done and Publication.objects.get(pk=first.pk).public == first.public
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=first.pk).update(public_digest="0" * 64)
    with pytest.raises(DatabaseError), transaction.atomic():
        Publication.objects.filter(pk=first.pk).update(pdf="0" * 64)


def test_a_version_that_is_withdrawn_is_no_longer_served_and_its_line_stays(ready, registrar, publisher_of_court):
    first = published_text(ready, publisher_of_court, registrar)
    second = publishing.prepare(
        ruling=again(ready), by=publisher_of_court, why="un nom restait lisible", withdraws=True
    )
    publishing.propose(publication=second, by=publisher_of_court)
    publishing.decide(publication=second, to=Decision.APPROVED, by=registrar)
    old = queries.versions(ready.pk).get(version=1)
    assert (old.state, old.public_digest) == ("withdrawn", first.public_digest)
    last = Custody.objects.filter(content__sha256=old.pdf, subject=f"ruling:{ready.number}").order_by("-pk").first()
    assert last.access == "staff"


def test_a_decision_that_is_not_notified_is_not_published(ruling, judge, publisher_of_court):
    with pytest.raises(rules.NotNotified):
        publishing.prepare(ruling=ruling, by=publisher_of_court)


def test_what_everybody_is_told_has_both_hashes_and_no_name(ready, registrar, publisher_of_court):
    done = published_text(ready, publisher_of_court, registrar)
    told_ = Act.objects.get(kind="disputes.published")
    assert (told_.after["full"], told_.after["public"], told_.after["redactions"]) == (
        done.full_digest,
        done.public_digest,
        2,
    )


def test_without_keys_nothing_is_submitted(ready, publisher_of_court, monkeypatch):
    from kalata.disputes.rules.rulings import NoKeys

    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    hide_all(one, publisher_of_court)
    monkeypatch.setattr(court, "ready", lambda: False)
    with pytest.raises(NoKeys):
        publishing.propose(publication=one, by=publisher_of_court)


def test_the_effect_follows_a_publication(ready, registrar, publisher_of_court):
    published_text(ready, publisher_of_court, registrar)
    executing.apply(ruling=again(ready), by=registrar)
    assert again(ready).state == "applied"
    other = publishing.prepare(ruling=again(ready), by=publisher_of_court, why="erratum")
    assert other.version == 2


def test_the_summary_says_the_figures_of_the_decision_and_no_other(ready, registrar, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    done = {row.lang: summaries.shown(one, row) for row in one.summaries.all()}
    found = one.figures
    assert (
        found["annulled_stations"] == 1 and found["valid_before"] - found["valid_after"] == found["annulled_votes"] > 0
    )
    assert any(f": 1, soit {found['annulled_votes']} suffrages" in line for line in done["fr"]["decided"])
    assert done["en"]["changes"] and done["bm"]["reviewed"] is False
    row = one.summaries.get(lang="fr")
    for typed, refused in (
        (f"{row.decided}\nSoit 12 bureaux.", rules_of.TypedFigure), (f"{row.decided}\nSoit douze bureaux.", rules_of.TypedFigure),
        (f"{row.decided}\nSoit {{autre}}.", rules_of.UnknownFigure), ("La Cour a statué.", rules_of.LostFigure),
        (row.decided.replace("{annulled_votes}", "{valid_after}"), rules_of.LostFigure), (f"{row.decided} {{", rules_of.UnknownFigure),
    ):  # fmt: skip
        with pytest.raises(refused):
            summaries.keep(
                publication=one, lang="fr", words=rules_of.Said(typed, row.why, row.after), by=publisher_of_court
            )
    hide_all(one, publisher_of_court)
    Publication.objects.filter(pk=one.pk).update(figures={**found, "annulled_votes": 7})
    with pytest.raises(rules_of.OtherFigures):
        publishing.propose(publication=Publication.objects.get(pk=one.pk), by=publisher_of_court)
    again_ = publishing.prepare(ruling=again(ready), by=publisher_of_court)
    publishing.propose(publication=again_, by=publisher_of_court)
    out = publishing.decide(publication=again_, to=Decision.APPROVED, by=registrar)
    assert set(out.public["summary"]) == {"fr", "en", "bm"}
    papers_ = [everything(store.path(s.pdf).read_bytes()) for s in out.summaries.all()]
    assert all(NAME not in p for p in papers_) and any("personne n’a encore relu" in p for p in papers_)


def test_a_name_taken_out_of_the_text_is_not_told_by_the_summary(ready, publisher_of_court):
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    hide_all(one, publisher_of_court)
    row = one.summaries.get(lang="en")
    words = rules_of.Said(row.decided, f"{NAME} said so.", row.after)
    summaries.keep(publication=one, lang="en", words=words, by=publisher_of_court)
    with pytest.raises(rules.StillThere):
        publishing.propose(publication=one, by=publisher_of_court)


@pytest.fixture
def titled(ruling, petition, judge, president, registrar, keys):
    """A decision notified, whose very title names a witness."""
    rulings.amend(ruling=ruling, by=judge, outcomes={petition.number: ("granted", {"g1": WORDS})})
    Ruling.objects.filter(pk=ruling.pk).update(words=f"déposition du témoin {NAME}")
    rulings.generate(ruling=again(ruling), by=judge)
    return notified(again(ruling), judge, president, registrar)


def test_a_name_taken_out_of_the_title_is_not_told_by_the_results_when_the_decision_takes_effect(
    titled, registrar, publisher_of_court
):
    published_text(titled, publisher_of_court, registrar)
    executing.apply(ruling=again(titled), by=registrar)
    told_ = Carried.objects.get(number=titled.number)
    assert told_.words == "déposition du témoin [occulté : témoin]"
    assert not StationReport.objects.filter(reason__icontains=NAME).exists()
    assert not Act.objects.filter(reason__icontains=NAME).exists()


def test_precedents_are_found_and_cited_by_their_public_text(titled, registrar, publisher_of_court):
    published_text(titled, publisher_of_court, registrar)
    one = Precedent.objects.get(ruling=titled)
    assert NAME not in one.title + one.text and "fictif" not in one.folded and "[occulté : témoin]" in one.text
    assert not precedents.search("fictif") and NAME not in precedents.cited(one.pk)


def test_what_a_later_version_takes_out_leaves_the_search_of_precedents(ready, registrar, publisher_of_court):
    published_text(ready, publisher_of_court, registrar)
    assert precedents.search("président liste").count() == 1
    other = publishing.prepare(ruling=again(ready), by=publisher_of_court, why="une fonction aussi")
    publishing.add(publication=other, words="le président n’était pas", reason="private_person", by=publisher_of_court)
    read_over(other, publisher_of_court)
    publishing.propose(publication=other, by=publisher_of_court)
    publishing.decide(publication=other, to=Decision.APPROVED, by=registrar)
    assert "le président n’était pas" not in Precedent.objects.get(ruling=ready).text


def test_the_reason_of_an_earlier_version_is_withheld_once_a_later_one_takes_its_words_out(ready, registrar, publisher_of_court):  # fmt: skip
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    for row in one.redactions.all():
        publishing.answer(publication=one, redaction_id=row.pk, decision="keep", reason="", note="nom public", by=publisher_of_court)  # fmt: skip
    read_over(one, publisher_of_court)
    publishing.propose(publication=one, by=publisher_of_court)
    publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    for why, decision, reason in (
        (f"le nom de {NAME} est corrigé", "keep", ""),
        ("un témoin est protégé", "hide", "witness"),
    ):
        one = publishing.prepare(ruling=again(ready), by=publisher_of_court, why=why)
        for row in one.redactions.all():
            publishing.answer(publication=one, redaction_id=row.pk, decision=decision, reason=reason, note="dit", by=publisher_of_court)  # fmt: skip
        read_over(one, publisher_of_court)
        publishing.propose(publication=one, by=publisher_of_court)
        publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    shown = public_decisions.decision(ready.number.replace("/", "-"))
    assert [why for _n, _at, why in shown.versions] == ["un témoin est protégé", queries.WITHHELD, ""]
    assert NAME not in repr(shown)
    assert Publication.objects.get(version=2).why == f"le nom de {NAME} est corrigé"


def test_a_precedent_written_with_the_full_text_is_indexed_again_by_its_public_text(ready, registrar, publisher_of_court):  # fmt: skip
    one = publishing.prepare(ruling=ready, by=publisher_of_court)
    hide_all(one, publisher_of_court)
    publishing.propose(publication=one, by=publisher_of_court)
    publishing.decide(publication=one, to=Decision.APPROVED, by=registrar)
    kept = Precedent.objects.get(number=ready.number)
    values = {"ruling": again(ready), "number": kept.number, "day": kept.day, "year": kept.year, "kind": kept.kind, "title": f"le témoin {NAME}", "text": WORDS}  # fmt: skip
    indexing.written([(kept.origin, values)])
    assert precedents.search("fictif").exists()
    assert indexing.again() == 1 and indexing.again() == 0
    kept.refresh_from_db()
    assert not precedents.search("fictif").exists() and NAME not in kept.title + kept.text + kept.folded
    Publication.objects.update(state="withdrawn")
    assert indexing.again() == 1 and indexing.again() == 0
    kept.refresh_from_db()
    assert (kept.text, kept.title, kept.number) == ("", "", ready.number)


def test_each_publication_enters_the_public_log_once_with_its_two_hashes(ready, registrar, publisher_of_court):
    done = published_text(ready, publisher_of_court, registrar)
    rows = Outbox.objects.filter(log__name=ready.contest.code, kind="ruling")
    first = {"act": ready.number, "version": 1, "full_sha256": done.full_digest, "public_sha256": done.public_digest, "document_sha256": done.pdf}  # fmt: skip
    assert [r.body for r in rows] == [first] and judge_of(rows[0]) is None
    assert logging_texts.turn() == 0
    shown = public_decisions.decision(ready.number.replace("/", "-"))
    assert shown.logged is None  # it waits for the sequencer
    rows.delete()  # published before the log held publications
    assert logging_texts.turn() == 1 and rows.get().body == first


def judge_of(row):
    return entries.judge({"v": 1, "kind": "ruling", "election": "e", "contest": "c", "round": 1, **row.body})


def test_nothing_of_a_publication_is_told_before_the_contest_has_a_log(ready, registrar, publisher_of_court):
    published = ready.contest.published_at
    type(ready.contest).objects.update(published_at=None)
    published_text(ready, publisher_of_court, registrar)
    assert not Outbox.objects.filter(kind="ruling").exists() and logging_texts.turn() == 0
    type(ready.contest).objects.update(published_at=published)
    assert logging_texts.turn() == 1


def test_the_reason_of_a_version_does_not_say_what_it_takes_out(ready, registrar, publisher_of_court):
    published_text(ready, publisher_of_court, registrar)
    other = publishing.prepare(ruling=again(ready), by=publisher_of_court, why=f"{NAME} se lisait encore")
    read_over(other, publisher_of_court)
    with pytest.raises(rules.StillThere, match="Motif de la version"):
        publishing.propose(publication=other, by=publisher_of_court)
