"""The mapping step: every column and every value, where it goes, and what must be answered before the file is tried."""

import io
import re

import pytest

from kalata.country import services as country
from kalata.people.models import Approval
from kalata.results import mapping
from kalata.results.models import Import
from kalata.results.queries import board, differences
from kalata.results.services import contests as services
from kalata.results.services import importing
from tests.conftest import HEADER, LISTS, PROFILE, ROWS, bring, csv_of, seen_on

pytestmark = pytest.mark.django_db
ROLES = ["area", "area", "station", "registered", "voters", "ballots", "null_ballots", "valid", "o0", "o1", "o2"]


def up(client, content: bytes) -> str:
    return client.post("/resultats/gerer/pres/importer/", {"file": io.BytesIO(content)}).url


def text_of(html: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html)).replace("\u202f", "")


def chosen(page: str) -> dict[str, str]:
    """What the selects of a page hold."""
    out = {}
    for name, body in re.findall(r'<select id="([cspm]\d+)"[^>]*>(.*?)</select>', page, re.S):
        found = re.search(r'<option value="([^"]*)" selected>', body)
        out[name] = found[1] if found else ""
    return out


def names(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input id="([nm]\d+)" name="[nm]\d+" value="([^"]*)"', page))


def send(client, url: str, roles: list[str], **more):
    sent = {"act": "map", "mode": "columns", "create": "stations", **{f"c{i}": r for i, r in enumerate(roles)}, **more}
    return client.post(url, sent, follow=True)


def test_every_column_is_shown_with_where_it_goes_and_how_it_was_recognised(sign_in, contest, supervisor):
    head = HEADER.replace("Le baobab", "BAOBAB") + ",TAUX,OBS"
    client = sign_in(supervisor)
    page = client.get(up(client, csv_of([r + ",\"48,5\",RAS" for r in ROWS], head))).content.decode()  # fmt: skip
    assert list(chosen(page).values()) == [*ROLES, "", ""]
    said = text_of(page)
    assert "13 colonnes : 11 reprises, 2 laissées" in said and "Même nom, sans l’article" in said
    assert "Toujours recalculé ici" in said and "Du texte : il reste dans le fichier" in said
    assert "Tout a sa place" in said


def test_a_name_one_letter_apart_is_asked_and_kept_once_confirmed(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, csv_of(header=HEADER.replace("La calebasse", "CALEBASE")))
    page = client.get(url).content.decode()
    assert "1 réponse à donner avant l’essai" in text_of(page) and chosen(page)["c10"] == "o2"
    answer = send(client, url, ROLES)
    assert answer.status_code == 422 and 'href="#k10"' in answer.content.decode()
    assert send(client, url, ROLES, k10="1").status_code == 200
    one = Import.objects.get()
    assert one.state == "checked" and one.profile["options"]["labels"]["CALEBASE"] == "La calebasse"
    client.post(url, {"act": "commit", "reason": "x", "seen": seen_on(client, url)})
    contest.refresh_from_db()
    assert board.board(contest).votes["La calebasse"] == 143


def test_whole_numbers_that_go_nowhere_are_asked(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, csv_of([r + ",7" for r in ROWS], HEADER + ",RESTE"))
    answer = send(client, url, [*ROLES, ""])
    assert (
        answer.status_code == 422
        and "L « RESTE »" in answer.content.decode()
        and 'id="left"' in answer.content.decode()
    )
    assert send(client, url, [*ROLES, ""], left="1").status_code == 200
    assert Import.objects.get().profile["ignored"] == {"RESTE": "confirmed"}


def test_an_option_that_nobody_knows_is_asked(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, csv_of(header=HEADER.replace("La calebasse", "Liste 3")))
    page = client.get(url).content.decode()
    assert chosen(page)["c10"] == "" and "Aucune colonne ne va à : La calebasse" in text_of(page)
    assert send(client, url, [*ROLES[:10], "option"]).status_code == 422
    assert send(client, url, ROLES).status_code == 200 and Import.objects.get().state == "checked"


