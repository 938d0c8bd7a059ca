"""The demo assembly's words, as they stand in the TOML files beside this one."""

from functools import cache
from pathlib import Path

from deliberation.authored import Bilingual, Content, Loaded, load

Camp = str  # latent: it decides how a simulated person leans, and no page ever shows it


class AssemblyWords(Content, frozen=True):
    title: str
    remit: str
    asked_by: str
    purpose: str
    duration: str
    simulated_notice: str
    rules: list[str]


class PhaseWords(Content, frozen=True):
    name: str
    summary: str


class PhaseContent(Bilingual[PhaseWords], frozen=True):
    kind: str
    starts_in_days: int
    ends_in_days: int


class AssemblyContent(Bilingual[AssemblyWords], frozen=True):
    slug: str
    languages: list[str]
    phases: list[PhaseContent]


class TitledWords(Content, frozen=True):
    title: str
    body: str


class GlossaryWords(Content, frozen=True):
    term: str
    meaning: str


class KitContent(Content, frozen=True):
    steps: list[Bilingual[TitledWords]]
    glossary: list[Bilingual[GlossaryWords]]


class StatementContent(Bilingual[str], frozen=True):
    number: int
    seed: bool
    leaning: dict[Camp, float]
    unsure: float
    meta: bool = False


class StatementsContent(Content, frozen=True):
    shares: dict[Camp, float]
    statements: list[StatementContent]


class ArgumentContent(Bilingual[str], frozen=True):
    side: str
    point: str
    camp: Camp
    language: str

    @property
    def text(self) -> str:
        """As its author wrote it; the other language is for measuring summaries."""
        return self.translations()[self.language]


class ProposalContent(Bilingual[TitledWords], frozen=True):
    number: int
    arguments: list[ArgumentContent]


class ProposalsContent(Content, frozen=True):
    proposals: list[ProposalContent]


class DraftWords(Bilingual[str], frozen=True):
    leaning: dict[Camp, float]


class QuestionWords(Content, frozen=True):
    question: str


class ObjectionContent(Content, frozen=True):
    camp: Camp
    language: str
    text: str


class DraftingContent(Bilingual[QuestionWords], frozen=True):
    statements: list[int]
    drafts: list[DraftWords]
    rankings: int
    proposal: int | None = None
    objections: list[ObjectionContent] = []
    revision: DraftWords | None = None
    rankings_again: int = 0


class DraftingsContent(Content, frozen=True):
    rounds: list[DraftingContent]


class ItemContent(Bilingual[str], frozen=True):
    kind: str
    minutes: int
    proposal: int | None = None
    options: list[Bilingual[str]] = []


class NoteContent(Content, frozen=True):
    item: int
    language: str
    text: str
    table: int | None = None


class EarlierSession(Content, frozen=True):
    """A session that is over; `people` were there, so many at a `table`."""

    days_ago: int
    people: int
    table: int
    title: Bilingual[str]
    items: list[ItemContent]
    notes: list[NoteContent]


class SessionContent(Content, frozen=True):
    title: Bilingual[str]
    items: list[ItemContent]
    earlier: EarlierSession


class ClauseContent(Bilingual[str], frozen=True):
    number: str
    law: str


class LawContent(Bilingual[TitledWords], frozen=True):
    language: str
    minutes: int
    clauses: list[ClauseContent]


class AnswerWords(Content, frozen=True):
    text: str
    sources: str


class QuestionContent(Content, frozen=True):
    language: str
    text: str
    wanted: int
    due_in_days: int | None = None
    id: AnswerWords | None = None
    en: AnswerWords | None = None

    @property
    def answers(self) -> dict[str, AnswerWords]:
        """None yet, or one in each language."""
        return {"id": self.id, "en": self.en} if self.id and self.en else {}


class LearningContent(Content, frozen=True):
    law: LawContent
    questions: list[QuestionContent]


@cache
def assembly_content() -> AssemblyContent:
    return _load("assembly", AssemblyContent)


@cache
def kit_content() -> KitContent:
    return _load("kit", KitContent)


@cache
def statements_content() -> StatementsContent:
    return _load("statements", StatementsContent)


@cache
def proposals_content() -> ProposalsContent:
    return _load("proposals", ProposalsContent)


@cache
def drafting_content() -> DraftingsContent:
    return _load("drafting", DraftingsContent)


@cache
def learning_content() -> LearningContent:
    return _load("learning", LearningContent)


@cache
def session_content() -> SessionContent:
    return _load("session", SessionContent)


def _load(name: str, kind: type[Loaded]) -> Loaded:
    return load(Path(__file__).parent / f"{name}.toml", kind)
