"""Original layouts of a dozen countries: a few rows of ours in the layout that each publishes, read to right totals or refused.

The profile of each is in tests/profiles/layouts/. Sources of the layouts: the files or the code that reads them in the
public repositories named beside each. All figures, places and names are ours.
"""

from __future__ import annotations

import pytest

from kalata.refusals import Refused
from kalata.results import tabulating
from tests.conftest import HERE
from tests.rules.reading import workbook

PROFILES = HERE / "profiles" / "layouts"


def tabulated(tmp_path, country, content, name="f.csv"):
    path = tmp_path / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        path = content
    return tabulating.run(path, tabulating.load_profile(PROFILES / f"{country}.yaml"))


def lines(*rows, encoding="utf-8", end="\r\n"):
    return (end.join(rows) + end).encode(encoding)


# France, Interior Ministry, results by polling station (2017-2022): one heading of each group, repeated to the right,
# semicolons, Latin-1, decimal commas. Layout: data.gouv.fr.
def test_france(tmp_path):
    content = lines(
        "Code du département;Libellé du département;Code de la commune;Code du b.vote;Inscrits;Abstentions;% Abs/Ins;Votants;Blancs;Nuls;Exprimés;N°Panneau;Sexe;Nom;Prénom;Voix;% Voix/Ins",
        "01;Ain;004;0001;1108;233;21,03;875;12;4;859;1;F;BAOBAB;Aa;500;45,13;2;M;CÈDRE;Bb;359;32,40",
        "01;Ain;004;0002;1000;200;20,00;800;10;5;785;1;F;BAOBAB;Aa;400;40,00;2;M;CÈDRE;Bb;385;38,50",
        encoding="latin-1",
    )
    found = tabulated(tmp_path, "france", content)
    assert found.votes(found.total) == {"BAOBAB": 900, "CÈDRE": 744}
    assert found.total.boxes == {
        "registered": 2108,
        "voters": 1675,
        "blank_ballots": 22,
        "null_ballots": 9,
        "valid": 1644,
    }


# Brazil, Superior Electoral Court, votacao_secao: all quoted, semicolons, Latin-1, a row per votable, several offices,
# blank (95) and null (96) among the votables. Layout: many public readers of NR_VOTAVEL, NM_VOTAVEL, QT_VOTOS.
BRAZIL = '"ANO_ELEICAO";"NR_TURNO";"SG_UF";"NM_MUNICIPIO";"NR_ZONA";"NR_SECAO";"DS_CARGO";"NR_VOTAVEL";"NM_VOTAVEL";"QT_VOTOS"'


def brazil(zone, section, office, *votes):
    return [f'"2022";"1";"AC";"AÇAÍ";"{zone}";"{section}";"{office}";"{n}";"{name}";"{v}"' for n, name, v in votes]


def test_brazil(tmp_path):
    rows = brazil(
        9, 24, "Presidente", (13, "PEROBA", 120), (22, "JATOBÁ", 80), (95, "VOTO BRANCO", 5), (96, "VOTO NULO", 3)
    )
    rows += brazil(9, 25, "PRESIDENTE", (13, "PEROBA", 60), (22, "JATOBÁ", 125), (96, "VOTO NULO", 1))
    rows += brazil(9, 24, "Governador", (10, "IPÊ", 208))
    content = lines(BRAZIL, *rows, encoding="latin-1")
    found = tabulated(tmp_path, "brazil", content)
    assert found.votes(found.total) == {"PEROBA": 180, "JATOBÁ": 205}
    assert found.total.boxes == {"blank_ballots": 5, "null_ballots": 4}
    assert [s.kind for s in found.table.said] == ["encoding", "where"] and found.account["other"] == 1


def test_brazil_without_the_choice_of_an_office_is_refused(tmp_path):
    rows = brazil(9, 24, "Presidente", (13, "PEROBA", 120), (95, "VOTO BRANCO", 5)) + brazil(9, 24, "Governador", (95, "VOTO BRANCO", 9))  # fmt: skip
    (tmp_path / "f.csv").write_bytes(lines(BRAZIL, *rows, encoding="latin-1"))
    profile = tabulating.load_profile(PROFILES / "brazil.yaml")
    from dataclasses import replace

    with pytest.raises(Refused) as caught:
        tabulating.run(tmp_path / "f.csv", replace(profile, where={}))
    assert {p.code for p in caught.value.problems} == {"IMP-209"}