def test_two_columns_of_one_list_are_said_with_how_often_both_are_filled(sign_in, contest, supervisor):
    rows = [",".join([*r.split(",")[:8], *(["", r.split(",")[8]] if n else [r.split(",")[8], ""]), *r.split(",")[9:]]) for n, r in enumerate(ROWS)]  # fmt: skip
    client = sign_in(supervisor)
    url = up(client, csv_of(rows, HEADER.replace("Le baobab", "BAOBAB,Le Baobab")))
    said = text_of(client.get(url).content.decode())
    assert "2 colonnes additionnées, jamais remplies ensemble (lignes remplies : I : 1, J : 3)" in said
    answer = send(client, url, [*ROLES[:9], "o0", *ROLES[9:]])
    assert (
        "additionnées" in text_of(answer.content.decode()) and Import.objects.get().report["votes"]["Le baobab"] == 300
    )


def test_the_names_of_new_options_are_asked_before_they_are_kept(sign_in, contest, supervisor):
    country.set_options(contest=contest, options=[])
    client = sign_in(supervisor)
    head = HEADER.replace("Le baobab", "liste_le_baobab").replace("La pirogue", "LA PIROGUE")
    url = up(client, csv_of(header=head))
    page = client.get(url).content.decode()
    assert names(page) == {"n8": "Liste Le Baobab", "n9": "La Pirogue", "n10": "La calebasse"}
    roles = [*ROLES[:8], "option", "option", "option"]
    given = {"n8": "Le baobab", "n9": "La pirogue", "n10": "La calebasse"}
    answer = send(client, url, roles, **given)
    assert answer.status_code == 422 and 'href="#named"' in answer.content.decode()
    assert names(answer.content.decode()) == given
    assert send(client, url, roles, named="1", **given).status_code == 200
    client.post(url, {"act": "commit", "reason": "x", "seen": seen_on(client, url)})
    contest.refresh_from_db()
    assert [o.name for o in contest.options.order_by("rank")] == LISTS
    assert bring(contest, supervisor, csv_of(), create="none").report["counts"]["same"] == 4


def test_a_heading_never_becomes_a_name_unread_whatever_the_door(contest, supervisor):
    country.set_options(contest=contest, options=[])
    one = bring(contest, supervisor, csv_of(), commit=False)
    assert one.state == "refused" and {p["code"] for p in one.report["problems"]} == {"IMP-241"}
    named = {**PROFILE, "options": {"labels": {n: n for n in LISTS}}}
    assert bring(contest, supervisor, csv_of(), named).state == "committed"


def test_every_word_of_the_status_is_shown_and_the_unknown_one_asked(sign_in, contest, supervisor):
    rows = [r + (",reporté" if n == 3 else ",compté") for n, r in enumerate(ROWS)]
    client = sign_in(supervisor)
    url = up(client, csv_of(rows, HEADER + ",etat"))
    page = client.get(url).content.decode()
    assert chosen(page)["s0"] == "counted" and chosen(page)["s1"] == "" and "reporté" in page
    roles = [*ROLES, "status"]
    assert send(client, url, roles, status_of="11", s0="counted", s1="").status_code == 422
    assert send(client, url, roles, status_of="11", s0="counted", s1="annulled").status_code == 200
    report = Import.objects.get().report
    assert report["stations"] == {"counted": 3, "annulled": 1, "missing": 0}


def test_words_answered_for_another_column_do_not_count(sign_in, contest, supervisor):
    rows = [r + ",compté,oui" for r in ROWS]
    client = sign_in(supervisor)
    url = up(client, csv_of(rows, HEADER + ",etat,vu"))
    answer = send(client, url, [*ROLES, "", "status"], status_of="11", s0="counted")
    assert answer.status_code == 422 and "« oui »" in answer.content.decode()


def long_file(*spell: str) -> bytes:
    out = ["bureau,inscrits,exprimes,candidat,voix"]
    for n, row in enumerate(ROWS):
        cells = row.split(",")
        for name, votes in zip(spell[n % len(spell)].split("|"), cells[8:], strict=True):
            out.append(",".join([cells[2], cells[3], cells[7], name, votes]))
    return ("\n".join(out) + "\n").encode()


LONG = ["station", "registered", "valid", "long_option", "long_votes"]


