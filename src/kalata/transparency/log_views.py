"""The public log for everybody; its witnesses and USB exchanges for those who keep the key; the static site, served."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import re
from typing import Any, cast

from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _t
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_POST

from kalata.people.queries import may
from kalata.text import gettext_noop as _
from kalata.text import told
from kalata.transparency import keys, publiclog, queries, witnessing
from kalata.transparency.models import PublicLog
from kalata.transparency.rules.notes import ED25519
from kalata.transparency.site.serving import site_file
from kalata.ui import edge, fields

SIZE = 64 * 1024


def index(request: HttpRequest) -> HttpResponse:
    """Every log: its state, its witnesses, what waits, why it refuses to sign where it does."""
    rows = []
    for one in queries.logs():
        head = one.checkpoints.first()
        done, known, witnesses = witnessing.tally(one)
        site = site_file(f"{one.name}/index.html")
        rows.append({
            "log": one, "head": head, "done": done, "known": known, "witnesses": witnesses, "waiting": one.outbox.filter(done=False).count(),
            "refused": one.outbox.exclude(refused="").count(), "site": site is not None,
            "usb": max((c.checkpoint.size for w, c in witnesses if c and not w.url), default=0),
        })  # fmt: skip
    has_key = publiclog.key_path().exists()
    vkeys = [(one.origin, publiclog.trusted(one)) for one in queries.signed_logs()]
    return render(
        request,
        "transparency/logs.html",
        {
            "section": "log",
            "rows": rows,
            "has_key": has_key,
            "unlocked": bool(publiclog.passphrase()),
            "vkeys": [
                (origin, key.text() if kind == ED25519 else "ML-DSA-44", keys.fingerprint(key.public))
                for origin, found in vkeys
                for kind, key in sorted({k.kind: k for k in found}.items())
            ],
            "witnesses": [(w, before_drop(w, rows)) for w in queries.witnesses()],
            "may_keep": may(request.user, "log.keys"),
            "published": site_file("index.html") is not None,
        },
    )


def before_drop(one: Any, rows: list[dict[str, Any]]) -> list[str]:
    """What asking a witness no more does, in figures."""
    signed = [c for row in rows for w, c in row["witnesses"] if w.pk == one.pk and c]
    left = sum(1 for w in queries.witnesses() if w.active and w.pk != one.pk)
    said = [ngettext("Il a cosigné %(n)d journal ; ses cosignatures restent.", "Il a cosigné %(n)d journaux ; ses cosignatures restent.", len(signed)) % {"n": len(signed)}]  # fmt: skip
    if not left:
        return [*said, _t("Il ne reste aucun témoin : personne d’autre que la maison n’attestera ce qui est publié.")]
    return [*said, ngettext("Il reste %(n)d témoin.", "Il reste %(n)d témoins.", left) % {"n": left}]


def who(request: HttpRequest) -> Any:
    return cast(Any, request.user)


class DropForm(edge.Edge):
    act = "drop"
    name = fields.TextField(most=60)
    reason = fields.TextField(most=400)


class WitnessForm(edge.Edge):
    name = fields.TextField(most=60)
    vkey = fields.LinesField(most=4_000)
    url = fields.TextField(most=300)


class AnswerForm(edge.Edge):
    answer = fields.UploadField(most=SIZE)


class Seen(edge.Edge):
    """The size a witness has already seen."""

    old = fields.CountField(most=fields.MOST_ID, initial=0)


@login_required
@require_POST
def witness(request: HttpRequest) -> HttpResponse:
    """Know a witness, or ask it no more."""
    form = edge.acted(request, WitnessForm, DropForm)
    if isinstance(form, DropForm):
        witnessing.drop_witness(name=form.v.name, reason=form.v.reason, by=who(request))
        messages.success(request, _t("Ce témoin n’est plus sollicité ; ses cosignatures restent."))
    else:
        made = witnessing.add_witness(name=form.v.name, vkey=" ".join(form.v.vkey.split()), url=form.v.url, by=who(request))
        messages.success(request, _t("Témoin %(name)s enregistré.") % {"name": made.name})
    return redirect("log:index")


@login_required
def usb(request: HttpRequest, name: str) -> HttpResponse:
    """GET: the file a witness takes away on a USB key. POST: the answer it brings back."""
    publiclog_right(request)
    one = get_object_or_404(PublicLog, name=name)
    if request.method == "POST":
        upload = edge.posted(request, AnswerForm).answer
        if upload is None:
            raise witnessing.BadCosignature(why=_("aucun fichier, ou trop lourd"))
        try:
            text = upload.read().decode()
        except UnicodeDecodeError:
            raise witnessing.BadCosignature(why=_("ce fichier n’est pas du texte en UTF-8")) from None
        size, names = witnessing.take_file(one, text)
        messages.success(
            request, told(_t("Cosigné à %(size)d {size:inscription|inscriptions} : %(names)s."), get_language(), {"size": size, "names": ", ".join(names)})
        )
        return redirect("log:index")
    point = one.checkpoints.first()
    old = edge.asked(request, Seen, strict=True).old
    if point is None or old > point.size:
        raise Http404(name)
    answer = HttpResponse(witnessing.request_for(point, old), content_type="text/plain; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}-{point.size}.demande"'
    return answer


def publiclog_right(request: HttpRequest) -> None:
    from kalata.people.services import require

    require(who(request), "log.keys")


# --- the static site, as files ----------------------------------------------------------------------
def served(request: HttpRequest, path: str) -> FileResponse:
    found = site_file(path)
    if found is None:
        raise Http404(path)
    kind = mimetypes.guess_type(found.name)[0] or "application/octet-stream"
    if found.name in ("checkpoint", "policy", "log.vkey", "files.note") or found.suffix in (".tlog-proof", ".sha256"):
        kind = "text/plain; charset=utf-8"
    answer = FileResponse(
        found.open("rb"),
        content_type=f"{kind}; charset=utf-8" if kind in ("text/html", "text/css", "text/csv") else kind,
    )
    answer["Cache-Control"] = "no-cache"
    return answer


def verifier(path: str) -> dict[str, list[str]]:
    """What the browser lets the verifier do: run the very program that its file holds, and no other."""
    found = site_file(path)
    text = found.read_text(encoding="utf-8") if found else ""
    programs = re.findall(r"<script>(.*?)</script>", text, re.S)
    sums = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in programs]
    return {"script-src": [f"'sha256-{s}'" for s in sums], "style-src": ["'unsafe-inline'"], "img-src": ["blob:"]}


CARD = {"default-src": ["'none'"], "style-src": ["'unsafe-inline'"], "frame-ancestors": ["*"]}


def site(request: HttpRequest, path: str = "") -> Any:
    """The last published site, from its files. Single files that carry their own style or program say so to the browser."""
    view: Any = served
    if path.endswith("verifier.html"):
        view = csp_update(verifier(path))(view)
    elif "/card/" in f"/{path}" or "/poster/" in f"/{path}":
        view = xframe_options_exempt(csp_replace(CARD)(view))
    return view(request, path)
