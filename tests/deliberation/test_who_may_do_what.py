"""Every address, asked for and posted to by everybody: what each role reaches is written here and nowhere else.

A new address without a line in the table fails the first test.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone

from deliberation import record
from deliberation.actions.appealing import appeal
from deliberation.actions.asking import ask
from deliberation.actions.challenging import challenge
from deliberation.actions.checking_counts import start_audit
from deliberation.actions.drafting import Step, begin_round, take_step, write_draft
from deliberation.actions.exporting import make_file, order_file
from deliberation.actions.helping import begin_helping, stop_helping
from deliberation.actions.holding_up import hold_up
from deliberation.actions.mapping import refresh_map
from deliberation.actions.moderating import moderate
from deliberation.actions.noting import take_note
from deliberation.actions.polling import open_poll
from deliberation.actions.preparing import explain
from deliberation.actions.proposing import write_seed
from deliberation.actions.reporting import make_report
from deliberation.actions.telling_news import stop_token
from deliberation.actions.trusting import invite
from deliberation.models import (
    CardKind,
    Decision,
    Participant,
    PoolState,
    Redaction,
    ReportFormat,
    Role,
    Rule,
    RunState,
    Side,
    SummaryRun,
)
from deliberation.record.codes import code_of
from deliberation.record.sealing import seal
from deliberation.urls import urlpatterns
from tests.kits import a_published_law
from tests.people import a_facilitator, a_member, a_proposal, an_assembly, browser_of, two_camps
from tests.pools import a_drawn_pool
from tests.sessions import an_open_session
from tests.summaries import a_summary, arguments_of

pytestmark = pytest.mark.django_db(transaction=True)

DAY = timedelta(days=1)
ROLES = ["stranger", "member", "moderator", "commissioner", "facilitator", "facilitator elsewhere"]
EVERYBODY, NOBODY = set(ROLES), set()
HAS_AN_ACCOUNT = EVERYBODY - {"stranger"}
TAKES_PART = {"member", "moderator", "commissioner", "facilitator"}
MODERATES = {"moderator", "facilitator"}
HAS_A_VOICE = TAKES_PART - {"commissioner"}  # whoever asked, or observes, came to read
COMMISSIONS = {"commissioner", "facilitator"}
FACILITATES = {"facilitator"}

# Address: who is let in with GET, who with POST.
MAY = {
    "home": (EVERYBODY, NOBODY),
    "healthz": (EVERYBODY, NOBODY),
    # Whoever the operator lets: tests/deliberation/test_founding.py.
    **dict.fromkeys(("founders", "founding_links", "founding_link_closures", "founder_removals"), (NOBODY, NOBODY)),
    "new_assembly": (NOBODY, NOBODY),
    "found": (NOBODY, NOBODY),
    "manifest": (EVERYBODY, NOBODY),
    "worker": (EVERYBODY, NOBODY),
    "offline": (EVERYBODY, NOBODY),
    "language": (NOBODY, EVERYBODY),
    "leave": (NOBODY, EVERYBODY),
    "enter": (EVERYBODY, EVERYBODY),
    "sign_in_by_email": (NOBODY, EVERYBODY),
    "email_code": (HAS_AN_ACCOUNT, HAS_AN_ACCOUNT),  # and strangers who have asked for a code
    "emails": (NOBODY, HAS_AN_ACCOUNT),
    "email_removals": (NOBODY, HAS_AN_ACCOUNT),
    # Passkeys need https; there is a browser test for them.
    "sign_in_by_passkey": (NOBODY, NOBODY),
    "passkeys": (NOBODY, NOBODY),
    "passkey_options": (NOBODY, NOBODY),
    "passkey_removals": (NOBODY, NOBODY),
    "news_stop": (EVERYBODY, EVERYBODY),
    "styleguide": (EVERYBODY, NOBODY),
    "assembly": (EVERYBODY, NOBODY),
    "join": (EVERYBODY, EVERYBODY),
    "welcome": (TAKES_PART, TAKES_PART),
    "kit": (EVERYBODY, NOBODY),
    "kit_file": (EVERYBODY, NOBODY),
    "kit_readings": (NOBODY, TAKES_PART),
    "glossary": (EVERYBODY, NOBODY),
    "conversation": (EVERYBODY, NOBODY),
    "deck": (HAS_A_VOICE, NOBODY),
    "statements": (EVERYBODY, NOBODY),
    "new_statement": (HAS_A_VOICE, HAS_A_VOICE),
    "statement_draft": (HAS_A_VOICE, HAS_A_VOICE),
    "vote": (HAS_A_VOICE, HAS_A_VOICE),
    # In their own name; for whom they help: tests/deliberation/test_helping.py.
    "helping": (MODERATES, MODERATES),  # and scribes
    "new_person": (MODERATES, MODERATES),
    "slip": (MODERATES, MODERATES),
    "helping_stops": (NOBODY, TAKES_PART),
    "helped": (FACILITATES, NOBODY),  # who has just stopped helping
    "postponements": (NOBODY, HAS_A_VOICE),
    "votes": (TAKES_PART, NOBODY),
    "map": (EVERYBODY, NOBODY),
    "map_how": (EVERYBODY, NOBODY),
    "map_words": (EVERYBODY, NOBODY),
    "map_json": (EVERYBODY, NOBODY),
    "map_version": (EVERYBODY, NOBODY),
    "map_version_json": (EVERYBODY, NOBODY),
    "share_image": (EVERYBODY, NOBODY),
    "projector": (EVERYBODY, NOBODY),
    "projector_words": (EVERYBODY, NOBODY),
    "session": (TAKES_PART, NOBODY),
    "session_state": (EVERYBODY, NOBODY),
    "hands": (NOBODY, HAS_A_VOICE),
    "lowered_hands": (NOBODY, TAKES_PART),
    "poll_answers": (NOBODY, HAS_A_VOICE),
    "cards": (NOBODY, TAKES_PART),
    "card_removals": (NOBODY, TAKES_PART),
    "notes": (EVERYBODY, NOBODY),
    "new_note": (FACILITATES, FACILITATES),  # and scribes
    "note": (EVERYBODY, NOBODY),
    "note_corrections": ({"member"}, {"member"}),  # of what the member noted
    "note_withdrawals": (NOBODY, {"member"}),  # of what the member noted
    "citations": (NOBODY, TAKES_PART),
    "citation_removals": (NOBODY, TAKES_PART),
    "proposals": (EVERYBODY, NOBODY),
    "proposal": (EVERYBODY, NOBODY),
    "arguments": (HAS_A_VOICE, HAS_A_VOICE),
    "argument_draft": (HAS_A_VOICE, HAS_A_VOICE),
    "questions": (EVERYBODY, NOBODY),
    "new_question": (HAS_A_VOICE, HAS_A_VOICE),
    "question": (EVERYBODY, NOBODY),
    "question_interests": (NOBODY, HAS_A_VOICE),
    "answering": (FACILITATES, NOBODY),  # and experts
    "answers": (FACILITATES, FACILITATES),
    "material": (FACILITATES, NOBODY),
    "new_step": (FACILITATES, FACILITATES),
    "edit_step": (FACILITATES, FACILITATES),
    "step_changes": (NOBODY, FACILITATES),
    "clauses": (FACILITATES, FACILITATES),
    "clause": (FACILITATES, FACILITATES),
    "clause_removals": (NOBODY, FACILITATES),
    "new_term": (FACILITATES, FACILITATES),
    "term": (FACILITATES, FACILITATES),
    "term_changes": (NOBODY, FACILITATES),
    "new_proposal": (FACILITATES, FACILITATES),
    "edit_proposal": (FACILITATES, FACILITATES),
    "proposal_removals": (NOBODY, FACILITATES),
    "new_seed": (FACILITATES, FACILITATES),
    "edit_seed": (FACILITATES, FACILITATES),
    "seed_changes": (NOBODY, FACILITATES),
    "question_queue": (FACILITATES, NOBODY),
    "assignments": (FACILITATES, FACILITATES),
    "drafting": (EVERYBODY, NOBODY),
    "drafting_round": (EVERYBODY, NOBODY),
    "rankings": (HAS_A_VOICE, HAS_A_VOICE),
    "objections": (HAS_A_VOICE, HAS_A_VOICE),
    "summary": (EVERYBODY, NOBODY),
    "summary_version": (EVERYBODY, NOBODY),
    "summary_versions": (EVERYBODY, NOBODY),
    "summary_changes": (EVERYBODY, NOBODY),
    "ratification": (HAS_A_VOICE, NOBODY),
    "ratifications": (HAS_A_VOICE, HAS_A_VOICE),
    "challenges": (HAS_A_VOICE, HAS_A_VOICE),
    "reviews": (FACILITATES, NOBODY),
    "review": (FACILITATES, NOBODY),
    "summary_offers": (NOBODY, FACILITATES),
    "summary_publications": (NOBODY, FACILITATES),
    "moves": (NOBODY, FACILITATES),
    "undone_moves": (NOBODY, FACILITATES),
    "verdicts": (NOBODY, FACILITATES),
    "sentence_edits": (FACILITATES, FACILITATES),
    "undone_reviews": (NOBODY, FACILITATES),
    "audit": (FACILITATES, FACILITATES),
    "judgements": (NOBODY, FACILITATES),
    "judgements_undone": (NOBODY, FACILITATES),
    "challenge_queue": (FACILITATES, NOBODY),
    "challenge_answers": (FACILITATES, FACILITATES),
    "summary_progress": (FACILITATES, NOBODY),
    "summary_stop": (NOBODY, FACILITATES),
    "summary_resume": (NOBODY, FACILITATES),
    "models": (EVERYBODY, NOBODY),
    "model_choices": (NOBODY, FACILITATES),
    "summaries": (FACILITATES, FACILITATES),
    "report": (EVERYBODY, NOBODY),
    "reports": (FACILITATES, FACILITATES),
    "report_version": (EVERYBODY, NOBODY),
    "report_files": (EVERYBODY, NOBODY),
    "new_report_file": (COMMISSIONS, COMMISSIONS),
    "report_file": (EVERYBODY, NOBODY),
    "report_schema": (EVERYBODY, NOBODY),
    "record": (EVERYBODY, NOBODY),
    "record_check": (EVERYBODY, NOBODY),
    "record_checkpoint": (EVERYBODY, NOBODY),
    "record_checkpoint_text": (EVERYBODY, NOBODY),
    "record_consistency": (EVERYBODY, NOBODY),
    "record_place": (EVERYBODY, NOBODY),
    "record_audit": (NOBODY, FACILITATES),
    "report_credential": (EVERYBODY, NOBODY),
    "witness": (NOBODY, EVERYBODY),  # who answers is decided by the signature in what is sent
    "record_entries": (EVERYBODY, NOBODY),
    "record_proof": (EVERYBODY, NOBODY),
    "record_bundle": (EVERYBODY, NOBODY),
    "record_checks": (NOBODY, TAKES_PART),
    "recovery_codes": (NOBODY, TAKES_PART),
    "receipts": (TAKES_PART, NOBODY),
    "receipts_json": (TAKES_PART, NOBODY),
    "receipts_text": (TAKES_PART, NOBODY),
    "receipt": ({"member"}, NOBODY),  # each their own
    "receipt_text": ({"member"}, NOBODY),
    "moderation_log": (EVERYBODY, NOBODY),
    "moderation_log_csv": (EVERYBODY, NOBODY),
    "mine": (TAKES_PART, NOBODY),
    "my_data": (TAKES_PART, NOBODY),
    "my_data_json": (TAKES_PART, NOBODY),
    "consents": (NOBODY, TAKES_PART),
    "consent_withdrawals": (NOBODY, TAKES_PART),
    "erasures": (NOBODY, TAKES_PART),
    "edits": ({"member"}, {"member"}),  # of what the member wrote
    "refusals": (NOBODY, {"member"}),  # of a wish about what the member wrote
    "appeals": ({"member"}, {"member"}),
    "withdrawals": (NOBODY, {"member"}),  # of what the member wrote
    "restorations": (NOBODY, {"member"}),
    "desk": (FACILITATES, NOBODY),
    "phase_openings": (NOBODY, FACILITATES),
    "phase_closings": (NOBODY, FACILITATES),
    "phase_results": (NOBODY, FACILITATES),
    "phase_plans": (NOBODY, FACILITATES),
    "setup": (FACILITATES, NOBODY),
    "setup_texts": (NOBODY, FACILITATES),
    "setup_rules": (NOBODY, FACILITATES),
    "setup_joining": (NOBODY, FACILITATES),
    "watch": (FACILITATES, NOBODY),
    "copies": (NOBODY, FACILITATES),
    "archives": (NOBODY, FACILITATES),
    "returns_from_archive": (NOBODY, FACILITATES),
    "cockpit": (FACILITATES, NOBODY),
    "sessions": (NOBODY, FACILITATES),
    "agenda_items": (NOBODY, FACILITATES),
    "room_steps": (NOBODY, FACILITATES),
    "agenda_item": (FACILITATES, FACILITATES),
    "agenda_item_removals": (NOBODY, FACILITATES),
    "agenda_removals_undone": (NOBODY, FACILITATES),
    "tables": (FACILITATES, NOBODY),
    "table_rounds": (NOBODY, FACILITATES),
    "seat_swaps": (NOBODY, FACILITATES),
    "seats_kept": (NOBODY, FACILITATES),
    "seats_left": (NOBODY, FACILITATES),
    "attendances": (NOBODY, FACILITATES),
    "desk_drafting": (FACILITATES, FACILITATES),
    "desk_drafting_round": (FACILITATES, NOBODY),
    "drafting_steps": (NOBODY, FACILITATES),
    "candidates": (NOBODY, FACILITATES),
    "candidate_removals": (NOBODY, FACILITATES),
    "candidate_returns": (NOBODY, FACILITATES),
    "drafts": (NOBODY, FACILITATES),
    "revisions": (NOBODY, FACILITATES),
    "moderation_queue": (MODERATES, NOBODY),
    "moderation_choices": (NOBODY, FACILITATES),
    "decisions": (NOBODY, MODERATES),
    "bulk_decisions": (NOBODY, MODERATES),
    "appeal_queue": (MODERATES, NOBODY),
    "appeal_outcomes": (MODERATES, MODERATES),
    "same_words": (FACILITATES, NOBODY),
    "people": (FACILITATES, NOBODY),
    "roles": (NOBODY, FACILITATES),
    "invitations": (FACILITATES, FACILITATES),
    "mailed_invitations": (NOBODY, FACILITATES),
    "invitations_kept": (NOBODY, FACILITATES),
    "revocations": (NOBODY, FACILITATES),
    "selection": (EVERYBODY, NOBODY),
    "pool": (FACILITATES, FACILITATES),
    "pool_columns": (NOBODY, FACILITATES),
    "pool_problems": (FACILITATES, NOBODY),
    "pool_targets": (NOBODY, FACILITATES),
    "pool_seals": (NOBODY, FACILITATES),
    "pool_seals_undone": (NOBODY, FACILITATES),
    "pool_draws": (NOBODY, FACILITATES),
    "pool_package": (FACILITATES, NOBODY),
    "selected_invitations": (NOBODY, FACILITATES),
    "seat_withdrawals": (NOBODY, FACILITATES),
    "seat_confirmations": (NOBODY, FACILITATES),
    "pool_removals": (NOBODY, FACILITATES),
}
OF_A_ROUND = (
    *("drafting_round", "rankings", "objections", "desk_drafting_round", "drafting_steps"),
    *("candidates", "candidate_removals", "candidate_returns", "drafts", "revisions"),
)
IN_SESSION = (
    *("agenda_items", "room_steps", "agenda_item", "agenda_item_removals", "table_rounds"),
    "agenda_removals_undone",
    *("seat_swaps", "seats_kept", "seats_left", "attendances"),
)
OF_A_STEP = (*("kit_file", "kit_readings", "edit_step", "step_changes", "clauses", "clause", "clause_removals"),)
STEP_OF_POOL = {
    "pool_columns": PoolState.UPLOADED,
    "pool_targets": PoolState.READY,
    "pool_seals": PoolState.READY,
    "pool_seals_undone": PoolState.SEALED,
    "pool_draws": PoolState.SEALED,
}
NAMES = [pattern.name for pattern in urlpatterns]


@pytest.fixture
def assembly():
    made = an_assembly("river")
    two_camps(made)
    refresh_map(made)
    make_report(made, by=None)
    seal(made)
    return made


@pytest.fixture
def people(assembly) -> dict[str, Participant | None]:
    return {
        "stranger": None,
        "member": a_member(assembly, "Ana"),
        "moderator": a_member(assembly, "Dewi", Role.MODERATOR),
        "commissioner": a_member(assembly, "Citra", Role.COMMISSIONER),
        "facilitator": a_facilitator(assembly),
        "facilitator elsewhere": a_facilitator(an_assembly("hills"), "Chidi"),
    }


@pytest.fixture
def address_of(assembly, people) -> Callable[[str], str]:
    """Addresses of things that are there, so that who is refused is not refused for want of them."""
    statement = assembly.statements.first()
    statement.author = people["member"]
    statement.save(update_fields=["author"])
    proposal = a_proposal(assembly)
    proposal.arguments.create(
        assembly=assembly, author=people["member"], side=Side.FOR, text="It helps.", language="en"
    )
    hidden = proposal.arguments.get()
    moderate(hidden, Decision.REJECTED, "", by=None, rule=Rule.ATTACK)
    batch, _ = invite(assembly, set(), good_for=DAY)
    own = record.append(assembly, type="config", id="own", content={}, by=people["member"])
    known = {
        "slug": "river",
        "name": "town-hall",
        "position": assembly.phases.get().position,
        "version": 1,
        "kind": "statement",
        "batch": batch,
        "token": stop_token(people["member"].account),
        "passkey": 1,
        "account": 1,
        "link": 1,
        "size": assembly.checkpoints.get().size,
        "sequence": 0,
        "leaf_hash": bytes(own.leaf_hash).hex(),
        "code": code_of(bytes(own.leaf_hash)),
    }
    drafting = begin_round(assembly, {"en": "What should we recommend?"})
    write_draft(drafting, {"en": "This"})
    known["candidate"] = write_draft(drafting, {"en": "That"}).public_id
    take_step(drafting, Step.OPEN)
    run = SummaryRun.objects.create(assembly=assembly, state=RunState.CANCELLED)
    said = arguments_of(a_proposal(assembly), [a_member(assembly) for _ in range(8)])
    summary = a_summary(assembly, said, state="published", published_at=timezone.now())
    start_audit(summary, "noise", people["facilitator"])
    known |= {"key": "noise", "place": 1}
    pool = a_drawn_pool(assembly, people=60, seats=6)
    pool.upload, seed = "letter,age\n1,young\n", pool.seed
    known["number"] = pool.result["drawn"][0]
    file = order_file(assembly.reports.get(), ReportFormat.JSON, "en", Redaction.PUBLIC, ["asked"], by=None)
    make_file(file.pk)
    session = an_open_session(assembly)
    note = take_note(people["member"], session.items.first(), "Who pays?", "en")
    known["item"] = session.items.last().public_id
    asked = ask(people["moderator"], "How much does a truck cost?", "en").public_id
    step = a_published_law(assembly)
    known["entry"] = explain(assembly, "en", "Landfill", "Where waste is buried.").pk
    begins = write_seed(assembly, {"en": "Every street has a bin.", "id": "Setiap jalan punya tempat sampah."})
    sitting = begin_helping(people["facilitator"], people["member"])
    stop_helping(sitting)
    public_ids = {
        "helped": sitting.public_id,
        **dict.fromkeys(OF_A_STEP, step.public_id),
        **dict.fromkeys(("edit_seed", "seed_changes"), begins.public_id),
        **dict.fromkeys(("edit_proposal", "proposal_removals"), proposal.public_id),
        **dict.fromkeys(("question", "question_interests", "answers", "assignments"), asked),
        **dict.fromkeys(IN_SESSION, session.public_id),
        **dict.fromkeys(("note", "note_corrections", "note_withdrawals"), note.public_id),
        **dict.fromkeys(("citations", "citation_removals"), note.public_id),
        "card_removals": hold_up(session, people["member"], CardKind.FAST).public_id,
        "poll_answers": open_poll(session).public_id,
        "report_file": file.public_id,
        "moves": said[3].public_id,
        "undone_moves": said[3].public_id,
        "challenge_answers": challenge(people["moderator"], summary, "noise", "It leaves out who.", "en").public_id,
        "appeal_outcomes": appeal(hidden, "It names nobody.", "en").public_id,
        "summary_stop": run.public_id,
        "summary_resume": run.public_id,
        "roles": people["member"].public_id,
        "proposal": proposal.public_id,
        "arguments": proposal.public_id,
        "argument_draft": proposal.public_id,
        **dict.fromkeys(OF_A_ROUND, drafting.public_id),
    }

    def address(name: str) -> str:
        assembly.phases.update(closed_at=None)  # whatever was posted before
        assembly.notes.update(withdrawn_at=None)
        pool.state = STEP_OF_POOL.get(name, PoolState.DRAWN)
        pool.seed = seed if pool.state == PoolState.DRAWN else ""
        pool.save()
        pattern = next(pattern for pattern in urlpatterns if pattern.name == name)
        values = {**known, "public_id": public_ids.get(name, statement.public_id)}
        return reverse(name, kwargs={key: values[key] for key in pattern.pattern.converters})

    return address


def test_every_address_has_its_line_in_the_table():
    assert sorted(NAMES) == sorted(MAY)


@pytest.mark.timeout(1200)  # every address for every role is some thousand requests
@pytest.mark.parametrize("method", ["get", "post"])
def test_everybody_reaches_what_the_table_says_and_nothing_else(method, people, address_of):
    reached = {name: {role for role in ROLES if is_let_in(people[role], method, address_of(name))} for name in NAMES}

    assert reached == {name: may[method == "post"] for name, may in MAY.items()}


def is_let_in(person: Participant | None, method: str, address: str) -> bool:
    """Refused means: nothing is here, not that way, or join first. An empty form that is sent back has been let in."""
    cache.clear()
    answer = getattr(browser_of(person), method)(address)
    assert answer.status_code < 500
    sent_to_join = answer.status_code == 302 and answer["Location"].endswith(("/join/", "/enter/"))
    return answer.status_code not in (403, 404, 405) and not sent_to_join


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("role", ["member", "facilitator"])
def test_asking_for_the_head_of_a_page_finds_what_reading_it_finds_and_writes_nothing(role, people, address_of):
    addresses = [address_of(name) for name in NAMES]
    before = assembly_size(people["member"])

    heads = {address: browser_of(people[role]).head(address).status_code for address in addresses}

    assert assembly_size(people["member"]) == before
    assert heads == {address: browser_of(people[role]).get(address).status_code for address in addresses}


def assembly_size(person: Participant) -> tuple[int, int]:
    return person.assembly.record.count(), person.assembly.reports.count()


def test_desk_pages_are_hidden_from_members_as_if_they_did_not_exist(people, address_of):
    desk = [name for name in NAMES if address_of(name).startswith("/a/river/desk/")]

    answers = {
        (role, name): browser_of(people[role]).get(address_of(name)).status_code
        for role in ("stranger", "member", "facilitator elsewhere")
        for name in desk
        if MAY[name][0]
    }

    assert answers
    assert answers == dict.fromkeys(answers, 404)