def test_every_value_of_a_long_file_is_shown_and_the_unknown_one_asked(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, long_file("Le baobab|La pirogue|Liste 3", "LE BAOBAB|La pirogue|Liste 3"))
    page = client.get(url).content.decode()
    values = {v: k for k, v in re.findall(r'<label class="vh" for="p(\d+)">La valeur « ([^»]*) »', page)}
    assert set(values) == {"Le baobab", "LE BAOBAB", "La pirogue", "Liste 3"}
    held = chosen(page)
    assert held[f"p{values['LE BAOBAB']}"] == "o0" and held[f"p{values['Liste 3']}"] == "?"
    assert "Plusieurs écritures, additionnées" in text_of(page)
    sent = {k: v for k, v in held.items() if k[0] == "p"} | {"option_of": "3"}
    assert send(client, url, LONG, **sent).status_code == 422
    sent[f"p{values['Liste 3']}"] = "o2"
    assert send(client, url, LONG, **sent).status_code == 200
    one = Import.objects.get()
    assert one.state == "checked" and one.report["votes"] == {"Le baobab": 300, "La pirogue": 310, "La calebasse": 143}


def test_a_value_left_out_of_a_long_file_is_said_and_not_counted(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, long_file("Le baobab|La pirogue|La calebasse") + b"KAY-001,400,195,Divers,4\n")
    page = client.get(url).content.decode()
    held = chosen(page)
    at = re.search(r'<label class="vh" for="(p\d+)">La valeur « Divers »', page)[1]
    sent = {k: v for k, v in held.items() if k[0] == "p"} | {"option_of": "3", at: ""}
    assert send(client, url, LONG, **sent).status_code == 200
    one = Import.objects.get()
    assert one.profile["options"]["ignored"] == {"Divers": "confirmed"} and one.report["votes"]["Le baobab"] == 300
    assert ("Divers", "pas repris", "") in list(mapping.destinations(one))


