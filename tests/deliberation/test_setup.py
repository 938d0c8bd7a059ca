"""Setting an assembly up: its words, rules, dates and doors; a copy of it, and its archive."""

import json
from datetime import date, timedelta

import pytest
from django.utils import timezone

from deliberation.actions.duplicating import duplicate
from deliberation.actions.errors import MayNotFound, NotInThisState, OutOfOrder, PhaseClosed, QuestionStays
from deliberation.actions.founding import found, make_founding_code
from deliberation.actions.looking_first import look_first
from deliberation.actions.phases import close_phase, move_phase, open_phase
from deliberation.actions.setting_up import Words, archive, has_begun, write_rules, write_texts
from deliberation.actions.stating import make_statement
from deliberation.actions.voting import vote_on
from deliberation.blueprints import blueprints
from deliberation.models import Account, Assembly, Choice, Participant, RecordEntry, Role
from tests.people import a_facilitator, a_member, a_proposal, a_statement, an_assembly, browser_of

pytestmark = pytest.mark.django_db

MONDAY = date(2027, 3, 1)
RIVER = Words("Clean river", "How do we keep it clean?", "The mayor", "Each recommendation is answered.", "An evening.")
SUNGAI = Words("Sungai bersih", "Bagaimana menjaganya?", "Wali kota", "Setiap rekomendasi dijawab.", "Satu malam.")


def a_founder() -> Account:
    return Account.objects.create(founds_since=timezone.now())


def a_founded_assembly(name: str = "three-weeks", account: Account | None = None) -> Participant:
    texts = {"en": RIVER, "id": SUNGAI}
    return found(account or a_founder(), blueprints()[name], texts, MONDAY, "en", "Ben")[0]


def days(assembly: Assembly) -> list[tuple[date, date]]:
    return [(phase.starts_on, phase.ends_on) for phase in assembly.phases.all()]


def settings_told(assembly: Assembly) -> list[dict]:
    entries = RecordEntry.objects.filter(assembly=assembly, type="config").order_by("pk").select_related("opening")
    return [
        {key: value for key, value in json.loads(bytes(entry.opening.content)).items() if key != "nonce"}
        for entry in entries
    ]


def test_a_phase_moves_alone_where_there_is_room():
    assembly = a_founded_assembly().assembly

    move_phase(assembly.phases.get(position=1), MONDAY, date(2027, 3, 8))

    assert days(assembly)[:2] == [(MONDAY, date(2027, 3, 8)), (date(2027, 3, 8), date(2027, 3, 21))]


def test_a_phase_that_would_overlap_another_stays_and_names_it():
    assembly = a_founded_assembly().assembly
    before = days(assembly)

    with pytest.raises(OutOfOrder) as refused:
        move_phase(assembly.phases.get(position=1), MONDAY, date(2027, 3, 9))

    assert refused.value.neighbour == assembly.phases.get(position=2)
    assert days(assembly) == before


def test_later_phases_move_along_when_asked_to():
    assembly = a_founded_assembly().assembly
    before = days(assembly)
    week = timedelta(days=7)

    move_phase(assembly.phases.get(position=1), MONDAY, before[0][1] + week, with_later=True)

    assert days(assembly) == [
        (MONDAY, before[0][1] + week),
        *((first + week, last + week) for first, last in before[1:]),
    ]


def test_what_is_over_and_the_beginning_of_what_is_open_stay_where_they_are():
    assembly = a_founded_assembly().assembly
    first, second = assembly.phases.all()[:2]
    open_phase(first)

    with pytest.raises(NotInThisState):
        move_phase(first, MONDAY - timedelta(days=1), first.ends_on)
    open_phase(second)
    with pytest.raises(NotInThisState):
        move_phase(first, first.starts_on, first.ends_on)


def test_words_and_languages_change_freely_before_anything_opens():
    assembly = a_founded_assembly().assembly

    write_texts(assembly, {"id": SUNGAI})

    assembly.refresh_from_db()
    assert assembly.languages == ["id"]
    assert settings_told(assembly)[-1] == {
        "what": "texts",
        "texts": {
            "id": {
                "title": "Sungai bersih",
                "remit": "Bagaimana menjaganya?",
                "asked_by": "Wali kota",
                "purpose": "Setiap rekomendasi dijawab.",
                "duration": "Satu malam.",
            }
        },
    }


def test_saving_the_same_words_tells_the_record_nothing():
    assembly = a_founded_assembly().assembly
    before = settings_told(assembly)

    write_texts(assembly, {"en": RIVER, "id": SUNGAI})

    assert settings_told(assembly) == before


