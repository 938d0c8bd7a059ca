"""What a run reads: named by id and digest when it begins, so that every later step reads the same or stops."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import rfc8785

from deliberation import visibility
from deliberation.analysis.consensus_map import group_letters
from deliberation.models import Argument, Assembly, ConsensusMap, Proposal, Statement, SummaryRun


class InputChanged(Exception):
    """Something a run read at its beginning was changed, hidden or taken back since."""


@dataclass(frozen=True)
class Reading:
    """The contributions of one run, as they stand in the database."""

    run: SummaryRun
    arguments: list[Argument]
    statements: list[Statement]
    quotable: frozenset[str]
    merged: dict[str, Argument]
    letters: dict[int, str]

    @property
    def assembly(self) -> Assembly:
        return self.run.assembly

    @property
    def may_draft(self) -> bool:
        return bool(self.run.parameters["rewriter"] != "off")

    @cached_property
    def proposals(self) -> list[tuple[Proposal, list[Argument]]]:
        proposals = list(self.assembly.proposals.all())
        return [(each, [one for one in self.arguments if one.proposal_id == each.pk]) for each in proposals]

    @cached_property
    def texts(self) -> dict[str, str]:
        return {each.public_id: each.text for each in (*self.statements, *self.arguments)}

    @cached_property
    def quotable_statements(self) -> list[Statement]:
        return [each for each in self.statements if each.public_id in self.quotable]


def pin(run: SummaryRun) -> None:
    """Fix what the run is about to read. Call it in a repeatable-read transaction and save the run."""
    run.map = ConsensusMap.objects.filter(assembly=run.assembly).first()
    found = _contributions(run.assembly)
    run.inputs = _digests(run.assembly, found)


def read(run: SummaryRun) -> Reading:
    """What was pinned. Raises InputChanged if any of it reads otherwise now or is not to be read any more."""
    found = {each.public_id: each for each in _contributions(run.assembly) if each.public_id in run.inputs}
    if _digests(run.assembly, found.values()) != run.inputs:
        raise InputChanged
    return Reading(
        run=run,
        arguments=[each for each in found.values() if isinstance(each, Argument)],
        statements=[each for each in found.values() if isinstance(each, Statement)],
        quotable=frozenset(quotable_ids(run.assembly)),
        merged=visibility.merged_arguments(run.assembly),
        letters=group_letters(run.map) if run.map else {},
    )


def digest_of(reading: Reading, parameters: dict[str, Any], code_version: str) -> str:
    """SHA-256 of everything the document follows from, whoever wrote it and in which order it was written."""
    content = {
        "code": code_version,
        "parameters": parameters,
        "models": reading.run.models_used,
        "map": reading.run.map and reading.run.map.input_digest,
        "texts": reading.run.inputs,
        "quotable": sorted(reading.quotable & set(reading.run.inputs)),
        "said": sorted([each.public_id, each.side, each.language, each.author_id] for each in reading.arguments),
    }
    return hashlib.sha256(rfc8785.dumps(content)).hexdigest()


def changed_since(run: SummaryRun) -> int:
    """How many of the contributions that the run read are otherwise now, or gone."""
    now = _digests(run.assembly, _contributions(run.assembly))
    return sum(now.get(one) != digest for one, digest in run.inputs.items())


def quotable_ids(assembly: Assembly) -> set[str]:
    """What may be quoted: of people who agreed to that, and of the organisers."""
    return {
        public_id
        for model in (Statement, Argument)
        for public_id in model.objects.filter(assembly=assembly).shown().quotable().values_list("public_id", flat=True)
    }


def _digests(assembly: Assembly, found: Iterable[Statement | Argument]) -> dict[str, str]:
    """Of the words; of a merged argument also of what it is merged into, so that merging is a change."""
    merged = visibility.merged_arguments(assembly)
    told = {each.public_id: each.text for each in found}
    told |= {one: f"{told[one]}\n{into.public_id}" for one, into in merged.items() if one in told}
    return {one: sha256_of(text) for one, text in told.items()}


def sha256_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _contributions(assembly: Assembly) -> list[Statement | Argument]:
    """Everything that is shown, in an order that does not depend on the database."""
    statements = Statement.objects.filter(assembly=assembly).shown()
    arguments = Argument.objects.filter(assembly=assembly).shown().select_related("author", "proposal")
    return [*sorted(statements, key=lambda each: each.public_id), *sorted(arguments, key=lambda each: each.public_id)]
