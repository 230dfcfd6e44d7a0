"""The Court's papers say what their case says, in both languages; the operative part says its acts and nothing else."""

import io

import pypdfium2
import pytest

from kalata.disputes.papers import court
from kalata.disputes.rules.acts import SILENT
from kalata.disputes.rules.operative import ONE, SAYS, Names, UnwrittenAct, article, articles
from kalata.documents import rendering
from tests.disputes.court_papers import ACTS, AT, CASE, NAMES, PAPERS, PIECES, sha
from tests.documents.test_register import stamped


def words(pdf):
    with pypdfium2.PdfDocument(io.BytesIO(pdf)) as pages:
        return " ".join("".join(page.get_textpage().get_text_range() for page in pages).split())


MUST_SAY = {
    "court-receipt": ("14:03:27", "Il n’est pas une décision sur la recevabilité", "vendredi 24 avril 2026, 24 h 00", "samedi 25 avril 2026", "pages : 19", PIECES[0].sha256[:16], "1,2 s d’avance"),
    "court-cure": ("jeudi 23 avril 2026, 14 h 03", "ordonnance n° 2026-12", "art. 32", "Aucune requête n’est rejetée par le greffe"),
    "court-service": ("dans les 48 heures", "pour vous seul", "Remis le", "exploit d’huissier"),
    "court-causes": ("mardi 28 avril 2026", "2026-L1-BKO2-000024", "publique"),
    "court-minutes": ("L’affaire est mise en délibéré", sha("audio")[:8], "17 h 03"),
    "court-copy": (PIECES[1].sha256[:8], "scellé A-4471"),
    "court-ruling": ("Article premier.", "LA COUR CONSTITUTIONNELLE", "ARRÊTE", "Article 6.", "Annexe 1", "771"),
    "court-proclamation": ("La Cour constitutionnelle proclame", "44 423", "50,20 %", "Suffrages annulés par la Cour"),
    "court-summary": ("Seul le texte de la décision fait foi", "45 397", "Personne ne revote"),
    "court-public": ("et non son original signé", "Article premier.", sha("public")[:8], sha("pdf")[:8]),
    "court-report": ("Aucune conclusion n’est choisie par le logiciel", "1 sur 2", "44 423", "Les relevés ont changé depuis cette simulation"),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_paper_says_what_its_case_says(kind):
    said = words(stamped(PAPERS[kind]()).pdf)
    for part in MUST_SAY[kind]:
        assert part in said, part


@pytest.mark.parametrize("kind", sorted(PAPERS))
def test_each_paper_speaks_english_to_who_reads_english(kind):
    said = words(stamped(PAPERS[kind]("en")).pdf)
    for french in (
        "Pièces",
        "Délai",
        "Lecture",
        "Ouverture",
        "Bureaux de vote",
        "Pourquoi",
        "siégeaient",
        "Vous avez",
        "émis",
        "Réf.",
    ):
        assert f" {french} " not in f" {said} ", french
    assert "Ref." in said


def test_every_paper_that_the_court_declares_has_its_sample():
    from kalata.disputes.room import ROOM

    assert set(PAPERS) == {one.key for one in ROOM.documents if one.key.startswith("court-")}


def test_a_receipt_bears_a_square_that_is_read_without_network():
    import zxingcpp

    with pypdfium2.PdfDocument(io.BytesIO(stamped(PAPERS["court-receipt"]()).pdf)) as pages:
        found = {one.text for one in zxingcpp.read_barcodes(pages[0].render(scale=4).to_numpy())}
    assert (
        any(text.startswith(f"KALATA-R1 {CASE} {AT.isoformat()} {sha('root')}") for text in found) and len(found) == 2
    )


def test_the_head_of_the_courts_papers_names_the_court_of_the_pack(contest):
    head = court.head(contest, "en", title="Arrêt", number="2026-04/CC-EL")
    assert (head.country, head.body, head.number) == ("Republic of Mali", "Constitutional Court", "2026-04/CC-EL")
    assert head.motto and contest.name_fr.split()[0] in court.head(contest, "fr", title="Arrêt").about


# --- the operative part -----------------------------------------------------------------------------
WHOLE = {
    "petition": CASE, "petitions": [CASE, "x"], "of": "x", "body": "tribunal administratif", "what": "la communication des PV",
    "where": {"commune": "Zambougou"}, "stations": [["1"], ["2"]], "station": ["1"], "before": {"votes.A": 1}, "after": {"votes.A": 0},
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(SAYS))
def test_every_act_is_written_in_both_languages_with_no_gap(kind):
    said = article({"id": "1", "act": kind, **WHOLE}, Names(annexes={"1": "A"}))
    for lang in ("fr", "en"):
        text = said.text(lang)
        assert text.endswith(".") and "None" not in text and "%(" not in text
    assert said.text("fr") != said.text("en")


def test_every_act_of_the_house_is_written():
    assert {*SILENT, "ANNUL_STATION", "ANNUL_AREA", "RECTIFY", "RESTORE"} == set(SAYS)


@pytest.mark.parametrize("lack", ["petition", "annexes", "n", "boxes", "kind"])
def test_an_act_that_lacks_what_its_sentence_says_is_not_written(lack):
    act, names = {"id": "3", "act": "ANNUL_STATION", "stations": [["1"]]}, Names(annexes={"3": "1"})
    if lack == "petition":
        act = {"id": "3", "act": "REJECT_UNFOUNDED"}
    if lack == "annexes":
        names = Names()
    if lack == "n":
        act = {**act, "stations": []}
    if lack == "boxes":
        act = {"id": "3", "act": "RECTIFY", "station": ["1"], "before": {}, "after": {}}
    if lack == "kind":
        act = {"id": "3", "act": "DECLARE_ELECTED"}
    with pytest.raises(UnwrittenAct) as refused:
        article(act, names)
    assert refused.value.code == "DIS-660" and "3" in refused.value.message.text("fr")


def test_one_station_is_said_as_one_and_the_count_is_the_one_of_the_acts():
    act = {"id": "3", "act": "ANNUL_STATION", "stations": [["1"]]}
    assert "un bureau de vote" in article(act, Names(annexes={"3": "1"})).text("fr")
    assert "927 bureaux" in article(act, Names(annexes={"3": "1"}, counts={"3": 927})).text("fr")
    assert set(ONE) <= set(SAYS)


def test_articles_come_in_the_order_of_the_acts():
    said = [one.text("fr") for one in articles(ACTS, NAMES)]
    assert len(said) == len(ACTS) and "jointes" in said[0] and "210 devient 201" in said[3] and "mal fondée" in said[4]


def test_no_hostile_word_of_a_party_changes_a_paper():
    from kalata.disputes.papers import registry
    from tests.disputes.court_papers import head
    from tests.documents.samples import HOSTILE

    letter = registry.Letter(to=[HOSTILE, HOSTILE], place="B", on="j", signed=[HOSTILE])
    one = registry.Cure(
        letter=letter, case=CASE, defects=[registry.Defect(HOSTILE, HOSTILE, HOSTILE)], until=AT, order=HOSTILE
    )
    said = words(rendering.draft(registry.cure(one, head(HOSTILE[:150]), "fr"), AT).pdf)
    assert "[U+202E]" in said and '#panic("x")' in said
