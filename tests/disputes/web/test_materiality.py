"""The screen of materiality: what a choice of acts changes, before anybody decides anything; who opens it, and when."""

import json
import re

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from kalata.disputes.models import Ruling, WhatIf
from kalata.disputes.queries import weighing
from kalata.disputes.queries.elections import election_of
from kalata.disputes.rules.choices import Choice
from kalata.disputes.rules.effect import digest_of, recompute
from kalata.disputes.rules.instruct import Deliberating, NameTaken
from kalata.disputes.rules.materiality import weigh
from kalata.disputes.services import whatifs
from kalata.ledger.models import Act
from kalata.results import tabulating
from tests.conftest import PROFILE, csv_of, make_person
from tests.disputes import instructed

pytestmark = pytest.mark.django_db
ALL = ("KAY-001", "KIT-001", "SEG-001", "SAN-001")


@pytest.fixture
def petition(published, judge):
    return instructed.case(published, judge, *ALL)


def address(petition):
    return f"/contentieux/affaires/{petition.number}/effet/"


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_the_reporting_judge_sees_the_bound_the_ceiling_and_the_smallest_set_before_choosing(sign_in, judge, petition):
    shown = text_of(sign_in(judge).get(address(petition)))
    assert "Annuler 3 des 4 bureaux visés changerait l’issue." in shown
    assert "Le plafond additionne les seuls bureaux qui y contribuent" in shown and "<b>Simulation.</b>" in shown
    assert weighing.weighed(petition, Choice()).digest in shown


def test_a_choice_is_weighed_before_and_after_for_every_candidacy_and_nothing_is_written(sign_in, judge, petition):
    client, wrote = sign_in(judge), []

    def watch(execute, sql, params, many, context):
        if sql.split(" ", 1)[0] in ("INSERT", "UPDATE", "DELETE") and "session" not in sql:
            wrote.append(sql[:100])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        shown = text_of(client.post(address(petition), {"act": "weigh", "station": ["SEG-001", "KAY-001"]}))
    assert wrote == []
    assert "Ces actes changent qui est qualifié" not in shown and "Ces actes ne changent pas l’issue" in shown
    assert 'value="SEG-001" checked' in shown and "110 <span" in shown  # Le baobab, 300 − 90 − 100


def test_the_answer_is_the_document_of_the_command_on_the_same_figures(petition, tmp_path, published):
    source = tmp_path / "r.csv"
    source.write_bytes(csv_of())
    profile = PROFILE | {"contest": {"id": published.code, "system": dict(published.system), "round": 1}}
    kept = tmp_path / "p.yaml"
    kept.write_text(json.dumps(profile, ensure_ascii=False), encoding="utf-8")
    from kalata.disputes import elections

    election = elections.of_file(source, tabulating.load_profile(kept, "ml"), {})
    names = dict(zip(election.options, election_of(published).options, strict=True))
    answer = weighing.weighed(petition, Choice(annul=("SEG-001",)))
    mine = weigh(election, answer.case).record()
    assert set(mine) == set(answer.record)
    assert mine["minimal"]["stations"] == answer.record["minimal"]["stations"]
    assert [m["margin"] for m in mine["margins"]] == [m["margin"] for m in answer.record["margins"]]
    assert [names[o] for o in mine["effect"]["outcome"]["options"]] == answer.record["effect"]["outcome"]["options"]
    assert answer.digest == digest_of(weigh(election_of(published), answer.case).record())
    again = recompute(election_of(published), {"acts": answer.case["acts"]})
    assert answer.weighing.applied.digest == again.digest


def test_a_ground_a_zone_a_code_a_rectification_a_deduction_and_a_new_vote_are_chosen_on_the_page(sign_in, judge, petition):  # fmt: skip
    client = sign_in(judge)

    def weighed(**body):
        return text_of(client.post(address(petition), {"act": "weigh", **body}))

    assert "On ne peut pas dire" in weighed(ground=[f"{petition.number}.g1"]) or "Égalité" in weighed(ground=[f"{petition.number}.g1"])  # fmt: skip
    assert 'value="SEG-001" checked' in weighed(codes="seg 001")
    assert 'value="SAN-001" checked' in weighed(column="région", place="Ségou")
    assert "Ces actes" in weighed(rectify="SEG-001 ; La pirogue ; 10")
    assert "Ces actes ne changent pas l’issue" in weighed(deduct="SEG-001 ; Le baobab ; 5")
    assert "on ne peut pas dire qui l’emporterait" in weighed(station=["SEG-001"], revote="1")
    assert "bulletins irréguliers, bénéficiaire inconnu" in weighed(irregular="SEG-001 ; 4")


