"""A decision is bound to the exact difference that was asked and to the page that was read."""

import json
import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kalata.ledger.rules.kinds import KINDS, STEPS
from kalata.people import approving
from kalata.people import services as people
from kalata.people.models import Approval
from kalata.people.rules import kept_picture
from kalata.people.rules.approval import Decision, NotRead, Outdated
from kalata.people.rules.picture import Effect, Item, Line, Picture, Piece, Row, digest, moved
from kalata.text import Message, Named
from tests.conftest import ROWS, bring, csv_of, decide_on_screen, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def scale():
    """An act of two persons whose difference and effect can be moved by hand."""
    held = {"value": 1, "total": 10, "done": []}

    def picture(approval, page=1):
        total = Row("A", held["total"], held["total"] + 1)
        facts = {"station:S1": held["value"], "to": approval.payload["to"]}
        return Picture("Un acte d’essai", facts, effect=Effect("Rien ne change", True, (total,), total))

    @approving.approvable("test.scale", "people.approve", picture, title="Un acte d’essai", asks="people.manage")
    def carry_out(approval, by):
        held["done"].append(approval.pk)

    yield held
    del approving.ACTS["test.scale"]
    for step in STEPS:
        del KINDS[f"test.scale.{step}"]


@pytest.fixture
def asked(scale, administrator):
    return people.ask_approval(
        kind="test.scale", subject="contest:s", summary="Essai", payload={"to": 2}, reason="r", by=administrator
    )


def test_an_approval_is_carried_out_on_the_facts_it_was_asked_on(asked, scale, security_officer):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert scale["done"] == [asked.pk]
    assert asked.sha256 == digest({"station:S1": 1, "to": 2})


def test_a_fact_that_moved_since_the_request_refuses_the_approval(asked, scale, security_officer):
    scale["value"] = 3
    with pytest.raises(Outdated):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    asked.refresh_from_db()
    assert (asked.state, scale["done"]) == ("waiting", [])


def test_an_effect_that_moved_while_reading_refuses_the_signature_but_not_the_next_reading(
    asked, scale, security_officer
):
    read = approving.picture_of(asked).seen()
    scale["total"] = 11
    with pytest.raises(NotRead):
        people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer, seen=read)
    again = approving.picture_of(asked).seen()
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer, seen=again)
    assert scale["done"] == [asked.pk]


def test_a_page_without_what_was_read_signs_nothing(sign_in, asked, scale, security_officer):
    answer = sign_in(security_officer).post(f"/personnes/approbations/{asked.pk}/", {"to": "approve"})
    assert answer.status_code == 409 and scale["done"] == []


def test_an_outdated_request_shows_what_moved_and_no_button_to_approve(sign_in, asked, scale, security_officer):
    scale["value"] = 3
    text = sign_in(security_officer).get(f"/personnes/approbations/{asked.pk}/").content.decode()
    assert "La situation a changé depuis la demande" in text and 'value="approve"' not in text
    assert "Empêche d’approuver" in text and 'value="update"' in text


def test_an_outdated_request_is_asked_again_with_its_own_hash(sign_in, asked, scale, administrator, security_officer):
    scale["value"] = 3
    assert decide_on_screen(sign_in(security_officer), asked, to="update").status_code == 302
    assert "mise à jour demandée" in sign_in(administrator).get("/personnes/approbations/").content.decode()
    assert decide_on_screen(sign_in(administrator), asked, to="renew").status_code == 302
    new = Approval.objects.get(replaces=asked)
    asked.refresh_from_db()
    assert (asked.state, new.state, new.facts["station:S1"]) == ("withdrawn", "waiting", 3)
    assert decide_on_screen(sign_in(security_officer), new).status_code == 302
    assert scale["done"] == [new.pk]


def test_only_who_asked_may_ask_again(sign_in, asked, scale, security_officer):
    assert decide_on_screen(sign_in(security_officer), asked, to="renew").status_code == 403


def test_a_signature_needs_a_second_factor_that_is_fresh(client, sign_in, asked, scale, security_officer):
    client = sign_in(security_officer)
    session = client.session
    session["account_authentication_methods"] = []
    session.save()
    answer = decide_on_screen(client, asked)
    assert answer.status_code == 422 and "second facteur" in answer.content.decode() and scale["done"] == []
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "at": 1.0}]  # given long ago
    session.save()
    assert decide_on_screen(client, asked).status_code == 422 and scale["done"] == []


def test_a_request_one_may_not_decide_does_not_exist(sign_in, asked, scale, outsider):
    assert sign_in(outsider).get(f"/personnes/approbations/{asked.pk}/").status_code == 404
    assert sign_in(outsider).post(f"/personnes/approbations/{asked.pk}/", {"to": "approve"}).status_code == 404


