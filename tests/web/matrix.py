"""Every address x every act x everybody: what a declaration promises, derived by a plain rule of its own.

The rule below knows mandates only as the world made them (a role, a region, a contest, in force or not); it
never asks the product who may do what.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import URLPattern, URLResolver, get_resolver

from kalata.chain import registry
from kalata.country.models import Election, Geography
from kalata.doors import PAGES
from kalata.people.importing.services import read
from kalata.people.models import Person
from kalata.people.rules.doors import Gate, Over, Page, exists
from kalata.results.services.setting_up import page_mark
from tests.web.world import HELD_BACK, KAYES, OPEN, SECRET, Persona, World, picture, sheet

LEFT_OUT = frozenset({"SAVEPOINT", "RELEASE", "ROLLBACK", "SELECT", "BEGIN", "COMMIT", "PRAGMA", "SET", "EXPLAIN"})
NOT_AN_ACT = (
    "django_session",
    "people_apitoken",
    "usersessions_usersession",
    "cache",
    "people_attempt",
    "people_device",
)
"""Tables a session or a key writes on its own account, whatever is asked."""


# --- every address there is -------------------------------------------------------------------------
def walked(resolver: Any = None, spaces: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(name, view) of every pattern; one without a name goes by its view's."""
    for one in (resolver or get_resolver()).url_patterns:
        if isinstance(one, URLResolver):
            yield from walked(one, spaces + ((one.namespace,) if one.namespace else ()))
        elif isinstance(one, URLPattern):
            name = one.name or getattr(one.callback, "__name__", "?")
            yield ":".join([*spaces, name]), one.callback


def operations() -> dict[str, set[str]]:
    """name of an API route -> its methods, as the API itself lists them."""
    from kalata.api import api

    found: dict[str, set[str]] = {}
    for _prefix, router in api._routers:
        for view in router.path_operations.values():
            for operation in view.operations:
                found[f"api:{operation.view_func.__name__}"] = set(operation.methods)
    return found


# --- the rule -------------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Target:
    """One address with the thing it is asked for. contest: which of the world's; place: where the thing lies."""

    page: Page
    url: str
    contest: str = "hidden"
    public: bool = False
    place: str = KAYES
    owner: str = ""
    roles: frozenset[str] = frozenset()  # of the body that the thing is before
    query: str = ""
    idle: frozenset[int] = frozenset()  # answers that come from there being nothing to show yet

    @property
    def label(self) -> str:
        return f"{self.page.name}[{self.contest}{'/public' if self.public else ''}]"


COMMISSION = frozenset({"commission-greffe", "commission-membre", "commission-presidence"})
"""The roles of the body before which the cases of first instance of this world are."""


def covers(who: Persona, place: str) -> bool:
    return who.where in ("nation", place)


def passes(who: Persona, gate: Gate, target: Target) -> bool:
    """True where this person passes this gate before this thing."""
    if gate.public and target.public:
        return True
    if gate.own and target.owner == who.name:
        return True
    if gate.own and not gate.rights:
        return False
    if not gate.rights:
        return who.signed if gate.status == 302 else bool(who.key)
    if not who.rights & set(gate.rights):
        return False
    if not who.live or who.where is None:
        return False
    this_contest = who.contest in (None, target.contest)
    return {
        Over.SOMEWHERE: True,
        Over.SCOPE: True,  # the key was made with every right of its person
        Over.CONTEST_PART: this_contest,
        Over.PLACE: this_contest and covers(who, target.place),
        Over.CONTEST: this_contest and who.where == "nation",
        Over.AREA_PART: who.contest is None,
        Over.AREA: who.contest is None and covers(who, target.place),
        Over.BRANCH: who.contest is None and covers(who, target.place),
        Over.BODY: this_contest and covers(who, target.place) and who.role in target.roles,
        Over.HOUSE: who.contest is None and who.where == "nation",
    }[gate.over]


def expected(who: Persona, gates: Sequence[Gate], target: Target) -> int:
    """The status that the first closed gate answers; 0 where all are open."""
    return next((g.status for g in gates if not passes(who, g, target)), 0)


def asked(gates: Sequence[Gate]) -> frozenset[str]:
    """Every right that some of these gates ask for."""
    return frozenset(right for gate in gates for right in gate.rights)


FIGURES = frozenset(f"results.{r}" for r in ("read", "review", "commission", "visa", "recall", "arbitrate"))


def reads_figures(who: Persona, place: str, contest: str = "hidden") -> bool:
    """True where this person may know the unpublished figures of a region."""
    mine = bool(who.rights & FIGURES) and who.live and covers(who, place)
    return mine and who.contest in (None, contest)


def secrets_of(who: Persona) -> set[int]:
    """Numbers that must stand on no page this person opens."""
    out = set()
    for contest, figures in (("hidden", SECRET), ("open", HELD_BACK)):
        out |= {n for place, n in figures.items() if not reads_figures(who, place, contest)}
        if not all(reads_figures(who, place, contest) for place in figures):
            out.add(sum(figures.values()))
    return out | {OPEN + n for n in out & {*HELD_BACK.values(), sum(HELD_BACK.values())}}


GAP = re.compile(r"(?<=\d)[\s\u202f\u00a0,.](?=\d{3}(?!\d))")


def numbers_in(text: str) -> set[int]:
    plain = GAP.sub("", text.replace("&nbsp;", "\u00a0").replace("&#8239;", "\u202f"))
    return {int(n) for n in re.findall(r"(?<![\w#/-])\d{4,5}(?![\w-])", plain)}


# --- what is asked for ------------------------------------------------------------------------------------
def sheet_of(kind: str, pk: int) -> str:
    return registry.every()[kind].identifier(pk)


