"""The page of the gate: what differs is said with both values, no button signs while it is shut, and the bench alone reads a draft."""

from datetime import date

import pytest
from django.utils import timezone

from kalata.disputes.models import BenchMember, Recusal, Ruling
from kalata.disputes.services import rulings
from tests.disputes.publishing import published_text
from tests.disputes.services.test_rulings import keys, petition, president, publisher_of_court, ruling, told  # noqa: F401

pytestmark = pytest.mark.django_db


def text(client, page):
    return client.get(page).content.decode()


def test_the_gate_is_shut_on_a_draft_whose_annex_is_a_station_short_and_opens_on_a_clean_one(sign_in, ruling, judge, president, keys):  # noqa: F811  # fmt: skip
    page = f"/contentieux/decisions/{ruling.pk}/controle/"
    client = sign_in(judge)
    assert "Porter au contrôle" in text(client, page) and 'value="sign"' not in text(client, page)
    client.post(page, {"act": "gate", "seen": ruling.printed_of})
    clean, held = Ruling.objects.get(pk=ruling.pk).print, Ruling.objects.get(pk=ruling.pk)
    held.print["annexes"][0]["stations"] = []
    Ruling.objects.filter(pk=held.pk).update(print=held.print)
    shut = text(sign_in(president), page)
    assert "Signature refusée" in shut and "DIS-601" in shut and 'value="sign"' not in shut and "Passer outre" in shut
    assert sign_in(president).post(page, {"act": "sign", "seen": ruling.printed_of}).status_code == 409
    Ruling.objects.filter(pk=held.pk).update(print=clean)
    open_ = text(sign_in(president), page)
    assert "Le projet passe le contrôle" in open_ and 'value="sign"' in open_
    assert 'value="sign"' not in text(sign_in(judge), page)
    assert sign_in(president).post(page, {"act": "sign", "seen": ruling.printed_of}).status_code == 302
    assert Ruling.objects.get(pk=ruling.pk).state == "signed"


def test_a_check_that_had_nothing_to_look_at_is_not_said_to_hold(sign_in, ruling, judge, president):  # noqa: F811
    client = sign_in(judge)
    client.post(f"/contentieux/decisions/{ruling.pk}/controle/", {"act": "gate", "seen": ruling.printed_of})
    shown = text(sign_in(president), f"/contentieux/decisions/{ruling.pk}/controle/")
    assert 'Notifications et délais de réponse <span class="mute small">pas vérifié' in shown
    assert 'Annexes égales au dispositif <span class="mute small">tient' in shown and "14 contrôles sur 14" not in shown


def test_a_signed_decision_is_shown_as_it_was_signed_whatever_moved_since(sign_in, ruling, judge, president, keys, monkeypatch):  # noqa: F811  # fmt: skip
    from kalata.disputes.services import executing

    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    monkeypatch.setattr(rulings, "examine", lambda *_given: pytest.fail("a signed decision is not judged again"))
    shown = text(sign_in(president), f"/contentieux/decisions/{ruling.pk}/controle/")
    assert "Décision signée" in shown and "Signature refusée" not in shown and "Différences" not in shown


def test_a_draft_is_read_by_the_bench_alone(sign_in, ruling, registrar, supervisor, publisher_of_court, client):  # noqa: F811  # fmt: skip
    page = f"/contentieux/decisions/{ruling.pk}/controle/"
    for person in (registrar, supervisor, publisher_of_court):
        assert sign_in(person).get(page).status_code == 404
        assert sign_in(person).get(f"/contentieux/decisions/{ruling.pk}/").status_code == 404