def test_the_database_refuses_a_request_bound_to_nothing(administrator):
    from django.db import IntegrityError

    with pytest.raises(IntegrityError):
        Approval.objects.create(
            kind="k", right="r", subject="s", summary="s", reason="r", asked_by=administrator, sha256=""
        )


@pytest.mark.parametrize(
    "change", [{"facts": {}}, {"payload": {"to": 3}}, {"sha256": "0" * 64}, {"reason": "autre"}, {"kind": "autre"}]
)
def test_the_database_refuses_to_change_what_was_asked(asked, scale, change):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="PEO-208"), transaction.atomic():
        Approval.objects.filter(pk=asked.pk).update(**change)


def test_the_database_refuses_to_delete_a_request(asked, scale):
    from django.db import DatabaseError, transaction

    with pytest.raises(DatabaseError, match="PEO-208"), transaction.atomic():
        asked.delete()


def test_what_moved_comes_first_and_what_is_gone_reads_none():
    rows = moved({"a": 1, "b": 2}, {"a": 1, "c": 3})
    assert [(r.element, r.then, r.now, r.same) for r in rows] == [
        ("b", 2, None, False),
        ("c", None, 3, False),
        ("a", 1, 1, True),
    ]


def test_one_person_with_two_mandates_does_not_decide_on_their_own_request(sign_in, asked, scale, administrator):
    assert decide_on_screen(sign_in(administrator), asked).status_code in (403, 404)
    assert scale["done"] == []


def test_who_asked_and_lost_the_mandate_since_may_take_it_back_and_reads_nothing_of_it(
    sign_in, asked, scale, administrator
):
    here = f"/personnes/approbations/{asked.pk}/"
    assert "Rien ne change" in sign_in(administrator).get(here).content.decode()
    administrator.mandates.update(revoked_at="2026-01-01T00:00Z")
    text = sign_in(administrator).get(here).content.decode()
    for word in ("Rien ne change", "Bureau</b>", "Bureau S1"):
        assert word not in text
    assert 'value="withdraw"' in text
    assert decide_on_screen(sign_in(administrator), asked, to="withdraw").status_code == 302
    asked.refresh_from_db()
    assert asked.state == "withdrawn"


def test_a_second_click_on_an_old_page_does_nothing_more(sign_in, asked, scale, security_officer):
    client = sign_in(security_officer)
    assert decide_on_screen(client, asked).status_code == 302
    assert decide_on_screen(client, asked).status_code == 409
    assert scale["done"] == [asked.pk]


def test_somebody_of_another_place_may_not_decide(pack_version, scale, administrator):
    from kalata.country.models import Unit
    from kalata.refusals import Forbidden

    away = make_person("ailleurs", "securite", unit=Unit.objects.get(code="ML-SEG", geography__code="ml-2015"))
    request = people.ask_approval(
        kind="test.scale", subject="contest:s", summary="s", payload={"to": 2}, reason="r", by=administrator
    )
    with pytest.raises(Forbidden):
        people.decide_approval(approval_id=request.pk, to=Decision.APPROVED, by=away)


# --- what was asked stays readable ------------------------------------------------------------------------------
def lines_of(page, title):
    """The rows of tables of figures under a heading of a page: label, before, after."""
    part = page.split(title, 1)[1].split("</section>", 1)[0]
    rows = re.findall(r"<tr><th scope=\"row\">(.*?)</th><td[^>]*>(.*?)</td><td[^>]*>(.*?)</td>", part, re.S)
    return [(a.strip(), b.strip(), c.strip()) for a, b, c in rows]


