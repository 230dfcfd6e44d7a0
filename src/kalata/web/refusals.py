"""What the server itself answers, with a code, before a page of the house could."""

from __future__ import annotations

import html
import json
from http import HTTPStatus

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class BodyTooLarge(Refused):
    code = "WEB-101"
    says = _("L’envoi est trop lourd pour cette page : au plus %(most)s pour qui n’y dépose pas de fichier.")
    remedy = _("Connectez-vous avec un compte qui peut déposer un fichier ici, ou envoyez un fichier plus petit.")
    status = 413


class TookTooLong(Refused):
    code = "WEB-102"
    says = _("Cette demande a dépassé le temps permis et a été arrêtée ; elle n’a rien enregistré.")
    remedy = _("Demandez moins à la fois (une zone, un fichier plus court), puis recommencez.")
    status = 503


PAGE = """<!doctype html><html lang="fr"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>{code} | Kalata</title><link rel="stylesheet" href="/static/kalata.css"></head><body><main class="in"><p class="eyebrow">Refus <span class="code">{code}</span></p><h1>{fr}</h1><p>{how_fr}</p><div lang="en"><h2>{en}</h2><p>{how_en}</p></div><p><a href="/">Accueil / Home</a></p></main></body></html>"""


class Answer:
    """A refusal as waitress wants its errors: something that becomes a response."""

    def __init__(self, refused: Refused, path: str) -> None:
        self.refused, self.path = refused, path

    def to_response(self, ident: str | None = None) -> tuple[str, list[tuple[str, str]], bytes]:
        status = HTTPStatus(self.refused.status)
        if self.path.startswith("/api/"):
            kind, body = "application/json", json.dumps({"error": self.refused.record()}, ensure_ascii=False)
        else:
            kind, body = "text/html; charset=utf-8", page(self.refused)
        return f"{status.value} {status.phrase}", [("Content-Type", kind), ("Cache-Control", "no-store")], body.encode()


def page(refused: Refused) -> str:
    """The refusal in both languages, for when nothing of the house can be asked."""
    both = {"fr": refused.message.text("fr"), "how_fr": refused.how.text("fr")}
    both |= {"en": refused.message.text("en"), "how_en": refused.how.text("en")}
    return PAGE.format(code=refused.code, **{k: html.escape(v) for k, v in both.items()})
