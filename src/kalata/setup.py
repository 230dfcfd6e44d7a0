"""`kalata setup`: asks, or reads its answers from a file, then writes the settings, makes the database, loads the country
and opens the first two accounts. Done again, it keeps what is there and does what is left."""

from __future__ import annotations

import os
from collections.abc import Callable, Container
from pathlib import Path

import click

from kalata import modes, questions
from kalata.cli import language
from kalata.questions import COUNTRY, QUESTIONS, Question
from kalata.refusals import Refused
from kalata.settings import written
from kalata.text import gettext_noop as _
from kalata.text import translate

HEAD = {
    "fr": "# Réglages de Kalata, écrits par « kalata setup ». Chaque nom : docs/fr/exploitation.md.\n",
    "en": '# Settings of Kalata, written by "kalata setup". Each name: docs/en/operations.md.\n',
}
NOBODY = {"people.manage": "SETUP_ADMIN_1", "people.approve": "SETUP_ADMIN_2"}
WHO = {
    "people.manage": _("Première personne : elle ouvre les comptes et demande les mandats."),
    "people.approve": _("Seconde personne, une autre : elle approuve ce que la première demande."),
}


class NotWritable(Refused):
    code = "OPS-124"
    says = _("Le fichier des réglages ne peut pas être écrit : %(file)s (%(why)s).")
    remedy = _(
        "Préparez son dossier pour le compte de la maison (docs, Exploitation), ou donnez un autre fichier par --file."
    )


class NoAnswer(Refused):
    code = "OPS-125"
    says = _("Le fichier des réponses ne dit pas %(name)s.")
    remedy = _('Ajoutez une ligne %(name)s="…" à ce fichier, puis recommencez. Rien n’est défait.')
    status = 422


def said(sentence: str, lang: str, **params: object) -> str:
    return translate(sentence, lang) % params if params else translate(sentence, lang)


# --- the settings ---------------------------------------------------------------------------------------
def before(file: Path) -> dict[str, str]:
    """The settings written the last time."""
    return written.parsed(file.read_text(encoding="utf-8"), str(file)) if file.exists() else {}


def asked(question: Question, usual: str, lang: str) -> str:
    """The answer typed, asked again until it is one."""
    while True:
        typed = click.prompt(f"{said(question.asks, lang)}\n  {question.name}", default=usual, show_default=bool(usual))
        try:
            return questions.checked(question, typed)
        except Refused as refused:
            click.echo(f"  {refused.code}  {refused.message.text(lang)}", err=True)


def answers(
    given: dict[str, str] | None, kept: dict[str, str], lang: str, only: Container[str] | None = None
) -> dict[str, str]:
    """Every answer: from the file where one is given, else typed. What was written the last time is the default, and the
    answer to what is not in `only`."""
    if given is not None:
        return {one.name: questions.checked(one, text) for one, text in questions.from_file(given, kept)}
    found: dict[str, str] = {}
    for one in QUESTIONS:
        usual = kept.get(one.name) or one.usual(found)
        taken = only is not None and one.name not in only
        found[one.name] = questions.checked(one, usual) if taken else asked(one, usual, lang)
    return found


def write(file: Path, settings: dict[str, str], lang: str) -> None:
    """The whole file or none, 600. OPS-124."""
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part.touch(mode=0o600)
        part.write_text(HEAD[lang] + "".join(written.line(k, v) for k, v in sorted(settings.items())), encoding="utf-8")
        os.replace(part, file)
    except OSError as why:
        part.unlink(missing_ok=True)
        raise NotWritable(file=str(file), why=why.strerror or type(why).__name__) from None


# --- the first two persons -----------------------------------------------------------------------------
def typed_once(label: str, lang: str, check: Callable[[str], object]) -> None:
    """A secret typed twice, until `check` takes it."""
    while True:
        again = f"  {said(_('La même, une seconde fois'), lang)}"
        secret = click.prompt(f"  {said(label, lang)}", hide_input=True, confirmation_prompt=again)
        try:
            check(secret)
            return
        except Refused as refused:
            click.echo(f"  {refused.code}  {refused.message.text(lang)}\n  {refused.how.text(lang)}", err=True)


def yes(sentence: str, lang: str) -> bool:
    """Oui, or yes: whoever types neither is asked again."""
    words = {"o": True, "oui": True, "y": True, "yes": True, "n": False, "non": False, "no": False}
    while True:
        typed = click.prompt(
            f"  {said(sentence, lang)} [{'O/n' if lang == 'fr' else 'Y/n'}]", default="o", show_default=False
        )
        if typed.strip().lower() in words:
            return words[typed.strip().lower()]