def test_what_cannot_be_tried_is_said_line_by_line_and_the_page_stays(sign_in, judge, petition):
    client = sign_in(judge)
    answer = client.post(address(petition), {"act": "weigh", "codes": "XX-999", "restore": "SEG-001"})
    shown = text_of(answer)
    assert answer.status_code == 422 and "XX-999" in shown and "rien à annuler ni à rétablir" in shown
    answer = client.post(address(petition), {"act": "weigh", "deduct": "SEG-001 ; 4"})
    assert answer.status_code == 422 and "ligne 1" in text_of(answer)
    answer = client.post(address(petition), {"act": "weigh", "deduct": "SEG-001 ; La pirogue ; 9999"})
    assert answer.status_code == 422 and "n’est pas une case de ce scrutin" in text_of(answer)


def test_a_conclusion_names_the_other_cases_that_are_not_decided(sign_in, judge, petition, published):
    instructed.case(published, judge, "SEG-001", n=2)
    shown = text_of(sign_in(judge).get(address(petition)))
    assert "Autres affaires de ce scrutin non jugées : 1 ; elle vise 1 bureau." in shown


def test_words_that_no_station_answers_to_are_not_in_the_calculation_and_the_page_says_so(sign_in, judge, petition):
    instructed.aimed(petition, "école du marché", key="g2")
    assert "Désignations de la requête sans bureau trouvé : 1" in text_of(sign_in(judge).get(address(petition)))


# --- who, and when ---------------------------------------------------------------------------------------
def test_the_bench_reads_once_the_case_is_ready_and_never_before_nor_a_member_kept_out(sign_in, judge, petition):
    member = instructed.seat("j2", make_person("membre-2", "juge"))
    assert sign_in(member.person).get(address(petition)).status_code == 403
    for state, status in (("ready", 200), ("deliberation", 200), ("admissibility", 403)):
        type(petition).objects.filter(pk=petition.pk).update(state=state)
        assert sign_in(member.person).get(address(petition)).status_code == status, state
    type(petition).objects.filter(pk=petition.pk).update(state="ready")
    instructed.kept_out(petition, member)
    assert sign_in(member.person).get(address(petition)).status_code == 403


def test_the_registry_the_parties_the_liaison_and_the_public_find_nothing(client, sign_in, petition):
    for role in ("greffe", "partie", "liaison", "guichet", "publication-cour", "superviseur"):
        assert sign_in(make_person(f"autre-{role}", role)).get(address(petition)).status_code == 404, role
    client.logout()
    assert client.get(address(petition)).status_code == 302


def test_another_judge_does_not_open_the_case_of_a_colleague_in_instruction(sign_in, petition):
    answer = sign_in(make_person("juge-sans-siege", "juge")).get(address(petition))
    assert answer.status_code == 403 and "DIS-801" in answer.content.decode()


# --- kept under a name -----------------------------------------------------------------------------------
@pytest.fixture
def kept(petition, judge):
    return whatifs.keep(petition=petition, name="SEG seul", choice=Choice(annul=("SEG-001",)), by=judge)


def test_keeping_a_simulation_writes_its_own_row_and_nothing_else(sign_in, judge, petition):
    client, tables = sign_in(judge), set()

    def watch(execute, sql, params, many, context):
        if found := re.match(r'(?:INSERT INTO|UPDATE|DELETE FROM) "(\w+)"', sql):
            tables.add(found.group(1))
        return execute(sql, params, many, context)

    before = Act.objects.count()
    with connection.execute_wrapper(watch):
        client.post(address(petition), {"act": "keep", "name": "Deux bureaux", "station": ["SEG-001", "SAN-001"]})
    assert tables - {"django_session", "usersessions_usersession"} == {"disputes_whatif"}
    assert Act.objects.count() == before
    one = WhatIf.objects.get()
    assert (one.name, one.by, one.digest) == ("Deux bureaux", judge, digest_of(one.told["materiality"]))


def test_a_simulation_says_that_it_is_one_on_its_page_and_in_its_files(sign_in, judge, petition, kept):
    client = sign_in(judge)
    page = text_of(client.get(f"{address(petition)}{kept.pk}/"))
    assert "Simulation" in page and kept.digest in page and "SEG-001" in page
    said = json.loads(client.get(f"{address(petition)}{kept.pk}.json").content)
    assert said["simulation"] is True and said["fr"].startswith("SIMULATION") and said["digest"] == kept.digest
    assert said["case"]["acts"][0]["stations"] == [["SEG-001"]]
    rows = client.get(f"{address(petition)}{kept.pk}.csv").content.decode().splitlines()
    assert len(rows) == 4 and all(row.startswith('"SIMULATION, sans effet') for row in rows[1:])


