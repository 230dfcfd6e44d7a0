"""What the owner of an account must learn about it, whoever did it: on every page until it is read, and by mail at once."""

from __future__ import annotations

from uuid import uuid4

from django.urls import reverse
from django.utils import timezone

from kalata.notices import services as centre
from kalata.notices.rules.topics import Topic, topic
from kalata.people.models import Person
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
        "Quelqu’un connaît votre phrase de passe : %(tries)d {tries:code faux a été tapé|codes faux ont été tapés} après elle, le dernier le %(day)s. Changez-la."
    ),
}
TITLES = {
    "reissue": _("Nouvelle activation demandée"), "activated": _("Compte activé de nouveau"),
    "factors_reset": _("Seconds facteurs retirés"), "factor_kept": _("Ce qui ouvre encore le compte"),
    "passphrase": _("Phrase de passe changée"), "factor_added": _("Second facteur ajouté"),
    "factor_removed": _("Second facteur retiré"), "request_refused": _("Demande refusée"),
    "request_update": _("Demande à refaire"), "code_tries": _("Codes faux après la phrase de passe"),
}  # fmt: skip
PREFIX = "account."
ACCOUNT: dict[str, Topic] = {
    kind: topic(PREFIX + kind, title, icon="warn", tone="warn", always=True) for kind, title in TITLES.items()
}


def tell(person: Person, kind: str, **values: object) -> None:
    """Tell this person, in the transaction of what it tells."""
    now = timezone.localtime()
    said = Message(SAYS[kind], {"day": f"{now:%d/%m/%Y, %H:%M}", **values})
    key = f"{PREFIX}{kind}:{person.pk}:{uuid4().hex}"
    subject = f"person:{person.username}"
    centre.tell(ACCOUNT[kind], said, once=key, subject=subject, href=reverse("me"), to=[person])


def tell_of_tries(person: Person, tries: int) -> None:
    """Wrong codes come after a right passphrase: the owner learns it when they begin to cost."""
    if tries == FREE:
        tell(person, "code_tries", tries=tries)
