"""Files of a report: made by a worker, served to whom they are for, and gone the moment words must go."""

import zipfile
from io import BytesIO

import pytest
from django.conf import settings
from django.urls import reverse

from deliberation.actions import exporting
from deliberation.actions.consenting import withdraw_consent
from deliberation.actions.erasing import erase
from deliberation.actions.errors import NotClosedYet
from deliberation.actions.exporting import make_file, order_file, remove_strays
from deliberation.actions.moderating import moderate
from deliberation.actions.phases import close_phase, show_results
from deliberation.actions.withdrawing import restore, withdraw
from deliberation.exports import files
from deliberation.models import (
    Argument,
    Assembly,
    Decision,
    FileState,
    Purpose,
    Redaction,
    Report,
    ReportFile,
    ReportFormat,
    ResultsShown,
    Role,
    Rule,
)
from tests.people import a_facilitator, a_member, browser_of
from tests.reporting import a_deliberated_assembly, a_report

pytestmark = pytest.mark.django_db(transaction=True)

SECTIONS = ["asked", "key_points", "verify"]


@pytest.fixture(autouse=True)
def _files_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "VAR_DIR", tmp_path)


@pytest.fixture
def assembly() -> Assembly:
    return a_deliberated_assembly()


@pytest.fixture
def report(assembly) -> Report:
    return a_report(assembly)


def order(report: Report, format: ReportFormat = ReportFormat.JSON, level: Redaction = Redaction.PUBLIC) -> ReportFile:
    return order_file(report, format, "en", level, SECTIONS, by=None)


def a_file(report: Report, format: ReportFormat = ReportFormat.JSON, level: Redaction = Redaction.PUBLIC) -> ReportFile:
    file = order(report, format, level)
    assert make_file(file.pk) is not None
    file.refresh_from_db()
    return file


def address_of(file: ReportFile) -> str:
    return reverse("report_file", args=[file.report.assembly.slug, file.report.version, file.public_id])


def kept() -> list[str]:
    return sorted(path.name for path in files.directory().glob("*"))


def got(file: ReportFile, reader=None):
    return browser_of(reader).get(address_of(file))


