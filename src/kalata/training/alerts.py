"""Plans of action that come due: told once to their author alone, at 30 and at 90 days, and no more once followed."""

from __future__ import annotations

from datetime import timedelta

from django.urls import reverse

from kalata.notices import services as notices
from kalata.text import Message
from kalata.text import gettext_noop as _
from kalata.training import topics
from kalata.training.models import ActionPlan
from kalata.training.queries import moot_sittings as queries
from kalata.training.rules.moot_states import FOLLOWED

SAID = _("Votre plan d’action de « %(title)s » : dites ce qu’est devenue chaque action, à %(days)d {days:jour|jours}.")


def refresh() -> int:
    """Tell each author whose follow-up has come due. Returns how many had not been told. Bears repetition."""
    since = queries.today() - timedelta(days=min(FOLLOWED))
    plans = (
        ActionPlan.objects.filter(at__date__lte=since)
        .select_related("seat__person", "seat__sitting")
        .prefetch_related("followed")
    )
    told = 0
    for plan in plans.iterator(chunk_size=500):
        for due in queries.due_of(plan):
            if due.open:
                said = Message(SAID, {"title": plan.seat.sitting.title, "days": due.days})
                told += notices.tell(
                    topics.PLAN_DUE, said, once=key(plan, due.days), subject=f"moot_sitting:{plan.seat.sitting_id}",
                    href=reverse("moots:plans"), to=[plan.seat.person],
                )  # fmt: skip
    return told


def key(plan: ActionPlan, days: int) -> str:
    return f"training:plan:{plan.pk}:{days}"
