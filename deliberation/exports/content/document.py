"""One builder for every format: from a frozen report to sections of blocks, so that numbers agree by construction."""

from collections.abc import Callable, Iterable, Iterator

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from deliberation.exports.content import heard, method, people, votes
from deliberation.exports.content.blocks import Block, Document, Fact, Section
from deliberation.exports.content.words import Words, day, in_language, number, read_words
from deliberation.models import Redaction, Report

Builder = Callable[[Words], Iterator[Block]]
SECTIONS: dict[str, tuple[str | Promise, Builder]] = {
    "asked": (gettext_lazy("What was asked"), people.asked),
    "took_part": (gettext_lazy("Who took part"), people.took_part),
    "how_it_ran": (gettext_lazy("How it ran"), people.how_it_ran),
    "map": (gettext_lazy("The map of opinions"), votes.the_map),
    "groups": (gettext_lazy("The groups"), votes.groups),
    "common_ground": (gettext_lazy("Common ground"), votes.common_ground),
    "divides": (gettext_lazy("What divides"), votes.divides),
    "minority": (gettext_lazy("Views of a minority"), votes.minority),
    "key_points": (gettext_lazy("What we heard"), heard.key_points),
    "proposals": (gettext_lazy("Arguments on each proposal"), heard.proposals),
    "drafting": (gettext_lazy("What was drafted and ranked"), heard.drafting),
    "statements": (gettext_lazy("All statements"), votes.statements),
    "method": (gettext_lazy("How this was counted"), method.method),
    "models": (gettext_lazy("Models used"), method.models),
    "limits": (gettext_lazy("What this report cannot tell"), method.limits),
    "verify": (gettext_lazy("How to check this report"), method.verify),
    "sources": (gettext_lazy("Sources"), heard.sources),
}
PICKABLE = tuple(key for key in SECTIONS if key != "sources")  # those come with whatever cites them


def build_document(
    report: Report, language: str, level: Redaction, sections: Iterable[str] = PICKABLE, site: str = ""
) -> Document:
    """The report for one reader: today's words around the frozen numbers. `site` begins every address.

    Call it in one moment with whatever else goes into the same file.
    """
    with override(language):
        words = read_words(report, language, level, site)
        picked = {*sections, "sources"}
        built = tuple(_section(key, words) for key in SECTIONS if key in picked)
        return _document(words, tuple(section for section in built if section.blocks))


def _section(key: str, words: Words) -> Section:
    title, builder = SECTIONS[key]
    return Section(key, str(title), tuple(builder(words)))


def _document(words: Words, sections: tuple[Section, ...]) -> Document:
    report, text = words.report, in_language(words.frozen["asked"], words.language)
    made = day(timezone.localtime(report.created_at))
    took = words.frozen["took_part"]
    facts = [
        (_("Asked by"), text["asked_by"]),
        (_("Took part"), people.took_part_in_words(took)),
        (_("What happens now"), text["purpose"]),
    ]
    return Document(
        title=text["title"],
        remit=text["remit"],
        eyebrow=_("Report %(version)s, %(day)s") % {"version": report.version, "day": made},
        language=words.language,
        level=str(words.level.value),
        level_line=_("This copy is %(level)s.") % {"level": words.level.label},
        version=report.version,
        day=made,
        facts=tuple(Fact(term, told) for term, told in facts if told),
        warning=people.simulated_in_words(took),
        footer=_footer(words),
        contents=_("Contents"),
        page_of=_("Page {page} of {pages}"),
        url=words.site + reverse("report_version", args=[words.assembly.slug, report.version]),
        digest=report.digest,
        sections=sections,
    )


def _footer(words: Words) -> str:
    report, checkpoint = words.report, words.frozen.get("checkpoint")
    if not checkpoint:
        return _("Report %(version)s · %(digest)s") % {"version": report.version, "digest": report.digest[:12]}
    return _("Report %(version)s · %(digest)s · checkpoint %(size)s") % {
        "version": report.version,
        "digest": report.digest[:12],
        "size": number(checkpoint["size"]),
    }