def test_the_decision_goes_from_its_page_to_the_results(sign_in, ruling, judge, president, registrar, publisher_of_court, keys, published):  # noqa: F811  # fmt: skip
    from kalata.disputes.services import executing
    from kalata.results.models import StationReport

    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    rulings.pronounce(ruling=ruling, minutes="audience", by=president)
    page = f"/contentieux/decisions/{ruling.pk}/"
    for person, act in ((registrar, "notify"), (registrar, "apply")):
        client = sign_in(person)
        assert f'value="{act}"' in text(client, page)
        assert client.post(page, {"act": act}).status_code == 302
        if act == "notify":
            assert f"{page}publication/" in text(sign_in(publisher_of_court), page)
            published_text(Ruling.objects.get(pk=ruling.pk), publisher_of_court, registrar)
    assert StationReport.objects.get(station__code="SEG-001", current=True).authority == "ruling"
    assert f"Décision {ruling.number} de la juridiction" in text(sign_in(judge), f"/resultats/pres/bureaux/{StationReport.objects.get(station__code='SEG-001', current=True).station_id}/")  # fmt: skip


def test_each_difference_leads_to_the_field_that_mends_it(sign_in, ruling, judge, president):  # noqa: F811
    from kalata.disputes.services import reasons

    number = ruling.outcomes.get().petition.number
    held = Ruling.objects.get(pk=ruling.pk)
    held.articles = ["PAS-UNE-NORME"]
    held.save(update_fields=["articles"])
    reasons.write(ruling=held, key=f"merits:{number}:g1", text="les six bureaux annulés", base=0, by=judge)
    rulings.generate(ruling=Ruling.objects.get(pk=ruling.pk), by=judge)
    shown = text(sign_in(judge), f"/contentieux/decisions/{ruling.pk}/controle/")
    assert "DIS-603" in shown and f"motifs/?section=merits%3A{number}%3Ag1#ecrire" in shown
    assert "DIS-612" in shown and f"/contentieux/decisions/{ruling.pk}/projet/#normes" in shown
    assert "« six bureaux annulés »" in shown and '<dd class="bad">6</dd>' in shown


def test_a_clerical_error_is_corrected_on_its_page_and_no_figure_is(sign_in, ruling, judge, president, registrar, keys):  # noqa: F811  # fmt: skip
    from kalata.disputes.services import executing

    rulings.to_gate(ruling=ruling, by=judge)
    executing.sign(ruling=ruling, by=president)
    page = f"/contentieux/decisions/{ruling.pk}/erreurs/"
    assert 'value="correct"' not in text(sign_in(registrar), page) and 'value="correct"' in text(
        sign_in(president), page
    )
    said = {"act": "correct", "passage": "notifiée aux parties", "reads": "notifiée aux 12 parties", "why": "faute"}
    refused = sign_in(president).post(page, said)
    assert refused.status_code == 422 and "notifiée aux 12 parties" in refused.content.decode()
    assert sign_in(president).post(page, {**said, "reads": "notifiée aux Parties"}).status_code == 302
    assert "<del>notifiée aux parties</del> <ins>notifiée aux Parties</ins>" in text(sign_in(registrar), page)
    assert sign_in(registrar).post(page, said).status_code == 403


def test_a_member_who_is_out_of_the_case_neither_reads_nor_touches_its_draft_at_the_gate(sign_in, ruling, petition, judge):  # noqa: F811  # fmt: skip
    page = f"/contentieux/decisions/{ruling.pk}/controle/"
    seat = BenchMember.objects.create(code="j1", person=judge, since=date(2024, 1, 1), at=timezone.now())
    assert sign_in(judge).get(page).status_code == 200 and ruling.number in text(
        sign_in(judge), "/contentieux/projets/"
    )
    Recusal.objects.create(
        petition=petition, member=seat, aside=True, state="granted", allowed=True, grounds="r", by=judge, at=timezone.now()
    )  # fmt: skip
    assert sign_in(judge).get(page).status_code == 404
    assert sign_in(judge).post(page, {"act": "gate", "seen": ruling.printed_of}).status_code == 404
    assert Ruling.objects.get(pk=ruling.pk).state == "draft"
    assert ruling.number not in text(sign_in(judge), "/contentieux/projets/")
