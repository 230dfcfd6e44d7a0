"""Published results of the packs, recomputed: what does not add up is pointed out, not repaired."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kalata.country.queries import latest_packs
from kalata.country.services import fold
from kalata.results.pages.contests import ratio
from kalata.text import Message
from kalata.text import gettext_noop as _

Record = Mapping[str, Any]


def gaps(record: Record) -> list[Message]:
    """The identities of a published total that do not hold. Alternatives and blanks are skipped."""
    out = []
    voters, null, annulled, valid = (record.get(k) for k in ("voters", "null_ballots", "annulled_votes", "valid"))
    if voters is not None and null is not None and valid is not None and voters != null + valid + (annulled or 0):
        out.append(
            Message(
                _("Votants − nuls − annulés = %(left)d, exprimés publiés %(right)d : écart %(gap)d."),
                {
                    "left": voters - null - (annulled or 0),
                    "right": valid,
                    "gap": voters - null - (annulled or 0) - valid,
                },
            )
        )
    votes = [c.get("votes") for c in record.get("candidates") or []]
    if votes and valid is not None:
        total = sum(v for v in votes if isinstance(v, int))
        if all(isinstance(v, int) for v in votes):
            if total != valid:
                out.append(
                    Message(
                        _("Somme des voix %(left)d, exprimés publiés %(right)d : écart %(gap)d."),
                        {"left": total, "right": valid, "gap": total - valid},
                    )
                )
        elif total > valid:
            out.append(
                Message(
                    _("Les voix connues font déjà %(left)d, plus que les exprimés publiés (%(right)d)."),
                    {"left": total, "right": valid},
                )
            )
    registered = record.get("registered")
    if voters is not None and registered is not None and voters > registered:
        out.append(
            Message(_("Plus de votants (%(left)d) que d’inscrits (%(right)d)."), {"left": voters, "right": registered})
        )
    return out


def elections(text: str = "") -> list[dict[str, Any]]:
    """One group per election of every loaded pack, newest first."""
    out: list[dict[str, Any]] = []
    for version in latest_packs():
        pack = version.pack
        by_code: dict[str, list[Record]] = {}
        for record in pack.records("archives"):
            by_code.setdefault(str(record["election"]), []).append(record)
        for code, records in by_code.items():
            if text and fold(text) not in fold(f"{records[0]['name_fr']} {records[0]['name_en']} {code}"):
                continue
            cases = [c for c in pack.records("archive_cases") if c["election"] == code]
            out.append(
                {
                    "pack": version,
                    "code": code,
                    "records": records,
                    "cases": cases,
                    "gaps": sum(bool(gaps(r)) for r in records),
                    "day": str(records[0].get("date_vote", "")),
                }
            )
    return sorted(out, key=lambda g: g["day"], reverse=True)


def election(pack: str, code: str) -> dict[str, Any] | None:
    """Every stage of one election, with its gaps, candidates and documented cases."""
    for group in elections():
        if group["pack"].code == pack and group["code"] == code:
            version = group["pack"].pack
            sources = {str(s["id"]): s for s in version.records("sources")}
            stages = []
            for record in group["records"]:
                valid = record.get("valid")
                rows = [
                    (c, ratio(c["votes"], valid) if isinstance(c.get("votes"), int) and valid else None)
                    for c in sorted(
                        record.get("candidates") or [],
                        key=lambda c: -(c["votes"] if isinstance(c.get("votes"), int) else 0),
                    )
                ]
                stages.append(
                    (
                        record,
                        rows,
                        gaps(record),
                        ratio(record.get("voters"), record.get("registered")),
                        [sources[s] for s in record["source"] if s in sources],
                    )
                )
            return {
                "group": group,
                "stages": stages,
                "cases": [(c, [sources[s] for s in c["source"] if s in sources]) for c in group["cases"]],
            }
    return None
