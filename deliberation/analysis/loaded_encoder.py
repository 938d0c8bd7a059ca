"""Included by the interactive worker: its child has the models in memory before somebody waits for them."""

from typing import Any

from celery.signals import worker_process_init

from deliberation import enqueue
from deliberation.analysis.embedding import encoder
from deliberation.analysis.similar import detector
from deliberation.models import Assembly


@worker_process_init.connect
def load_models(**_: Any) -> None:
    encoder().encode(["The first text takes longer than all others."])
    for languages in {tuple(each) for each in Assembly.objects.values_list("languages", flat=True)}:
        detector(languages).language_of("Also the first text in which a language is looked for.", otherwise="")
    enqueue.reader_is_there()
