"""What an archive refuses, coded."""

from __future__ import annotations

from kalata.refusals import Refused
from kalata.text import gettext_noop as _


class NoKey(Refused):
    code = "OPS-150"
    says = _("Aucune clé de sauvegarde dans %(folder)s : une copie de PostgreSQL n’est jamais écrite en clair.")
    remedy = _(
        "« kalata backup keys DOSSIER » fait la paire ; mettez recovery.pub dans ce dossier (ou réglez KALATA_BACKUP_KEYS), recovery.key au coffre."
    )


class NoTool(Refused):
    code = "OPS-151"
    says = _("« %(tool)s » de PostgreSQL %(version)s n’est pas sur cette machine.")
    remedy = _("Installez le paquet postgresql-%(version)s, ou dites son dossier dans KALATA_PG_BIN.")


class OtherCluster(Refused):
    code = "OPS-152"
    says = _("Le dossier %(place)s tient la copie d’un autre PostgreSQL (%(theirs)s, ici %(ours)s).")
    remedy = _("Donnez un dossier vide à ce PostgreSQL, et gardez l’ancien tel qu’il est. Rien n’a été écrit.")


class NotCopied(Refused):
    code = "OPS-153"
    says = _("La copie de base n’a pas pu être écrite : %(why)s. Les précédentes sont intactes.")
    remedy = _("Regardez le droit REPLICATION du compte, pg_hba.conf et la place sur le disque, puis recommencez.")


class NothingThere(Refused):
    code = "OPS-154"
    says = _("Aucune copie de base dans %(place)s ne va jusqu’au moment demandé.")
    remedy = _("Vérifiez le dossier et le moment ; « kalata backup list » dit ce qu’il tient.")


class NotOurs(Refused):
    code = "OPS-155"
    says = _("« %(name)s » n’a pas été écrit par cette maison, ou a changé depuis : %(why)s.")
    remedy = _(
        "Mettez ledger.secret de cette maison dans son dossier, la bonne clé avec --key, ou prenez une copie plus ancienne."
    )


class NotRecovered(Refused):
    code = "OPS-156"
    says = _("PostgreSQL n’a pas pu reprendre cette copie : %(why)s.")
    remedy = _(
        "Essayez un moment plus ancien avec --until, ou la copie de base précédente avec --base. Rien n’a été changé."
    )


class TargetNotEmpty(Refused):
    code = "OPS-157"
    says = _("La base « %(name)s » tient déjà des tables : une copie ne se remet que dans une base vide.")
    remedy = _(
        "Mettez-la de côté, sans l’effacer : psql -c 'alter database %(name)s rename to %(name)s_aside', puis createdb --owner=%(owner)s %(name)s."
    )


class NotWhole(Refused):
    code = "OPS-158"
    says = _("La copie reprise n’est pas entière : %(why)s.")
    remedy = _("Gardez toutes les copies. Lancez « kalata check » sur la maison, puis écrivez une copie de base.")