def targets(world: World) -> list[Target]:
    """Every declared page with one thing to ask for, and the public ones for a contest that is public too."""
    ids, kayes = world.ids, world.units[KAYES].pk
    hidden, public = world.contests["hidden"].code, world.contests["open"].code
    static = {
        "home": "/", "set_language": "/langue/fr/", "appearance": "/apparence/", "accessibility": "/accessibilite/",
        "search:all": "/recherche/?q=kayes", "chain:record": f"/fiches/{sheet_of('contest', world.contests['open'].pk)}/",
        "chain:way": f"/fiches/{sheet_of('geography', Geography.objects.get(code='ml-2015').pk)}/porte-part_of-area/",
        "codes": "/aide/codes/", "health": "/sante", "me": "/compte/", "activate": "/compte/activer/",
        "sessions": "/compte/sessions/", "notices_read": "/compte/avis/", "saved_views": "/compte/vues/", "cancel_reissue": "/compte/annuler-activation/",
        "people:list": "/personnes/", "people:export": "/personnes/export.csv", "people:new": "/personnes/nouvelle/",
        "people:import": "/personnes/importer/", "people:import_template": "/personnes/importer/modele.csv", "people:approvals": "/personnes/approbations/", "people:mandates": "/personnes/approbations/mandats/",
        "first_day": "/mise-en-service/",
        "people:person": "/personnes/w-reception/", "people:approval": f"/personnes/approbations/{ids['approval']}/",
        "log:index": "/preuves/", "log:witness": "/preuves/temoins/", "log:usb": f"/preuves/{public}/usb",
        "site_root": "/publication/", "site": "/publication/index.html", "ledger:list": "/journal/",
        "ledger:export": "/journal/export.csv", "country:index": "/pays/", "country:load": "/pays/charger/",
        "country:geographies": "/pays/decoupages/", "country:geography": "/pays/decoupages/ml-2015/",
        "country:zone": f"/pays/decoupages/essai/zones/{ids['loose_zone']}/", "country:pack": "/pays/ml/", "country:versions": "/pays/ml/versions/", "country:section": "/pays/ml/roles/",
        "cascade:plan": "/formation/cascade/", "cascade:trial": "/formation/cascade/essai/",
        "planning:budget": "/planification/budget/", "planning:budget_workbook": "/planification/budget/classeur.xlsx",
        "results:index": "/resultats/", "results:archives": "/resultats/archives/",
        "results:archive": f"/resultats/archives/ml/{ids['archive']}/",
        "results:desk": "/resultats/gerer/", "results:new": "/resultats/gerer/nouveau/",
        "results:draft": f"/resultats/gerer/nouveau/{ids['contest_draft']}/2/",
        "results:imports": "/resultats/gerer/imports/", "results:import": f"/resultats/gerer/imports/{ids['import']}/",
        "results:import_progress": f"/resultats/gerer/imports/{ids['import']}/avancement/",
        "results:import_refused": f"/resultats/gerer/imports/{ids['import']}/refusees.csv",
        "results:profiles": "/resultats/gerer/profils/",
        "results:profile_yaml": f"/resultats/gerer/profils/{ids['profile']}/profil.yaml",
        "results:setup": f"/resultats/gerer/{hidden}/", "results:start_import": f"/resultats/gerer/{hidden}/importer/",
        "tally:index": "/resultats/centralisation/", "deadlines:index": "/echeances/",
        "deadlines:try": "/echeances/essayer/", "deadlines:notices": "/echeances/avis/", "notices:list": "/avis/",
        "procedures:list": "/formation/procedures/", "procedures:impact": "/formation/procedures/incidence/", "errors:page": "/formation/erreurs/", "procedures:archive": "/formation/procedures/ml-staff/source.zip",
        **{
            f"procedures:{name}": f"/formation/procedures/{ids['procedure_version']}/{way}"
            for name, way in (("version", ""), ("difference", "difference/"), ("file", "procedure.yaml"), ("edit", "editeur/"))
        },
        "planning:plans": "/planification/", "planning:workshop": f"/planification/{ids['plan_version']}/",
        "planning:version": f"/planification/{ids['plan_version']}/version/", "planning:odds": f"/planification/{ids['plan_version']}/chances/", "planning:file": f"/planification/{ids['plan_version']}/fichier/csv", "planning:progress": "/planification/avancement/", "planning:moving": f"/planification/{ids['plan_version']}/scrutin/",
        "planning:calendar": f"/planification/{ids['plan_version']}/calendrier/", "planning:paper": f"/planification/{ids['plan_version']}/papier/affiche.pdf", "plan_public:index": "/calendriers/", "plan_public:plan": "/calendriers/plan-w/", "plan_public:ics": "/calendriers/plan-w/calendrier.ics",
        "planning:offline": "/planification/avancement/hors-reseau/", "planning:offline_page": "/planification/avancement/hors-reseau/page.html",
        "planning:importing": f"/planification/{ids['plan_version']}/importer/",
        "planning:resources": f"/planification/{ids['plan_version']}/ressources/", "planning:sizing": f"/planification/{ids['plan_version']}/chiffres/", "planning:funds": "/planification/argent/",
        **{f"planning:{name}": f"/planification/plans/plan-w/{way}/" for name, way in (("money", "argent"), ("payments", "paiements"), ("accounts", "comptes"), ("money_files", "argent/classeur"))},
        "planning:money_file": "/planification/plans/plan-w/argent/classeur.csv",
        "planning:buying": "/planification/marches/", "planning:purchases": "/planification/plans/plan-w/marches/", "planning:purchase": f"/planification/marches/{ids['purchase']}/",
        "planning:readiness": "/planification/preparation/", "planning:ready": "/planification/plans/plan-w/preparation/", "planning:ready_place": f"/planification/plans/plan-w/preparation/{kayes}/", "planning:ready_piece": f"/planification/plans/plan-w/preparation/{kayes}/piece/{'0' * 64}",
        "planning:pledge": f"/planification/promesses/{ids['pledge']}/", "planning:payment": f"/planification/paiements/{ids['payment']}/",
        "plans:list": "/formation/plans/", "plans:new": "/formation/plans/nouveau/", "plans:plan": f"/formation/plans/{ids['cascade']}/",
        "plans:file": f"/formation/plans/{ids['cascade']}/roster.csv", "classes:list": "/formation/seances/", "classes:codes": "/formation/seances/codes.csv",
        "classes:class": f"/formation/seances/{ids['class']}/",
        **{
            f"classes:{name}": f"/formation/seances/{ids['class']}/{way}"
            for name, way in (
                ("sheet", "feuille.pdf"), ("answers", f"reponses.pdf?epreuve={ids['test_mark']}"), ("entries", "saisie.csv"), ("offline", "page.html"),
                ("reading", f"lectures/{ids['reading']}/"), ("image", f"lectures/{ids['reading']}/image"),
            )
        },
        "tests:list": "/formation/epreuves/", "tests:paper": f"/formation/epreuves/{ids['test_form']}/epreuve.pdf",
        "payments:list": "/formation/paiements/", "payments:payment": f"/formation/paiements/{ids['pay_list']}/", "payments:file": f"/formation/paiements/{ids['pay_list']}/liste.csv",
        "manuals:list": "/formation/manuels/", "manuals:build": f"/formation/manuels/pieces/{ids['manual_build']}/",
        "manuals:piece": f"/formation/manuels/pieces/{ids['manual_build']}/manual.assessors.fr.pdf", "manuals:every": f"/formation/manuels/pieces/{ids['manual_build']}/tout.zip",
        "manuals:packs": "/formation/manuels/colis/", "manuals:lot": f"/formation/manuels/colis/lots/{ids['pack_lot']}.pdf",
        "manuals:papers": "/formation/manuels/colis/registre/", "manuals:paper": f"/formation/manuels/colis/registre/{ids['pack_paper']}.pdf",
        "manuals:handed": "/formation/manuels/remis/", "manuals:centres": "/formation/manuels/centres/", "manuals:order": "/formation/manuels/commande.csv", "manuals:run": f"/formation/manuels/{ids['print_run']}/",
        "certificates:check": "/formation/attestations/", "certificates:issuer": "/formation/attestations/emetteur.json",
        "certificates:status": "/formation/attestations/liste.jwt", "certificates:offline": "/formation/attestations/verifier-hors-ligne.html",
        "certificates:course": f"/formation/attestations/rappel/{ids['procedure_version']}/", "certificates:updates": "/formation/attestations/mises-a-jour/",
        "certificates:list": "/formation/attestations/gerer/", "certificates:certificate": f"/formation/attestations/gerer/{ids['certificate']}/",
        "certificates:pdf": f"/formation/attestations/gerer/{ids['certificate']}/attestation.pdf", "certificates:badge": f"/formation/attestations/gerer/{ids['certificate']}/badge.jwt",
        "moots:sittings": "/formation/affaires/", "moots:cases": "/formation/affaires/dossiers/", "moots:new": "/formation/affaires/dossiers/nouvelle/", "moots:plans": "/formation/affaires/plans/",
        **{f"moots:{n}": f"/formation/affaires/dossiers/{ids['moot_version']}/{way}" for n, way in (("version", ""), ("edit", "editeur/"), ("file", "affaire.yaml"))},
        **{f"moots:{n}": f"/formation/affaires/{ids['moot_sitting']}/{way}" for n, way in (("sitting", ""), ("dossier", "dossier.pdf"), ("offline", "page.html"))},
        "posts:index": "/postes/", "posts:board": f"/postes/{hidden}/", "posts:list": f"/postes/{hidden}/liste/",
        "posts:import": f"/postes/{hidden}/importer/", "posts:acts": f"/postes/{hidden}/actes/",
        "posts:reserves": f"/postes/{hidden}/reserves/", "posts:draws": f"/postes/{hidden}/tirages/", "posts:codes": f"/postes/{hidden}/codes.csv",
        "posts:station": f"/postes/{hidden}/bureaux/{ids['post_station']}/", "posts:record": f"/postes/{hidden}/bureaux/{ids['post_station']}/fiche/",
        "posts:post": f"/postes/{hidden}/postes/{ids['post']}/", "posts:paper": f"/postes/{hidden}/postes/{ids['post']}/papier/1/",
        "posts:independence": "/postes/independance/", "posts:independence_open": "/postes/independance/ouvrir/",
        "deadlines:new": "/echeances/nouveau/", "api:openapi-json": "/api/openapi.json", "api:api-root": "/api/",
        "disputes:docket": "/contentieux/role/",
        "disputes:checklist": f"/contentieux/affaires/{ids['number_case']}/recevabilite/", "disputes:measures": "/contentieux/mesures/",
        "disputes:piece": f"/contentieux/affaires/{ids['number_case']}/pieces/1/", "disputes:mine": "/contentieux/mes-affaires/",
        "disputes:my_case": f"/contentieux/mes-affaires/{ids['number_case']}/",
        "disputes:file": "/contentieux/mes-affaires/deposer/",
        "disputes:begun": f"/contentieux/mes-affaires/brouillons/{ids['case_draft']}/",
        "disputes:my_receipt": f"/contentieux/mes-affaires/{ids['number_case']}/recepisse.pdf",
        "disputes:my_calendar": f"/contentieux/mes-affaires/{ids['number_case']}/calendrier.ics",
        "disputes:my_file": f"/contentieux/mes-affaires/{ids['number_case']}/dossier.pdf",
        "disputes:offices": "/contentieux/premiere-instance/", "disputes:office": "/contentieux/premiere-instance/CAW/",
        "disputes:office_receive": "/contentieux/premiere-instance/CAW/recevoir/",
        "disputes:first_case": f"/contentieux/premiere-instance/affaires/{ids['number_first_received']}/",
        "disputes:first_paper": f"/contentieux/premiere-instance/affaires/{ids['number_first_received']}/papiers/{ids['first_issued']}.pdf",
        "disputes:first_piece": f"/contentieux/premiere-instance/affaires/{ids['number_first_received']}/pieces/1/",
        "disputes:proposals": "/contentieux/role/jonctions/", "disputes:case": f"/contentieux/affaires/{ids['number_case']}/",
        "disputes:bench": "/contentieux/siege/", "disputes:draws": "/contentieux/tirages/", "disputes:recourse": "/contentieux/recours/", "disputes:cause_list": "/contentieux/audiences/",
        "disputes:panel": f"/contentieux/affaires/{ids['bench_case']}/formation/", "disputes:draw": f"/contentieux/tirages/{hidden}/",
        "disputes:draw_file": f"/contentieux/tirages/{hidden}/role.csv", "disputes:hearings": f"/contentieux/audiences/{hidden}/",
        "disputes:deliberation": f"/contentieux/delibere/{ids['bench_case']}/",
        "disputes:sealed": f"/contentieux/delibere/{ids['bench_case']}/1/1/",
        "disputes:papers": f"/contentieux/affaires/{ids['number_case']}/papiers/",
        "disputes:letters": f"/contentieux/affaires/{ids['number_case']}/papiers/lots/{ids['case_letters']}.pdf",
        "disputes:paper": f"/contentieux/affaires/{ids['number_case']}/papiers/{ids['case_issued']}.pdf",
        "disputes:materiality": f"/contentieux/affaires/{ids['instructed']}/effet/",
        "disputes:whatifs": f"/contentieux/affaires/{ids['instructed']}/effet/comparer/",
        "disputes:whatif": f"/contentieux/affaires/{ids['instructed']}/effet/{ids['whatif']}/",
        "disputes:whatif_file": f"/contentieux/affaires/{ids['instructed']}/effet/{ids['whatif']}.json",
        "disputes:evidence": f"/contentieux/affaires/{ids['instructed']}/preuves/",
        "disputes:comparison": f"/contentieux/affaires/{ids['instructed']}/comparaison/{ids['station']}/",
        "disputes:report": f"/contentieux/affaires/{ids['instructed']}/rapport/",
        "disputes:report_file": f"/contentieux/affaires/{ids['instructed']}/rapport/1.pdf",
        "disputes:copies": f"/contentieux/affaires/{ids['instructed']}/copies/",
        "disputes:heard": f"/contentieux/affaires/{ids['instructed']}/personnes/",
        "disputes:piece_page": f"/contentieux/affaires/{ids['number_case']}/pieces/1/pages/1.jpg",
        "api:list_checks": "/api/checks", "api:list_contests": "/api/contests",
        "documents:verify": "/documents/", "disputes:registry": "/contentieux/greffe/",
        "disputes:drafts": "/contentieux/projets/", "disputes:draft": f"/contentieux/decisions/{ids['ruling_draft']}/projet/",
        "disputes:reasons": f"/contentieux/decisions/{ids['ruling_draft']}/motifs/", "disputes:clauses": "/contentieux/clauses/",
        "disputes:precedents": "/contentieux/precedents/?q=annulation",
        "disputes:draft_near": f"/contentieux/decisions/{ids['ruling_draft']}/projet/bureaux/?bureau=KAY",
        "disputes:gate": f"/contentieux/decisions/{ids['ruling']}/controle/",
        "disputes:count": f"/contentieux/recensement/{hidden}/",
        "disputes:count_reading": f"/contentieux/recensement/{hidden}/lecture/",
        "disputes:errata": f"/contentieux/decisions/{ids['ruling_signed']}/erreurs/",
        "disputes:decision": f"/contentieux/decisions/{ids['ruling_signed']}/",
        "disputes:decisions": "/contentieux/decisions/",
        "disputes:publication": f"/contentieux/decisions/{ids['ruling_told']}/publication/",
        "court:docket": "/cour/", "court:first": "/cour/premiere-instance/", "court:case": f"/cour/affaires/{ids['number_case']}/", "court:hearings": "/cour/audiences/", "court:archive": f"/cour/affaires/{ids['number_case']}/archive.zip",
        "court:calendar": "/cour/audiences/audiences.ics", "court:decisions": "/cour/decisions/",
        "court:decision": "/cour/decisions/2027-05-CC-EL/", "court:paper": "/cour/decisions/2027-05-CC-EL/decision.pdf",
        "court:data": "/cour/donnees/", "court:file": "/cour/donnees/cases.json", "court:verify": "/cour/verifier/",
        "court:statistics": "/cour/statistiques/", "court:scorecard": "/cour/normes/",
        "court:proclamation": f"/cour/proclamations/{hidden}.pdf", "court:proclaimed": f"/cour/proclamations/{hidden}/",
        "disputes:register": "/contentieux/greffe/enregistrer/", "disputes:merge": "/contentieux/greffe/fusion/", "disputes:counters": "/contentieux/greffe/guichets/",
        "disputes:receipt": f"/contentieux/greffe/recepisses/{ids['number_case']}/",
        "disputes:exhibits": f"/contentieux/greffe/pieces/{ids['number_case']}/",
    }  # fmt: skip
    here = f"/resultats/centralisation/{hidden}"
    paper = f"{here}/pv/{ids['validated']}"
    centre = {
        "tally:overview": "/", "tally:reception": "/reception/", "tally:read_code": "/reception/code",
        "tally:scanning": "/numerisation/", "tally:loose_image": f"/numerisation/{ids['scan']}/image",
        "tally:entry": "/saisie/", "tally:draft": "/saisie/brouillon", "tally:arbitration": "/arbitrage/",
        "tally:visas": "/visa/", "tally:review": "/controle/", "tally:papers": "/pv/",
        "tally:paper": f"/pv/{ids['validated']}/", "tally:custody": "/scelles/",
        "tally:replace_form": f"/pv/{ids['expected']}/remplacer", "tally:bag": f"/scelles/{ids['bag']}/",
        "tally:bag_label": f"/scelles/{ids['bag']}/bordereau.pdf", "tally:commission": "/commission/",
        "tally:sitting": f"/commission/{ids['sitting']}/", "tally:minutes": f"/commission/{ids['sitting']}/pv.pdf",
        "tally:printing": "/formulaires/", "tally:forms_pdf": f"/formulaires/pv.pdf?zone={kayes}",
        "tally:recap_pdf": f"/formulaires/recap.pdf?zone={kayes}",
        "tally:recap_pdf?vierge": f"/formulaires/recap.pdf?vierge=1&zone={kayes}", "tally:copies": "/copies/",
        "tally:batches": "/lots/", "tally:lots_desk": "/tirages/",
    }  # fmt: skip
    static |= {k: here + v for k, v in centre.items()}
    static |= {"tally:paper_line": f"{paper}/ligne/1"}
    static |= {"tally:paper_image": f"{paper}/image/{ids['image']}", "tally:one_form": f"{paper}/formulaire.pdf"}
    api = f"/api/contests/{hidden}"
    static |= {
        "api:progress": f"{api}/progress", "api:coverage": f"{api}/coverage", "api:list_papers": f"{api}/papers", "api:one_paper": f"{api}/papers/{ids['validated']}",
        "api:receive": f"{api}/receptions", "api:scan": f"{api}/scans", "api:scan_report": f"{api}/scans/{ids['scan_batch']}",
        "api:seal": f"{api}/bags", "api:hand_over": f"{api}/bags/SAC-K/handovers", "api:open_bag": f"{api}/bags/SAC-K/opening",
        "api:claim": f"{api}/claims", "api:enter": f"{api}/papers/{ids['scanned']}/entry",
        "api:release": f"{api}/papers/{ids['scanned']}/release", "api:move": f"{api}/papers/{ids['scanned']}/passages",
        "api:claim_arbitration": f"{api}/arbitrations", "api:arbitrate": f"{api}/papers/{ids['different']}/arbitration",
        "api:ask_second": f"{api}/papers/{ids['review']}/requests", "api:copy": f"{api}/copies",
        "api:validate": f"{api}/sittings/{ids['sitting']}/validations", "api:ask_batch": f"{api}/batches",
        "api:list_batches": f"{api}/batches",
    }  # fmt: skip
    staged = {
        "results:contest": "/", "results:seats": "/calcul/", "results:findings": "/controles/", "results:data": "/donnees/",
        "results:download": "/donnees/bureaux.csv", "batches:public": "/lots/", "results:lots": "/tirages/", "results:corrections": "/corrections/",
        "results:corrections_file": "/corrections/corrections.csv", "results:lots_minutes": "/tirages/1.pdf", "batches:csv": "/lots/1.csv",
        "results:area": f"/zone/{kayes}/", "results:stations": "/bureaux/", "results:stations?zone": f"/bureaux/?zone={kayes}",
        "results:station": "/bureaux/{station}/", "results:differs": "/bureaux/{station}/ecart/", "results:station_request": "/bureaux/{station}/demande/",
    }  # fmt: skip
    legal = {
        "deadlines:calendar": "/", "deadlines:ics": "/calendrier.ics", "deadlines:table": "/calendrier.csv",
        "deadlines:poster": "/affiche.pdf", "deadlines:rule": f"/regle/{ids['norm_key']}/", "deadlines:follow": "/suivre/",
        "deadlines:settings": "/reglages/", "deadlines:events": "/evenements/", "deadlines:event": "/evenements/VOTE.1/",
        "deadlines:derogations": "/derogations/", "deadlines:evidence": f"/pieces/{ids['evidence']}",
        "deadlines:possible": "/faisabilite/", "deadlines:what_if": "/et-si/",
    }  # fmt: skip
    idle = {
        "court:archive": {404},
        "disputes:bench": {404},
        "disputes:counters": {404},
        "disputes:receipt": {404},
        "court:decision": {404},
        "court:paper": {404},
        "court:proclamation": {404},
        "court:proclaimed": {404},
        "certificates:status": {404},
        "certificates:offline": {404},
        "certificates:course": {404},
        "classes:image": {404},
        "posts:paper": {404},
        "site": {404},
        "site_root": {404},
        "log:usb": {404},
    }
    party = "partie@nation"
    owner = {
        **dict.fromkeys(
            (
                "disputes:piece",
                "disputes:piece_page",
                "disputes:my_case",
                "disputes:my_calendar",
                "disputes:my_file",
                "disputes:my_receipt",
                "disputes:begun",
            ),
            party,
        ),
        **dict.fromkeys(
            ("planning:money", "planning:money_file", "planning:payments", "planning:pledge", "planning:payment"), "bailleur@nation"
        ),
        **dict.fromkeys(
            [f"classes:{name}" for name in ("class", "sheet", "answers", "entries", "reading", "image")],
            "formation-nationale@nation",
        ),
        "results:draft": "superviseur@nation",
        "results:import": "coordination-region@kayes",
        "results:import_progress": "coordination-region@kayes",
        "results:import_refused": "coordination-region@kayes",
    }
    out = []
    for page in PAGES:
        extra: dict[str, Any] = {"owner": owner.get(page.name, ""), "roles": COMMISSION, "idle": frozenset(idle.get(page.name, ()))}
        if page.library:
            continue
        if page.name in staged:
            tail = staged[page.name]
            no_batch = frozenset({404}) if page.name == "batches:csv" else frozenset()
            out.append(Target(page, f"/resultats/{hidden}{tail.format(station=ids['station'])}", idle=no_batch))
            out.append(Target(page, f"/resultats/{public}{tail.format(station=ids['open_station'])}", "open", True))
            if page.name == "results:station":
                out.append(Target(page, f"/resultats/{public}{tail.format(station=ids['open_back'])}", "open", True))
        elif page.name in legal:
            gone = frozenset({404}) if page.name == "deadlines:evidence" else frozenset()
            out.append(Target(page, f"/echeances/{ids['draft']}{legal[page.name]}"))
            out.append(Target(page, f"/echeances/{ids['public']}{legal[page.name]}", "open", True, idle=gone))
        else:
            out.append(Target(page, static[page.name], **extra))
    return out + requests(ids)


