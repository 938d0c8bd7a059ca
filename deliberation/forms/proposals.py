from typing import Any

from django.utils.translation import gettext_lazy as _

from deliberation.forms.kit import InLanguagesForm
from deliberation.models import LONGEST_STATEMENT

LONGEST_PROPOSAL_TITLE = 120
LONGEST_PROPOSAL = 3_000


class ProposalForm(InLanguagesForm):
    """A proposal as people argue on it: whole in each language, for nobody argues on what they cannot read."""

    parts = {
        "title": {"label": _("Title"), "longest": LONGEST_PROPOSAL_TITLE, "lines": 1},
        "body": {"label": _("What is proposed"), "longest": LONGEST_PROPOSAL, "lines": 6},
    }

    def __init__(self, *args: object, **options: Any) -> None:
        super().__init__(*args, whole=True, **options)


class SeedForm(InLanguagesForm):
    """A statement of the organisers to begin with, in each language."""

    parts = {"text": {"label": _("Statement"), "longest": LONGEST_STATEMENT, "lines": 2}}

    def __init__(self, *args: object, **options: Any) -> None:
        super().__init__(*args, whole=True, **options)
