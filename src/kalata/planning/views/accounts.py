"""The chart of accounts of a plan, and the account that each line of its budget is booked to."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _t

from kalata.people.guard import require
from kalata.people.queries import may
from kalata.planning.forms import money as forms
from kalata.planning.models import Plan
from kalata.planning.pages import money as pages
from kalata.planning.queries import money as queries
from kalata.planning.rules.account_files import BOOKED, CHART
from kalata.planning.rules.rights import MONEY
from kalata.planning.services import money as services
from kalata.planning.views.money import SECTION, plan_of
from kalata.results.views.shared import who
from kalata.ui import edge


@login_required
def page(request: HttpRequest, code: str) -> HttpResponse:
    plan = plan_of(request, code)
    if not queries.reads_all(request.user):
        raise Http404(code)
    if request.method == "POST":
        require(request.user, MONEY)
        act(request, plan)
        return redirect("planning:accounts", code)
    till = queries.till(plan)
    accounts = list(plan.accounts.all())
    of_line = queries.account_of(plan)
    likely = {one.id: one.amount[1] for one in till.money.budget.lines} if till.money else {}
    rows = pages.booked(accounts, of_line, likely, list(plan.payments.all()))
    left = pages.unbooked(till)
    context = {
        "section": SECTION, "plan": plan, "version": till.version, "rows": rows, "left": left, "left_sum": sum(n for _c, _l, n in left), "total": sum(likely.values()),
        "booked_sum": sum(likely.get(line, 0) for line in of_line), "keeps": may(request.user, MONEY), "accounts": accounts, "stamp": queries.accounts_mark(plan),
        "chart_columns": CHART, "line_columns": BOOKED, "account_form": forms.AccountForm(auto_id="a-%s"), "table_form": forms.KeepChart(auto_id="t-%s"),
        "crumbs": [(reverse("planning:money", args=[code]), _t("Argent")), ("", _t("Plan de comptes"))],
    }  # fmt: skip
    return render(request, "planning/accounts.html", context)


def act(request: HttpRequest, plan: Plan) -> None:
    form = edge.acted(request, forms.AccountForm, forms.DropForm, forms.BookForm, forms.KeepChart)
    v, by = form.v, who(request)
    if isinstance(form, forms.AccountForm):
        services.keep_account(plan=plan, code=v.code, label=v.label, parent=v.parent, by=by, seen=v.seen)
    elif isinstance(form, forms.DropForm):
        services.drop_account(plan=plan, code=v.code, by=by, seen=v.seen)
    elif isinstance(form, forms.BookForm):
        services.impute(plan=plan, lines=v.line, account=v.account, by=by, seen=v.seen)
    elif v.what == "accounts":
        services.import_accounts(plan=plan, text=v.table, by=by, seen=v.seen)
    else:
        services.import_imputations(plan=plan, text=v.table, by=by, seen=v.seen)
