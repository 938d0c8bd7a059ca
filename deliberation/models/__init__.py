from deliberation.models.account import Account
from deliberation.models.assembly import Assembly, AssemblyText
from deliberation.models.cards import LONGEST_WORD, Card, CardKind
from deliberation.models.challenge import LONGEST_CHALLENGE, Challenge, ChallengeState
from deliberation.models.checkpoint import Checkpoint, RecordCheck, RecordSubtree
from deliberation.models.consensus_map import ConsensusMap
from deliberation.models.consent import Consent, Purpose
from deliberation.models.contribution_reading import ContributionReading, Noticed
from deliberation.models.draft import Draft
from deliberation.models.drafting import (
    LONGEST_CANDIDATE,
    LONGEST_OBJECTION,
    LONGEST_QUESTION,
    Candidate,
    CandidateText,
    DraftingRound,
    DraftingText,
    Objection,
    Origin,
    Ranking,
    RankingTurn,
    Stage,
)
from deliberation.models.embedding import Embedding, text_digest
from deliberation.models.founding import FoundingCode
from deliberation.models.invitation import Invitation, MailedInvitation, hash_of_code, new_code
from deliberation.models.kit import GlossaryEntry, KitStep, KitStepText
from deliberation.models.last_visit import LastVisit
from deliberation.models.letter import Letter
from deliberation.models.moderation import (
    LONGEST_APPEAL,
    Answer,
    Appeal,
    Decision,
    Followed,
    Moderation,
    ModerationChoice,
    Outcome,
    Rule,
)
from deliberation.models.notes import LONGEST_NOTE, Citation, Note, NoteBefore
from deliberation.models.participant import Participant, Role, Route
from deliberation.models.phase import Phase, PhaseKind, PhaseText, ResultsShown, Verb, kinds_allowing
from deliberation.models.polis_import import PolisImport
from deliberation.models.polling import (
    FEWEST_OPTIONS,
    LONGEST_OPTION,
    MOST_OPTIONS,
    Poll,
    PollAnswer,
    PollOption,
    PollOptionText,
    Temperature,
)
from deliberation.models.pool import BEFORE_THE_SEAL, HAS_A_SEAT, WITH_A_WORKER, Pool, PoolState, Respondent, Standing
from deliberation.models.proposal import LONGEST_ARGUMENT, Argument, Proposal, ProposalText, Side
from deliberation.models.ratification import LONGEST_FIX, Ratification, Ratified
from deliberation.models.record_entry import SECRET_TYPES, EntryType, RecordEntry, RecordOpening, RecordOwner
from deliberation.models.record_key import RecordKey
from deliberation.models.report import FileState, Redaction, Report, ReportFile, ReportFormat
from deliberation.models.report_credential import ReportCredential
from deliberation.models.session import (
    LONGEST_ITEM,
    LONGEST_TITLE,
    AgendaItem,
    AgendaItemText,
    Attendance,
    ItemKind,
    Scene,
    Session,
    SessionText,
)
from deliberation.models.speaking import Hand
from deliberation.models.statement import LONGEST_STATEMENT, Statement, StatementText
from deliberation.models.summary import ModelChoice, Summary, SummaryState, WhyWithdrawn, Wording
from deliberation.models.summary_review import Audit, AuditCard, Judgement, Move, Review, Verdict
from deliberation.models.summary_run import RunState, Step, SummaryRun, WhyStopped
from deliberation.models.tables import FEWEST_AT_A_TABLE, MOST_AT_A_TABLE, USUAL_AT_A_TABLE, Seat, TableRound
from deliberation.models.translation import in_language
from deliberation.models.vote import Choice, Vote
from deliberation.models.witness import Cosignature, WitnessedLog

__all__ = [
    "BEFORE_THE_SEAL",
    "FEWEST_AT_A_TABLE",
    "FEWEST_OPTIONS",
    "HAS_A_SEAT",
    "LONGEST_APPEAL",
    "LONGEST_ARGUMENT",
    "LONGEST_CANDIDATE",
    "LONGEST_CHALLENGE",
    "LONGEST_FIX",
    "LONGEST_ITEM",
    "LONGEST_NOTE",
    "LONGEST_OBJECTION",
    "LONGEST_OPTION",
    "LONGEST_QUESTION",
    "LONGEST_STATEMENT",
    "LONGEST_TITLE",
    "LONGEST_WORD",
    "MOST_AT_A_TABLE",
    "MOST_OPTIONS",
    "SECRET_TYPES",
    "USUAL_AT_A_TABLE",
    "WITH_A_WORKER",
    "Account",
    "AgendaItem",
    "AgendaItemText",
    "Answer",
    "Appeal",
    "Argument",
    "Assembly",
    "AssemblyText",
    "Attendance",
    "Audit",
    "AuditCard",
    "Candidate",
    "CandidateText",
    "Card",
    "CardKind",
    "Challenge",
    "ChallengeState",
    "Checkpoint",
    "Choice",
    "Citation",
    "ConsensusMap",
    "Consent",
    "ContributionReading",
    "Cosignature",
    "Decision",
    "Draft",
    "DraftingRound",
    "DraftingText",
    "Embedding",
    "EntryType",
    "FileState",
    "Followed",
    "FoundingCode",
    "GlossaryEntry",
    "Hand",
    "Invitation",
    "ItemKind",
    "Judgement",
    "KitStep",
    "KitStepText",
    "LastVisit",
    "Letter",
    "MailedInvitation",
    "ModelChoice",
    "Moderation",
    "ModerationChoice",
    "Move",
    "Note",
    "NoteBefore",
    "Noticed",
    "Objection",
    "Origin",
    "Outcome",
    "Participant",
    "Phase",
    "PhaseKind",
    "PhaseText",
    "PolisImport",
    "Poll",
    "PollAnswer",
    "PollOption",
    "PollOptionText",
    "Pool",
    "PoolState",
    "Proposal",
    "ProposalText",
    "Purpose",
    "Ranking",
    "RankingTurn",
    "Ratification",
    "Ratified",
    "RecordCheck",
    "RecordEntry",
    "RecordKey",
    "RecordOpening",
    "RecordOwner",
    "RecordSubtree",
    "Redaction",
    "Report",
    "ReportCredential",
    "ReportFile",
    "ReportFormat",
    "Respondent",
    "ResultsShown",
    "Review",
    "Role",
    "Route",
    "Rule",
    "RunState",
    "Scene",
    "Seat",
    "Session",
    "SessionText",
    "Side",
    "Stage",
    "Standing",
    "Statement",
    "StatementText",
    "Step",
    "Summary",
    "SummaryRun",
    "SummaryState",
    "TableRound",
    "Temperature",
    "Verb",
    "Verdict",
    "Vote",
    "WhyStopped",
    "WhyWithdrawn",
    "WitnessedLog",
    "Wording",
    "hash_of_code",
    "in_language",
    "kinds_allowing",
    "new_code",
    "text_digest",
]