def test_null_ballots_given_both_as_a_column_and_as_a_row_are_asked_before_the_file_is_tried(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    rows = ["bureau,inscrits,nuls,exprimes,candidat,voix"]
    for n, (a, b, c) in enumerate(((100, 60, 35), (90, 70, 20))):
        rows += [f"B{n},400,5,{a + b + c},{who},{v}" for who, v in (("Le baobab", a), ("La pirogue", b), ("La calebasse", c), ("NULS", 5))]
    url = up(client, "\n".join(rows).encode())
    page = client.get(url).content.decode()
    at = re.search(r'<label class="vh" for="(p\d+)">La valeur « NULS »', page)[1]
    held = chosen(page)
    assert held[at] == "?" and "Une colonne tient déjà cette case" in text_of(page) and "Tout a sa place" not in page
    long = ["station", "registered", "null_ballots", "valid", "long_option", "long_votes"]
    sent = {k: v for k, v in held.items() if k[0] == "p"} | {"option_of": "4"}
    said = send(client, url, long, **sent | {at: "null_ballots"})
    assert said.status_code == 422 and "« NULS » : une colonne tient déjà cette case" in said.content.decode()
    assert send(client, url, long, **sent | {at: ""}).status_code == 200
    assert Import.objects.get().state == "checked"
    assert "Votants pas dans ce fichier – " in text_of(client.get(url).content.decode())  # never zero


def test_the_rest_of_a_kept_profile_goes_through_the_page_untouched(sign_in, contest, supervisor):
    kept = services.keep_profile(name="mien", profile={**PROFILE, "expected": 4, "encoding": "utf-8"}, by=supervisor)
    client = sign_in(supervisor)
    url = up(client, csv_of())
    page = client.get(f"{url}?etape=2&profil={kept.pk}").content.decode()
    assert list(chosen(page).values()) == ROLES and f'name="base" value="{kept.pk}"' in page
    send(client, url, ROLES, base=str(kept.pk))
    profile = Import.objects.get().profile
    assert (profile["expected"], profile["encoding"]) == (4, "utf-8")


@pytest.mark.parametrize("profile", [
    PROFILE,
    {**PROFILE, "options": {"range": ["Le baobab", "La calebasse"]}},
    {**PROFILE, "options": {"labels": {"Le baobab": "Le baobab", "La pirogue": "La pirogue", "La calebasse": "La calebasse"}}},
    {**PROFILE, "station": ["region", "cercle", "bureau"], "duplicates": "keep"},
    {**PROFILE, "figures": {**PROFILE["figures"], "null_ballots": ["nuls", "bulletins"]}, "constituency": ["cercle"]},
])  # fmt: skip
def test_a_profile_read_into_the_page_and_written_again_means_the_same(contest, supervisor, profile):
    one = importing.upload(contest=contest, name="f.csv", content=iter([csv_of()]), by=supervisor)
    once = mapping.profile_of(one, mapping.read_from(one, profile))
    again = mapping.profile_of(one, mapping.read_from(one, once))
    assert once == again
    for key in ("station", "areas", "duplicates"):
        assert once.get(key) == profile.get(key)


def test_who_approves_sees_where_each_column_went_and_it_is_in_the_hash(sign_in, published, supervisor, publisher):
    rows = [ROWS[0].replace("100,60,35", "99,61,35"), *ROWS[1:]]
    one = bring(published, supervisor, csv_of([r + ",RAS" for r in rows], HEADER + ",OBS"), create="none", reason="x")
    assert one.state == "waiting"
    head = differences.read(one).head
    assert ["inscrits", "Inscrits", ""] in head["places"] and ["OBS", "pas repris", "texte, il reste dans le fichier"] in head["places"]  # fmt: skip
    page = text_of(sign_in(publisher).get(f"/personnes/approbations/{Approval.objects.get(state='waiting').pk}/").content.decode())  # fmt: skip
    assert "Où va chaque colonne du fichier" in page and "pas repris : texte, il reste dans le fichier" in page


def test_the_report_says_where_each_column_went(sign_in, contest, supervisor):
    one = bring(contest, supervisor, csv_of([r + ",RAS" for r in ROWS], HEADER + ",OBS"), commit=False)
    page = text_of(sign_in(supervisor).get(f"/resultats/gerer/imports/{one.pk}/").content.decode())
    assert "Où est allée chaque colonne" in page and "texte, il reste dans le fichier" in page


def test_names_in_a_profile_written_by_hand_are_asked_too_and_the_rest_of_it_stays(sign_in, contest, supervisor):
    import yaml

    country.set_options(contest=contest, options=[])
    client = sign_in(supervisor)
    url = up(client, csv_of())
    profile = {**PROFILE, "options": {"range": [LISTS[0], LISTS[2]]}, "expected": 4, "seats": {"x": 2}}
    sent = {"act": "map", "mode": "yaml", "create": "stations", "yaml": yaml.safe_dump(profile, allow_unicode=True)}
    answer = client.post(url, sent)
    page = answer.content.decode()
    assert (
        answer.status_code == 422
        and 'href="#named"' in page
        and names(page) == {"n8": LISTS[0], "n9": LISTS[1], "n10": LISTS[2]}
    )
    assert send(client, url, [*ROLES[:8], *["option"] * 3], named="1", **names(page)).status_code == 200
    one = Import.objects.get()
    assert one.state == "checked" and one.profile["expected"] == 4 and one.profile["seats"] == {"x": 2}


def test_a_value_that_names_a_box_goes_to_its_box(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    extra = "".join(f"{r.split(',')[2]},{r.split(',')[3]},{r.split(',')[7]},NULO,{r.split(',')[6]}\n" for r in ROWS)
    url = up(client, long_file("Le baobab|La pirogue|La calebasse") + extra.encode())
    page = client.get(url).content.decode()
    held = chosen(page)
    at = re.search(r'<label class="vh" for="(p\d+)">La valeur « NULO »', page)[1]
    assert held[at] == "null_ballots"
    sent = {k: v for k, v in held.items() if k[0] == "p"} | {"option_of": "3"}
    assert send(client, url, LONG, **sent).status_code == 200
    report = Import.objects.get().report
    assert report["figures"]["null_ballots"] == 17 and report["votes"]["Le baobab"] == 300


def test_total_rows_are_refused_or_set_aside_and_named(sign_in, contest, supervisor):
    from tests.services.test_foreseen import total_row

    client = sign_in(supervisor)
    url = up(client, csv_of([*ROWS, total_row()]))
    assert "IMP-234" in send(client, url, ROLES, create="all").content.decode()
    page = text_of(send(client, url, ROLES, create="all", totals="1").content.decode())
    one = Import.objects.get()
    assert one.state == "checked" and one.profile["totals"] == "skip" and one.report["stations"]["counted"] == 4
    assert "1 ligne de total" in page


def test_the_page_of_columns_proves_each_total_and_shows_the_first_station_as_kept(sign_in, contest, supervisor):
    from tests.services.test_foreseen import total_row

    client = sign_in(supervisor)
    url = up(client, csv_of([*(f"{r},RAS" for r in ROWS), total_row() + ",", "Ségou,San,SAN-002,x,1,1,0,1,1,0,0,"], HEADER + ",OBS"))  # fmt: skip
    page = client.get(url).content.decode()
    proof = text_of(page[page.index('id="t1"') : page.index('id="r1"')])
    assert "Ligne 6" in proof and "2 à 5" in proof and "la case « Écarter les lignes de total »" in proof
    assert "Inscrits 1 550 1 550 0" in proof and "La pirogue 310 310 0" in proof
    refused = text_of(page[page.index('id="r1"') : page.index('id="part-c4"')])
    assert "IMP-201" in refused and "7 D x" in refused and "IMP-234" in refused
    shown = text_of(page[page.index('id="part-c4"') :])
    assert "Premier bureau gardé, ligne 2 du fichier" in shown and "Bulletins nuls 5 colonne G" in shown
    assert "désigne le bureau KAY-001 colonne C" in shown and "zone Kayes / Kayes colonnes A + B" in shown
    assert "La calebasse 35 colonne K" in shown and "Somme des voix 195" in shown and "L « OBS » : texte" in shown
    report = send(client, url, [*ROLES, ""], create="all", totals="1").content.decode()
    assert "écartée : elle n’est pas un bureau" in text_of(report[report.index('id="t1"') :])
    assert Import.objects.get().report["totals"][0]["lines"] == [[2, 5]]


def test_one_figure_from_two_columns_shows_what_each_writes(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    head = HEADER.replace("Le baobab", "Le baobab,LE BAOBAB")
    rows = [r.replace(r.split(",")[8], f"{int(r.split(',')[8]) - 30},30", 1) if i else r.replace(",100,", ",100,,") for i, r in enumerate(ROWS[:1])]  # fmt: skip
    page = text_of(client.get(up(client, csv_of(rows, head))).content.decode())
    assert "Le baobab 100 colonnes I + J : I 100, J vide" in page


def test_a_long_file_is_not_read_for_the_page_and_its_dry_run_is_shown_there(sign_in, contest, supervisor, monkeypatch):
    from tests.services.test_foreseen import total_row

    monkeypatch.setattr("kalata.results.pages.import_looks.ROWS", 3)
    client = sign_in(supervisor)
    url = up(client, csv_of([*ROWS, total_row()]))
    assert "montrés après l’essai à blanc" in text_of(client.get(url).content.decode())
    send(client, url, ROLES, create="all", totals="1")
    page = text_of(client.get(f"{url}?etape=2").content.decode())
    assert "montrés après" not in page and "2 à 5" in page and "La pirogue 310 310 0" in page


def test_a_profile_written_by_hand_that_cannot_be_read_comes_back_in_its_box(sign_in, contest, supervisor):
    client = sign_in(supervisor)
    url = up(client, csv_of())
    for typed, said in (("station: [a\nfigures: {", "ligne"), ("- une\n- liste", "« clé : valeur »")):
        answer = client.post(url, {"act": "map", "mode": "yaml", "create": "none", "yaml": typed})
        page = answer.content.decode()
        assert answer.status_code == 422 and "EDG-104" in page and said in page
        assert (
            typed.split("\n")[0] in page
            and 'aria-describedby="yaml-e"' in page
            and Import.objects.get().profile is None
        )
