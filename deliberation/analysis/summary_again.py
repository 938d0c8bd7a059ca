"""A stored summary made again from what it was made from: the same input gives the same document, or says why not."""

from dataclasses import dataclass

from deliberation.analysis.summary_document import Made, digest_of_document, make_document
from deliberation.analysis.summary_inputs import read
from deliberation.analysis.summary_steps import CODE_VERSION, STEPS, Results
from deliberation.models import Summary, SummaryRun


@dataclass(frozen=True)
class Comparison:
    """Digests of the stored document and of the one made today, and whether the new words beside them agree."""

    stored: str
    again: str
    words_agree: bool
    same_code: bool

    @property
    def is_same(self) -> bool:
        return self.stored == self.again and self.words_agree

    @property
    def why(self) -> str:
        if not self.same_code:
            return "another version of the program made it."
        return "the document is another one." if self.stored != self.again else "the drafted words are others."


def compare(summary: Summary) -> Comparison:
    """Raises InputChanged if a contribution that the run read is not there any more as it was."""
    made = made_again(summary.run)
    stored_words = sorted(summary.wordings.values_list("key", "text"))
    return Comparison(
        stored=digest_of_document(summary.document),
        again=digest_of_document(made.document),
        words_agree=stored_words == sorted((new.key, new.text) for new in made.new_words),
        same_code=summary.run.code_version == CODE_VERSION,
    )


def made_again(run: SummaryRun) -> Made:
    """Every step anew, with the models as they are configured today."""
    reading = read(run)
    results: Results = {}
    for step, work in STEPS.items():
        piece = work(reading, results)
        while not piece.is_last:
            results[step] = piece.found
            piece = work(reading, results)
        results[step] = piece.found
    return make_document(reading, results)
