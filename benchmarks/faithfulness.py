"""What gate A lets through: attacked rewrites by kind, faithful compressions, and planted instructions.

    python -m benchmarks.faithfulness

The cases are those of tests/summarizer/rewrites.toml and injections.toml, written for this project.
"""

import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from summarizer.faithfulness import Source, check
from summarizer.flags import flag

HERE = Path(__file__).resolve().parents[1] / "tests" / "summarizer"
REWRITES: dict[str, list[dict[str, Any]]] = tomllib.loads((HERE / "rewrites.toml").read_text(encoding="utf-8"))
INJECTIONS: list[str] = tomllib.loads((HERE / "injections.toml").read_text(encoding="utf-8"))["strings"]
JOIN = {"en": "and", "id": "dan"}
LANGUAGES = ("en", "id")


def main() -> None:
    for language in LANGUAGES:
        passed = defaultdict(list)
        for kind, rewrite, cited in attacks(language):
            passed[kind].append(check(rewrite, cited, language).accepted)
        faithful = [
            check(text, sources(case, language), language).accepted
            for case in REWRITES[language]
            for text in case["faithful"]
        ]
        tried = sum(len(results) for results in passed.values())
        print(f"{language}: {sum(map(sum, passed.values()))} of {tried} attacked rewrites pass")
        for kind, results in passed.items():
            print(f"    {kind:20} {sum(results)} of {len(results)}")
        print(f"    faithful compressions {sum(faithful)} of {len(faithful)} accepted")
    print(f"{sum(flag(text) == 'injection' for text in INJECTIONS)} of {len(INJECTIONS)} planted instructions flagged")


def sources(case: dict[str, Any], language: str) -> list[Source]:
    return [Source(f"author {row}", "for", language, text) for row, text in enumerate(case["sources"])]


def attacks(language: str) -> Iterator[tuple[str, str, list[Source]]]:
    for row, case in enumerate(REWRITES[language]):
        for kind in ("negation", "number", "role", "quantifier", "hedge"):
            yield kind, case[kind], sources(case, language)
        merged = f"{case['sources'][0].rstrip('.')} {JOIN[language]} {case['opposite']}"
        yield "merged sides", merged, sources(case, language)
        yield "injected imperative", f"{case['faithful'][0]} {INJECTIONS[row]}", sources(case, language)


if __name__ == "__main__":
    main()
