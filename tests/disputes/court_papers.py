"""One good paper of each kind that the Court makes, with the numbers of the guide's cases. No person is named."""

import hashlib
import io
from datetime import UTC, date, datetime, timedelta

from PIL import Image

from kalata.disputes.papers import decisions, registry, sittings
from kalata.disputes.papers import report as reports
from kalata.disputes.rules.operative import Names, articles
from kalata.documents.rendering import Head, Paper

AT = datetime(2026, 4, 20, 14, 3, 27, tzinfo=UTC)
CASE = "2026-L1-BKO2-000017"


def sha(text):
    return hashlib.sha256(text.encode()).hexdigest()


def head(title, number=CASE, about="Élection législative, tour 2", desk=""):
    return Head(
        title=title, country="République du Mali", motto="Un peuple – Un but – Une foi", body="Cour constitutionnelle",
        desk=desk, number=number, about=about,
    )  # fmt: skip


PIECES = [
    registry.Piece("P1", "Requête introductive", sha("1"), 6),
    registry.Piece("P2", "Copie du procès-verbal, bureau 014 de Zambougou", sha("2"), 2),
    registry.Piece("P3", "Constat d’huissier sur le remplacement du président du bureau", sha("3"), 11),
    registry.Piece("P4", "Photographie de la feuille de dépouillement", sha("4")),
]
LIMITS = [
    registry.Limit("Jours calendaires, depuis le jour du vote", "vendredi 24 avril 2026, 24 h 00", "en temps utile"),
    registry.Limit("Jours francs, depuis le jour du vote", "samedi 25 avril 2026, 24 h 00", "en temps utile"),
    registry.Limit("48 heures, depuis l’annonce des résultats provisoires", "annonce non encore faite", "non calculé"),
]


def receipt(lang="fr"):
    return registry.receipt(
        registry.Receipt(
            number=CASE, petitioners=["Liste « La pirogue »", "par son mandataire, avocat"], capacity="liste de candidats",
            about="opérations de vote du 19 avril 2026", grounds=["g1 · remplacement irrégulier du président du bureau", "g2 · procès-verbal non signé"],
            counter="BKO2 · Préfecture de Bougouni", clerk="agent 4", channel="au guichet", received=AT,
            clock="horloge du guichet", drift="1,2 s d’avance sur celle de la Cour", pieces=PIECES, limits=LIMITS, root=sha("root"),
            square=f"KALATA-R1 {CASE} {AT.isoformat()} {sha('root')} {'ab' * 64}", signature="ab" * 64, key="cd" * 32, ticket="31",
        ),
        head("Récépissé de dépôt de requête", desk="Greffe · guichet BKO2"), lang,
    )  # fmt: skip


LETTER = registry.Letter(
    to=["Liste « Le baobab »", "en la personne de son mandataire", "domicile élu : greffe de la Cour, Bamako"],
    place="Bamako", on="mardi 21 avril 2026", signed=["Le greffier en chef", "de la Cour constitutionnelle"],
)  # fmt: skip


def cure(lang="fr"):
    return registry.cure(
        registry.Cure(
            letter=LETTER, case=CASE, until=AT + timedelta(days=3), order="ordonnance n° 2026-12 du président",
            where="greffe de la Cour, ou tout guichet, ou votre espace en ligne",
            defects=[
                registry.Defect("La signature du requérant", "art. 32 de la loi organique", "Signer la requête devant l’agent du guichet, ou déposer un exemplaire signé"),
                registry.Defect("Le mandat du mandataire", "art. 32, al. 2", "Déposer l’original ou une copie certifiée du mandat"),
            ],
        ),
        head("Invitation à régulariser une requête", desk="Greffe"), lang,
    )  # fmt: skip


def service(lang="fr"):
    return registry.service(
        registry.Served(
            letter=LETTER, case=CASE, paper="requête introductive et ses pièces", filed=AT, mode="exploit d’huissier", pieces=PIECES[:3],
            term="dans les 48 heures", order="ordonnance n° 2026-14", limits=[],
        ),
        head("Notification", desk="Greffe"), lang,
    )  # fmt: skip


SITTING = sittings.Sitting(
    starts=AT + timedelta(days=8),
    place="Salle d’audience, Bamako",
    access="interprète bamanankan, rampe, texte en grands caractères",
)


def causes(lang="fr"):
    rows = [
        sittings.Cause(
            f"2026-L1-BKO2-{n:06}",
            str(n),
            "Annulation, circonscription de Bougouni",
            "Liste « La pirogue » c/ Liste « Le baobab »",
            "membre 3",
        )
        for n in range(17, 25)
    ]
    return sittings.cause_list(
        SITTING, rows, ["Le greffier en chef"], head("Rôle d’audience", number="Audience n° 3"), lang
    )


