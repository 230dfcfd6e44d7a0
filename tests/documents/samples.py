"""One sample of what each declared paper says, as hostile as people's words may be."""

HOSTILE = '#panic("x") $x$ *a* _b_ \\ = @q <l> // /* \u202e évasion \x00 سلام 中 ' + "N’Golo" * 30
BLOCKS = [
    {"kind": "heading", "text": "Ɛɔɲŋ Ɲ Ŋ Ɔ"},
    {"kind": "paragraph", "text": HOSTILE},
    {"kind": "note", "text": "n"},
    {"kind": "pairs", "rows": [["Reçue", HOSTILE]]},
    {"kind": "list", "items": ["un", "deux"]},
    {"kind": "table", "heads": ["N°", "Nom"], "widths": [1, 4], "aligns": ["right", "left"], "rows": [["1", HOSTILE]]},
    {"kind": "signatures", "names": [["Le greffier", ""], ["Le déposant"]]},
]


def squared():
    return {"qr": [255, 0, 255, 0], "side": 2}


ODD = "Ɛɔɲŋ « Ségou » سلام"
SAMPLES = {
    "minutes": {
        "paragraphs": [ODD], "w_present": "Membres", "heads": ["a", "b", "c", "d"], "members": [["x", ODD, "oui", "non"]],
        "reservations": [["x", HOSTILE]], "w_acts": "Actes", "acts": [["26/11", HOSTILE]], "w_recap": "Somme",
        "fheads": ["a", "b", "c", "d"], "figures": [["n", "1", "2", "3"]],
    },
    "recap": {
        "heads": ["Bureau", "Inscrits"], "rows": [[ODD, "400"]], "sums": ["Total", "400"], "w_missing": "Non comptés :",
        "missing": ["K-1"], "notes": [HOSTILE], "w_members": "Membres", "members": [ODD],
    },
    "labels": {
        "lang": "fr", "contest": ODD, "exercise": "EXERCICE", "w_seals": "Scellés", "w_inside": "PV", "handover": ["a", "b", "c", "d", "e"],
        "labels": [{**squared(), "code": "SAC-9", "kind": "sac", "place": ODD, "seals": "A1", "items": ["K-1"]}],
    },
    "report": {
        "lang": "fr", "title": "PV", "contest": ODD, "exercise": "", "model": "PV1", "pages": 2, "digits": 5, "words": True,
        "advice": "a", "note": "n", "counts": [["Inscrits", ""]], "votes": [[ODD, ""]], "marks": [], "signatures": ["Président"],
        "forms": [],
        **{f"w_{k}": k for k in (
            "station", "copy", "form", "page", "figures", "words", "count", "votes", "next", "marks", "replaced", "replaced_why",
            "who", "list", "where", "remarks", "signatures", "agent",
        )},
    },
    "poster": {
        "lang": "fr", "title": ODD, "sub": "s", "foot": "f", "drill": "EXERCICE", "heads": ["a", "b", "c", "d"], "gaps_title": "g", "gaps": [HOSTILE],
        "rows": [{"date": "d", "hour": "h", "what": HOSTILE, "mark": "m", "rule": "r", "basis": "b"}],
    },
    "activation": {
        "lang": "fr", "title": "Feuille", "people": [{
            "notice": "n", "title": "t", "l_name": "nom", "name": ODD, "l_role": "rôle", "role": "r", "l_place": "lieu", "place": "p",
            "l_user": "u", "username": "x", "l_code": "code", "code": "ABC", "remains": [], "l_remains": "", "l_alone": "", "steps": [HOSTILE],
        }],
    },
}  # fmt: skip
OWN_LAYOUT = {"labels", "report", "poster", "activation"}
