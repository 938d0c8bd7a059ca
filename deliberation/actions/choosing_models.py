from django.db import transaction

from deliberation import record
from deliberation.models import Assembly, ModelChoice, Participant


@transaction.atomic
def let_a_model_draft(assembly: Assembly, on: bool, by: Participant) -> None:
    """Whether summaries of this assembly may hold sentences that a model drafted. It counts from the next one on."""
    Assembly.objects.select_for_update(no_key=True).get(pk=assembly.pk)
    current = ModelChoice.objects.filter(assembly=assembly).first()
    if on == (current is None or current.rewriter):
        return
    ModelChoice.objects.create(assembly=assembly, rewriter=on, by=by)
    n = ModelChoice.objects.filter(assembly=assembly).count()
    record.append(assembly, type="config", id="rewriter", n=n, content={"on": on})
