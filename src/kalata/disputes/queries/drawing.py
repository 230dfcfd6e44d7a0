"""The draw as files: what anybody replays with `kalata disputes draw`, once its seed is published."""

from __future__ import annotations

import csv
import io

from kalata.country.models import Contest
from kalata.disputes.models import BenchMember, Draw, DrawLine
from kalata.inert import safe

HEAD = ("roll", "case", "weight", "barred", "given_to", "rapporteur", "why")


def lines(contest: Contest) -> list[DrawLine]:
    return list(DrawLine.objects.filter(contest=contest).select_related("member", "petition").order_by("number"))


def written(head: tuple[str, ...], rows: list[list[object]]) -> str:
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\n")
    table.writerow(head)
    table.writerows([safe(cell) for cell in row] for row in rows)
    return out.getvalue()


def roll_csv(contest: Contest) -> str:
    """Each line in its order; a case given by a decision names who got it, and why."""
    rows = [
        [one.roll, one.petition.number, one.weight, " ".join(one.barred), one.member.code if one.given else "", one.member.code, one.why]
        for one in lines(contest)
    ]  # fmt: skip
    return written(HEAD, rows)  # type: ignore[arg-type]


def bench_csv(contest: Contest) -> str:
    """Every member there ever was; who was away or barred is said on each line."""
    codes = BenchMember.objects.order_by("pk").values_list("code", flat=True)
    return written(("member",), [[code] for code in codes])


def contest(code: str) -> Contest | None:
    return Contest.objects.select_related("election__pack").filter(code=code).first()


def draw(contest: Contest) -> Draw | None:
    return Draw.objects.select_related("by", "second", "published_by").filter(contest=contest).first()


def draws() -> list[Draw]:
    """Every commitment there is, latest first: it is public from the day it is made."""
    return list(Draw.objects.select_related("contest").order_by("-pk"))