@pytest.fixture
def correction(published, supervisor):
    """One station of a published contest corrected by a file: 100 and 60 votes become 90 and 70."""
    bring(published, supervisor, csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,90,70,35", *ROWS[1:]]), name="c.csv")
    return Approval.objects.get(kind="results.correction")


ASKED = [("Le baobab", "100", "90"), ("La pirogue", "60", "70")]


def test_an_outdated_request_shows_the_lines_as_its_asker_saw_them(sign_in, published, correction, supervisor, publisher):  # fmt: skip
    bring(published, supervisor, csv_of(["Kayes,Kayes,KAY-001,400,200,200,5,195,95,65,35", *ROWS[1:]]), name="d.csv")
    other = Approval.objects.exclude(pk=correction.pk).get(kind="results.correction")
    people.decide_approval(approval_id=other.pk, to=Decision.APPROVED, by=publisher)
    for person in (publisher, supervisor):
        page = sign_in(person).get(f"/personnes/approbations/{correction.pk}/").content.decode()
        assert lines_of(page, "La demande, telle qu’elle a été faite")[-2:] == ASKED and "Périmée" in page
        assert lines_of(page, "Ce que la demande changerait maintenant")[-2:] == [
            ("Le baobab", "95", "90"), ("La pirogue", "65", "70"),
        ]  # fmt: skip
        assert "Ce qui a changé" in page and "Empêche d’approuver" in page and 'value="approve"' not in page


def test_a_decided_request_shows_its_figures_and_the_effect_that_was_signed(sign_in, correction, supervisor, publisher):
    decide_on_screen(sign_in(publisher), correction)
    for person in (publisher, supervisor):
        page = sign_in(person).get(f"/personnes/approbations/{correction.pk}/").content.decode()
        assert lines_of(page, "Ce qui a été décidé")[-2:] == ASKED
        assert ("Le baobab", "300", "290") in [
            (re.sub(r"<.*?>", "", a).strip(), b, c) for a, b, c in lines_of(page, "Effet sur les totaux publics")
        ]
        assert "Effet tel qu’il a été signé" in page


def test_a_refused_request_shows_what_was_asked_and_its_asker_is_told(client, sign_in, correction, supervisor, publisher):  # fmt: skip
    decide_on_screen(sign_in(publisher), correction, to="refuse", note="copie illisible")
    page = sign_in(supervisor).get("/personnes/approbations/?etat=mine").content.decode()
    assert f"D-{correction.pk}" in page and "refusé" in page and "copie illisible" in page and "publication," in page
    assert f"Votre demande D-{correction.pk}" in page and "a été refusée par publication" in page
    page = client.get(f"/personnes/approbations/{correction.pk}/").content.decode()
    assert lines_of(page, "Ce qui était demandé")[-2:] == ASKED


def test_my_requests_are_mine_whatever_became_of_them(sign_in, asked, scale, administrator, security_officer):
    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    assert "Essai" in sign_in(administrator).get("/personnes/approbations/?etat=mine").content.decode()
    assert "Essai" not in sign_in(security_officer).get("/personnes/approbations/?etat=mine").content.decode()


def test_who_asked_is_told_that_the_request_must_be_made_again(sign_in, asked, scale, administrator, security_officer):
    scale["value"] = 3
    decide_on_screen(sign_in(security_officer), asked, to="update")
    assert "vous prie" in sign_in(administrator).get("/personnes/approbations/").content.decode()


def test_what_was_shown_and_signed_is_never_rewritten(asked, scale, security_officer):
    from django.db import DatabaseError, transaction

    people.decide_approval(approval_id=asked.pk, to=Decision.APPROVED, by=security_officer)
    for field in ("picture", "signed"):
        with pytest.raises(DatabaseError, match="PEO-208"), transaction.atomic():
            Approval.objects.filter(pk=asked.pk).update(**{field: {}})


def test_a_request_of_many_things_keeps_the_first_pages_and_says_how_many_there_are(administrator, sign_in, security_officer):  # fmt: skip
    items = [Item(f"Chose {n}", lines=(Line("L", n, n + 1),)) for n in range(70)]

    def drawn(approval, page=1):
        return Picture("X", {"a": 1}, tuple(items[(page - 1) * 20 : page * 20]), 70)

    @approving.approvable("test.many", "people.approve", drawn, asks="people.manage", title="Essai")
    def nothing(approval, by):
        pass

    one = people.ask_approval(
        kind="test.many", subject="contest:s", summary="S", payload={}, reason="r", by=administrator
    )
    people.decide_approval(approval_id=one.pk, to=Decision.REFUSED, note="non", by=security_officer)
    page = sign_in(security_officer).get(f"/personnes/approbations/{one.pk}/").content.decode()
    assert "Chose 59" in page and "Chose 60" not in page and "Les 60 premiers éléments sur 70" in page
    del approving.ACTS["test.many"]
    for code in [c for c in KINDS if c.startswith("test.many.")]:
        del KINDS[code]


texts = st.recursive(
    st.one_of(st.text(), st.integers(), st.none(), st.booleans(), st.fractions(), st.dates()),
    lambda inner: st.builds(Message, st.text(), st.dictionaries(st.text(), inner, max_size=2)),
    max_leaves=6,
)


@given(texts, texts, st.integers(0, 9), st.booleans())
def test_a_picture_kept_and_read_again_is_the_same(says, value, n, calm):
    row = Row("A", n, n + 1, Fraction(1, 3), None, 1, 2, "lion")
    item = Item(says, "S1", (Line(says, value, n),), n, Named("fr", "en"), ((says, "/i"),))
    made = Picture(
        says, {}, (item,), 1, Effect(says, calm, (row,), row, (says,)), (Piece(says, says, "/p", calm),), (says,)
    )
    assert kept_picture.picture_of(json.loads(json.dumps(kept_picture.record(made)))) == made
