"""What was asked, who took part, how it ran."""

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from deliberation.exports.content.blocks import Block, Cell, Fact, Facts, Paragraph, Said, Table
from deliberation.exports.content.words import Words, in_language, moment, number
from deliberation.models import PhaseKind, Route, Rule


def asked(words: Words) -> Iterator[Block]:
    text = in_language(words.frozen["asked"], words.language)
    yield Said(text["remit"], words.language, url=words.address("assembly"), is_quote=False)
    facts = [(_("Asked by"), text["asked_by"]), (_("What happens now"), text["purpose"])]
    if any(told for _term, told in facts):
        yield Facts(tuple(Fact(term, told) for term, told in facts if told))


def took_part_in_words(took: dict[str, Any]) -> str:
    voted = _("%(voted)s of %(joined)s people who joined have voted, %(votes)s times in all.") % {
        key: number(took[key]) for key in ("voted", "joined", "votes")
    }
    argued = ngettext("%(n)s person wrote arguments.", "%(n)s people wrote arguments.", took["argued"])
    return f"{voted} {argued % {'n': number(took['argued'])}}"


def helped_in_words(helped: dict[str, int], votes: int) -> str:
    """How much helpers entered, for how many people: never which of it, or for whom."""
    if not helped:
        return ""
    return ngettext(
        "%(votes)s of %(all)s votes were entered by a helper, for %(people)s person without a device.",
        "%(votes)s of %(all)s votes were entered by helpers, for %(people)s people without a device.",
        helped["people"],
    ) % {"votes": number(helped["votes"]), "all": number(votes), "people": number(helped["people"])}


def simulated_in_words(took: dict[str, Any]) -> str:
    if not took["simulated"]:
        return ""
    return _(
        "%(n)s of the %(total)s participants are simulated. This report shows how one is made; it is not the opinion "
        "of real people."
    ) % {"n": number(took["simulated"]), "total": number(took["joined"])}


def took_part(words: Words) -> Iterator[Block]:
    took = words.frozen["took_part"]
    if warning := simulated_in_words(took):
        yield Paragraph(warning, "warning")
    yield Paragraph(took_part_in_words(took))
    if told := helped_in_words(took.get("helped", {}), took["votes"]):
        yield Paragraph(told)
    rows = tuple(
        (Cell(str(Route(route).label).capitalize()), Cell(number(people))) for route, people in took["routes"].items()
    )
    yield Table(_("How people came in"), (_("Way in"), _("People")), rows, (False, True))
    yield from _lottery(words)
    yield Paragraph(_("Everybody takes part under a name of their choice. A member of a group is never named."), "soft")


def _lottery(words: Words) -> Iterator[Block]:
    """The seats of the lottery against what was aimed for, one table a category."""
    drawn = words.frozen.get("lottery")
    if not drawn:
        return
    counts = {"seats": number(drawn["seats"]), "came": number(drawn["came"] or 0)}
    if drawn["came"] is None:
        yield Paragraph(_("%(seats)s seats were drawn by lottery; fewer than five people have come so far.") % counts)
    else:
        yield Paragraph(_("%(seats)s seats were drawn by lottery; %(came)s people have come with one.") % counts)
    head = (_("Value"), _("Target"), _("Seats"), _("Met"))
    for category in drawn["categories"]:
        rows = tuple(_seats(row) for row in category["rows"])
        title = _("Seats against targets: %(category)s") % {"category": category["name"]}
        yield Table(title, head, rows, (False, True, True, False))
    told = _("Counts below five are not told, nor another that would tell them; whether a target was met is.")
    yield Paragraph(told, "soft")


def _seats(row: dict[str, Any]) -> tuple[Cell, ...]:
    least, most = row["min"], row["max"]
    target = number(least) if least == most else f"{number(least)}–{number(most)}"
    count = _("not told") if row["count"] is None else number(row["count"])
    return Cell(row["value"]), Cell(target), Cell(count), Cell(_("met") if row["met"] else _("missed"))


def how_it_ran(words: Words) -> Iterator[Block]:
    rows = tuple(_phase(phase, words) for phase in words.frozen["phases"])
    if rows:
        head = (_("Phase"), _("Planned"), _("Opened"), _("Closed"))
        yield Table(_("Phases, as planned and as they were"), head, rows, (False,) * 4)
    counts = {key: number(count) for key, count in words.frozen["statements"].items()}
    yield Paragraph(
        _("%(shown)s statements were open to votes; %(seed)s of them came from the organisers, to begin with.") % counts
    )
    yield Paragraph(_("Rejected by moderation: %(rejected)s. Withdrawn by their authors: %(withdrawn)s.") % counts)
    if words.frozen["statements"].get("merged"):
        told = _("Put together with another that says the same, and closed for new votes: %(merged)s.") % counts
        yield Paragraph(told)
    if words.frozen["statements"].get("held"):
        yield Paragraph(_("Waiting for a moderator who reads before everybody: %(held)s.") % counts)
    yield from _moderation(words)


def _phase(phase: dict[str, Any], words: Words) -> tuple[Cell, ...]:
    name = in_language(phase["names"], words.language) or str(PhaseKind(phase["kind"]).label)
    planned = " – ".join(date_format(parse_date(phase[key]), "j M Y") for key in ("starts_on", "ends_on"))
    return Cell(name), Cell(planned), *(Cell(_moment(phase[key])) for key in ("opened_at", "closed_at"))


def _moment(text: str | None) -> str:
    return moment(timezone.localtime(parse_datetime(text))) if text else "–"


def _moderation(words: Words) -> Iterator[Block]:
    """Which rule hid how much; for the archive also which contribution."""
    hidden = words.frozen.get("moderation", [])
    if not words.names_people or not hidden:
        return
    counts = {rule: sum(each["rule"] == rule for each in hidden) for rule in ["", *Rule.values]}
    rows = tuple((Cell(_rule(rule)), Cell(number(count))) for rule, count in counts.items() if count)
    yield Table(_("What moderators have hidden, by rule"), (_("Rule"), _("Contributions")), rows, (False, True))
    if words.is_for_archive:
        log = tuple((Cell(each["id"]), Cell(_rule(each["rule"])), Cell(_moment(each["at"]))) for each in hidden)
        head = (_("Contribution"), _("Rule"), _("Hidden"))
        yield Table(_("Which contributions moderators have hidden"), head, log, (False,) * 3)


def _rule(rule: str) -> str:
    return str(Rule(rule).label) if rule else _("decided where it was imported from")
