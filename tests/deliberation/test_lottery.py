"""The democratic lottery: a pool is sealed, and a public seed draws from it, again and again the same people."""

import csv
import io
import json
import os
import subprocess
import sys
import zipfile
from datetime import timedelta

import pytest
from django.utils import timezone

from deliberation.actions.drawing import (
    NotSignedYet,
    ask_to_draw,
    ask_to_seal,
    invite_selected,
    take_back_the_seal,
    withdraw_from_seat,
    work_on,
)
from deliberation.actions.errors import NotInThisState
from deliberation.actions.joining import find_invitation, join
from deliberation.actions.mapping import refresh_map
from deliberation.actions.pooling import (
    CATEGORY,
    delete_data,
    delete_what_is_due,
    name_columns,
    set_targets,
    shortfalls,
    take_upload,
)
from deliberation.actions.reporting import make_report
from deliberation.analysis import lottery
from deliberation.exports.content.blocks import Paragraph, Table
from deliberation.exports.content.document import build_document
from deliberation.forms.pool import TargetsForm
from deliberation.models import Pool, PoolState, RecordOpening, Redaction, Respondent, Role, Standing
from deliberation.record.sealing import seal
from tests.people import a_facilitator, a_member, an_assembly, browser_of, two_camps
from tests.pools import CATEGORIES, a_drawn_pool, a_file, a_named_pool, a_ready_pool, a_sealed_pool

pytestmark = pytest.mark.django_db

LATER = timedelta(days=30)


def upload(assembly, text: str, seats: int = 2) -> Pool:
    return take_upload(assembly, text, seats, timezone.localdate() + LATER)


def told_of(assembly) -> list[dict]:
    openings = RecordOpening.objects.filter(entry__assembly=assembly, entry__type="sortition").order_by("entry")
    return [json.loads(bytes(each.content)) for each in openings]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_file_comes_in_whichever_sign_parts_its_columns(delimiter):
    pool = upload(an_assembly(), a_file(30, delimiter))

    pool = name_columns(pool, ["address", "reference", *[CATEGORY] * 6])

    assert pool.categories == list(CATEGORIES)
    assert (pool.respondents.count(), pool.problems, pool.upload) == (30, [], "")


def test_rows_that_cannot_be_used_are_left_out_and_named():
    text = "mail,age\nana@example.org,young\nana@example.org,old\nnobody,old\ndewi@example.org,\ncici@example.org\n"

    pool = name_columns(upload(an_assembly(), text), ["address", CATEGORY])

    assert pool.problems == [[3, "twice", "mail"], [4, "address", "mail"], [5, "empty", "age"], [6, "cells", ""]]
    assert [person.values for person in pool.respondents.all()] == [["young"]]


def test_columns_that_are_not_needed_are_forgotten():
    text = "letter,name,age\n1,Ana,young\n2,Ben,old\n"

    pool = name_columns(upload(an_assembly(), text), ["reference", "left_out", CATEGORY])

    kept = list(pool.respondents.order_by("reference").values_list("reference", "address", "values"))
    assert kept == [("1", "", ["young"]), ("2", "", ["old"])]


def test_two_spellings_of_one_value_are_one():
    text = "letter,age\n1,Young\n2,young\n3,old\n"

    pool = name_columns(upload(an_assembly(), text), ["reference", CATEGORY])

    assert [(each["value"], each["have"]) for each in pool.targets[0]["values"]] == [("old", 1), ("Young", 2)]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("12", (12, 12)), ("12-14", (12, 14)), ("12 – 14", (12, 14)), ("13 %", (12, 13)), ("12,5%", (12, 13))],
)
def test_targets_are_seats_ranges_or_shares(said, meant):
    values = [{"value": "young", "said": ""}]

    form = TargetsForm({"value-0": said}, values=values, seats=99)

    assert form.is_valid(), form.errors
    assert form.targets == [(form.cleaned_data["value-0"], *meant)]


@pytest.mark.parametrize("said", ["", "many", "14-12", "100", "101 %", "-3"])
def test_what_is_no_target_is_refused(said):
    form = TargetsForm({"value-0": said}, values=[{"value": "young", "said": ""}], seats=99)

    assert not form.is_valid()


def test_targets_that_cannot_be_met_are_named_at_once():
    pool = name_columns(upload(an_assembly(), "letter,age\n1,young\n2,old\n3,old\n"), ["reference", CATEGORY])

    set_targets(pool, 0, [("1", 1, 1), ("2", 2, 2)])

    pool.refresh_from_db()
    assert [(each["why"], each["category"]) for each in shortfalls(pool)] == [("people", "age"), ("least", "age")]
    with pytest.raises(NotInThisState):
        ask_to_seal(pool)