def minutes(lang="fr"):
    return sittings.minutes(
        sittings.Minutes(
            sitting=SITTING, closed_at=AT + timedelta(days=8, hours=3),
            bench=[("membre 1", "président"), ("membre 3", "rapporteur"), ("membre 4", ""), ("membre 6", ""), ("membre 9", "")],
            parties=[("Liste « La pirogue »", "requérante, par son avocat"), ("Liste « Le baobab »", "défenderesse, en personne")],
            called=[sittings.Called(CASE, [("Le rapporteur", "expose l’affaire et les pièces."), ("La requérante", "maintient ses moyens ; elle demande l’annulation de huit bureaux."), ("La défenderesse", "s’en rapporte à son mémoire.")], "L’affaire est mise en délibéré.")],
            incidents=["La défenderesse demande acte de ce que la pièce P4 lui a été communiquée le 27 avril."],
            audio=sha("audio"), signatures=[("Le président", ""), ("Le greffier en chef", "")],
        ),
        head("Procès-verbal d’audience", number="Audience n° 3"), lang,
    )  # fmt: skip


def page(shade):
    out = io.BytesIO()
    Image.new("L", (620, 877), shade).save(out, "PNG")
    return out.getvalue()


def certified(lang="fr"):
    return sittings.certified(
        sittings.Certified(
            case=CASE, piece=PIECES[1], received=AT, held="coffre du greffe, enveloppe 12, scellé A-4471", asked_by="Liste « Le baobab »",
            by=["Le greffier en chef"], pictures=[page(225), page(240)],
        ),
        head("Copie certifiée conforme", desk="Greffe"), lang,
    )  # fmt: skip


ACTS = [
    {"id": "1", "act": "JOIN", "petitions": [CASE, "2026-L1-BKO2-000021"]},
    {"id": "2", "act": "REJECT_INADMISSIBLE", "petition": "2026-L1-BKO2-000021"},
    {"id": "3", "act": "ANNUL_STATION", "stations": [["014"], ["022"]], "where": {"constituency": "Bougouni"}},
    {"id": "4", "act": "RECTIFY", "station": ["031"], "before": {"votes.A": 210}, "after": {"votes.A": 201}},
    {"id": "5", "act": "REJECT_UNFOUNDED", "petition": CASE},
]
NAMES = Names(boxes={"votes.A": "voix de « La pirogue »"}, counts={"3": 2}, annexes={"3": "1", "4": "2"})


def decided(lang, **more):
    annex = decisions.Annex(
        "1", "Bureaux dont les suffrages sont annulés", "Acte 3 : deux bureaux. Cases gardées d’un bureau annulé : inscrits.",
        ["Bureau", "Inscrits", "Votants", "Nuls", "Exprimés", "La pirogue", "Le baobab"],
        [["014", "400", "312", "9", "303", "160", "143"], ["022", "371", "300", "12", "288", "150", "138"]],
        [False, *[True] * 6], ["Total", "771", "612", "21", "591", "310", "281"],
    )  # fmt: skip
    return decisions.Ruling(
            on=date(2026, 4, 30), speaks="La Cour constitutionnelle", ecli="ECLI:ML:CC:2026:EL.0004", public="audience publique du 28 avril 2026",
            formation=[("membre 1", "président"), ("membre 3", "rapporteur"), ("membre 4", "membre"), ("membre 6", "membre"), ("membre 9", "membre")],
            visas=["Vu la Constitution ;", "Vu la loi organique n° 97-010 modifiée, déterminant les règles d’organisation et de fonctionnement de la Cour ;", f"Vu les requêtes n° {CASE} et 2026-L1-BKO2-000021 ;", "Le rapporteur entendu en son rapport ;", "Après en avoir délibéré conformément à la loi ;"],
            facts=["Considérant que par requête déposée le 20 avril 2026 à 14 h 03 à la préfecture de Bougouni, la liste « La pirogue » demande l’annulation des opérations de vote dans deux bureaux et la rectification d’un troisième ;", "Considérant que les deux requêtes visent les mêmes opérations ; qu’il y a lieu de les joindre ;"],
            reasons=[
                decisions.Reasons("Sur le moyen tiré du remplacement du président du bureau (g1)", ["Considérant qu’il résulte du constat d’huissier, pièce P3, que la personne qui a présidé les bureaux 014 et 022 ne figurait pas sur la liste arrêtée ; que ce remplacement n’a été consigné dans aucun procès-verbal ;", "Considérant que la sincérité du vote n’y est pas établie ; qu’il y a lieu d’en annuler les opérations ;"]),
                decisions.Reasons("Sur le moyen tiré du procès-verbal non signé (g2)", ["Considérant que les trois exemplaires produits portent les signatures exigées ; que le moyen manque en fait ;"]),
            ],
            formula="Arrête", articles=[a.text(lang) for a in articles(ACTS, NAMES)],
            derived=["Demeure élue la liste « Le baobab », avec 44 423 voix contre 44 067."], annexes=[annex],
            signatures=[("Le président", ""), ("Le rapporteur", ""), ("Le greffier en chef", "")], digest=sha("digest"), **more,
    )  # fmt: skip


