"""The auditors' bundle: the map's numbers, computed again from the votes by a program that knows nothing of ours."""

import json
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from scipy.special import chdtrc

from deliberation.actions.erasing import erase
from deliberation.actions.moderating import moderate
from deliberation.actions.reporting import make_report
from deliberation.actions.voting import vote_on
from deliberation.models import Assembly, Choice, ConsensusMap, Decision, Participant, Statement
from deliberation.record.sealing import seal
from tests.finished_assembly import finish, join_all, keep_keys_in, lines_of, program, unpacked
from tests.people import a_statement, browser_of, is_named

pytestmark = pytest.mark.django_db(transaction=True)

program("verify")
audit = program("audit")


@pytest.fixture(autouse=True)
def _keys_of_its_own(tmp_path, monkeypatch):
    keep_keys_in(tmp_path, monkeypatch)


def two_groups_vote(assembly: Assembly, people: int = 24, statements: int = 10) -> list[Statement]:
    """Two groups who see most things the other way round, with a few who differ, so that no count is trivial."""
    rng, made = random.Random(5), [a_statement(assembly) for _ in range(statements)]
    for i, person in enumerate(join_all(assembly, people)):
        for j, statement in enumerate(made):
            leaning = 1 if j < 2 or (i % 2 == j % 2) else -1
            chosen = rng.choices([leaning, 0, -leaning, None], [80, 6, 6, 8])[0]
            if chosen is not None:
                vote_on(person, statement, Choice(chosen))
    return made


def audited(folder: Path) -> list[str]:
    return list(audit.audit(folder))


def why_not(folder: Path) -> str:
    with pytest.raises(audit.Wrong) as wrong:
        audited(folder)
    return str(wrong.value)


def repacked(folder: Path) -> None:
    """The sums of the files as they are now: as somebody would write them who wants to be believed."""
    listed = [line.decode().split("  ")[1].strip() for line in lines_of(folder, "SHA256SUMS")]
    bundle = audit.Bundle(folder)
    (folder / "SHA256SUMS").write_text("".join(f"{bundle.digest(name)}  {name}\n" for name in listed))


def with_voters(folder: Path, change) -> None:
    header, *voters = [json.loads(line) for line in lines_of(folder, "voters.jsonl")]
    change(header, voters)
    lines = [json.dumps(each, sort_keys=True, separators=(",", ":")) for each in [header, *voters]]
    (folder / "voters.jsonl").write_text("\n".join(lines) + "\n")
    repacked(folder)


def test_the_map_of_two_groups_is_computed_again(assembly, ben, tmp_path):
    statements = two_groups_vote(assembly)
    moderate(statements[3], Decision.REJECTED, "", None, "personal_data")
    finish(assembly)

    steps = audited(unpacked(assembly, tmp_path / "bundle", ben, for_auditors=True))

    shown = ConsensusMap.objects.filter(assembly=assembly).first().snapshot
    assert [group["letter"] for group in shown["groups"]] == ["A", "B"]
    assert shown["common_ground"]
    assert shown["divides"]
    assert all(group["representative"] for group in shown["groups"])
    assert steps[9] == "10. ok  24 voters, 2 groups: the map's counts, shares and lists follow from their votes"


def test_a_map_without_groups_is_computed_again(assembly, ben, tmp_path):
    rng, made = random.Random(6), [a_statement(assembly) for _ in range(9)]
    for person in join_all(assembly, 16):
        for statement in made:
            vote_on(person, statement, Choice(rng.choice([1, 0, -1])))
    finish(assembly)

    steps = audited(unpacked(assembly, tmp_path / "bundle", ben, for_auditors=True))

    assert not ConsensusMap.objects.filter(assembly=assembly).first().snapshot["stable"]
    assert steps[9].startswith("10. ok  16 voters, ")


NUMBERS = {
    "a share of a group": lambda shown: first_share(shown).update(agree=first_share(shown)["agree"] + 1),
    "the size of a group": lambda shown: shown["groups"][0].update(size=shown["groups"][0]["size"] + 1),
    "consensus": lambda shown: shown["statements"][0].update(consensus=shown["statements"][0]["consensus"] + 0.001),
    "how far groups differ": lambda shown: shown["statements"][4].update(divisive=0.1234),
    "that groups differ": lambda shown: shown["statements"][0].update(differs=not shown["statements"][0]["differs"]),
    "the order of common ground": lambda shown: shown["common_ground"].reverse(),
    "what divides": lambda shown: shown["divides"].pop(),
    "what a group stands for": lambda shown: shown["groups"][1]["representative"].pop(),
    "how many took part": lambda shown: shown.update(participants=shown["participants"] + 1),
}


def first_share(shown):
    return next(share for share in shown["statements"][0]["groups"].values() if share)