def requests(ids: dict[str, Any]) -> list[Target]:
    """Requests of other kinds than the one of the registry, each before who decides its own kind."""
    one = next(p for p in PAGES if p.name == "people:approval")
    kinds = {
        "ask_recall": ("open", exists("results.recall", over=Over.PLACE, own=True)),
        "ask_batch": ("open", exists("results.publish", over=Over.CONTEST, own=True)),
        "ask_publication": ("hidden", exists("results.publish", over=Over.CONTEST, own=True)),
    }
    return [
        Target(replace(one, gates=(one.gates[0], gate)), f"/personnes/approbations/{ids[what]}/", contest)
        for what, (contest, gate) in kinds.items()
    ]


# --- what is sent -------------------------------------------------------------------------------------------
def upload(content: bytes, name: str = "f.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def lines_of_form(first: int = 211) -> dict[str, str]:
    one = sheet(first)
    return {b.value: str(v) for b, v in one.boxes.items()} | {f"c{i}": str(v) for i, v in enumerate(one.votes, 1)}


def numbers() -> dict[str, int]:
    return {k: int(v) for k, v in lines_of_form().items()}


Body = Callable[[World, Target], dict[str, Any]]


def said(**values: Any) -> Body:
    return lambda world, target: dict(values)


def of(key: str, **values: Any) -> Body:
    """A form that names a thing of the world under `key`: of("paper", paper="scanned")."""
    return lambda world, target: {key: world.ids[values[key]], **{k: v for k, v in values.items() if k != key}}


def seen_now(paper: int) -> str:
    """The hash that the page of a paper shows."""
    from kalata.tally.models import Paper

    return str(Paper.objects.get(pk=paper).last_hash)


def paper_act(where: str, **values: Any) -> Body:
    return lambda world, target: {
        "@url": target.url.replace(f"/{world.ids['validated']}/", f"/{world.ids[where]}/"),
        "seen": seen_now(world.ids[where]),
        **values,
    }


def by_calendar(name: str, **values: Any) -> Body:
    """A thing of the calendar the address names."""
    return lambda world, target: {"id": world.ids[f"{name}_{'public' if target.public else 'draft'}"], **values}


def case_act(tag: str, act: str, **values: Any) -> Body:
    """An act on one of the cases of the docket, on the page as it stands now."""

    def body(world: World, target: Target) -> dict[str, Any]:
        from kalata.disputes.models import Petition
        from kalata.disputes.services.sheets import stamp

        seen = stamp(Petition.objects.get(pk=world.ids[f"case_{tag}"]))
        named = {k: world.ids[v] if str(v).startswith("case_") else v for k, v in values.items()}
        return {"@url": f"/contentieux/affaires/{world.ids[f'number_{tag}']}/", "act": act, "seen": seen, **named}

    return body


def first_act(state: str, act: str, **values: Any) -> Body:
    """An act on the case of first instance in this state, on the page as it stands now."""

    def body(world: World, target: Target) -> dict[str, Any]:
        from kalata.disputes.models import Petition
        from kalata.disputes.services.sheets import stamp

        seen = stamp(Petition.every.get(pk=world.ids[f"first_{state}"]))
        named = {k: world.ids[v] if str(v).startswith("first_") else v() if callable(v) else v for k, v in values.items()}
        return {"@url": f"/contentieux/premiere-instance/affaires/{world.ids[f'number_first_{state}']}/", "act": act, "seen": seen, **named}

    return body


def ticked(act: str, *tags: str, **values: Any) -> Body:
    return lambda world, target: {"act": act, "case": [world.ids[f"case_{tag}"] for tag in tags], **values}


BODIES: dict[tuple[str, str], Body] = {
    ("disputes:count", "open"): said(act="open", size="0", commitment=""),
    ("disputes:count", "draw"): said(act="draw", seed="graine"),
    ("disputes:count", "explain"): of("sheet", sheet="court_sheet", act="explain", on="a" * 64, words="r"),
    ("disputes:count", "proclaim"): said(act="proclaim", number="2027-09/CC-EP"),
    ("disputes:count_reading", "read"): lambda w, t: {"act": "read", "sheet": w.ids["court_sheet"], **lines_of_form()},
    ("disputes:drafts", "open"): lambda w, t: {"act": "open", "number": "2027-09/CC-EL", "words": "w", "contest": w.contests["hidden"].pk, "own_motion": "r"},
    ("disputes:reasons", "write"): said(act="write", section="facts", text="t", base=0),
    ("disputes:reasons", "keep"): said(act="keep", section="facts", text="t", base=0),
    ("disputes:reasons", "discard"): said(act="discard", section="facts"),
    ("disputes:reasons", "grounds"): lambda w, t: {"act": "grounds", "petition": w.ids["number_drafted"]},
    ("disputes:reasons", "remark"): said(act="remark", section="facts", words="r"),
    ("disputes:reasons", "resolve"): lambda w, t: {"act": "resolve", "remark": w.ids["ruling_remark"]},
    ("disputes:clauses", "save"): said(act="save", title="c", part="merits", text="t", base=0),
    ("disputes:draft", "put"): said(act="put", kind="INVESTIGATE", what="w"),
    ("disputes:draft", "try"): said(act="try", kind="INVESTIGATE", what="w"),
    ("disputes:draft", "rows"): said(act="rows", rows="a;b;1"),
    ("disputes:draft", "answer"): said(act="answer", articles=""),
    ("disputes:draft", "drop"): said(act="drop", name="1"),
    ("disputes:draft", "up"): said(act="up", name="1"),
    ("disputes:draft", "down"): said(act="down", name="1"),
    ("disputes:draft", "refresh"): said(act="refresh"),
    ("disputes:gate", "print"): said(act="print"),
    ("disputes:gate", "gate"): said(act="gate"),
    ("disputes:gate", "back"): said(act="back", why="r"),
    ("disputes:gate", "override"): said(act="override", why="r"),
    ("disputes:gate", "sign"): said(act="sign"),
    ("disputes:gate", "pronounce"): said(act="pronounce", minutes="m"),
    ("disputes:errata", "correct"): said(act="correct", passage="p", reads="q", why="r"),
    ("disputes:decision", "notify"): said(act="notify"),
    ("disputes:decision", "apply"): said(act="apply"),
    ("disputes:publication", "prepare"): said(act="prepare"),
    ("disputes:publication", "add"): said(act="add", words="mot", reason="voter"),
    ("disputes:publication", "hide"): lambda w, t: {"act": "hide", "redaction": w.ids["redaction"], "reason": "voter"},
    ("disputes:publication", "keep"): lambda w, t: {"act": "keep", "redaction": w.ids["redaction"], "note": "n"},
    ("disputes:publication", "summary"): said(act="summary", lang="fr", decided="d"),
    ("disputes:publication", "propose"): said(act="propose"),
    ("disputes:register", "receive"): said(act="receive", contest="1", counter="1", channel="counter", petitioner="p"),
    ("disputes:register", "look"): said(act="look", contest="1", counter="1"),
    ("disputes:counters", "open"): said(act="open", code="NEW1", name="n", reason="r"),
    ("disputes:counters", "roll"): said(act="roll", contest="999999", short="Z9", year="2027"),
    ("disputes:counters", "close"): said(act="close", code="NONE", sure="1"),
    ("disputes:receipt", "likeness"): said(act="likeness", twin="999999", answer="apart", why="r"),
    ("disputes:merge", "merge"): lambda w, t: {"act": "merge", "bundle": upload(b"x")},
    ("disputes:merge", "export"): lambda w, t: {"act": "export", "counter": w.ids["counter"]},
    ("disputes:receipt", "print"): said(act="print"),
    ("disputes:exhibits", "add"): lambda w, t: {"act": "add", "kind": "other", "name": "n", "piece": upload(b"texte")},
    ("disputes:docket", "enrol"): ticked("enrol", "fresh"),
    ("disputes:docket", "examine"): ticked("examine", "case"),
    ("disputes:docket", "join"): ticked("join", "case", "second", why="r"),
    ("disputes:docket", "notify"): ticked("notify", "case"),
    ("disputes:docket", "invite"): ticked("invite", "case", n="3", unit="day", order="O-1"),
    ("disputes:papers", "receipt"): said(act="receipt", lang="fr"),
    ("disputes:papers", "cure"): said(act="cure", lang="fr", until="1er janvier 2099 12:00", order="O-1", what1="w", remedy1="r"),
    ("disputes:papers", "copy"): said(act="copy", lang="fr", exhibit="1", asked="le requérant"),
    ("disputes:papers", "letters"): said(act="letters", lang="fr"),
    ("disputes:papers", "cancel"): lambda world, target: {"act": "cancel", "batch": world.ids["case_letters"]},
    ("disputes:papers", "letter"): lambda world, target: {"act": "letter", "lang": "fr", "service": world.ids["case_service"]},
    ("disputes:offices", "open"): said(act="open", body="civil_judge", code="JCW", name="n", reason="r"),
    ("disputes:office_receive", "receive"): said(act="receive", contest="1", channel="counter", petitioner="p"),
    ("disputes:first_case", "step"): first_act("received", "step", to="docketed"),
    ("disputes:first_case", "cure"): first_act("docketed", "cure", lang="fr", until="1er janvier 2099 12:00", order="O-1", what1="w", remedy1="r"),
    ("disputes:first_case", "report"): first_act("instruction", "report", to="ready", document="d"),
    ("disputes:first_case", "preside"): first_act("gate", "preside", to="drafted", why="r"),
    ("disputes:first_case", "paper"): first_act("instruction", "paper", kind="order", title="Ordonnance"),
    ("disputes:first_case", "try"): first_act("instruction", "try", service="first_instruction_service", mode="hand", outcome="absent", day="2026-01-05", hour="08:00"),
    ("disputes:first_case", "waive"): first_act("instruction", "waive", service="first_instruction_service", order="art. 14"),
    ("disputes:first_case", "strike"): first_act("instruction", "strike", what="paper", row="first_instruction_paper", why="r"),
    ("disputes:first_case", "check"): first_act("received", "check", certified="1"),
    ("disputes:first_case", "piece"): first_act("received", "piece", kind="other", name="n", piece=lambda: upload(b"texte")),
    ("disputes:first_case", "print"): first_act("received", "print", what="receipt"),
    ("disputes:first_case", "write"): first_act("deliberation", "write", outcome="unfounded", words="w"),
    ("disputes:first_case", "vote"): first_act("deliberation", "vote", of="e" * 64, vote="no"),
    ("disputes:first_case", "aside"): first_act("received", "aside", why="r"),
    ("disputes:first_case", "sign"): first_act("gate", "sign", of="e" * 64, copy=lambda: upload(b"texte")),
    ("disputes:case", "step"): case_act("case", "step", to="admissibility"),
    ("disputes:case", "paper"): case_act("case", "paper", kind="order", title="Ordonnance"),
    ("disputes:case", "try"): case_act("case", "try", service="case_service", mode="hand", outcome="absent", day="2026-01-05", hour="08:00"),
    ("disputes:case", "waive"): case_act("case", "waive", service="case_service", order="art. 14"),
    ("disputes:case", "strike"): case_act("case", "strike", what="paper", row="case_paper", why="r"),
    ("disputes:case", "gone"): case_act("case", "gone", party="case_party", since="2025-05-13", order="décret"),
    ("disputes:case", "decide"): case_act("case", "decide", mandate="case_mandate", to="accept"),
    ("disputes:case", "measure"): case_act("case", "measure", kind="report", what="PV"),
    ("disputes:case", "override"): case_act("case", "override", clock="case_clock", value="2030-01-01T12:00", authority="a", document="d", decided="2026-01-05", reason="r"),
    ("disputes:checklist", "check"): lambda w, t: {**case_act("case", "check")(w, t), "@url": t.url},
    ("disputes:measures", "answer"): lambda w, t: {"act": "answer", "measure": w.ids["case_measure"], "text": "voici"},
    ("disputes:mine", "mandate"): lambda w, t: {"act": "mandate", "number": w.ids["number_case"], "name": "Défenderesse", "words": "w", "piece": upload(b"%PDF-1.4", "m.pdf")},
    ("disputes:file", "save"): said(act="save", contest="1", petitioner="p"),
    ("disputes:file", "file"): said(act="file", contest="1", petitioner="p"),
    ("disputes:file", "abandon"): said(act="abandon"),
    ("disputes:begun", "save"): said(act="save", contest="1", petitioner="p"),
    ("disputes:begun", "file"): said(act="file", contest="1", petitioner="p"),
    ("disputes:begun", "abandon"): said(act="abandon"),
    ("disputes:my_case", "ack"): lambda w, t: {"act": "ack", "service": w.ids["case_service"]},
    ("disputes:my_case", "brief"): lambda w, t: {"act": "brief", "kind": "defence", "title": "M", "party": w.ids["case_party"], "piece": upload(b"%PDF-1.4", "m.pdf")},
    ("disputes:case", "sever"): case_act("joined", "sever", why="r"),
    ("disputes:case", "report"): case_act("examined", "report", to="inadmissible", why="r"),
    ("disputes:case", "preside"): case_act("refusal", "preside", to="served", why="r"),
    ("disputes:bench", "seat"): said(act="seat", code="j1", person="w-law", since="2027-01-01"),
    ("disputes:bench", "leave"): said(act="leave", member="j1", until="2027-01-01", why="r"),
    ("disputes:bench", "president"): said(act="president", member="j1"),
    ("disputes:bench", "absent"): said(act="absent", member="j1", first="2027-01-01", why="r"),
    ("disputes:bench", "declare"): said(act="declare", kind="party", name="x"),
    ("disputes:bench", "withdraw"): said(act="withdraw", declaration="1"),
    ("disputes:bench", "key"): said(act="key", public="bench1+x"),
    ("disputes:bench", "lost"): said(act="lost", sure="on"),
    ("disputes:panel", "match"): said(act="match"),
    ("disputes:panel", "conflict"): said(act="conflict", conflict="9" * 6, decision="clear", reason=""),
    ("disputes:panel", "challenge"): said(act="challenge", member="j1", party="1", grounds="r"),
    ("disputes:panel", "aside"): said(act="aside", grounds="r"),
    ("disputes:panel", "recusal"): said(act="recusal", recusal="1", to="answered", reason=""),
    ("disputes:panel", "give"): said(act="give", member="j1", why="r"),
    ("disputes:draw", "commit"): said(act="commit", commit="a" * 64, reason="r"),
    ("disputes:draw", "draw"): said(act="draw", first="a", second="b"),
    ("disputes:draw", "publish"): said(act="publish", first="a", second="b"),
    ("disputes:materiality", "weigh"): said(act="weigh", station="KAY-78"),
    ("disputes:materiality", "keep"): said(act="keep", name="neuve"),
    ("disputes:evidence", "link"): said(act="link", piece="1", ground="g1"),
    ("disputes:evidence", "unlink"): of("link", link="evidence_link", act="unlink"),
    ("disputes:evidence", "officer"): said(act="officer", code="KAY-78", role="president", day="2027-03-07", hour="09:00", decided_by="d", listed="no"),
    ("disputes:evidence", "unofficer"): of("officer", officer="officer", act="unofficer"),
    ("disputes:report", "preview"): said(act="preview", facts="f"),
    ("disputes:report", "file"): said(act="file", facts="f"),
    ("disputes:heard", "add"): said(act="add", kind="witness", name="n"),
    ("disputes:heard", "read"): said(act="read", number="1"),
    ("disputes:heard", "strike"): said(act="strike", number="1"),
    ("disputes:copies", "copy"): lambda w, t: {"act": "copy", "piece": "1", "page": "1", "code": "KAY-78", **{f"l_{k}": v for k, v in lines_of_form().items()}},
    ("disputes:whatif", "drop"): said(act="drop"),
    ("disputes:whatif", "draft"): said(act="draft", number="2027-07/CC-EL", words="r"),
    ("disputes:hearings", "fix"): said(act="fix", day="2027-04-01", hour="9:00", place="Salle", cases=""),
    ("disputes:hearings", "list"): lambda w, t: {"act": "list", "hearing": w.ids["bench_hearing"]},
    ("disputes:hearings", "causes"): lambda w, t: {"act": "causes", "hearing": w.ids["bench_hearing"]},
    ("disputes:hearings", "minutes"): lambda w, t: {"act": "minutes", "hearing": w.ids["bench_hearing"]},
    ("disputes:hearings", "hold"): lambda w, t: {"act": "hold", "hearing": w.ids["bench_hearing"], "minutes": "m"},
    **{("disputes:deliberation", act): said(act=act) for act in ("open", "deposit", "release", "reseal", "confirm", "close")},
    ("appearance", ""): said(theme="dark"),
    ("me", "key"): said(name="k", days="5", scope="results.read"),
    ("me", "revoke"): said(revoke="1"),
    ("activate", ""): said(username="w-reception", code="AAAAA-AAAAA-AAAAA", passphrase="cinq mots sans aucun lien", again="cinq mots sans aucun lien"),
    ("notices_read", ""): said(),
    ("saved_views", "save"): said(act="save", list="role", name="n", query="etat=served"),
    ("saved_views", "drop"): said(act="drop", view="1"),
    ("saved_views", "default"): said(act="default", list="role"),
    ("cancel_reissue", ""): said(),
    ("sessions", "end"): said(),
    ("people:person", "mandate"): said(act="mandate", role="saisie", reason="r"),
    ("people:person", "sheet"): said(act="sheet"),
    ("people:person", "part"): said(act="part"),
    ("people:person", "reissue"): said(act="reissue", reason="r"),
    ("people:person", "close"): said(act="close", reason="r"),
    ("people:person", "revoke"): lambda w, t: {"act": "revoke", "reason": "r", "mandate": Person.objects.get(username="w-reception").mandates.get().pk},
    ("people:new", ""): said(username="nouvelle.x", full_name="N", language="fr"),
    ("cascade:trial", "try"): lambda w, t: {
        "act": "try", "first": "2027-02-15", "last": "2027-02-26", "class_max": "25", "class_days": "1", "per_station": "5", "reserve": "0", "travel": "0",
        "areas": upload(b"area,parent,stations,language,rooms\nA,K,1,bm,1\n"), "pairs": upload(b"pair,home,scope,languages\nP,A,area,bm\n"),
    },
    ("people:import", "read"): lambda w, t: {"act": "read", "reason": "r", "file": upload(b"username,full_name\nneuf.x,N\n")},
    ("people:import", "open"): lambda w, t: {
        "act": "open", "reason": "r", "content": "username,full_name\nneuf.x,N\n", "seen": read(b"username,full_name\nneuf.x,N\n").seen},
    ("country:zone", "edit"): said(act="edit", name="Z", kind="", parent=""),
    ("country:zone", "drop"): said(act="drop"),
    ("people:mandates", ""): said(one=f"1:{'0' * 64}"),
    ("people:mandates", "sheets"): said(act="sheets"),
    ("people:approval", "approve"): said(to="approve", seen="x"),
    ("people:approval", "refuse"): said(to="refuse", seen="x", note="n"),
    ("log:witness", "add"): said(act="", name="w", vkey="x", url=""),
    ("log:witness", "drop"): said(act="drop", name="w", reason="r"),
    ("log:usb", ""): lambda w, t: {"answer": upload(b"x")},
    ("country:load", ""): said(pack="ml"),
    ("country:geographies", ""): lambda w, t: {"code": "g-x", "name": "G", "source": "s", "valid_from": "", "file": upload(b"code,name,level,parent\n")},
    ("country:geography", ""): lambda w, t: {"file": upload(b"{}", "o.json")},
    **{(page, act): said(**given) for page in ("deadlines:notices", "notices:list") for act, given in {"read": {"id": "1"}, "done": {"id": str(2**40)}, "mail": {"mail": "daily"}}.items()},
    ("planning:plans", "make"): lambda w, t: {"act": "make", "name": "P", "code": "p-neuf", "election": Election.objects.get(code="el-other").pk, "family": "presidential", "rounds": "1", "t0": "2026-01-05", "j1": "2027-02-28"},
    ("planning:plans", "draft"): lambda w, t: {"act": "draft", "plan": w.ids["plan"]},
    **{("planning:workshop", act): said(act=act, **given) for act, given in {
        "save": {"code": "A01", "optimistic": "1", "likely": "2", "pessimistic": "3", "unit": "cd"},
        "add": {"code": "N01", "optimistic": "1", "likely": "2", "pessimistic": "3", "unit": "cd"},
        "link": {"pred": "A01", "succ": "A03"}, "unlink": {"pred": "A01", "succ": "A02"}, "split": {"code": "A02", "days": "3"},
        "shift": {"code": "A02", "days": "1"}, "remove": {"code": "A03"}, "paste": {"table": "id,dur_likely,dur_unit\nX01,3,cd"},
        "undo": {}, "redo": {},
    }.items()},
    ("planning:progress", "say"): said(act="say", plan="plan-w", code="A01", on="2026-01-06", percent="10"),
    ("planning:importing", "try"): lambda w, t: {"act": "try", "what": "plan", "absent": "keep", "file": upload(b"id,dur_likely,dur_unit\nX02,3,cd\n")},
    ("planning:importing", "keep"): said(act="keep", table="id,dur_likely,dur_unit\nX01,3,cd"),
    **{("planning:calendar", act): said(act=act, kind="off", name="n", day="2026-02-02", flag="A") for act in ("try", "keep")},
    ("planning:calendar", "drop"): said(act="drop", row="1"),
    **{("planning:calendar", act): said(act=act, **given) for act, given in {
        **{act: {"code": "piste", "kind": "region", "name_fr": "Piste", "flag": "A"} for act in ("try_work", "keep_work")},
        **{act: {"calendar": "piste", "name_fr": "Pluies", "percent": "50", "first": "07-01", "last": "09-30", "flag": "A"} for act in ("try_spell", "keep_spell")},
        "drop_spell": {"calendar": "piste", "name_fr": "Pluies"}, "drop_work": {"calendar": "piste"}, "take_works": {}, "undo": {}, "redo": {},
    }.items()},
    ("planning:offline", "try"): lambda w, t: {"act": "try", "plan": "plan-w", "file": upload(b"entry,plan,code,unit,base,on,percent,started,finished,blocked,note,evidence\n0123456789abcdef,plan-w,A01,,0,2026-01-06,10,,,,,\n")},
    ("planning:offline", "merge"): said(act="merge", plan="plan-w", table="entry,plan,code,unit,base,on,percent,started,finished,blocked,note,evidence\n0123456789abcdef,plan-w,A01,,0,2026-01-06,10,,,,,\n"),
    ("planning:moving", "day"): said(act="day", j1="2027-03-07"),
    **{("planning:version", act): said(act=act, reason="r") for act in ("submit", "endorse", "back", "publish")},
    ("planning:version", "issue"): said(act="issue", what="affiche", lang="fr"),
    **{("planning:odds", act): said(act=act) for act in ("run", "stop")},
    **{("planning:resources", act): said(act=act, **given) for act, given in {
        "pool": {"pool": "EQ", "flag": "A"}, "period": {"pool": "EQ", "first": "2026-01-05", "amount": "1"}, "unperiod": {"pool": "EQ", "period": "1"},
        "unpool": {"pool": "EQ"}, "need": {"code": "A01", "pool": "EQ", "units": "1"}, "try": {"what": "pools", "table": "pool,from,capacity\nEQ,2026-01-05,1"},
        "keep": {"what": "pools", "table": "pool,from,capacity\nEQ,2026-01-05,1"}, "level": {"seconds": "10"}, "halt": {},
        "accept": {"run": "1", "line": "A01"}, "discard": {"run": "1", "line": "A01"},
    }.items()},
    **{("planning:sizing", act): said(act=act, source="0" * 64, line="F08") for act in ("take", "leave")},
    ("planning:money", "funder"): said(act="funder", code="F2", name="f", kind="other"),
    ("planning:money", "pledge"): said(act="pledge", funder="F1", label="p", amount="10", on="2026-01-05"),
    ("planning:money_files", "try"): lambda w, t: {"act": "try", "file": upload(b"what,number,funder,label,amount,on\npledge,,F1,p,10,2026-01-05\n")},
    ("planning:money_files", "keep"): said(act="keep", table="what,number,funder,label,amount,on\npledge,,F1,p,10,2026-01-05\n"),
    ("planning:payments", "commit"): said(act="commit", line="A01", funder="F1", label="l", payee="p", amount="10", due="2026-03-01"),
    **{("planning:accounts", act): said(act=act, **given) for act, given in {
        "account": {"code": "60", "label": "l"}, "drop": {"code": "60"}, "book": {"line": "A01", "account": "60"}, "keep": {"what": "accounts", "table": "code,label\n60,l"},
    }.items()},
    ("planning:purchases", "item"): said(act="item", code="ACHAT-2", name="n", method="m", tender="A01", needed="A02"),
    ("planning:purchase", "item"): said(act="item", code="ACHAT", name="n", method="m", tender="A01", needed="A02"),
    ("planning:purchase", "move"): said(act="move", to="spec", on="2026-01-06"),
    ("planning:purchase", "receive"): said(act="receive", on="2026-01-06", document="d"),
    ("planning:purchase", "award"): said(act="award", to="awarded", supplier="s", document="d", reason="r"),
    ("planning:ready_place", "say"): said(act="say", days="30", point="lieux", answer="no"),
    ("planning:ready_place", "propose"): said(act="propose", days="30", go="no", reason="r"),
    ("planning:ready_place", "sign"): said(act="sign", days="30"),
    ("planning:ready_place", "reopen"): said(act="reopen", days="30", reason="r"),
    ("planning:pledge", "move"): said(act="move", stage="agreed", amount="10", on="2026-01-06", document="d"),
    ("planning:pledge", "back"): lambda w, t: {"act": "back", "movement": w.ids["movement"], "document": "d", "reason": "r"},
    ("planning:pledge", "close"): said(act="close", reason="r"),
    ("planning:payment", "verify"): said(act="verify", document="d"),
    ("planning:payment", "order"): said(act="order", reason="r"),
    ("planning:payment", "pay"): said(act="pay", on="2026-01-06", document="d"),
    ("planning:payment", "cancel"): said(act="cancel", reason="r"),
    ("planning:version", "comment"): said(act="comment", text="r"),
    ("planning:version", "resolve"): lambda w, t: {"act": "resolve", "comment": w.ids["plan_comment"], "answer": "r"},
    ("procedures:impact", "tasks"): said(act="tasks", article="LE-2022-019-M1/art.inconnu-identite@2023-03-13", version="2027-01-01"),
    ("procedures:list", "import"): said(act="import", pack="ml"),
    **{("procedures:version", act): said(act=act, reason="r") for act in ("lawful", "tested", "back", "ask", "retire")},
    ("procedures:version", "verify"): said(act="verify", reason="r", article="LE-2022-019-M1/art.inconnu-identite@2023-03-13"),
    ("procedures:version", "draft"): said(act="draft"),
    ("procedures:version", "comment"): said(act="comment", text="r"),
    ("procedures:version", "resolve"): lambda w, t: {"act": "resolve", "comment": w.ids["procedure_comment"], "answer": "r"},
    **{("procedures:edit", act): said(act=act, **given) for act, given in {
        "head": {"title_fr": "T", "roles": "assessors"}, "step": {"id": "N.1", "do_fr": "Faites."}, "branch": {"id": "N.2", "when_fr": "Si", "then": "ASS-ID.1"},
        "fault": {"id": "N.3", "what_fr": "Oubli"}, "item": {"id": "N.4", "step": "ASS-ID.1", "kind": "essay", "text_fr": "Pourquoi ?"},
        "move": {"part": "steps", "id": "ASS-ID.1", "by": "1"}, "remove": {"part": "steps", "id": "ASS-ID.1"}, "file": {"text": "id: X"},
    }.items()},
    ("plans:new", "make"): lambda w, t: {
        "act": "make", "contest": w.contests["hidden"].code, "title": "P", "first": "2027-02-15", "last": "2027-02-20", "class_max": "25", "class_days": "1", "reserve": "0", "travel": "0",
        "venues": upload(b"area,venue,rooms,language\nML-KAY,A,1,bm\n"), "pairs": upload(b"pair,home,scope,languages\nP,ML-KAY,area,bm\n"),
    },
    ("plans:plan", "terms"): said(act="terms", first="2027-02-15", last="2027-02-20", class_max="25", class_days="1", reserve="0", travel="0"),
    ("plans:plan", "take"): said(act="take", limit="days"),
    ("plans:plan", "ask"): said(act="ask", reason="r"),
    ("plans:plan", "drop"): said(act="drop", reason="r"),
    ("plans:plan", "repair"): said(act="repair", venue="ML-KAY|A", on="2027-02-15"),
    ("classes:codes", ""): said(),
    **{("classes:class", act): said(act=act, **given) for act, given in {
        "note": {"seat": "1"}, "settle": {}, "answers": {"seat": "1", "mark": "m", "answers": "A"}, "refresh": {"seat": "1", "right": "3", "out_of": "3", "route": "paper"},
        "entrust": {"names": ""}, "certify": {"reason": "r"},
    }.items()},
    ("classes:class", "held"): lambda w, t: {"act": "held", "sheet": upload(picture(), "f.jpg")},
    ("classes:class", "sheet"): lambda w, t: {"act": "sheet", "images": upload(picture(), "f.jpg")},
    ("classes:class", "entries"): lambda w, t: {"act": "entries", "file": upload(b"entry,seat,agent,name,present,code,form,answers\nK0001-01,1,,,,,,\n")},
    ("classes:class", "messages"): lambda w, t: {"act": "messages", "file": upload(b"text\n123456 AGENT-W\n")},
    ("classes:reading", "look"): said(act="look", answers="A"),
    ("tests:list", "make"): said(act="make", source="ml-staff", role="assessors", certificate="assessor", language="fr", version="1"),
    ("tests:list", "close"): lambda w, t: {"act": "close", "form": w.ids["test_form"], "reason": "r"},
    ("payments:list", "ask"): lambda w, t: {"act": "ask", "contest": w.contests["hidden"].code, "number": "P", "reason": "r"},
    ("manuals:list", "make"): said(act="make", source="ml-staff", role="assessors", language="fr"),
    ("manuals:build", "stop"): said(act="stop"),
    ("manuals:build", "print"): said(act="print", number="T", kind="manual", copies="1"),
    **{
        ("manuals:packs", act): lambda w, t, act=act: {"act": act, "scrutin": w.contests["hidden"].code, "language": "fr", "draft": "1"}
        for act in ("packs", "stop", "resume")
    },
    ("manuals:run", "hand"): said(act="hand", training_class="K0001", copies="1", on="2027-02-01"),
    ("moots:sittings", "prepare"): lambda w, t: {"act": "prepare", "version": w.ids["moot_held"], "title": "S", "bench": "a\nb\nc", "raters": "d\ne"},
    ("moots:cases", "import"): said(act="import", pack="zz"),
    ("moots:new", "new"): said(act="new", code="N", sort="moot"),
    **{("moots:version", act): said(act=act, **given) for act, given in {
        "draft": {}, "drop": {"reason": "r", "seen": ""}, "ask": {"reason": "r", "seen": ""},
    }.items()},
    **{("moots:edit", act): said(act=act, seen="", n="1", stage="1", **given) for act, given in {
        "head": {"title_fr": "T", "title_en": "T", "lesson_fr": "l", "lesson_en": "l", "topics": "effect", "difficulty": "1", "pack": "ml", "on": "2024-01-01", "confidence": "c"},
        "election": {"contest": "id: x", "options": "A", "stations": "X | 1"},
        "stage": {"title_fr": "T", "title_en": "T", "minutes": "1", "facts_fr": "f", "facts_en": "f"},
        "paper": {"title_fr": "T", "title_en": "T", "text_fr": "t", "text_en": "t"}, "question": {"id": "Q1", "asks": "written", "text_fr": "t", "text_en": "t"},
        "criterion": {"id": "c", "weight": "1", "text_fr": "t", "text_en": "t", "levels_fr": "n", "levels_en": "n"},
        "move": {"field": "stages", "to": "1"}, "remove": {"field": "stages"}, "file": {"text": "id: x"},
    }.items()},
    **{("moots:sitting", act): said(act=act, **given) for act, given in {
        "open": {"stage": "9"}, "close": {}, "cancel": {"reason": "r"}, "copy": {"question": "Q1", "stage": "1", "seat": "9"}, "come": {},
        "answer": {"question": "Q1", "stage": "1"}, "rate": {"seat": "1", "levels": "1", "feedback": "f"},
        "agree": {"seat": "1", "criterion": "c", "level": "1", "reason": "r"}, "release": {}, "plan": {"actions": "a"},
    }.items()},
    ("moots:sitting", "own"): said(act="own"),
    ("moots:sitting", "bring"): lambda w, t: {"act": "bring", "file": upload(b"x")},
    ("moots:plans", "follow"): said(act="follow", plan="1", days="30", outcomes="done"),
    ("certificates:course", "answer"): said(act="answer"),
    ("certificates:updates", "ask"): lambda w, t: {"act": "ask", "contest": w.contests["hidden"].code, "reason": "r"},
    ("certificates:check", "check"): lambda w, t: {"act": "check", "token": upload(b"x.y.z", "b.jwt")},
    ("certificates:certificate", "withdraw"): said(act="withdraw", code="recusal", reason="r"),
    ("certificates:certificate", "confirm"): said(act="confirm", reason="r"),
    ("posts:board", "open"): said(act="open", president="1", others="1"),
    ("posts:board", "stations"): said(act="stations"),
    ("posts:import", "list"): lambda w, t: {"act": "list", "document": "d", "file": upload(b"station,position,name\nKAY-70,president,\n")},
    ("posts:acts", "ask"): lambda w, t: {"act": "ask", "number": "N", "on": "2027-02-01", "unit": w.units[KAYES].pk, "reason": "r"},
    ("posts:reserves", "add"): lambda w, t: {"act": "add", "codes": "AGENT-W", "unit": w.units[KAYES].pk},
    ("posts:reserves", "call"): lambda w, t: {"act": "call", "reserve": w.ids["reserve"], "post": w.ids["post"], "answer": "coming"},
    ("posts:draws", "promise"): said(act="promise", position="ML-POST-AIGE", side="draw", promise="0" * 64, names="a\nb\nc\nd"),
    ("posts:draws", "draw"): lambda w, t: {"act": "draw", "draw": w.ids["post_draw"], "seed": "0" * 32},
    ("posts:codes", ""): said(),
    ("posts:station", "presence"): said(act="presence", teller="t", hour="07:00"),
    ("posts:station", "replace"): lambda w, t: {"act": "replace", "post": w.ids["post"], "name": "n", "roll_number": "7", "hour": "07:12", "decided_by": "d", "witness": "t", "code": "123456"},
    ("posts:post", "swear"): said(act="swear", place="p", witness="w", on="2027-02-27", hour="09:00"),
    ("posts:post", "unpropose"): said(act="unpropose", reason="r"),
    ("posts:post", "change"): said(act="change", what="suspension", document="d", reason="r"),
    ("posts:post", "declare"): said(act="declare", kind="gift", about="a"),
    ("posts:post", "lift"): lambda w, t: {"act": "lift", "declaration": w.ids["interest"], "why": "r"},
    ("posts:independence", "enter"): said(act="enter", sort="pressure", happened_on="2027-02-01", text="t"),
    ("deadlines:new", ""): lambda w, t: {"election": Election.objects.get(code="el-other").pk, "family": "presidential", "rounds": "2"},
    ("deadlines:follow", "follow"): said(acteur=""),
    ("deadlines:follow", "stop"): said(act="stop"),
    ("deadlines:settings", "publish"): said(act="publish", reason="r"),
    ("deadlines:settings", "recall"): said(act="recall", reason="r"),
    ("deadlines:settings", "texts"): said(act="texts", reason="r", law_date="2026-01-01"),
    ("deadlines:event", "record"): said(standing="planned", day="2027-03-07", reason="r"),
    ("deadlines:event", "withdraw"): lambda w, t: {"act": "withdraw", "fact": w.ids["fact"], "reason": "r"},
    ("deadlines:derogations", "ask"): lambda w, t: {
        "norm": w.ids["norm"], "kind": "set", "day": "2027-04-01", "authority": "a", "document": "d", "decided": "2026-01-01", "rank": "1", "reason": "r"},
    ("deadlines:derogations", "end"): lambda w, t: {"act": "end", "override": w.ids["override"], "reason": "r"},
    ("deadlines:possible", "assume"): said(start="VOTE.1", end="VOTE.2", least="3", reason="r"),
    ("deadlines:possible", "drop"): by_calendar("assumed", act="drop"),
    ("results:new", ""): lambda w, t: {"what": f"{w.pack.pk}:presidentielle", "name_fr": "Neuf", "polling_day": ""},
    ("results:draft", ""): said(act="", geography="ml-2015", expected="3", seats_from=""),
    ("results:draft", "drop"): said(act="drop"),
    ("results:import", "map"): said(act="map", mode="yaml", yaml="station: bureau\nfigures: {registered: inscrits}", create="none", keep=""),
    ("results:import", "commit"): said(act="commit", reason="r"),
    ("results:import", "discard"): said(act="discard"),
    ("results:profiles", "drop"): said(name="profil-kayes"),
    ("results:setup", "edit"): lambda w, t: {
        "act": "edit", "name_fr": "Neuf", "seen": page_mark(w.contests["hidden"]), "boxes": w.contests["hidden"].boxes},
    ("results:setup", "options"): said(act="options", options="X\nY"),
    ("results:setup", "constituencies"): said(act="constituencies", constituencies="A ; A ; 1"),
    ("results:setup", "packset"): said(act="packset", set="x"),
    ("results:setup", "second"): said(act="second", code="deux", polling_day="", reason="r"),
    ("results:setup", "publish"): said(act="publish", reason="r"),
    ("results:setup", "withdraw"): said(act="withdraw", reason="r"),
    ("results:start_import", ""): lambda w, t: {"file": upload(b"region,bureau\nKayes,KAY-70\n")},
    ("tally:overview", "open"): said(),
    ("tally:overview", "call"): said(act="call", right="results.enter", who="nobody"),
    ("tally:overview", "free"): lambda w, t: {"act": "free", "paper": w.ids["typing"], "seen": seen_now(w.ids["typing"]), "reason": "r"},
    ("tally:reception", ""): said(code="KAY-72", reason=""),
    ("tally:reception", "undo"): of("paper", paper="received", act="undo"),
    ("tally:scanning", "discard"): of("scan", scan="scan", act="discard", reason="r"),
    ("tally:scanning", "restore"): of("scan", scan="scan", act="restore"),
    ("tally:scanning", "turn"): of("scan", scan="scan", act="turn", degrees="90"),
    ("tally:read_code", ""): lambda w, t: {"picture": upload(picture(), "p.jpg")},
    ("tally:scanning", "give"): lambda w, t: {"files": upload(picture(3), "n.jpg")},
    ("tally:scanning", "attach"): lambda w, t: {"scan": w.ids["scan"], "code": "KAY-71"},
    ("tally:entry", "submit"): lambda w, t: {"paper": w.ids["typing"], "seen": "", "tail": "AY74", **lines_of_form()},
    ("tally:entry", "back"): of("paper", paper="typing", act="back"),
    ("tally:entry", "incident"): of("paper", paper="typing", act="incident", reason="r"),
    ("tally:draft", ""): of("paper", paper="typing", c1="3"),
    ("tally:arbitration", "decide"): lambda w, t: {"paper": w.ids["different"], "seen": seen_now(w.ids["different"]), "c1": "first", "c2": "first", "reason": ""},
    ("tally:arbitration", "back"): of("paper", paper="different", act="back"),
    ("tally:arbitration", "again"): lambda w, t: {"paper": w.ids["different"], "seen": seen_now(w.ids["different"]), "act": "again", "reason": "r"},
    ("tally:review", "answer"): lambda w, t: {"paper": w.ids["review"], "seen": seen_now(w.ids["review"]), "constat": "", "to": "checked", "reason": "r"},
    ("tally:review", "together"): lambda w, t: {"act": "together", "constat": "W03", "paper": f"{w.ids['review']}:{seen_now(w.ids['review'])}", "reason": "r"},
    ("tally:paper", "missing"): paper_act("expected", to="missing", reason="r", document="d"),
    ("tally:paper", "scan"): lambda w, t: {**paper_act("received", to="scanned")(w, t), "image": upload(picture(5), "i.jpg")},
    ("tally:paper", "incident"): paper_act("scanned", to="incident", reason="r", document=""),
    ("tally:paper", "visa"): paper_act("visa", to="matched", reason="r", document=""),
    ("tally:paper", "review"): paper_act("review", to="checked", reason="r", document="d"),
    ("tally:paper", "recall"): paper_act("validated", to="recalled", reason="r", document="d"),
    ("tally:replace_form", ""): said(reason="r"),
    ("tally:custody", "seal"): said(code="SAC-N", kind="bag", seals="S9", stations="KAY-72", place="Kayes"),
    ("tally:bag", "hand"): said(act="hand", giver="a", receiver="b", place="c", seals="S1", condition=""),
    ("tally:bag", "open"): said(act="open", found="KAY-70", seals="S1", witness="t", condition=""),
    ("tally:commission", "convene"): lambda w, t: {"title": "S", "zone": w.units[KAYES].pk, "quorum": "2", "members": "A ; B\nC ; D", "purpose": ""},
    ("tally:sitting", "members"): said(act="members"),
    ("tally:sitting", "attend"): said(act="attend"),
    ("tally:sitting", "decide"): said(act="decide", text="t"),
    ("tally:sitting", "open"): said(act="suspended", text=""),
    ("tally:sitting", "validate"): lambda w, t: {"act": "validate", "paper": f"{w.ids['checked']}:{w.ids['checked_hash']}"},
    ("tally:sitting", "recap"): said(act="recap", stations="1", **lines_of_form()),
    ("tally:copies", "give"): lambda w, t: {"station": "KAY-78", "source": "Parti", **lines_of_form()},
    ("tally:copies", "import"): lambda w, t: {"act": "import", "source": "P", "file": upload(b"station,c1\nKAY-78,3\n")},
    ("tally:copies", "answer"): of("copy", copy="copy", act="answer", what="paper_right", note="n"),
    ("tally:lots_desk", "announce"): said(act="announce", place="", promise="a" * 64, source="trois dés"),
    ("tally:lots_desk", "open"): lambda w, t: {"act": "open", "announcement": w.ids["lots"], "secret": "trois dés dans un gobelet", "number": "1", "document": "d"},
    ("tally:lots_desk", "undo"): lambda w, t: {"act": "undo", "announcement": w.ids["lots"], "document": "d", "reason": "r"},
    ("tally:batches", "ask"): said(document="D", note="n"),
    ("tally:batches", "declare"): lambda w, t: {"stage": "provisional", "act": "A", "document": upload(picture(6), "d.jpg")},
    ("api:receive", ""): said(code="KAY-72"),
    ("api:scan", ""): lambda w, t: {"@file": upload(picture(4), "a.jpg")},
    ("api:seal", ""): said(code="SAC-A", seals=["S"], stations=["KAY-72"]),
    ("api:hand_over", ""): said(giver="a", receiver="b", place="c", seals=["S1"]),
    ("api:open_bag", ""): said(found=["KAY-70"], seals=["S1"], witness="t"),
    ("api:claim", ""): said(),
    ("api:enter", ""): lambda w, t: {"lines": numbers(), "seen": seen_now(w.ids["scanned"])},
    ("api:release", ""): said(),
    ("api:move", "incident"): lambda w, t: {"to": "incident", "reason": "r", "seen": seen_now(w.ids["scanned"])},
    ("api:claim_arbitration", ""): said(),
    ("api:arbitrate", ""): lambda w, t: {"lines": {"c1": 211}, "seen": seen_now(w.ids["different"])},
    ("api:ask_second", ""): lambda w, t: {"to": "checked", "reason": "r", "document": "d", "seen": seen_now(w.ids["review"])},
    ("api:copy", ""): lambda w, t: {"station": "KAY-78", "source": "P", "lines": numbers()},
    ("api:validate", ""): lambda w, t: {"papers": {str(w.ids["checked"]): w.ids["checked_hash"]}},
    ("api:ask_batch", ""): said(document="D"),
}  # fmt: skip


# --- knocking -----------------------------------------------------------------------------------------------
@dataclass
class Heard:
    """What came back: status, where to, the code of the refusal, the text, and the tables that were written."""

    status: int
    to: str
    code: str
    text: str
    wrote: list[str] = field(default_factory=list)


DENIED = frozenset({"", "PEO-101", "PEO-312", "API-404", "RES-431"})
"""Codes (or none) that say "not you" or "no such thing"; every other refusal is about the act itself."""


def knock(client: Any, who: Persona, method: str, target: Target, body: dict[str, Any] | None = None) -> Heard:
    written: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        word = sql.lstrip("( \n").split(" ", 1)[0].upper()
        if word not in LEFT_OUT and not any(f'"{table}"' in sql for table in NOT_AN_ACT):
            written.append(sql[:120])
        return execute(sql, params, many, context)

    body = dict(body or {})
    url = body.pop("@url", target.url)
    extra: dict[str, Any] = {}
    if target.page.name.startswith("api:"):
        extra["headers"] = {"Authorization": f"Bearer {who.key}"} if who.key else {}
        if "@file" in body:
            extra["data"] = {"file": body["@file"]}
        elif method != "get":
            extra |= {"data": json.dumps(body), "content_type": "application/json"}
    elif method == "post":
        extra["data"] = body
    with connection.execute_wrapper(watch):
        answer = getattr(client, method)(url, **extra)
        raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = raw.decode("utf-8", "replace")
    code = ""
    if target.page.name.startswith("api:"):
        code = str(json.loads(text).get("code", "")) if answer.status_code >= 400 and text[:1] == "{" else ""
    elif answer.context is not None:
        refused = answer.context.get("refused")
        code = getattr(refused, "code", "")
    if not code and answer.status_code >= 400 and (found := re.search(r"\b[A-Z]{2,4}-\d{3}\b", text)):
        code = found.group()
    return Heard(answer.status_code, answer.headers.get("Location", ""), code, text, written)


def wrong(who: Persona, target: Target, act: str, want: int, heard: Heard) -> str:
    """What does not agree with the declaration; "" where all does."""
    got = heard.status
    to_sign_in = got == 302 and heard.to.startswith("/compte/login/")
    if want:
        good = to_sign_in if want == 302 else got == want
        if not good:
            return f"{want} declared, got {got} {heard.code} {heard.to}"
        if heard.wrote:
            return f"refused with {got} after writing: {heard.wrote[0]}"
        return ""
    if got >= 500 or to_sign_in or heard.to == "/compte/2fa/":
        return f"open, got {got} {heard.to}"
    if got >= 400 and heard.code in DENIED and got not in target.idle and got not in (400, 409, 422):
        return f"open, got {got} {heard.code}"
    return ""


def told(who: Persona, heard: Heard) -> str:
    """Unpublished figures on a page of somebody who may not read them."""
    leaks = secrets_of(who) & numbers_in(heard.text)
    return f"tells {sorted(leaks)}" if leaks else ""