# Poland, National Electoral Commission, presidential 2020 by obwód: long Polish headings, semicolons, BOM.
# Layout: GrabarzVIII/election_analisys_stacjaIT, notebooks/utils/const.py.
def test_poland(tmp_path):
    content = lines(
        '"Nr OKW";"Kod TERYT";"Gmina";"Powiat";"Województwo";"Numer obwodu";"Liczba wyborców uprawnionych do głosowania";"Liczba kart wyjętych z urny";"Liczba głosów nieważnych";"Liczba głosów ważnych oddanych łącznie na wszystkich kandydatów";"DĄB";"ŻÓŁTA BRZOZA"',
        '"1";"020101";"m. Próba";"próbny";"dolnośląskie";"1";"1 453";"1 005";"5";"1 000";"600";"400"',
        '"1";"020101";"m. Próba";"próbny";"dolnośląskie";"2";"900";"500";"";"500";"250";"250"',
        encoding="utf-8-sig",
    )
    found = tabulated(tmp_path, "poland", content)
    assert found.votes(found.total) == {"DĄB": 850, "ŻÓŁTA BRZOZA": 650} and found.total.boxes["registered"] == 2353


# Mexico, National Electoral Institute, 2018 and 2024: five lines of titles, then the headings, pipes or commas, codes
# with an apostrophe in front. Layout: column guides of public readers (ID_ESTADO, LISTA_NOMINAL_CASILLA, CNR, NULOS).
def test_mexico_2018(tmp_path):
    content = lines(
        "INSTITUTO NACIONAL ELECTORAL", "CÓMPUTOS DISTRITALES", "PRESIDENCIA", "", "ACTAS ESPERADAS|2",
        "CLAVE_CASILLA|CLAVE_ACTA|ID_ESTADO|NOMBRE_ESTADO|ID_DISTRITO|NOMBRE_DISTRITO|SECCION|ID_CASILLA|TIPO_CASILLA|AHUEHUETE|CEIBA|CNR|NULOS|TOTAL_VOTOS_CALCULADOS|LISTA_NOMINAL_CASILLA|OBSERVACIONES",
        "'010338B0100'|010338B|1|AGUASCALIENTES|1|JESÚS MARÍA|338|1|B|120|80|1|5|206|400|",
        "'010338C0100'|010338C|1|AGUASCALIENTES|1|JESÚS MARÍA|338|1|C|60|125|0|3|188|380|-",
        encoding="latin-1",
    )  # fmt: skip
    found = tabulated(tmp_path, "mexico-2018", content)
    assert found.votes(found.total) == {"AHUEHUETE": 180, "CEIBA": 205, "CNR": 1}
    assert found.total.boxes == {"registered": 780, "voters": 394, "null_ballots": 8}
    assert found.account["before"] == 5 and found.account["blank"] == 0


# Germany, open data of the municipal vote portal: a row «Gesamt» first that is the sum of all, postal districts without
# registered electors. Layout: fxedel/vaterstetten-in-zahlen, data/btw2021/zweitstimmenAllgemein.csv.
GERMANY = (
    "Stimmbezirk,Wahlberechtigte,Waehler,UngueltigeStimmen,GueltigeStimmen,Buche,Eiche",
    "Gesamt,2350,1814,5,1809,829,980",
    "Stimmbezirk 1,1455,491,2,489,300,189",
    "Stimmbezirk 2,895,284,2,282,90,192",
    "Stimmbezirk 31,0,1039,1,1038,439,599",
)


def test_germany(tmp_path):
    found = tabulated(tmp_path, "germany", lines(*GERMANY))
    assert found.votes(found.total) == {"Buche": 829, "Eiche": 980} and found.total.stations == 3
    assert [s.kind for s in found.table.said] == ["total"] and found.table.said[0].rows == (2,)


def test_germany_with_a_total_that_is_not_the_sum_is_counted_nowhere_without_a_word(tmp_path):
    wrong = [GERMANY[0], GERMANY[1].replace("829,980", "830,979"), *GERMANY[2:]]
    with pytest.raises(Refused) as caught:
        tabulated(tmp_path, "germany", lines(*wrong))
    assert [(p.code, p.row) for p in caught.value.problems] == [("IMP-235", 2)]


# United States, OpenElections, precinct files: long, every office in one file, registered voters as rows of their own,
# a column lacking on some rows. Layout: openelections/openelections-data-pa, 2018/20181106__pa__general__cameron__precinct.csv.
USA = (
    "county,precinct,office,district,party,candidate,votes",
    "Oak,Elm Twp,Registered Voters,,,,361",
    "Oak,Elm Twp,Governor,,DEM,Maple,120",
    "Oak,Elm Twp,Governor,,REP,Hickory,80",
    "Oak,Elm Twp,Governor,,,Write-ins,1",
    "Oak,Ash Twp,Governor,,DEM,Maple,60",
    "Oak,Ash Twp,Governor,,REP,Hickory,125",
)


