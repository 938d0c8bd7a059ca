"""How it was counted, by which models, what it cannot tell, and how anybody checks it."""

import json
from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.analysis.stability import stability_word
from deliberation.exports.content.blocks import Block, Code, Fact, Facts, Items, Lines, Paragraph
from deliberation.exports.content.words import Words, moment, number


def method(words: Words) -> Iterator[Block]:
    yield Paragraph(
        _(
            "People who answer alike stand near each other on the map. Groups are shown only where they appear again "
            "when people and statements are drawn anew at random, and where they predict hidden votes better than no "
            "groups would. A statement is common ground if most people in every group agree; it divides if the groups "
            "differ by more than chance allows, corrected for the number of statements looked at."
        )
    )
    yield from _tested(words.frozen["map"]["snapshot"]["tested"])
    yield Paragraph(
        _(
            "Arguments are compared by meaning. What several people said is counted once for each person, and told in "
            "the words of one of them. A sentence in new words is shown only after somebody has read it beside its "
            "sources."
        )
    )
    frozen = words.frozen["map"]
    facts = [
        Fact(_("Map"), number(frozen["version"]), words.address("map")),
        Fact(_("Made"), _at(frozen["made_at"])),
        Fact(_("Code version"), frozen["code_version"]),
    ]
    if words.is_for_archive:
        facts.append(Fact(_("Settings used"), json.dumps(frozen["parameters"], sort_keys=True), is_code=True))
    yield Facts(tuple(facts))


def _tested(tested: dict[str, Any] | None) -> Iterator[Block]:
    if word := stability_word(tested):
        value = {"word": word, "value": _decimal(tested["stability"])}
        yield Paragraph(
            _("Here the groups are %(word)s: %(value)s, where 1 means the same every time and 0 no more than chance.")
            % value
        )
    if tested and (judged := tested["prediction"]):
        yield Paragraph(
            _(
                "Of %(n)s hidden votes, guesses that knew the groups were off by %(with)s on average, guesses that did "
                "not by %(without)s. Less is better, 0 would be a perfect guess."
            )
            % {
                "n": number(judged["hidden_votes"]),
                "with": _decimal(judged["with_groups"]),
                "without": _decimal(judged["without_groups"]),
            }
        )


def models(words: Words) -> Iterator[Block]:
    """Which models read the arguments; empty where none did."""
    used = words.frozen["summary"]["models"] if words.frozen["summary"] else []
    if not used:
        yield Paragraph(_("No model has read or written anything in this report."))
        return
    yield Paragraph(
        _("These models read the arguments. They decide nothing: people chose the questions and read the answers.")
    )
    for model in used:
        yield Facts(tuple(_model(model)))


def _model(model: dict[str, Any]) -> Iterator[Fact]:
    yield Fact(_("Model"), model["model_id"])
    named = {"revision": _("Revision"), "licence": _("Licence"), "host": _("Where it runs")}
    for key, term in named.items():
        if model.get(key):
            yield Fact(term, str(model[key]), is_code=key == "revision")
    if model.get("weights_sha256"):
        yield Fact(_("Weights (SHA-256)"), model["weights_sha256"], is_code=True)


def limits(words: Words) -> Iterator[Block]:
    snapshot = words.frozen["map"]["snapshot"]
    told = [
        _("It shows the people who took part, not the whole town."),
        _(
            "It shows answers to these statements. With other statements there might be other groups: that is why "
            "anyone may write one."
        ),
        _(
            "A flat map leaves things out. Two people who stand near each other may still differ on what matters most "
            "to them."
        ),
        _("A group is no party and has no leader. Its letter means nothing, and nobody is told who is in it."),
        _("What many agree with need not be right. The map prepares a conversation; it decides nothing."),
        _("No share of fewer than five people is shown, and no second one from which it could be worked out."),
        _(
            "Words that were hidden, withdrawn or erased since this report was made are not in it any more. The counts "
            "stay as they were."
        ),
    ]
    ungrouped = snapshot["participants"] - snapshot["grouped"] if snapshot["stable"] else 0
    if ungrouped:
        told.append(
            ngettext(
                "%(n)s person has voted too little to be placed in a group.",
                "%(n)s people have voted too little to be placed in a group.",
                ungrouped,
            )
            % {"n": number(ungrouped)}
        )
    yield Items(tuple(told))


def verify(words: Words) -> Iterator[Block]:
    yield Paragraph(
        _(
            "This report was made from a frozen state of the assembly, and that state is named in the sealed record. "
            "Anybody can check that nothing was left out or altered:"
        )
    )
    yield Items(
        (
            _("Open the record of this assembly, at the address below or with the code."),
            _("Download the bundle there, and follow the steps of its file VERIFY.md."),
            _("Compare the two numbers below with those in the bundle, letter for letter."),
            _("If you took part, check your receipts on the same page."),
        ),
        is_numbered=True,
    )
    yield Code(words.full_address("record"), _("The record of this assembly"))
    yield Facts(tuple(_digests(words)))
    if checkpoint := words.frozen.get("checkpoint"):
        yield Lines(checkpoint["note"], _("Signed checkpoint of the record when this report was made"))


def _digests(words: Words) -> Iterator[Fact]:
    yield Fact(_("This report (SHA-256)"), words.report.digest, is_code=True)
    digest = words.frozen["map"]["input_digest"]
    term = _("Votes behind map %(version)s (SHA-256)") % {"version": words.frozen["map"]["version"]}
    yield Fact(term, digest, is_code=True)
    entries = number(words.frozen["record_entries"])
    yield Fact(_("Entries in the record when it was made"), entries, words.address("record"))
    if checkpoint := words.frozen.get("checkpoint"):
        yield Fact(_("Entries sealed by then"), number(checkpoint["size"]), words.address("record"))


def _at(text: str) -> str:
    return moment(timezone.localtime(parse_datetime(text)))


def _decimal(value: float) -> str:
    return str(number_format(value, decimal_pos=2, use_l10n=True))