def test_targets_that_exclude_each_other_are_named_with_the_smallest_change():
    rows = [f"{n},young,north" for n in range(5)] + [f"{n},old,south" for n in range(5, 10)]
    text = "\n".join(["letter,age,place", *rows])
    pool = name_columns(upload(an_assembly(), text, seats=4), ["reference", CATEGORY, CATEGORY])
    set_targets(pool, 0, [("2", 2, 2), ("2", 2, 2)])
    set_targets(pool, 1, [("3", 3, 3), ("0-2", 0, 2)])

    ask_to_seal(pool)
    work_on(pool.pk)

    pool.refresh_from_db()
    changed = [(each["category"], each["value"]) for each in pool.trouble["wider"]]
    assert (pool.state, pool.trouble["why"]) == (PoolState.READY, "targets")
    assert changed
    assert set(changed) <= {("age", "old"), ("age", "young"), ("place", "north"), ("place", "south")}


def test_the_seal_stands_in_the_record_before_the_seed():
    assembly = an_assembly()
    pool = a_ready_pool(assembly, 400, 24)
    ask_to_seal(pool)
    work_on(pool.pk)
    pool.refresh_from_db()

    with pytest.raises(NotSignedYet):
        ask_to_draw(pool, "4 8 15 16 23 42")

    seal(assembly)
    ask_to_draw(pool, "4 8 15 16 23 42")
    work_on(pool.pk)
    told = told_of(assembly)
    assert [each["what"] for each in told] == ["sealed", "seed", "drawn"]
    assert {each["digest"] for each in told} == {lottery.digest_of(bytes(pool.sealed))}


def test_nothing_about_a_person_stands_in_the_record_or_in_what_is_sealed():
    assembly = an_assembly()

    pool = a_drawn_pool(assembly)

    person = pool.respondents.exclude(address="").first()
    said = json.dumps(told_of(assembly)) + bytes(pool.sealed).decode()
    assert person.address
    assert person.reference
    assert [each for each in (person.address, person.reference, "example.org") if each in said] == []


def test_a_draw_meets_every_target_and_fills_every_seat():
    pool = a_drawn_pool(an_assembly(), 2000, 99)

    assert [sum(counts) for counts in pool.result["counts"]] == [99] * 6
    missed = [
        (category["name"], value["value"], count)
        for category, counts in zip(pool.targets, pool.result["counts"], strict=True)
        for value, count in zip(category["values"], counts, strict=True)
        if not value["min"] <= count <= value["max"]
    ]
    assert missed == []


def test_another_seed_draws_other_people():
    sealed = bytes(a_sealed_pool(an_assembly()).sealed)

    assert lottery.draw(sealed, "1234").selected != lottery.draw(sealed, "1235").selected


def test_a_draw_that_is_asked_for_twice_is_made_once():
    pool = a_drawn_pool(an_assembly())
    before = list(pool.respondents.values_list("number", "standing", "turn"))

    work_on(pool.pk)

    assert list(pool.respondents.values_list("number", "standing", "turn")) == before
    assert [each["what"] for each in told_of(pool.assembly)] == ["sealed", "seed", "drawn"]


def test_a_sealed_pool_cannot_change_and_its_seal_can_be_taken_back_in_the_open():
    pool = a_sealed_pool(an_assembly())
    values = pool.targets[0]["values"]
    with pytest.raises(NotInThisState):
        set_targets(pool, 0, [("0", 0, 0)] * len(values))
    with pytest.raises(NotInThisState):
        upload(pool.assembly, a_file(30))

    take_back_the_seal(pool)

    pool.refresh_from_db()
    assert (pool.state, pool.digest, bytes(pool.sealed)) == (PoolState.READY, "", b"")
    assert [each["what"] for each in told_of(pool.assembly)] == ["sealed", "unsealed"]


def test_the_package_repeats_the_draw_with_its_replacements_on_another_machine(tmp_path):
    pool = a_drawn_pool(an_assembly("river"))
    withdraw_from_seat(pool.respondents.filter(standing=Standing.SELECTED).first())
    withdraw_from_seat(pool.respondents.filter(standing=Standing.SELECTED).last())
    answer = browser_of(a_facilitator(pool.assembly)).get("/a/river/desk/pool/package.zip")
    zipfile.ZipFile(io.BytesIO(answer.content)).extractall(tmp_path)

    repeated = [_repeat(tmp_path, hash_seed) for hash_seed in ("1", "2")]

    assert [each.returncode for each in repeated] == [0, 0], repeated[0].stdout + repeated[0].stderr
    assert pool.digest in repeated[0].stdout
    assert repeated[0].stdout == repeated[1].stdout


def _repeat(directory, hash_seed: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "lottery.py", "pool.json", "selection.json"]
    own = {**os.environ, "PYTHONHASHSEED": hash_seed}
    return subprocess.run(command, cwd=directory, env=own, capture_output=True, text=True, timeout=120)