ABOUT = "Élection législative, second tour · circonscription de Bougouni"


def ruling(lang="fr"):
    return decisions.ruling(decided(lang), head("Arrêt", number="2026-04/CC-EL", about=ABOUT), lang)


def public(lang="fr"):
    one = decided(
        lang, notice=["Ceci est le texte public de la décision, et non son original signé."],
        proof=[("Empreinte du texte public (SHA-256)", sha("public")), ("Empreinte de l’original signé, PDF (SHA-256)", sha("pdf"))],
    )  # fmt: skip
    made = decisions.ruling(one, head(decisions.PUBLIC_TITLE, number="2026-04/CC-EL", about=ABOUT), lang)
    return Paper("court-public", made.head, made.data, made.lang)


def filed(lang="fr"):
    weighed = reports.Weighed(
        name="Deux bureaux", conclusion="La liste « Le baobab » reste élue.", acts=["Annuler le bureau 014."], rests=["aucun bureau manquant"],
        heads=["Candidature", "Avant", "Après"], rows=[["Le baobab", "45 036", "44 423"]], digest=sha("m"), recomputed=sha("r"), stale=True,
    )  # fmt: skip
    one = reports.Report(
        rows=[["Affaire", CASE]], facts=["La requête a été déposée le 20 avril 2026."],
        grounds=[("g1", "composition du bureau", "Le constat d’huissier est précis.")], measures=[("Original du bureau 014", "livré")],
        evidence=[["g1", "014", "P3", "P1"]], evidence_left=0, bare=1, total=2, officers=["014 : présidence, 9 h 40"],
        apart=[["014", "Votants", "312", "321", "321"]], weighed=[weighed], options=["Annuler, ou rejeter."], signed=["Le rapporteur"],
    )  # fmt: skip
    return reports.report(one, head(reports.TITLE), lang)


def proclamation(lang="fr"):
    return decisions.proclamation(
        decisions.Proclamation(
            on=date(2026, 5, 2), speaks="La Cour constitutionnelle", ecli="ECLI:ML:CC:2026:EL.0009", basis=["Vu l’article 86 de la Constitution ;", "Vu l’arrêt n° 2026-04/CC-EL du 30 avril 2026 ;"],
            coverage=[("Bureaux recensés", "1 083"), ("dont annulés par la Cour", "2"), ("Manquants", "0")],
            figures=[("Inscrits", "231 004"), ("Votants", "90 412"), ("Participation", "39,14 %"), ("Bulletins nuls", "1 331"), ("Suffrages annulés par la Cour", "591"), ("Suffrages exprimés", "88 490")],
            candidates=[("1", "Le baobab", "44 423", "50,20 %", "4"), ("2", "La pirogue", "44 067", "49,80 %", "0")], seats=True,
            declared=["Est élue la liste « Le baobab » : 4 sièges."],
            differences=["Bureau 031 : 201 voix au lieu de 210 pour « La pirogue » ; erreur de report, rectifiée par l’arrêt."],
            log="entrée 4 812 du journal « legislatives-2026-t2 »", digest=sha("count"), signatures=[("Le président", ""), ("Le greffier en chef", "")],
        ),
        head("Proclamation des résultats définitifs", number="2026-09/CC-EL", about="Élection législative, second tour · circonscription de Bougouni"), lang,
    )  # fmt: skip


def summary(lang="fr"):
    return decisions.summary(
        decisions.Summary(
            number="2026-04/CC-EL", on=date(2026, 4, 30),
            decided=["Le vote de deux bureaux de Bougouni est annulé.", "Le chiffre d’un troisième bureau est corrigé.", "La liste « Le baobab » reste élue."],
            why=["Dans deux bureaux, le président avait été remplacé sans que ce soit écrit.", "Ailleurs, les papiers étaient en règle."],
            changes=[("Voix de « Le baobab »", "45 036", "44 423"), ("Voix de « La pirogue »", "45 397", "44 067"), ("Sièges de « Le baobab »", "4", "4")],
            next=["Les chiffres corrigés sont publiés, bureau par bureau.", "Personne ne revote."],
            words={"annuler": "les voix de ce bureau ne comptent plus", "arrêt": "une décision de la Cour"},
        ),
        head("La décision en clair", number="2026-04/CC-EL"), lang,
    )  # fmt: skip


PAPERS = {
    "court-receipt": receipt, "court-cure": cure, "court-service": service, "court-causes": causes, "court-minutes": minutes,
    "court-copy": certified, "court-ruling": ruling, "court-proclamation": proclamation, "court-summary": summary,
    "court-public": public, "court-report": filed,
}  # fmt: skip
