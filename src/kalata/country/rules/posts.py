"""The section of a pack that says who sits where: the places of each body, who proposes for them, what bars from them."""

from kalata.text import gettext_noop as _

from .shapes import ID, F, L, Section, T, Type, W, ref, req, tables

POSTS = Section(
    "posts", _("Postes"),
    {
        "id": ID, "key": req(), "body": req(), "level": W, "title_fr": req(), "title_en": req(), "seats": req(Type.WHOLE), "head": F,
        "quorum": W, "certificate": T, "proposed_by": tables("by seats", Type.LIST), "bars": L, "law": ref("texts"), "article": T,
        "norm": ref("norms"), "quorum_norm": ref("norms"), "replaced_by": ref("norms"), "conflict_fr": T, "conflict_en": T,
        "recusal_fr": T, "recusal_en": T, "note": T,
    },
    shown=("title_fr", "body", "seats", "article", "note"),
)  # fmt: skip
