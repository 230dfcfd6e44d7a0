"""Why a post is not covered, in words: the codes are those of `kalata posts readiness`."""

from kalata.text import gettext_noop as _

WORDS = {
    "vacant": _("personne"), "no_act": _("sans acte de nomination"), "late_act": _("acte hors délai"),
    "no_certificate": _("sans attestation"), "wrong_role": _("attestation d’un autre rôle"),
    "old_version": _("attestation d’une ancienne version"), "expired": _("attestation expirée"),
    "incompatible": _("incompatibilité déclarée"), "no_payment": _("sans coordonnées de paie"), "held_twice": _("tient deux postes"),
}  # fmt: skip
