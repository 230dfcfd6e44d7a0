"""Plans of any shape, as the cells of a CSV: for properties that hold of all of them."""

import csv
import io
from datetime import date

from hypothesis import strategies as st

from kalata.planning.rules.reading import plan_of

START = date(2026, 1, 5)
HEADER = (
    "id", "phase", "activity_fr", "type", "dur_optimistic", "dur_likely", "dur_pessimistic", "dur_unit", "predecessors",
    "legal_anchor", "cost_driver", "quantity", "unit_cost_xof_low", "unit_cost_xof_likely", "unit_cost_xof_high", "note perdue",
)  # fmt: skip
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=20
)
LAGS = st.sampled_from(["", "+2d", "+3cd", "+1ed", "+4wd", "-2d", "-1wd", "+50%"])


def text_of(rows):
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows([HEADER, *rows])
    return out.getvalue()


@st.composite
def rows(draw, *, links=("FS", "SS", "FF", "SF"), lags=LAGS):
    found = []
    for i in range(draw(st.integers(1, 9))):
        likely = draw(st.integers(0, 40))
        preds = draw(st.lists(st.integers(0, i - 1), max_size=3, unique=True)) if i else []
        held = []
        for p in preds:
            kind, lag = draw(st.sampled_from(links)), draw(lags)
            held.append(f"A{p}" if kind == "FS" and not lag else f"A{p}:{kind}{lag}")
        prices = (
            sorted(draw(st.lists(st.integers(0, 10**9), min_size=3, max_size=3)))
            if draw(st.booleans())
            else ["", "", ""]
        )
        quantity = draw(st.sampled_from(["1", "24416", "9309392.4", "0.5"])) if prices[0] != "" else ""
        found.append([
            f"A{i}", draw(st.sampled_from(["", "1 Loi", "2 Budget"])), draw(WORDS), draw(st.sampled_from(["task", "milestone", "event"])),
            str(max(0, likely - draw(st.integers(0, 5)))), str(likely), str(likely + draw(st.integers(0, 9))),
            draw(st.sampled_from(["wd", "cd"])), ";".join(held), draw(st.sampled_from(["", "J1-40", "..J2-2", "01/10-31/12"])),
            draw(st.sampled_from(["km", "bureaux"])), quantity, *map(str, prices), draw(WORDS),
        ])  # fmt: skip
    return found


def plan_from(found):
    return plan_of(text_of(found), START)
