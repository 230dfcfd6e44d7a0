"""Two totals beside each other: shares, never totals of different coverage; what is unknown is not zero."""

from fractions import Fraction

from kalata.results.rules.comparing import Against, Side, compared, points, said
from kalata.text import Named

NOW = Side(Named("Présidentielle 2027"), "2027-02-28", counted=50, expected=60, registered=1000, voters=400, null=20, valid=380, votes={"le baobab": 190, "la lampe": 10})  # fmt: skip
BEFORE = Side(
    Named("Présidentielle 2018"), "2018-07-29", registered=800, voters=200, valid=None, votes={"le baobab": 50}
)


def test_turnout_is_compared_in_points_and_a_share_without_its_base_is_unknown():
    found = compared(NOW, BEFORE, ["Le baobab", "La lampe"], Against.ELECTION)
    rows = {line.label: (line.now, line.before, line.gap) for line in found.lines}
    assert rows["Participation"] == (Fraction(2, 5), Fraction(1, 4), 15)
    assert rows["Bulletins nuls"] == (Fraction(1, 20), None, None)
    assert rows["Le baobab"] == (Fraction(1, 2), None, None) and "La lampe" not in rows


def test_a_total_of_some_stations_is_said_to_be_one():
    assert compared(NOW, BEFORE, [], Against.ROUND).partial
    whole = Side(Named("x"), "", counted=60, expected=60)
    assert not compared(whole, BEFORE, [], Against.ARCHIVE).partial


def test_the_public_site_says_it_in_each_language():
    found = [compared(NOW, BEFORE, [], Against.ELECTION)]
    french, english = said(found, "fr")[0], said(found, "en")[0]
    assert french["lines"][0][3] == "+15,00" and english["lines"][0] == ("Turnout", "40.00%", "25.00%", "+15.00")
    assert french["note"] and english["note"] != french["note"] and points(Fraction(-1, 3), "fr") == "−0,33"