def enrolled(person: object, username: str, code: str, lang: str) -> None:
    """The passphrase and the code application of somebody who sits at this console."""
    import segno
    from allauth.mfa.adapter import get_adapter
    from allauth.mfa.totp.internal.auth import generate_totp_secret

    from kalata.people import accounts
    from kalata.people.commands import kept_factor

    typed_once(
        _("Phrase de passe, 15 caractères ou plus"),
        lang,
        lambda p: accounts.activate(username=username, code=code, passphrase=p),
    )
    secret = generate_totp_secret()
    segno.make(get_adapter().build_totp_url(person, secret)).terminal(compact=True)
    click.echo(f"  {secret}")
    while True:
        digits = click.prompt(
            f"  {said(_('Photographiez ce carré avec l’application de codes, puis tapez le code qu’elle montre'), lang)}"
        )
        try:
            codes = kept_factor(person=person, secret=secret, code=digits.strip())  # type: ignore[arg-type]
            break
        except Refused as refused:
            click.echo(f"  {refused.code}  {refused.message.text(lang)}", err=True)
    click.echo(f"  {said(_('Codes de secours, un par perte du téléphone : à écrire et à mettre sous pli'), lang)}")
    click.echo(f"  {'  '.join(codes)}")


def person(right: str, role: str, given: dict[str, str] | None, lang: str) -> None:
    """Open one of the first two accounts: with its second factor where its owner is here, else with a one-time code."""
    from kalata.people.commands import opened_first

    key = NOBODY[right]
    if given is None:
        click.echo(f"\n{said(WHO[right], lang)}")
        name, user = (
            click.prompt(f"  {said(_('Nom complet'), lang)}"),
            click.prompt(f"  {said(_('Identifiant'), lang)}"),
        )
    else:
        missing = next((n for n in (f"{key}_NAME", f"{key}_USER") if not given.get(n)), "")
        if missing:
            raise NoAnswer(name=missing)
        name, user = given[f"{key}_NAME"], given[f"{key}_USER"]
    made, code = opened_first(username=user, full_name=name, role=role)
    if given is None and yes(_("Cette personne est-elle devant cet écran ?"), lang):
        enrolled(made, user, code, lang)
    else:
        click.echo(said(_("%(user)s  code d’activation %(code)s (14 jours, un seul usage ; le second facteur est demandé à la première connexion)"), lang, user=user, code=code))  # fmt: skip


def people(given: dict[str, str] | None, lang: str) -> None:
    """The persons that are still missing: none the second time."""
    from kalata.people import first

    roles = dict(zip(NOBODY, first.roles(), strict=True))
    for right in first.missing():
        while True:
            try:
                person(right, roles[right], given, lang)
                break
            except Refused as refused:
                if given is not None:
                    raise
                click.echo(f"  {refused.code}  {refused.message.text(lang)}", err=True)


@click.command()
@click.option(
    "--answers",
    "answers_file",
    type=click.Path(exists=True, dir_okay=False),
    help='a file of NAME="value" lines instead of questions',
)
@click.option(
    "--file",
    type=click.Path(dir_okay=False),
    default=None,
    help="where the settings go (KALATA_SETTINGS, /etc/kalata/kalata.env)",
)
@click.option("--lang", type=click.Choice(["fr", "en"]), default=None, help="fr unless LANG says en")
def setup(answers_file: str | None, file: str | None, lang: str | None) -> None:
    """Ask, write the settings (mode 600), make the database, load the country, open the first two accounts.

    With --answers nothing is asked: settings by their names, SETUP_COUNTRY, and for the two accounts SETUP_ADMIN_1_NAME,
    SETUP_ADMIN_1_USER, SETUP_ADMIN_2_NAME, SETUP_ADMIN_2_USER.
    """
    modes.private()
    lang = language(lang)
    place = Path(file) if file else written.where()
    set_up(place, answers_file, lang)
    click.echo(said(_("La maison est prête. Ensuite : « kalata check », puis démarrez-la (docs, Exploitation)."), lang))


def set_up(
    place: Path, answers_file: str | None, lang: str, usual: dict[str, str] | None = None, only: Container[str] | None = None
) -> None:
    """The settings, the house, its country, its first two persons. `usual`: defaults and settings of who begins (`kalata
    start`); `only`: what is asked then."""
    os.environ["KALATA_SETTINGS"] = str(place)
    kept = {**(usual or {}), **before(place)}
    given = written.parsed(Path(answers_file).read_text(encoding="utf-8"), answers_file) if answers_file else None
    found = answers(given, kept, lang, only)
    more = {k: v for k, v in (given or usual or {}).items() if k.startswith("KALATA_")}
    whole = {**kept, **questions.derived(found), **more, **found}
    os.environ.update(whole)
    made_house(found[COUNTRY])
    write(place, whole, lang)
    click.echo(said(_("Réglages écrits : %(file)s"), lang, file=str(place)))
    people(given, lang)


def made_house(country: str) -> None:
    """The folder, the secrets, the database with its tables, the country. Nothing is written where one fails."""
    from kalata.ready import setup_house

    setup_house()
    from kalata.country import packs, services

    services.load_pack_version(packs.load_pack(packs.find_pack(country)))