def test_a_map_that_says_something_else_is_rejected_whatever_it_is(assembly, ben, tmp_path):
    """Signed, sealed and named by the record: only counting again finds these."""
    two_groups_vote(assembly)
    finish(assembly)
    made = ConsensusMap.objects.filter(assembly=assembly).first()
    true = json.dumps(made.snapshot)

    told = {}
    for what, change in NUMBERS.items():
        made.snapshot = json.loads(true)
        change(made.snapshot)
        made.save()
        make_report(assembly, None)
        seal(assembly)
        told[what] = why_not(unpacked(assembly, tmp_path / what, ben, for_auditors=True))

    assert all(each.startswith("report.json, ") for each in told.values())
    assert {what for what, each in told.items() if "the votes give" not in each} == set()


def test_votes_that_are_put_together_wrongly_are_rejected(assembly, ben, tmp_path):
    two_groups_vote(assembly)
    finish(assembly)

    def changed(name: str, change) -> str:
        folder = unpacked(assembly, tmp_path / name, ben, for_auditors=True)
        with_voters(folder, change)
        return why_not(folder)

    def give(header, voters):  # more votes than there are statements
        voters[0]["votes"] += voters[1]["votes"]
        voters[1]["votes"] = []

    def exchange(header, voters):  # one vote against all but one: again too many for the first
        voters[0]["votes"][:1], voters[1]["votes"][1:] = voters[1]["votes"][1:], voters[0]["votes"][:1]

    def move(header, voters):
        grouped = next(each for each in voters if each["group"] >= 0)
        grouped["group"] = 1 - grouped["group"]

    assert "line 2: has two votes" in changed("moved", give)
    assert changed("left out", lambda h, v: v[0]["votes"].pop()).startswith("voters.jsonl: says nothing of entry")
    assert "somebody else's" in changed("twice", lambda h, v: v[1]["votes"].append(v[0]["votes"][0]))
    assert "is not the next voter" in changed("a voter less", lambda h, v: v.pop(0))
    assert changed("another group", move).startswith("report.json, groups: it says")
    assert "two votes on statement" in changed("exchanged", exchange)


def test_the_public_bundle_has_nothing_of_it_and_nobody_else_gets_it(assembly, ben, tmp_path):
    two_groups_vote(assembly, people=12, statements=5)
    finish(assembly)
    ana = assembly.participants.exclude(pk=ben.pk).first()

    public = unpacked(assembly, tmp_path / "public")
    asked_by_a_member = unpacked(assembly, tmp_path / "member", ana, for_auditors=True)

    assert not (public / "voters.jsonl").exists()
    assert not (public / "audit.py").exists()
    assert not (asked_by_a_member / "voters.jsonl").exists()


def test_taking_it_is_an_entry_of_the_record_and_names_are_not_in_it(assembly, ben, tmp_path):
    two_groups_vote(assembly, people=12, statements=5)
    finish(assembly)

    answer = browser_of(ben).post("/a/river/record/audit.zip")
    data = b"".join(answer.streaming_content)

    (tmp_path / "bundle.zip").write_bytes(data)
    told = audit.Bundle(tmp_path / "bundle.zip").bytes("voters.jsonl").decode()
    entry = assembly.record.filter(type="export").latest("pk")
    assert answer["Content-Disposition"].startswith('attachment; filename="river-audit-')
    assert json.loads(bytes(entry.leaf))["id"].startswith("audit-")
    people = Participant.objects.filter(assembly=assembly)
    assert not any(person.public_id in told or is_named(person.pseudonym, told) for person in people)


def test_the_program_runs_from_the_unpacked_bundle(assembly, ben, tmp_path):
    two_groups_vote(assembly)
    finish(assembly)
    folder = unpacked(assembly, tmp_path / "bundle", ben, for_auditors=True)

    for _ in range(2):  # what Python leaves behind is no surplus file
        run = subprocess.run([sys.executable, "audit.py", "."], cwd=folder, capture_output=True, text=True)

        assert (run.returncode, run.stderr) == (0, "")
        assert run.stdout.splitlines()[-1] == "Everything that could be checked is right."


def test_a_report_from_before_somebody_was_erased_is_not_computed_and_that_is_said(assembly, ben, tmp_path):
    two_groups_vote(assembly, people=12, statements=5)
    finish(assembly)
    erase(assembly.participants.exclude(pk=ben.pk).first())
    seal(assembly)

    steps = audited(unpacked(assembly, tmp_path / "bundle", ben, for_auditors=True))

    assert steps[9].startswith("10. ok  NOT COMPUTED: votes were erased since")


def test_the_tail_of_chi_squared_is_that_of_scipy():
    for freedom in range(1, 9):
        for x in (0.0, 0.01, 0.5, 1.0, 3.3, 10.0, 40.0, 200.0):
            assert audit.chi_squared_above(x, freedom) == pytest.approx(float(chdtrc(freedom, x)), rel=1e-9, abs=1e-300)
    assert np.isfinite(audit.chi_squared_above(1e4, 8))
