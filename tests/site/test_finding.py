"""The search of the public site: small files, read from anywhere, that find what people mistype."""

import json
import random

from kalata.country.rules.lookup import words
from kalata.transparency.rules.replay import NATION
from kalata.transparency.site import finding
from kalata.transparency.site.edition import Edition
from tests.site import a_log


def values(data: bytes):
    text = data.decode()
    return json.loads("[" + text[text.index("(") + 1 : text.rindex(")")] + "]")


def read(folder):
    return {name: values(data) for name, data in finding.files(Edition.read(folder))}


def test_every_place_and_every_code_is_in_one_small_file_beside_the_pages(tmp_path):
    a_log(tmp_path / "log", stations=30, missing=3).close()
    found = read(tmp_path / "log")
    zones, info = found["find/zones.js"]
    edition = Edition.read(tmp_path / "log")
    assert {row[1] for row in zones} == {f"r/{a[0]}/{a[1]}" for a in edition.figures if a != NATION}
    assert zones[zones[3][3]][0] in zones[3][0].replace("Cercle", "Région")  # the place it lies in comes before it
    codes = {code for name, (_key, rows) in found.items() if "/c-" in name for code in rows}
    assert codes == {f"S-{n:03}" for n in range(30)}
    assert set(info["parts"]) == {name[5:-3] for name in found if "/c-" not in name and "zones" not in name}


def test_a_name_with_a_bracket_closes_no_script():
    assert b"</script" not in finding.script("part", "s", [["</script><b>", 0, 1, "x"]])


class Many:
    """As much of an edition of 25,000 stations as the index asks for."""

    def __init__(self) -> None:
        from types import SimpleNamespace as Some

        chance = random.Random(5)
        syllables = ["ba", "ma", "ko", "dou", "gou", "si", "ka", "sso", "ny", "ala", "fe", "ri", "to", "mo", "dia"]
        name = lambda: "".join(chance.choice(syllables) for _ in range(chance.randint(2, 4))).capitalize()  # noqa: E731
        regions = [("1", f"R{n}") for n in range(20)]
        communes = [("3", f"C{n}") for n in range(816)]
        self.names = {a: name() for a in regions + communes}
        parent = dict.fromkeys(regions, NATION) | {a: regions[n % 20] for n, a in enumerate(communes)}
        self.children = {NATION: regions} | {r: [c for c in communes if parent[c] == r] for r in regions}
        self.stations, self.places = {c: [] for c in communes}, {}
        for n in range(25_000):
            commune = communes[n % 816]
            key = ("general", f"ML{n % 20:02}-{n % 816:04}-{n:05}")
            centre = f"École de {self.names[commune]} {name()}" if n % 2 else f"École {name()}"
            self.places[key] = Some(station=key[1], name="", centre=centre)
            self.stations[commune].append(key)
        self.figures = {a: Some(name=n, coverage=Some(expected=9)) for a, n in self.names.items()}
        zones = {a: Some(parent=None if parent[a] == NATION else parent[a]) for a in self.names}
        self.replay = Some(register=Some(zones=zones, places=self.places))

    def place(self, key):
        return self.places[key]


def test_at_25_000_stations_a_reader_loads_a_few_tens_of_kilobytes():
    import gzip

    weights = {name: len(gzip.compress(data, 6)) for name, data in finding.files(Many())}
    parts = sorted(w for name, w in weights.items() if "/c-" not in name and "zones" not in name)
    print(f"zones {weights['find/zones.js']} B, largest part {parts[-1]} B, all {sum(weights.values())} B gzip")
    assert weights["find/zones.js"] <= 20_000 and parts[-1] <= 60_000
    assert max(w for name, w in weights.items() if "/c-" in name) <= 20_000
    assert sum(weights.values()) <= 1_500_000 and words("École") == ["ecole"]