def body(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize("format", [each for each in ReportFormat if each != ReportFormat.DATASET])
@pytest.mark.parametrize("level", list(Redaction))
def test_every_format_is_made_at_every_level_and_served(report, format, level):
    reader = a_facilitator(report.assembly)

    file = a_file(report, format, level)

    response = got(file, reader)
    assert (response.status_code, response["Content-Type"]) == (200, files.TYPES[format])
    assert response["Content-Disposition"] == f'attachment; filename="{files.name_of(file)}"'
    assert len(body(response)) == file.size > 1000
    assert response["ETag"] == f'"{file.digest}"'
    assert (file.state, file.done) == (FileState.READY, exporting.STEPS)


def test_the_same_order_twice_is_one_file_made_once(report):
    first, second = order(report), order(report)

    made = [make_file(first.pk), make_file(second.pk)]

    assert first == second
    assert [each is not None for each in made] == [True, False]
    assert kept() == [f"{first.public_id}.1"]


def test_the_same_report_gives_the_same_bytes(report):
    for format in (ReportFormat.PDF, ReportFormat.DOCX, ReportFormat.CSV, ReportFormat.JSON):
        file = a_file(report, format)
        ReportFile.objects.filter(pk=file.pk).update(state=FileState.WAITING)

        make_file(file.pk)

        assert ReportFile.objects.get(pk=file.pk).digest == file.digest, format


def test_each_level_is_given_to_those_it_is_for(assembly, report):
    readers = {
        "stranger": None,
        "member": a_member(assembly, "Ana"),
        "moderator": a_member(assembly, "Dewi", Role.MODERATOR),
        "commissioner": a_member(assembly, "Citra", Role.COMMISSIONER),
        "facilitator": a_facilitator(assembly),
    }
    made = {level: a_file(report, level=level) for level in Redaction}

    given = {who: [got(made[level], reader).status_code for level in Redaction] for who, reader in readers.items()}

    assert given == {
        "stranger": [200, 404, 404],
        "member": [200, 404, 404],
        "moderator": [200, 404, 404],
        "commissioner": [200, 200, 404],
        "facilitator": [200, 200, 200],
    }


def test_nobody_but_the_facilitator_gets_a_file_while_results_are_hidden(assembly, report):
    file = a_file(report)
    show_results(assembly.phases.get(), ResultsShown.AFTER_CLOSE)
    citra = a_member(assembly, "Citra", Role.COMMISSIONER)
    listed = reverse("report_files", args=[assembly.slug, report.version])

    hidden = [got(file, reader).status_code for reader in (None, citra, a_facilitator(assembly))]

    assert hidden == [404, 404, 200]
    assert browser_of(None).get(listed).status_code == 404


def test_a_browser_that_has_the_file_is_told_so(report):
    file = a_file(report)

    response = browser_of(None).get(address_of(file), headers={"if-none-match": f'"{file.digest}"'})

    assert response.status_code == 304


def hide(argument: Argument) -> None:
    moderate(argument, Decision.REJECTED, "", by=None, rule=Rule.ATTACK)


def erase_author(argument: Argument) -> None:
    erase(argument.author)


def withdraw_quoting(argument: Argument) -> None:
    withdraw_consent(argument.author, Purpose.QUOTE)


@pytest.mark.parametrize("gone", [hide, withdraw, erase_author, withdraw_quoting])
def test_words_that_must_go_are_out_of_every_file_at_once_and_files_are_made_anew(assembly, report, gone):
    argument = Argument.objects.get(text__startswith="Argument 1")
    words, reader = argument.text, a_facilitator(assembly)
    formats = [ReportFormat.JSON, ReportFormat.HTML]
    made = [a_file(report, format, Redaction.ARCHIVE) for format in formats]
    assert all(words.encode() in body(got(file, reader)) for file in made)

    gone(argument)

    assert [got(file, reader).status_code for file in made] == [404, 404]
    assert kept() == []
    for file in made:
        assert make_file(file.pk) is not None
        anew = body(got(file, reader))
        assert words.encode() not in anew


def test_words_that_come_back_are_in_the_files_again(report):
    argument = Argument.objects.get(text__startswith="Argument 1")
    file = a_file(report)
    withdraw(argument)
    make_file(file.pk)
    assert argument.text.encode() not in body(got(file))

    restore(argument)
    make_file(file.pk)

    assert argument.text.encode() in body(got(file))


def test_a_file_that_is_being_made_while_words_go_is_never_served(report, monkeypatch):
    argument = Argument.objects.get(text__startswith="Argument 1")
    file = order(report)
    read = files.reader_of

    def read_then_erased(of):
        write = read(of)

        def write_late() -> bytes:
            content = write()
            assert argument.text.encode() in content
            erase(argument.author)
            return content

        return write_late

    monkeypatch.setattr(files, "reader_of", read_then_erased)
    assert make_file(file.pk) is None
    assert (got(file).status_code, kept()) == (404, [])

    monkeypatch.setattr(files, "reader_of", read)
    assert make_file(file.pk) is not None
    assert argument.text.encode() not in body(got(file))


def test_a_file_whose_worker_died_is_made_by_the_next(report):
    file = order(report)
    ReportFile.objects.filter(pk=file.pk).update(state=FileState.BUILDING, done=1)

    assert exporting.waiting() == [file.pk]
    assert make_file(file.pk) is not None
    assert exporting.waiting() == []


def test_a_file_that_cannot_be_made_says_so_and_may_be_ordered_again(report, monkeypatch):
    file, read = order(report), files.reader_of

    def broken(of):
        raise OSError("the disk is full")

    monkeypatch.setattr(files, "reader_of", broken)
    make_file(file.pk)
    listed = browser_of(a_facilitator(report.assembly)).get(reverse("report_files", args=["river", 1])).content.decode()
    assert "This file could not be made." in listed

    monkeypatch.setattr(files, "reader_of", read)
    order(report)

    assert make_file(file.pk) is not None
    assert got(file).status_code == 200


def test_what_a_killed_worker_left_is_removed_and_what_is_served_stays(report, monkeypatch):
    file = a_file(report)
    (files.directory() / "stray.1").write_bytes(b"left behind")
    remove_strays()
    assert kept() == sorted([f"{file.public_id}.1", "stray.1"])  # it may be being written just now

    monkeypatch.setattr(exporting, "STRAY_AFTER", -1)
    remove_strays()

    assert kept() == [f"{file.public_id}.1"]


def test_a_dataset_waits_for_the_close_and_holds_what_was_agreed_to(assembly, report):
    ana, budi = Argument.objects.filter(side="for")[:2]
    ana.author.consents.create(purpose=Purpose.REUSE)
    with pytest.raises(NotClosedYet):
        order(report, ReportFormat.DATASET)
    close_phase(assembly.phases.get())

    file = a_file(report, ReportFormat.DATASET)

    with zipfile.ZipFile(BytesIO(body(got(file)))) as dataset:
        arguments = dataset.read("arguments.csv").decode()
        everything = "".join(dataset.read(name).decode() for name in dataset.namelist())
    assert ana.text in arguments
    assert budi.text not in everything
    assert ana.author.pseudonym not in everything
    withdraw_consent(ana.author, Purpose.REUSE)
    make_file(file.pk)
    with zipfile.ZipFile(BytesIO(body(got(file)))) as dataset:
        assert ana.text not in dataset.read("arguments.csv").decode()


def chosen(**values: str) -> dict[str, str]:
    return {"format": "json", "language": "en", "level": "public", "asked": "on", **values}


def test_a_facilitator_orders_a_file_and_sees_it_come(report):
    browser = browser_of(a_facilitator(report.assembly))

    response = browser.post(reverse("new_report_file", args=["river", 1]), chosen(verify="on"), follow=True)

    file = ReportFile.objects.get()
    assert (file.format, file.level, file.sections) == ("json", "public", ["asked", "verify"])
    assert "It is being made." in response.content.decode()
    make_file(file.pk)
    assert address_of(file) in browser.get(reverse("report_files", args=["river", 1])).content.decode()


def test_the_commissioner_orders_files_at_their_level_and_never_beyond(report):
    browser = browser_of(a_member(report.assembly, "Citra", Role.COMMISSIONER))
    address = reverse("new_report_file", args=["river", 1])

    page = browser.get(address).content.decode()
    refused = browser.post(address, chosen(level="archive"))
    listed = browser.post(address, chosen(level="commissioner"), follow=True)

    assert ("for the commissioner" in page, "for the archive" in page) == (True, False)
    assert (refused.status_code, "Select a valid choice" in refused.content.decode()) == (400, True)
    file = ReportFile.objects.get()
    assert (file.level, "It is being made." in listed.content.decode()) == ("commissioner", True)
    make_file(file.pk)
    assert browser.get(address_of(file)).status_code == 200


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"format": "json", "language": "en", "level": "public"}, 400, "Please choose at least one section."),
        (chosen(format="exe"), 400, "Select a valid choice"),
        (chosen(language="fr"), 400, "Select a valid choice"),
        (chosen(format="dataset", level="archive"), 400, "A dataset for research is for everybody."),
        (chosen(format="dataset"), 409, "a dataset can be made then"),
        (chosen(evil="1"), 400, "something unexpected"),
    ],
)
def test_a_wrong_order_is_refused_with_words_and_keeps_what_was_chosen(report, values, status, said):
    browser = browser_of(a_facilitator(report.assembly))

    response = browser.post(reverse("new_report_file", args=["river", 1]), values)

    page = response.content.decode()
    assert (response.status_code, said in page, ReportFile.objects.count()) == (status, True, 0)