def test_the_question_stays_once_it_was_asked_and_the_rest_may_change():
    assembly = a_founded_assembly().assembly
    open_phase(assembly.phases.first())

    with pytest.raises(QuestionStays):
        write_texts(assembly, {"en": Words("Clean river", "Who pays?", "The mayor", "Answered."), "id": SUNGAI})
    with pytest.raises(QuestionStays):
        write_texts(assembly, {"en": RIVER})
    write_texts(assembly, {"en": Words("A river", RIVER.remit, "The council", "Answered."), "id": SUNGAI})

    assert has_begun(assembly)
    assert {text.title for text in assembly.translations.all()} == {"A river", "Sungai bersih"}


def test_rules_are_written_for_each_language():
    assembly = a_founded_assembly().assembly

    write_rules(assembly, {"en": ["Listen."], "id": ["Dengarkan."]})

    assert {text.language: text.rules for text in assembly.translations.all()} == {
        "en": ["Listen."],
        "id": ["Dengarkan."],
    }


def test_an_assembly_with_something_open_is_not_archived():
    assembly = an_assembly()

    with pytest.raises(NotInThisState):
        archive(assembly)

    assembly.refresh_from_db()
    assert assembly.archived_at is None


def test_an_archived_assembly_is_read_and_not_written():
    assembly = an_assembly("river")
    ben, ana = a_facilitator(assembly), a_member(assembly, "Ana")
    close_phase(assembly.phases.get())
    archive(assembly)

    pages = {
        page: browser_of(ana).get(f"/a/river/{page}").status_code for page in ("", "map/", "record/", "statements/")
    }
    opening = browser_of(ben).post("/a/river/desk/phases/1/openings/", {"anyway": "on"})
    joining = browser_of(None).post("/a/river/join/", {"pseudonym": "Chidi", "consent_take_part": "on"})
    consent = browser_of(ana).post("/a/river/mine/consents/withdrawals/", {"purpose": "quote"})

    assert pages == dict.fromkeys(pages, 200)
    assert (opening.status_code, joining.status_code, consent.status_code) == (409, 409, 302)
    assert "This assembly is archived" in opening.content.decode()


def test_an_archived_assembly_leaves_the_lists_and_comes_back():
    assembly = an_assembly("river")
    ben = browser_of(a_facilitator(assembly))
    close_phase(assembly.phases.get())
    listed = 'href="/a/river/"'
    before = browser_of(None).get("/").content.decode()

    ben.post("/a/river/desk/archives/")
    archived, own = browser_of(None).get("/").content.decode(), ben.get("/").content.decode()
    ben.post("/a/river/desk/archives/returns/")
    again = browser_of(None).get("/").content.decode()

    assert [listed in page for page in (before, archived, own, again)] == [True, False, True, True]
    assert [each["what"] for each in settings_told(assembly)] == ["archive", "bring back"]


def test_what_has_not_begun_is_listed_for_those_in_it_alone():
    facilitator = a_founded_assembly()
    listed = f'href="/a/{facilitator.assembly.slug}/"'

    assert listed in browser_of(facilitator).get("/").content.decode()
    assert listed not in browser_of(None).get("/").content.decode()


def test_a_copy_has_what_was_prepared_and_nothing_that_people_gave():
    account = a_founder()
    source = a_founded_assembly("classroom", account).assembly
    proposal, ana = a_proposal(source), a_member(source, "Ana")
    source.sessions.get().items.filter(kind="questions").update(proposal=proposal)
    source.glossary.create(language="en", term="Timetable", meaning="When what begins.")
    open_phase(source.phases.first())
    make_statement(ana, "Lessons should be shorter.", "en")
    vote_on(ana, source.statements.first(), Choice.AGREE)

    copy = duplicate(source, account, MONDAY + timedelta(days=7), "en", "Ben")[0].assembly

    assert copy.slug == "clean-river-2"
    assert (copy.languages, has_begun(copy)) == (source.languages, False)
    assert days(copy) == [(first + timedelta(days=7), last + timedelta(days=7)) for first, last in days(source)]
    assert [each.text for each in copy.statements.all()] == [
        each.text for each in source.statements.filter(is_seed=True)
    ]
    assert [each.translations.count() for each in copy.statements.all()] == [1] * 12
    assert {each.public_id for each in copy.statements.all()}.isdisjoint(
        source.statements.values_list("public_id", flat=True)
    )
    assert [text.title for text in copy.kit_steps.get().translations.order_by("language")] == [
        "What there is to weigh",
        "Apa yang dipertimbangkan",
    ]
    assert list(copy.glossary.values_list("term", "meaning")) == [("Timetable", "When what begins.")]
    agenda = copy.sessions.get().items.all()
    assert [(each.kind, each.minutes) for each in agenda] == [
        (each.kind, each.minutes) for each in source.sessions.get().items.all()
    ]
    assert agenda.get(kind="questions").proposal == copy.proposals.get()
    assert agenda.get(kind="poll").poll.options_in("id")[1] == "Mulai satu jam lebih siang"
    assert [each.pseudonym for each in copy.participants.all()] == ["Ben"]
    assert settings_told(copy)[0]["copy_of"] == source.public_id