def test_a_simulation_is_marked_when_the_figures_have_moved_and_its_acts_no_longer_pass(sign_in, judge, petition, kept, published):  # fmt: skip
    client = sign_in(judge)
    assert "relevés changés depuis" not in text_of(client.get(address(petition)))
    type(published).objects.filter(pk=published.pk).update(revision=published.revision + 1)
    assert "relevés changés depuis" in text_of(client.get(address(petition)))
    page = f"{address(petition)}{kept.pk}/"
    assert "Les relevés ont changé depuis" in text_of(client.get(page))
    answer = client.post(page, {"act": "draft", "number": "2027-44/CC-EL", "words": "essai"})
    assert answer.status_code == 409 and "DIS-808" in answer.content.decode() and not Ruling.objects.exists()


def test_two_simulations_stand_side_by_side(sign_in, judge, petition, kept):
    other = whatifs.keep(petition=petition, name="Tous", choice=Choice(annul=ALL), by=judge)
    page = text_of(sign_in(judge).get(f"{address(petition)}comparer/?un={kept.pk}&deux={other.pk}"))
    assert "SEG seul" in page and "Tous" in page and kept.digest in page and other.digest in page
    assert "(-300)" in page.replace("−", "-").replace("\u2212", "-")


def test_only_its_author_deletes_a_simulation_and_two_never_bear_one_name(sign_in, judge, petition, kept):
    with pytest.raises(NameTaken):
        whatifs.keep(petition=petition, name=" SEG  seul", choice=Choice(), by=judge)
    type(petition).objects.filter(pk=petition.pk).update(state="ready")
    member = instructed.seat("j2", make_person("membre-2", "juge"))
    client = sign_in(member.person)
    assert client.get(f"{address(petition)}{kept.pk}/").status_code == 200
    assert client.post(f"{address(petition)}{kept.pk}/", {"act": "drop"}).status_code == 403
    assert client.post(address(petition), {"act": "keep", "name": "de moi"}).status_code == 403
    assert WhatIf.objects.count() == 1
    assert sign_in(judge).post(f"{address(petition)}{kept.pk}/", {"act": "drop"}).status_code == 302
    assert not WhatIf.objects.exists()


def test_nothing_is_kept_while_the_bench_deliberates(judge, petition, kept):
    type(petition).objects.filter(pk=petition.pk).update(state="deliberation")
    petition.refresh_from_db()
    with pytest.raises(Deliberating):
        whatifs.keep(petition=petition, name="encore", choice=Choice(), by=judge)


def test_the_database_keeps_a_simulation_as_it_was_computed(kept):
    with pytest.raises(DatabaseError), transaction.atomic():
        WhatIf.objects.filter(pk=kept.pk).update(digest="0" * 64)


def test_the_acts_of_a_simulation_become_those_of_a_draft_that_the_gate_reads(sign_in, judge, petition, kept):
    client, page = sign_in(judge), f"{address(petition)}{kept.pk}/"
    number = f"{timezone.localdate().year}-44/CC-EL"
    answer = client.post(page, {"act": "draft", "number": number, "words": "Chiffres incohérents"})
    made = Ruling.objects.get()
    assert answer.status_code == 302 and made.acts == kept.case["acts"] and made.state == "draft"
    assert [o.petition_id for o in made.outcomes.all()] == [petition.pk]
    second = whatifs.keep(petition=petition, name="SAN", choice=Choice(annul=("SAN-001",)), by=judge)
    client.post(f"{address(petition)}{second.pk}/", {"act": "draft"})
    both = [kept.case["acts"][0], second.case["acts"][0] | {"id": "2"}]
    assert Ruling.objects.get().acts == both  # the draft of the case, not another; nothing that it had is replaced
    assert client.post(f"{address(petition)}{second.pk}/", {"act": "draft"}).status_code == 422  # touched already
    assert Ruling.objects.get().acts == both


PLANTED = "Zanzibarine-7391"


def test_the_name_of_a_simulation_is_nowhere_but_in_the_pages_of_its_case(
    sign_in, judge, registrar, supervisor, petition
):
    whatifs.keep(petition=petition, name=PLANTED, choice=Choice(annul=("SEG-001",)), by=judge)
    number = petition.number
    for person in (registrar, supervisor):
        client = sign_in(person)
        for page in ("/", f"/contentieux/affaires/{number}/", "/contentieux/role/", "/recherche/?q=Zanzibarine", "/journal/", "/contentieux/siege/"):  # fmt: skip
            assert PLANTED not in client.get(page, follow=True).content.decode(), page
    client.logout()
    for page in ("/", "/resultats/pres/", "/publication/"):
        assert PLANTED not in client.get(page).content.decode(), page
    assert not Act.objects.filter(subject__contains=PLANTED).exists()
