from django.apps import AppConfig


class DeliberationConfig(AppConfig):
    name = "deliberation"

    def ready(self) -> None:
        # Celery's app must exist in every process that enqueues, so that .delay() finds the broker.
        from deliberation import celery  # noqa: F401
