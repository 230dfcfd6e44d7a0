"""Every write about results. Rights are asked here; totals are never written, only recomputed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from kalata.country.models import Contest, Station
from kalata.ledger.services import record
from kalata.people.approving import still
from kalata.people.models import Approval, Person
from kalata.people.rules.shown import as_shown
from kalata.people.services import approvable, ask_about_contest, require
from kalata.refusals import Forbidden, Refused
from kalata.results import kinds, shown
from kalata.results.access import own_territory, profiles_of, reach_of
from kalata.results.models import MappingProfile
from kalata.results.queries import pictures, public_pictures
from kalata.results.rules.profile import profile_from
from kalata.results.services import announcing, authority, republishing, second_round
from kalata.results.territory import Reach, path_of
from kalata.text import gettext_noop as _

FIGURES_OR_PUBLIC = _("les chiffres du scrutin, ou leur publication")


class NothingToPublish(Refused):
    code = "RES-302"
    says = _("Ce scrutin n’a encore aucun résultat : rien à publier.")
    remedy = _("Importez des résultats d’abord.")


class NameTaken(Refused):
    code = "RES-305"
    says = _("Le nom « %(name)s » est celui d’un profil d’un autre territoire.")
    remedy = _("Choisissez un autre nom : le vôtre servira votre territoire.")


class ByRuling(Refused):
    code = "RES-303"
    says = _("Un bureau n’est annulé ou rétabli que par une décision signée de la juridiction, sous son numéro.")
    remedy = _("Retirez cette demande : la juridiction statue, et sa décision s’exécute depuis le contentieux.")
    status = 409


def changed(contest: Contest) -> None:
    """Tell every reader that the records of a contest changed: the only key of their caches."""
    Contest.objects.filter(pk=contest.pk).update(revision=F("revision") + 1, as_of=timezone.now())
    contest.refresh_from_db(fields=["revision", "register_revision", "as_of"])


@transaction.atomic
def ask_publication(*, contest: Contest, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that the results of a contest be shown to the public. seen: the mark of the page that was read (PEO-212)."""
    require(by, "results.publish", contest=contest.pk)
    as_shown(seen, shown.of_contest(contest), FIGURES_OR_PUBLIC)
    if not contest.revision:
        raise NothingToPublish
    second_round.prove_list(contest)
    return ask_about_contest(
        contest,
        kind="results.publication",
        summary="Publier",
        payload={"revision": contest.revision},
        reason=reason,
        by=by,
    )


@approvable(
    "results.publication", "results.publish", public_pictures.of_publication, title=_("Publication du scrutin"), public=True
)
def publish(approval: Approval, by: Person) -> None:
    """Show the results: every figure is first computed again from what it rests on (RES-311)."""
    contest = Contest.objects.select_for_update().get(pk=approval.payload["contest"])
    still(approval)  # a file stored alone while this waited for the contest was read by nobody
    authority.prove(contest)
    second_round.prove_list(contest)
    contest.published_at = timezone.now()
    contest.save(update_fields=["published_at"])
    made_public(contest, by, approval)
    republishing.tell(contest, announcing.Order(approval=approval.pk, words=approval.reason))


@transaction.atomic
def ask_withdrawal(*, contest: Contest, reason: str, by: Person, seen: str | None = None) -> Approval:
    """Ask that a publication be taken back; the ledger keeps that it was public. seen: of the page that was read."""
    require(by, "results.publish", contest=contest.pk)
    as_shown(seen, shown.of_contest(contest), FIGURES_OR_PUBLIC)
    return ask_about_contest(
        contest, kind="results.withdrawal", summary="Retirer de la publication", payload={}, reason=reason, by=by
    )


@approvable(
    "results.withdrawal", "results.publish", public_pictures.of_withdrawal, title=_("Retrait de la publication"), public=True
)
def withdraw(approval: Approval, by: Person) -> None:
    contest = Contest.objects.select_for_update().get(pk=approval.payload["contest"])
    still(approval)
    contest.published_at = None
    contest.save(update_fields=["published_at"])
    record(
        by=by, kind=kinds.CONTEST_WITHDRAWN, subject=f"contest:{contest.code}", after={"approval": approval.pk},
        reason=approval.reason, rows=[contest],
    )  # fmt: skip


def made_public(contest: Contest, by: Person, approval: Approval) -> None:
    record(
        by=by, kind=kinds.CONTEST_PUBLISHED, subject=f"contest:{contest.code}", after={"approval": approval.pk},
        reason=approval.reason, rows=[contest],
    )  # fmt: skip


FORMER = kinds.STANDING_SET
"""What the ledger said of such a request when it was carried out: its title stays readable."""


@approvable(
    "results.standing", "results.decide", pictures.of_standing, title=_("Décision sur l’état d’un bureau"), about="station"
)  # fmt: skip
def set_standing(approval: Approval, by: Person) -> None:
    """A request made before decisions were carried out by their number: it stays readable, and is refused (RES-303)."""
    raise ByRuling


def place_of(station: Station) -> tuple[int, ...]:
    return path_of(station.unit)


@transaction.atomic
def keep_profile(*, name: str, profile: Mapping[str, Any], by: Person) -> MappingProfile:
    """Keep a mapping under a name, for the territory of who keeps it.

    The same name is replaced by who imports for the whole territory it serves, and the ledger says what
    it was. RES-305: the name is another territory's.
    """
    own = own_profiles(by)
    profile_from(dict(profile))
    before = MappingProfile.objects.filter(name=name).select_related("unit").first()
    if before is not None and not own.holds(path_of(before.unit)):
        raise NameTaken(name=name)
    unit = before.unit_id if before else own_territory(by, "results.import", None)
    kept, _fresh = MappingProfile.objects.update_or_create(
        name=name, defaults={"profile": dict(profile), "by": by, "unit_id": unit}
    )
    record(
        by=by,
        kind=kinds.PROFILE_KEPT,
        subject=f"profile:{name}",
        before=before.profile if before else None,
        after=dict(profile),
    )
    return kept


@transaction.atomic
def drop_profile(*, name: str, by: Person) -> None:
    own = own_profiles(by)
    kept = profiles_of(by).get(name=name)
    if not own.holds(path_of(kept.unit)):
        raise Forbidden(right="results.import")
    record(by=by, kind=kinds.PROFILE_DROPPED, subject=f"profile:{name}", before=kept.profile)
    kept.delete()


def own_profiles(by: Person) -> Reach:
    """The territories whose mappings a person keeps and drops: a mapping serves every contest. PEO-101: none."""
    reach = reach_of(by, {"results.import"}, None)
    if reach.tops == ():
        require(by, "results.import")
    return reach
