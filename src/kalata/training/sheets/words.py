"""Why a picture is not read, in words."""

from kalata.text import gettext_noop as _

WHY = {
    "no_code": _("son carré à lire ne se lit pas"), "no_corners": _("ses quatre carrés noirs ne se trouvent pas"),
    "bent": _("la feuille est pliée ou coupée"), "small": _("l’image est trop petite"),
}  # fmt: skip