def test_united_states(tmp_path):
    found = tabulated(tmp_path, "united-states", lines(*USA))
    assert found.votes(found.total) == {"Maple": 180, "Hickory": 205, "Write-ins": 1} and found.account["other"] == 1


def test_united_states_with_a_column_lacking_is_refused_by_its_row(tmp_path):
    with pytest.raises(Refused) as caught:
        tabulated(tmp_path, "united-states", lines(*USA, "Oak,Ash Twp,U.S. House,15,,Write-ins,0".replace(",,", ",")))
    assert (caught.value.code, caught.value.params["row"]) == ("IMP-113", 8)


def test_united_states_without_the_choice_of_an_office_gives_votes_to_nobody(tmp_path):
    (tmp_path / "f.csv").write_bytes(lines(*USA))
    from dataclasses import replace

    profile = replace(tabulating.load_profile(PROFILES / "united-states.yaml"), where={})
    with pytest.raises(Refused) as caught:
        tabulating.run(tmp_path / "f.csv", profile)
    assert [(p.code, p.row) for p in caught.value.problems] == [("IMP-240", 2)]


# Peru, recall referendum 2001: semicolons, Latin-1, impugned votes beside null ones.
# Layout: efrainvitorno/Algoritmos-de-aprendisaje-automatico, README.
def test_peru_2001(tmp_path):
    content = lines(
        "UBIGEO;DEPARTAMENTO;PROVINCIA;DISTRITO;AUTORIDAD EN CONSULTA;ELECTORES;VOTOS SI;VOTOS NO;VOTOS BLANCOS;VOTOS NULOS;VOTOS IMPUGNADOS;VOTOS TOTAL",
        "010103;AMAZONAS;CHACHAPOYAS;BALSAS;QUISHUAR PEÑA;495;131;190;16;4;0;341",
        "010111;AMAZONAS;CHACHAPOYAS;LEVANTO;MOLLE;629;291;107;48;10;1;457",
        encoding="latin-1",
    )
    found = tabulated(tmp_path, "peru-2001", content)
    assert found.votes(found.total) == {"SI": 422, "NO": 297} and found.total.boxes["null_ballots"] == 15
    assert found.outcomes[""].status == "adopted"


# Uganda-like and Kenya, Electoral Commission workbooks: titles, codes shown 001, merged counties, a total at the foot,
# one sheet a county. Layout: Kenya IEBC table of registered voters per polling station (County Code 001 …).
KENYA = ["County Code", "County Name", "Const Code", "Polling Station Code", "Registered Voters", "Acacia", "Fig", "Rejected Ballots", "Valid Votes"]  # fmt: skip


def kenya(book, page, rows, name):
    code = book.add_format({"num_format": "000"})
    page.write_string(0, 0, "INDEPENDENT COMMISSION: RESULTS PER POLLING STATION")
    for j, heading in enumerate(KENYA):
        page.write_string(2, j, heading)
    for i, row in enumerate(rows, 3):
        for j, cell in enumerate(row):
            page.write_number(i, j, cell, code if j in (0, 2) else None) if isinstance(
                cell, int
            ) else page.write_string(i, j, cell)
    page.merge_range(3, 1, 2 + len(rows), 1, name, book.add_format())
    page.write_string(3 + len(rows), 1, "TOTAL")
    for j in range(4, 9):
        page.write_number(3 + len(rows), j, sum(row[j] for row in rows))


def test_kenya(tmp_path):
    def edit(book, page):
        kenya(
            book,
            page,
            [(1, "", 1, "001001", 400, 120, 80, 3, 200), (1, "", 2, "001002", 380, 60, 125, 2, 185)],
            "MOMBASA",
        )
        other = book.add_worksheet("KWALE")
        kenya(
            book,
            other,
            [(2, "", 7, "002001", 410, 100, 120, 1, 220), (2, "", 8, "002002", 300, 70, 30, 0, 100)],
            "KWALE",
        )

    path = workbook(tmp_path, [], sheet="MOMBASA", edit=edit)
    found = tabulated(tmp_path, "kenya", path)
    assert found.votes(found.total) == {"Acacia": 350, "Fig": 355} and found.total.stations == 4
    assert [a.path for a in found.areas if len(a.path) == 1] == [("001",), ("002",)]
    assert {"sheet", "before", "total", "merged"} <= {s.kind for s in found.table.said}


# Switzerland, SESAM export: one row a candidate and municipality, station figures on each row, in German.
# Layout: OneGov/onegov-cloud, docs/format_election_de.md.
SWISS = "Anzahl Sitze;Wahlkreis-Nr;Wahlkreisbezeichnung;Stimmberechtigte;Wahlzettel;Ungültige Wahlzettel;Leere Wahlzettel;Kandidaten-Nr;Name;Stimmen"


