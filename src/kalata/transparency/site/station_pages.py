"""What a page of one station shows: its figures as published, what does not hold on them, every version, the proof."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from kalata.results.rules.coverage import SITUATION_LABELS
from kalata.text import Message, translate, whole
from kalata.text import gettext_noop as _
from kalata.transparency.rules.proofs import Proof
from kalata.transparency.rules.replay import NATION, Area, Key, Version
from kalata.transparency.site.edition import Edition, Line, leaf_of
from kalata.transparency.site.frame import Extras, Site, checks
from kalata.transparency.site.names import opened, slug
from kalata.transparency.site.render import render, scale_of
from kalata.transparency.site.sums import BOX_OF, findings_of

REASON_LABELS = {
    "correction": _("correction"),
    "late": _("arrivé tard"),
    "recall": _("rappel"),
    "annulment": _("annulation"),
    "court": _("décision de la Cour"),
    "recount": _("nouveau décompte"),
    "restored": _("rétablissement"),
}


class StationPages:
    """The part of `Pages` that draws stations."""

    edition: Edition
    extras: Extras
    site: Site
    named: dict[str, list[tuple[str, str]]]

    def frame(self, path: str, lang: str, section: str = "") -> dict[str, Any]:
        raise NotImplementedError

    def crumbs(self, areas: list[Area], up: str, home: str, lang: str, last: str) -> list[tuple[str, str]]:
        raise NotImplementedError

    def differences(self, old: Version, new: Version, lang: str) -> list[tuple[str, str, str]]:
        raise NotImplementedError

    def station_row(self, key: Key, up: str, lang: str) -> dict[str, Any]:
        past = self.edition.replay.history.get(key)
        situation = self.edition.situation(key)
        entry = past[-1].entry if past else {}
        voters, valid = entry.get("voters", entry.get("found")), entry.get("valid")
        if valid is None and past:
            valid = sum(v["n"] for v in entry["votes"])
        place = self.edition.place(key)
        name = ", ".join(dict.fromkeys(n for n in (place.name, place.centre) if n and n != key[1]))
        return {
            "path": f"{up}pv/{slug(key)}.html", "id": slug(key), "name": name, "code": key[1], "state": translate(SITUATION_LABELS[situation], lang), "situation": int(situation),
            "voters": "–" if voters is None else whole(voters, lang), "valid": "–" if valid is None else whole(valid, lang),
        }  # fmt: skip

    # --- a station -----------------------------------------------------------------------------
    def station(self, key: Key, lang: str, proof: Proof | None, proof_bytes: int, image: str) -> bytes:
        edition = self.edition
        place, past, situation = edition.place(key), edition.replay.history.get(key), edition.situation(key)
        name = slug(key)
        frame = self.frame(f"pv/{name}.html", lang, "areas")
        where_areas = [a for a in place.areas if a != NATION and a[0] != "constituency"]
        frame["crumbs"] = self.crumbs(where_areas, "../", frame["home"], lang, key[1])
        where = ", ".join(edition.figures[a].name for a in reversed(where_areas))
        title = key[1] if place.name in ("", key[1]) else f"{key[1]}, {place.name}"
        if not past or proof is None:
            return render(
                "station.html", lang, **frame, title=title, where=where, lede=place.centre, entry=None, place=place, situation=situation
            )  # fmt: skip
        version = past[-1]
        entry = version.entry
        votes = {v["list"]: v["n"] for v in entry["votes"]}
        total = sum(votes.values())
        valid = entry.get("valid", total)
        lines = [Line(n, edition.names[n], v, Fraction(v, valid) if valid else None) for n, v in sorted(votes.items(), key=lambda p: (-p[1], p[0]))]  # fmt: skip
        scale, mark = scale_of(lines[0].share if lines else None)
        voters, registered = entry.get("voters", entry.get("found")), entry.get("registered")
        note, css = self.notice(version, lang)
        lede = Message(_("Procès-verbal publié, version %(n)d."), {"n": len(past)}).text(lang)
        if place.centre:
            lede = f"{place.centre}. {lede}"
        return render(
            "station.html", lang, **frame, title=title, where=where, lede=lede, entry=entry, place=place, number=len(past), notice=note, notice_css=css,
            lines=lines, scale=scale, mark=mark, valid=valid, boxes=[(BOX_OF[b].value, label, entry.get(b)) for b, label in self.named[lang]],
            turnout=Fraction(voters, registered) if voters is not None and registered else None, checks=checks(entry, votes, lang), findings=self.told_of(key, version, lang), situation=situation,
            image=image, versions=self.versions(past, lang), leaf=leaf_of(edition.entries[version.index]), index=version.index,
            path=proof.hashes, proof_size=edition.point.size, proof_root=edition.point.root.hex(), witnesses=edition.cosigners,
            slug=name, proof_bytes=proof_bytes, opened=opened(edition.replay.manifest["contest"], key, lang, edition.entries[version.index], proof.text()),
            recourses=self.extras.recourses.get(lang, []),
        )  # fmt: skip

    def told_of(self, key: Key, version: Version, lang: str) -> list[tuple[str, str, str, str]]:
        """(code, level, sentence, accepted reason) of what does not hold on this version: as the house tells it, or
        from the log alone."""
        house = self.extras.told
        if house is not None and house.get(key, (0, []))[0] in (0, len(self.edition.replay.history[key])):
            rows = house[key][1] if key in house else []
            return [
                (code, level, said["en" if lang == "en" else "fr"], accepted) for code, level, said, accepted in rows
            ]
        found = findings_of(key, version, self.edition.replay)
        return [(f.code, f.check.level.value, f.message.text(lang), "") for f in found]

    def notice(self, version: Version, lang: str) -> tuple[str, str]:
        if version.excluded is None:
            return "", ""
        if version.why in ("annulment", "court"):
            return translate(_("Bureau annulé : ces voix ne sont dans aucun total."), lang), "e"
        return translate(_("PV rappelé : ces chiffres sont retirés des totaux en attendant d’être revus."), lang), "w"

    def versions(self, past: list[Version], lang: str) -> list[dict[str, Any]]:
        out = []
        for i, version in enumerate(past):
            why = REASON_LABELS.get(version.entry.get("reason_code", ""), "")
            text = " · ".join(x for x in (translate(why, lang), str(version.entry.get("act", ""))) if x)
            out.append({
                "index": version.index, "label": translate(_("Version"), lang) + f" {i + 1}",
                "current": version is past[-1] and version.excluded is None, "why": text,
                "diffs": self.differences(past[i - 1], version, lang) if i else [],
            })  # fmt: skip
            if version.excluded is not None:
                out.append({
                    "index": version.excluded, "label": translate(REASON_LABELS[version.why], lang).capitalize(), "current": False,
                    "why": translate(_("retiré des totaux"), lang), "diffs": [],
                })  # fmt: skip
        return out[::-1]
