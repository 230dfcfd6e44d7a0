"""What is proposed to be taken out of a decision, what never is, and the public text that is left."""

import pytest

from kalata.disputes.rules import redaction
from kalata.disputes.rules.redaction import Closed, Facts, NotAReason, NotInText, Passage, Policy, PublicName

SENTENCE = (
    "Le témoin Modèle Fictif, domicilié à Quartier Exemple, rue 12, joint au 76 12 34 56 ou à modele@exemple.test, "
    "expose que la liste « Le baobab » a reçu 150 voix au bureau SEG-001 ;"
)
TEXT = {
    "words": [], "visas": ["La Cour,"], "facts": ["Vu la requête n° 2027-P1-BKO2-000001, enregistrée au greffe ;"],
    "reasons": [SENTENCE, "MODÈLE   FICTIF maintient ses dires."], "overrides": [], "operative": ["La requête est rejetée."],
    "derived": ["Après ces actes, les suffrages exprimés sont 300."], "corrections": [],
}  # fmt: skip
FACTS = Facts(
    private=[("Modèle Fictif", "witness")], public=["Le baobab", "Cour constitutionnelle"],
    kept=frozenset({"seg 001", "2027 p1 bko2 000001"}), figures=frozenset({150, 300}),
)  # fmt: skip


def proposed(text=TEXT, facts=FACTS, policy=None):
    return {(p.of(text), p.reason) for p in redaction.propose(text, facts, policy)}


def test_a_name_of_the_records_is_proposed_everywhere_whatever_its_case_accents_and_blanks():
    found = redaction.propose(TEXT, FACTS)
    assert [p.of(TEXT) for p in found if p.reason == "witness"] == ["Modèle Fictif", "MODÈLE   FICTIF"]
    assert {p.rule for p in found if p.reason == "witness"} == {"record"}


def test_a_telephone_an_electronic_address_and_a_place_of_living_are_proposed_by_their_form():
    found = proposed()
    assert ("76 12 34 56", "phone") in found and ("modele@exemple.test", "email") in found
    assert any(reason == "address" and words.startswith("Quartier Exemple") for words, reason in found)


@pytest.mark.parametrize(
    ("said", "words", "reason"),
    [
        ("appelé au +223 76 12 34 56 hier", "+223 76 12 34 56", "phone"),
        ("appelé au 76123456 hier", "76123456", "phone"),
        ("porteur du NINA 1 85 03 1 01 001 123 A ce jour", "1 85 03 1 01 001 123 A", "identity_number"),
        ("porteur de la carte d’électeur n° 00AB12/77 ce jour", "00AB12/77", "identity_number"),
        ("la mineure Modèle Fictive a voté", "Modèle Fictive", "minor"),
        ("l’électrice Modèle de Fictive a voté", "Modèle de Fictive", "voter"),
        ("Mme Modèle Fictive a voté", "Modèle Fictive", "private_person"),
        ("le témoin, souffrant de paludisme, s’est retiré", "paludisme", "health"),
    ],
)  # fmt: skip
def test_each_form_is_seen(said, words, reason):
    assert (words, reason) in proposed({**TEXT, "reasons": [said]}, Facts())


@pytest.mark.parametrize("said", ["Vu la loi n° 2016-048 du 17 octobre 2016 ;", "12 345 bureaux, 1 234 567 voix", "le 14/03/2027 à 18 h 00", "Vu l’article 31 ;"])  # fmt: skip
def test_a_law_a_figure_and_a_day_are_not_proposed(said):
    assert proposed({**TEXT, "reasons": [said]}, Facts()) == set()


def test_a_candidate_an_institution_a_station_and_a_figure_are_neither_proposed_nor_taken_out():
    for words, refused in (
        ("Le baobab", PublicName), ("baobab", PublicName), ("bureau SEG-001", Closed), ("150 voix", Closed), ("2027-P1-BKO2-000001", Closed),
    ):  # fmt: skip
        with pytest.raises(refused):
            redaction.chosen(TEXT, words, "private_person", FACTS)
    assert not proposed({**TEXT, "reasons": ["M. Le Baobab, SEG-001, 150 voix"]})


