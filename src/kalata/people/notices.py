"""What the owner of an account must learn about it, whoever did it: on the pages, and by mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from kalata import letters
from kalata.people.models import AccountNotice, Person
from kalata.people.rules.throttle import FREE
from kalata.text import Message
from kalata.text import gettext_noop as _

SAYS = {
    "reissue": _(
        "Une nouvelle activation de votre compte a été demandée par %(a)s et approuvée par %(b)s le %(day)s. Vos sessions ont été fermées. Si vous ne l’avez pas voulu, annulez-la ici et prévenez le responsable de la sécurité."
    ),
    "activated": _(
        "Votre compte a été activé avec une nouvelle feuille le %(day)s : phrase de passe changée, clés de machine révoquées."
    ),
    "factors_reset": _("Vos seconds facteurs ont été retirés le %(day)s, sur demande de %(a)s approuvée par %(b)s."),
    "factor_kept": _(
        "Après cette nouvelle activation, ceci ouvre encore votre compte : %(what)s. Si ce n’est pas à vous, retirez-le et prévenez le responsable de la sécurité."
    ),
    "passphrase": _("Votre phrase de passe a été changée le %(day)s. Vos clés de machine ont été révoquées."),
    "factor_added": _("Un second facteur a été ajouté à votre compte le %(day)s."),
    "factor_removed": _("Un second facteur a été retiré de votre compte le %(day)s."),
    "request_refused": _(
        "Votre demande D-%(d)s (%(what)s) a été refusée par %(who)s le %(day)s. Le motif est sur sa page, dans « Mes demandes »."
    ),
    "request_update": _(
        "Votre demande D-%(d)s (%(what)s) ne peut plus être approuvée telle quelle : %(who)s vous prie, le %(day)s, de la refaire."
    ),
    "code_tries": _(
        "Quelqu’un connaît votre phrase de passe : %(tries)d codes faux ont été tapés après elle, le dernier le %(day)s. Changez-la."
    ),
}


def tell(person: Person, kind: str, **values: object) -> AccountNotice:
    """Keep a notice for this person, in the transaction of what it tells."""
    now = timezone.localtime()
    said = Message(SAYS[kind], {"day": f"{now:%d/%m/%Y, %H:%M}", **values})
    return AccountNotice.objects.create(
        person=person, kind=kind, text_fr=said.text("fr")[:400], text_en=said.text("en")[:400], at=timezone.now()
    )


def tell_of_tries(person: Person, tries: int) -> None:
    """Wrong codes come after a right passphrase: the owner learns it when they begin to cost."""
    if tries == FREE:
        tell(person, "code_tries", tries=tries)


def unread(person: Any) -> list[AccountNotice]:
    return list(AccountNotice.objects.filter(person=person, seen_at=None)[:10])


@transaction.atomic
def read_all(person: Person) -> None:
    AccountNotice.objects.filter(person=person, seen_at=None).update(seen_at=timezone.now())


def send_mail(limit: int = 100) -> int:
    """Send what was not yet sent to those whose address is known. Returns how many; called every minute."""
    if not letters.configured():
        return 0
    waiting = AccountNotice.objects.filter(mailed_at=None).exclude(person__email="").select_related("person")
    return letters.post([letter(one) for one in waiting.order_by("pk")[:limit]])


def letter(one: AccountNotice) -> letters.Letter:
    english = one.person.language == "en"
    return letters.Letter(
        one.person.email,
        "Kalata: your account" if english else "Kalata : votre compte",
        f"{one.text_en if english else one.text_fr}\n\n{settings.PUBLIC_ADDRESS}{reverse('me')}\n",
        lambda: AccountNotice.objects.filter(pk=one.pk).update(mailed_at=timezone.now()),
    )
