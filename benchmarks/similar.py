"""How long somebody who writes waits until similar statements are offered, beside encoding the same text alone.

    python -m deliberation.embedded exec -- python -m benchmarks.similar [--drafts 200] [--quick]

Real servers: each draft is posted over HTTP, kept in PostgreSQL, handed to the interactive worker by Redis, encoded and
compared with the statements of the demo assembly; the clock stops when the answer with the offer is there. Encoding
alone is timed in this process with one thread, as in the worker, between the posts.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import time

import django

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from django.core.management import call_command  # noqa: E402 - Django has to be set up before its models are imported

from deliberation.analysis.embedding import encoder  # noqa: E402
from deliberation.demo.content import statements_content  # noqa: E402
from deliberation.models import Assembly, Embedding, text_digest  # noqa: E402
from tests.stack import Stack, wait_until  # noqa: E402
from tests.voters import Voter  # noqa: E402

LONGEST = 0.3  # seconds from request to offer, in the median
DRAFTS_A_PERSON = 60  # nobody may ask more than twice a second


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--drafts", type=int, default=200)
    parser.add_argument("--quick", action="store_true", help="50 drafts")
    arguments = parser.parse_args()
    call_command("translations", compile=True)
    call_command("collectstatic", interactive=False, verbosity=0)
    texts = drafts(50 if arguments.quick else arguments.drafts)
    encoder().encode(texts[:1])  # once, so that nothing is loaded while the clock runs
    with Stack(interactive=True) as stack:
        stack.manage("seed_demo")
        with stack.orm():
            assembly = Assembly.objects.get()
            wait_until(lambda: all_have_vectors(assembly), timeout=300)
            measured = watch(stack, assembly, texts)
    report(*measured)


def drafts(count: int) -> list[str]:
    """Statements of the demo in both languages, each a little changed, so that none was read before."""
    known = [text for each in statements_content().statements for text in each.translations().values()]
    return [f"{known[n % len(known)].rstrip('.')} ({n})" for n in range(count)]


def all_have_vectors(assembly: Assembly) -> bool:
    shown = assembly.statements.shown()
    texts = [*shown.values_list("text", flat=True), *shown.values_list("translations__text", flat=True)]
    digests = {text_digest(text) for text in texts if text}
    return Embedding.objects.filter(text_digest__in=digests).count() == len(digests)


def watch(stack: Stack, assembly: Assembly, texts: list[str]) -> tuple[list[float], list[float], int]:
    """Seconds to each answer and to encode the same text alone right after; how many answers held an offer."""
    offers, alone, found = [], [], 0
    for n, text in enumerate(texts):
        if n % DRAFTS_A_PERSON == 0:
            person = Voter(stack, assembly.slug).join()
        began = time.perf_counter()
        page = person._post(f"/a/{assembly.slug}/statements/new/draft/", text=text, language="recognise")
        answered = time.perf_counter()
        encoder().encode([text])
        offers.append(answered - began)
        alone.append(time.perf_counter() - answered)
        found += "similar-title" in page.text
    return offers, alone, found


def report(offers: list[float], alone: list[float], found: int) -> None:
    median, slow = statistics.median(offers), statistics.quantiles(offers, n=100)[98]
    bare = statistics.median(alone)
    print(
        f"{len(offers)} drafts, each a little different from a statement of the demo; {found} were offered similar ones"
    )
    print(f"from request to offer: median {1000 * median:.0f} ms, p99 {1000 * slow:.0f} ms")
    print(
        f"encoding the same text alone: median {1000 * bare:.0f} ms; the whole way is {median / bare:.1f} times as long"
    )
    if median > LONGEST:
        sys.exit(f"MISSED: a median of more than {1000 * LONGEST:.0f} ms")
    if found < len(offers) * 0.9:
        sys.exit("MISSED: too few were offered what they are like")


if __name__ == "__main__":
    main()