def test_a_door_number_that_is_also_a_figure_is_an_address():
    text = {**TEXT, "reasons": ["demeurant à Quartier Exemple, porte 150 ;"]}
    assert redaction.chosen(text, "Quartier Exemple, porte 150", "address", FACTS)


@pytest.mark.parametrize("section", ["operative", "derived", "visas"])
def test_nothing_of_the_operative_part_is_taken_out(section):
    words = TEXT[section][0]
    with pytest.raises(Closed):
        redaction.chosen(TEXT, words, "private_person", FACTS)
    with pytest.raises(Closed):
        redaction.check(Passage(section, 0, 0, 5, "voter"), TEXT, FACTS)
    with pytest.raises(Closed):
        redaction.public_text(TEXT, [Passage(section, 0, 0, 5, "voter")])


def test_words_chosen_by_a_person_are_taken_out_everywhere_for_a_reason_of_the_list():
    found = redaction.chosen(TEXT, " modele fictif ", "witness", FACTS)
    assert [(p.section, p.paragraph) for p in found] == [("reasons", 0), ("reasons", 1)]
    public = redaction.public_text(TEXT, found)
    assert (
        "Fictif" not in str(public)
        and "FICTIF" not in str(public)
        and public["reasons"][1].startswith("[occulté : témoin]")
    )
    with pytest.raises(NotAReason):
        redaction.chosen(TEXT, "Modèle Fictif", "because", FACTS)
    with pytest.raises(NotAReason):
        redaction.chosen(TEXT, "Modèle Fictif", "witness", FACTS, Policy(reasons=("phone",)))
    for words in ("nulle part", "xy", ""):
        with pytest.raises(NotInText):
            redaction.chosen(TEXT, words, "witness", FACTS)


def test_the_mark_says_the_reason_and_not_the_length():
    one = {**TEXT, "reasons": ["Ana Bo parle"]}
    two = {**TEXT, "reasons": ["Anastasie Bokoumbo parle"]}
    hidden = lambda text, end: redaction.public_text(text, [Passage("reasons", 0, 0, end, "voter")])["reasons"]  # noqa: E731
    assert hidden(one, 6) == hidden(two, 18) == ["[occulté : électeur] parle"]


def test_spans_that_overlap_leave_nothing_between_them():
    text = {**TEXT, "reasons": ["abcdefghij"]}
    spans = [
        Passage("reasons", 0, 1, 4, "voter"),
        Passage("reasons", 0, 3, 6, "phone"),
        Passage("reasons", 0, 8, 9, "phone"),
    ]
    assert redaction.public_text(text, spans)["reasons"] == ["a[occulté : électeur]gh[occulté : numéro de téléphone]j"]


def test_a_passage_hidden_in_one_place_and_left_in_another_is_seen():
    first = [p for p in redaction.chosen(TEXT, "Modèle Fictif", "witness", FACTS) if p.paragraph == 0]
    public = redaction.public_text(TEXT, first)
    assert redaction.left(TEXT, first, public) == ["reasons"]
    both = redaction.chosen(TEXT, "Modèle Fictif", "witness", FACTS)
    assert redaction.left(TEXT, both, redaction.public_text(TEXT, both)) == []


def test_a_span_that_is_not_in_the_text_is_refused():
    for one in (
        Passage("reasons", 9, 0, 3, "voter"),
        Passage("reasons", 0, 5, 5, "voter"),
        Passage("reasons", 0, 0, 9_999, "voter"),
    ):
        with pytest.raises(NotInText):
            redaction.check(one, TEXT, FACTS)


def test_the_pack_says_what_is_taken_out_and_who_stays_named():
    said = redaction.policy_of({"redacts": ["phone", "minor", "unknown"], "named": ["candidate"]})
    assert said == Policy(reasons=("minor", "phone"), named=("candidate",))
    assert redaction.policy_of(None) == Policy()
    assert proposed(policy=said) == {("76 12 34 56", "phone")}


def test_a_telephone_whose_groups_are_figures_of_the_decision_is_proposed_all_the_same():
    text = {**TEXT, "reasons": ["joint au 76 12 34 56 hier"]}
    facts = Facts(figures=frozenset({0, 12, 76123456}))
    assert proposed(text, facts) == {("76 12 34 56", "phone")}
    assert redaction.chosen(text, "76 12 34 56", "phone", facts)