def test_a_package_in_which_somebody_was_exchanged_is_found_out(tmp_path):
    pool = a_drawn_pool(an_assembly("river"))
    answer = browser_of(a_facilitator(pool.assembly)).get("/a/river/desk/pool/package.zip")
    package = zipfile.ZipFile(io.BytesIO(answer.content))
    told = json.loads(package.read("selection.json"))
    sealed = package.read("pool.json")
    told["selected"][0] = told["substitutes"][0]

    assert lottery.repeated(sealed, told) == ["other people are drawn"]
    assert lottery.repeated(sealed.replace(b"woman", b"Woman", 1), told) == ["this is not the pool that was sealed"]


def test_a_substitute_who_keeps_the_targets_takes_the_seat_of_whoever_withdraws():
    pool = a_drawn_pool(an_assembly(), 2000, 99)
    left = pool.respondents.filter(standing=Standing.SELECTED).first()

    called = withdraw_from_seat(left)

    pool.refresh_from_db()
    left.refresh_from_db()
    assert (left.standing, called.standing, called.replaces) == (Standing.WITHDRAWN, Standing.SELECTED, left)
    assert pool.result["replacements"] == [[left.number, called.number]]
    assert [sum(counts) for counts in pool.result["counts"]] == [99] * 6
    with pytest.raises(NotInThisState):
        withdraw_from_seat(left)


def test_whoever_joins_with_the_invitation_of_their_seat_has_confirmed_it():
    pool = a_drawn_pool(an_assembly())
    by_hand = pool.respondents.filter(standing=Standing.SELECTED, address="").order_by("number")
    Respondent.objects.filter(pk=pool.respondents.filter(standing=Standing.SELECTED).first().pk).update(address="")

    sent, _, codes = invite_selected(pool, LATER, "en")

    person = by_hand.first()
    joined, _ = join(pool.assembly, "Ana", "en", invitation=find_invitation(codes[0]))
    person.refresh_from_db()
    assert sent + len(codes) == 24
    assert (joined.route, person.standing) == ("lottery", Standing.CONFIRMED)
    assert invite_selected(pool, LATER, "en") == (0, "", [])


def test_the_pool_forgets_the_address_of_whoever_has_joined_and_of_nobody_else():
    pool = a_drawn_pool(an_assembly())
    invite_selected(pool, LATER, "en")
    invited = pool.respondents.exclude(address="").filter(invitation__isnull=False).order_by("number")
    joining, waiting = invited[0], invited[1]

    join(pool.assembly, "Ana", "en", invitation=joining.invitation)

    joining.refresh_from_db()
    assert (joining.address, joining.standing) == ("", Standing.CONFIRMED)
    assert Respondent.objects.get(pk=waiting.pk).address == waiting.address


@pytest.mark.django_db(transaction=True)  # a report is made as of one moment
def test_the_report_tells_the_seats_against_the_targets_and_no_small_count():
    assembly = an_assembly("river")
    two_camps(assembly)
    refresh_map(assembly)
    pool = a_drawn_pool(assembly)

    report = make_report(assembly, None)
    delete_data(pool)  # what was counted stays

    built = build_document(report, "en", Redaction.PUBLIC)
    blocks = next(each for each in built.sections if each.key == "took_part").blocks
    tables = {
        each.caption: each for each in blocks if isinstance(each, Table) and each.caption.startswith("Seats against")
    }
    gender = table_text(tables["Seats against targets: Gender"])
    assert len(tables) == 6
    assert [row[0] for row in gender] == ["man", "other", "woman"]
    assert gender[1][2] == "not told"
    told = [int(row[2]) for table in tables.values() for row in table_text(table) if row[2] != "not told"]
    assert told
    assert min(told) >= 5
    assert any(isinstance(each, Paragraph) and "fewer than five people have come" in each.text for each in blocks)


