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