def test_switzerland(tmp_path):
    rows = ["1;3503;Arvenau;56;25;0;4;1;Lärche;20", "1;3503;Arvenau;56;25;0;4;2;Föhre;1", "1;3506;Tannwil;2'561;1'102;12;30;1;Lärche;700", "1;3506;Tannwil;2'561;1'102;12;30;2;Föhre;360"]  # fmt: skip
    found = tabulated(tmp_path, "switzerland", lines(SWISS, *rows, encoding="cp1252"))
    assert found.votes(found.total) == {"Lärche": 720, "Föhre": 361} and found.total.boxes["registered"] == 2617


def test_switzerland_with_two_figures_for_one_municipality_is_refused(tmp_path):
    rows = ["1;3503;Arvenau;56;25;0;4;1;Lärche;20", "1;3503;Arvenau;65;25;0;4;2;Föhre;1"]
    with pytest.raises(Refused) as caught:
        tabulated(tmp_path, "switzerland", lines(SWISS, *rows))
    assert [(p.code, p.row, p.other) for p in caught.value.problems] == [("IMP-238", 3, 2)]


# Nigeria, party columns with a title, thousands with commas, a column of totals, tabs.
# Layout: Mjdhsn/apc-client (registered, accredited, rejected, valid, then one column a party).
def test_nigeria(tmp_path):
    content = lines(
        "PU Code\tState\tLGA\tRegistered Voters\tAccredited Voters\tIROKO\tOBECHE\tValid Votes\tRejected Votes\tTotal Votes",
        "37-01-01-001\tFCT\tAMAC\t1,450\t210\t120\t80\t200\t10\t210",
        "37-01-01-002\tFCT\tAMAC\t999\t190\t60\t125\t185\t5\t190",
        encoding="utf-16",
    )
    found = tabulated(tmp_path, "nigeria", content)
    assert found.votes(found.total) == {"IROKO": 180, "OBECHE": 205} and found.total.boxes["registered"] == 2449


# Russia before 2012, regional commission: Windows-1251, tabs, the name of the upper commission on its first row only.
def test_russia_1251(tmp_path):
    content = lines(
        "ТИК\tУИК\tЧисло избирателей\tДействительных бюллетеней\tНедействительных бюллетеней\tКедр\tСосна",
        "Первая\tУИК №1\t400\t200\t10\t120\t80",
        "\tУИК №2\t380\t185\t5\t60\t125",
        "Вторая\tУИК №3\t410\t220\t2\t100\t120",
        "Итого\t\t1190\t605\t17\t280\t325",
        encoding="cp1251",
    )
    found = tabulated(tmp_path, "russia-1251", content)
    assert found.votes(found.total) == {"Кедр": 280, "Сосна": 325}
    assert [a.counted for a in found.areas] == [2, 1]


def test_a_cyrillic_file_whose_encoding_is_not_told_is_not_read_as_western_without_a_word(tmp_path):
    (tmp_path / "f.csv").write_bytes(lines("УИК\tКедр\tСосна", "1\t2\t3", encoding="cp1251"))
    from kalata.tables import files

    assert [s.kind for s in files.opened(tmp_path / "f.csv").said] == ["encoding"]


# Chile, Electoral Service: a workbook, one row a candidate, VOTOS NULOS and VOTOS EN BLANCO among the candidates.
def test_chile(tmp_path):
    rows = [
        ["Región", "Comuna", "Mesa", "Candidato", "Votos TRICEL"],
        *(["DE ARICA", "ARICA", "1M", name, n] for name, n in (("ALERCE", 120), ("BOLDO", 80), ("VOTOS NULOS", 3), ("VOTOS EN BLANCO", 2))),
        *(["DE ARICA", "ARICA", "2V", name, n] for name, n in (("ALERCE", 60), ("BOLDO", 125), ("VOTOS NULOS", 1), ("VOTOS EN BLANCO", 0))),
    ]  # fmt: skip
    path = workbook(tmp_path, rows)
    found = tabulated(tmp_path, "chile", path)
    assert found.votes(found.total) == {"ALERCE": 180, "BOLDO": 205}
    assert found.total.boxes == {"null_ballots": 4, "blank_ballots": 2}


# Spain, Interior Ministry, .DAT of fixed width: no separator, no heading. It is refused, never guessed.
# Layout: the list of files 01 to 12 of infoelectoral (09: general data of a table, 10: votes).
def test_spain_of_fixed_width_is_refused(tmp_path):
    content = lines(
        "0220191110101400101 U00000401000003800000010",
        "0220191110101400102 U00000385000003500000005",
        encoding="latin-1",
    )
    with pytest.raises(Refused) as caught:
        tabulated(tmp_path, "spain", content)
    assert caught.value.code == "IMP-102"
