"""Learning material for tests."""

from deliberation.actions.preparing import Document, StepWords, add_step, publish_step, write_clause, write_clauses
from deliberation.models import Assembly, KitStep, StepKind

LAW = """Article 1. Everybody keeps food waste apart.

Article 2
Whoever burns waste pays Rp50,000.
The village head may forgive it once."""
PDF = b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n"


def texts(title: str = "The river", body: str = "It is long.") -> dict[str, dict[str, str]]:
    """The same in both languages of a test's assembly."""
    return {code: {"title": title, "body": body} for code in ("id", "en")}


def a_step(assembly: Assembly, title: str = "The river", body: str = "It is long.", **more: object) -> KitStep:
    """A published step; `kind` and whatever StepWords takes."""
    kind = StepKind(more.pop("kind", StepKind.TEXT))
    step = add_step(assembly, kind, StepWords(texts(title, body), **more))
    publish_step(step)
    step.refresh_from_db()
    return step


def a_published_law(assembly: Assembly, title: str = "The by-law") -> KitStep:
    """With two clauses, the first in plain words, and a document beside."""
    step = a_step(assembly, title, kind=StepKind.LAW, law_language="en", document=Document("by-law.pdf", PDF))
    write_clauses(step, LAW)
    write_clause(step.clauses.first(), "Article 1", "Everybody keeps food waste apart.", {"en": "Two bins, not one."})
    return step
