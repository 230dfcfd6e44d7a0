"""Resources of a version: pools and needs entered, who asks for more than there is, a levelling and its lines."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning.forms import resources as forms
from kalata.planning.models import PlanVersion
from kalata.planning.pages import resources as pages
from kalata.planning.queries import content, effects
from kalata.planning.queries import resources as queries
from kalata.planning.rules.editing import mark_of_all
from kalata.planning.rules.pool_files import COLUMNS, NEEDS
from kalata.planning.rules.refusals import LineDecided
from kalata.planning.rules.rights import EDIT
from kalata.planning.rules.steps import State
from kalata.planning.rules.tables import decoded
from kalata.planning.services import levelling, trying
from kalata.planning.services import resources as services
from kalata.planning.views.workshop import found
from kalata.results.views.shared import who
from kalata.ui import edge

ACTS = (
    forms.PoolForm, forms.PeriodForm, forms.UnperiodForm, forms.UnpoolForm, forms.NeedForm, forms.TryTable, forms.KeepTable,
    forms.LevelForm, forms.HaltForm, forms.AcceptForm, forms.DiscardForm,
)  # fmt: skip


@login_required
def page(request: HttpRequest, pk: int) -> HttpResponse:
    one = found(request, pk)
    if request.method == "POST":
        require(request.user, EDIT)
        form = edge.acted(request, *ACTS)
        if isinstance(form, forms.TryTable):
            return render(request, "planning/resources.html", {**shown(request, one), **tried(one, form)})
        back = act(request, one, form)
        return redirect(f"{reverse('planning:resources', args=[pk])}{back}")
    return render(request, "planning/resources.html", shown(request, one))


def act(request: HttpRequest, one: PlanVersion, form: Any) -> str:
    """Do what the pressed button says; where on the page to come back."""
    v, by = form.v, who(request)
    if isinstance(form, forms.AcceptForm | forms.DiscardForm):
        run = one.levellings.filter(pk=v.run).first()
        if run is None:
            raise LineDecided(value=v.line[0])
        levelling.choose(run=run, codes=v.line, accepted=isinstance(form, forms.AcceptForm), by=by, seen=v.seen)
        return "#level"
    if isinstance(form, forms.LevelForm):
        levelling.ask(version=one, limit=int(v.seconds), by=by, seen=v.seen)
        return "#level"
    if isinstance(form, forms.HaltForm):
        levelling.stop(version=one, by=by)
        return "#level"
    if isinstance(form, forms.NeedForm):
        services.set_need(version=one, code=v.code, pool=v.pool, units=v.units, by=by)
        return f"?{urlencode({'pool': v.pool})}#needs"
    if isinstance(form, forms.KeepTable):
        if v.what == "pools":
            services.import_pools(plan=one.plan, text=v.table, by=by, seen=v.seen)
        else:
            services.import_needs(version=one, text=v.table, by=by, seen=v.seen)
        return ""
    return pool(one, form, by)


def pool(one: PlanVersion, form: Any, by: Any) -> str:
    v = form.v
    if isinstance(form, forms.PoolForm):
        said = services.Described(v.name, v.measure, v.unit, v.flag, v.source)
        services.keep_pool(plan=one.plan, code=v.pool, said=said, by=by, seen=v.seen)
    elif isinstance(form, forms.PeriodForm):
        services.add_period(plan=one.plan, code=v.pool, first=v.first, last=v.last, amount=v.amount, by=by, seen=v.seen)
    elif isinstance(form, forms.UnperiodForm):
        services.drop_period(plan=one.plan, code=v.pool, period=v.period, by=by, seen=v.seen)
    else:
        services.drop_pool(plan=one.plan, code=v.pool, by=by, seen=v.seen)
        return ""
    return f"?{urlencode({'pool': v.pool})}#pools"


def tried(one: PlanVersion, form: Any) -> dict[str, Any]:
    """What a table would change, row by row, before anything is written."""
    text = decoded(form.v.file.read()) if form.v.file else form.v.table
    if form.v.what == "pools":
        seen, lines = queries.pools_mark(one.plan), trying.pools(one.plan, text)
    else:
        seen, lines = mark_of_all(content.sheet(one)), trying.needs(one, text)
    return {"trial": lines, "trial_text": text, "trial_what": form.v.what, "trial_seen": seen}


def shown(request: HttpRequest, one: PlanVersion) -> dict[str, Any]:
    look = edge.asked(request, forms.ResourceLook)
    ground = queries.ground(one)
    pools = list(queries.pools(one.plan))
    rows = pages.rows_of(pools, ground)
    worst = max(rows, key=lambda r: r.short, default=None)
    code = look.pool if any(r.code == look.pool for r in rows) else worst.code if worst else ""
    edits = may(request.user, EDIT)
    column = "activity_en" if get_language() == "en" else "activity_fr"
    names = {c["id"]: c.get(column) or c.get("activity_fr", "") for c in ground.dates.sheet}
    words = look.q.casefold()
    needs = [
        (a.id, names[a.id], a.resources) for a in ground.dates.schedule.plan.activities
        if a.resources and words in f"{a.id} {names[a.id]} {' '.join(p for p, _n in a.resources)}".casefold()
    ]  # fmt: skip
    opened = next((p for p in pools if p.code == code), None)
    return {
        "section": "planning", "version": one, "ground": ground, "rows": rows, "chart": pages.chart_of(ground, code), "code": code, "opened": opened,
        "overs": pages.overs_of(ground), "needs": needs, "look": look, "edits": edits, "draft": one.state == State.DRAFT, "columns": COLUMNS, "needs_columns": NEEDS,
        "stamp": content.sha256(one), "pools_stamp": queries.pools_mark(one.plan),
        "crumbs": [(reverse("planning:plans"), _t("Plan opérationnel")), (reverse("planning:workshop", args=[one.pk]), one.plan.name), ("", _t("Ressources"))],
        **(boxes(opened, code) if edits else {}), **level(one, ground, names, edits),
    }  # fmt: skip


def boxes(opened: Any, code: str) -> dict[str, Any]:
    """The forms of who keeps the plan, filled with the pool that is open."""
    given = {"pool": opened.code, "name": opened.name, "measure": opened.measure, "unit": opened.unit_id, "flag": opened.flag, "source": opened.source} if opened else {"flag": "A"}  # fmt: skip
    return {
        "pool_form": forms.PoolForm(initial=given, auto_id="p-%s"), "new_form": forms.PoolForm(initial={"flag": "A"}, auto_id="n-%s"),
        "period_form": forms.PeriodForm(initial={"pool": code}, auto_id="d-%s"), "need_form": forms.NeedForm(initial={"pool": code}, auto_id="b-%s"),
        "table_form": forms.TryTable(auto_id="t-%s"), "level_form": forms.LevelForm(initial={"seconds": "30"}, auto_id="l-%s"),
    }  # fmt: skip


def level(one: PlanVersion, ground: queries.Ground, names: dict[str, str], edits: bool) -> dict[str, Any]:
    going, run = queries.running(one), queries.latest(one)
    out: dict[str, Any] = {"going": going, "run": run}
    if run is None or not run.answer:
        return out
    waits, decided = levelling.lines_of(run), levelling.decided(run)
    out |= {"level": pages.levelled(run, waits, decided, names), "level_stamp": levelling.page_mark(run, ground.dates.sheet)}  # fmt: skip
    left = [w for w in waits if w.code not in decided]
    if left and edits and one.state == State.DRAFT and run.sha256 == content.sha256(one):
        out["effect"] = effects.effect_of_sheet(one, levelling.proposed(one, ground.dates.sheet, left))
    out["old"] = not decided and run.sha256 != content.sha256(one)
    return out