def table_text(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_the_home_of_an_assembly_leads_to_its_draw_where_there_is_one():
    drawn, other = a_drawn_pool(an_assembly("river")).assembly, an_assembly("hill")

    pages = [
        browser_of(person).get(f"/a/{each.slug}/").content.decode()
        for each in (drawn, other)
        for person in (None, a_member(each))
    ]

    assert ["/selection/" in page for page in pages] == [True, True, False, False]


def test_deleting_the_pool_leaves_what_was_counted_and_nobody():
    pool = a_drawn_pool(an_assembly())

    delete_data(pool)

    pool.refresh_from_db()
    assert (pool.respondents.count(), bytes(pool.sealed), pool.upload) == (0, b"", "")
    assert [sum(counts) for counts in pool.result["counts"]] == [24] * 6
    assert told_of(pool.assembly)[-1]["what"] == "deleted"


def test_the_data_go_on_the_day_that_was_stated():
    today, tomorrow = timezone.localdate(), timezone.localdate() + timedelta(days=1)
    due, not_yet = a_named_pool(an_assembly(), 30, 5), a_named_pool(an_assembly(), 30, 5)
    Pool.objects.filter(pk=due.pk).update(delete_on=today)
    Pool.objects.filter(pk=not_yet.pk).update(delete_on=tomorrow)

    delete_what_is_due()

    assert list(Pool.objects.all()) == [not_yet]


def test_the_public_page_tells_the_draw_and_no_small_count():
    pool = a_drawn_pool(an_assembly("river"))

    page = browser_of(None).get("/a/river/selection/").content.decode()

    assert pool.digest in page
    assert "4 8 15 16 23 42" in page
    assert "not told" in page
    assert "example.org" not in page
    assert min(min(counts) for counts in pool.result["counts"]) < 5


def test_rows_left_out_are_downloaded_without_anything_that_a_table_program_would_run():
    assembly = an_assembly("river")
    name_columns(upload(assembly, "letter,=age\n1,\n2,old\n"), ["reference", CATEGORY])

    answer = browser_of(a_facilitator(assembly)).get("/a/river/desk/pool/left-out.csv").content.decode()

    assert list(csv.reader(answer.splitlines()))[1] == ["2", "nothing stands here", "'=age"]


def test_facilitators_of_another_assembly_see_nothing_of_a_lottery():
    a_drawn_pool(an_assembly("river"))
    others = [
        a_facilitator(an_assembly("hills"), "Chidi"),
        a_member(Pool.objects.get().assembly, "Dewi", Role.MODERATOR),
    ]

    answers = {browser_of(each).get(f"/a/river/desk/pool/{page}").status_code
               for each in others for page in ("", "package.zip", "left-out.csv")}  # fmt: skip

    assert answers == {404}
    assert browser_of(a_facilitator(Pool.objects.get().assembly)).get("/a/river/desk/pool/").status_code == 200


def test_a_draw_that_breaks_is_given_back_with_the_seal_as_it_was():
    pool = a_sealed_pool(an_assembly())
    digest = pool.digest
    ask_to_draw(pool, "4 8 15 16 23 42")
    Pool.objects.filter(pk=pool.pk).update(sealed=b"not what was sealed")

    work_on(pool.pk)

    pool.refresh_from_db()
    assert (pool.state, pool.seed, pool.digest, pool.trouble) == (PoolState.SEALED, "", digest, {"why": "error"})
    assert set(pool.respondents.values_list("standing", flat=True)) == {Standing.WAITING}


def test_whoever_steps_in_at_the_wrong_moment_is_told_and_changes_nothing():
    pool = a_drawn_pool(an_assembly("river"))
    ben = browser_of(a_facilitator(pool.assembly))
    pages = ("columns", "categories/0/targets", "seals", "seals/undone", "draws")

    answers = {page: ben.post(f"/a/river/desk/pool/{page}/").status_code for page in pages}

    assert answers == dict.fromkeys(pages, 404)
    assert [each["what"] for each in told_of(pool.assembly)] == ["sealed", "seed", "drawn"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The submitted file is empty."),
        (b"one line\n", "There must be between 1 and 20,000 people below the first row."),
        (b"a,a\n1,2\n", "Each column needs a name of its own in the first row."),
        (b'a,b\n"1,2\n', "This file could not be read as a table. Save it as CSV (UTF-8)."),
        (b"a,b\n\x00\x01,2\n", "This file could not be read as a table. Save it as CSV (UTF-8)."),
    ],
)
def test_a_file_that_is_no_table_of_people_is_refused_in_words(content, told):
    assembly = an_assembly("river")
    ben = browser_of(a_facilitator(assembly))
    sent = {"file": io.BytesIO(content), "seats": 2, "delete_on": str(timezone.localdate() + LATER)}
    sent["file"].name = "pool.csv"

    answer = ben.post("/a/river/desk/pool/", sent)

    assert answer.status_code == 400
    assert told in answer.content.decode()
    assert not Pool.objects.exists()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_from_an_office_program_is_read_in_the_code_it_was_saved_in(encoding):
    assembly = an_assembly("river")
    ben = browser_of(a_facilitator(assembly))
    file = io.BytesIO("Großraum;Alter\nKöln;jung\nBonn;alt\n".encode(encoding))
    file.name = "pool.csv"

    answer = ben.post("/a/river/desk/pool/", {"file": file, "seats": 1, "delete_on": str(timezone.localdate() + LATER)})

    assert answer.status_code == 302
    assert Pool.objects.get().upload.split() == ["Großraum;Alter", "Köln;jung", "Bonn;alt"]