def test_only_whom_the_operator_lets_may_copy():
    assembly = an_assembly("river")
    ben = a_facilitator(assembly)

    with pytest.raises(MayNotFound):
        duplicate(assembly, ben.account, MONDAY, "en", "Ben")
    answer = browser_of(ben).post("/a/river/desk/copies/", {"starts_on": timezone.localdate().isoformat()})

    assert answer.status_code == 403
    assert Assembly.objects.count() == 1


@pytest.mark.parametrize("role", [Role.OBSERVER, Role.COMMISSIONER])
def test_whoever_only_watches_reads_and_neither_writes_nor_votes(role):
    assembly = an_assembly("river")
    statement = a_statement(assembly)
    dewi = a_member(assembly, "Dewi", role)

    with pytest.raises(PhaseClosed):
        make_statement(dewi, "The river needs more trees.", "en")
    with pytest.raises(PhaseClosed):
        vote_on(dewi, statement, Choice.AGREE)

    refused = browser_of(dewi).post("/a/river/statements/new/", {"text": "The river needs more trees."})

    assert refused.status_code == 403
    assert "The river needs more trees." in refused.content.decode()
    assert "Vote on statements" not in browser_of(dewi).get("/a/river/").content.decode()
    assert browser_of(dewi).get("/a/river/statements/").status_code == 200
    assert browser_of(dewi).get("/a/river/desk/").status_code == 404
    assert browser_of(dewi).get("/a/river/desk/pool/").status_code == 404


def test_from_the_operators_link_to_the_desk():
    code = make_founding_code(timedelta(days=1))
    chidi = browser_of(None)

    entered = chidi.post("/enter/", {"code": code})
    cards = chidi.get(entered["Location"]).content.decode()
    form = {"title_en": "Clean river", "remit_en": "How?", "asked_by_en": "The mayor", "purpose_en": "Answered."}
    form |= {"starts_on": timezone.localdate().isoformat(), "name": "Chidi"}
    missing = chidi.post("/assemblies/new/town-hall/", {**form, "purpose_en": "", "starts_on": "2020-01-01"})
    made = chidi.post("/assemblies/new/town-hall/", form)
    desk = chidi.get(made["Location"]).content.decode()
    kept = chidi.post("/a/clean-river/welcome/?from_desk")

    assert entered["Location"] == "/assemblies/new/"
    assert [name in cards for name in ("four weekends", "town hall", "three weeks", "Classroom")] == [True] * 4
    assert missing.status_code == 400
    assert "How?" in missing.content.decode()
    assert "This day is over." in missing.content.decode()
    assert made["Location"] == "/a/clean-river/desk/"
    assert "Before “The evening” opens" in desk
    assert "Keep your recovery code" in desk
    assert "/a/clean-river/welcome/?from_desk" in desk
    assert kept["Location"] == "/a/clean-river/desk/"


def test_strangers_and_facilitators_do_not_see_that_there_is_a_place_to_found():
    ben = a_facilitator(an_assembly())

    assert [browser_of(each).get("/assemblies/new/").status_code for each in (None, ben)] == [404, 404]


def test_the_set_up_page_saves_and_says_what_is_in_the_way():
    facilitator = a_founded_assembly()
    desk, place = browser_of(facilitator), f"/a/{facilitator.assembly.slug}/desk/"
    plan = {"results": "open", "after": "", "starts_on": "2027-03-01"}

    refused = desk.post(f"{place}phases/1/plans/", {**plan, "ends_on": "2027-03-20"})
    saved = desk.post(f"{place}phases/1/plans/", {**plan, "ends_on": "2027-03-08"})
    door = desk.post(f"{place}setup/joining/", {"joining": "invited"})

    assert refused.status_code == 409
    assert "“Deliberation” is planned from 8 March to 21 March." in refused.content.decode()
    assert (saved["Location"], door["Location"]) == (f"{place}setup/#phase-1", f"{place}setup/#joining")
    phase = facilitator.assembly.phases.get(position=1)
    assert (phase.ends_on, phase.results) == (date(2027, 3, 8), "open")
    facilitator.assembly.refresh_from_db()
    assert not facilitator.assembly.is_open


@pytest.mark.parametrize("looks_first", [True, False])
def test_a_copy_keeps_whether_moderators_look_first(looks_first):
    account = a_founder()
    facilitator = a_founded_assembly("classroom", account)
    look_first(facilitator.assembly, looks_first, facilitator)

    lead, _ = duplicate(facilitator.assembly, account, MONDAY, "en", "Ben")

    assert lead.assembly.looks_first == looks_first
    assert [each.by for each in lead.assembly.moderation_choices.all()] == [lead] * looks_first
