from django import template

from deliberation.models import Assembly, Checkpoint

register = template.Library()


@register.simple_tag
def newest_checkpoint(assembly: Assembly) -> Checkpoint | None:
    """The newest checkpoint, for pages that print it."""
    return assembly.checkpoints.prefetch_related("cosignatures").first()
