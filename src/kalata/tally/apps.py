from django.apps import AppConfig


class TallyConfig(AppConfig):
    name = "kalata.tally"
    label = "tally"

    def ready(self) -> None:
        from kalata.results import court, papers
        from kalata.tally import freezes
        from kalata.tally.queries import followed, originals, proofs  # noqa: F401  (what versions on paper rest on, who reads the images)
        from kalata.tally.services import batches, copies, reports  # noqa: F401  (acts of two persons)
        from kalata.tally.services.court import Court

        papers.follow(followed.Followed())
        court.obey(Court())
        freezes.register()
