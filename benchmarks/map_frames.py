"""How long the map's script takes for a frame, beside the 16 ms that a frame lasts.

    python -m benchmarks.map_frames [--people 10000 --statements 300 --votes 400000]

The real element in Chromium, on a phone's and on a laptop's width, with two maps of a made-up assembly: frames while
one map turns into the other, while somebody drags it about, and while two fingers pinch it.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import sys
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "deliberation.settings")
django.setup()

from playwright.sync_api import Browser, Page, Route, sync_playwright  # noqa: E402 - Django has to be set up first

from benchmarks.synthetic import RawVotes, made_up_votes  # noqa: E402
from deliberation.analysis.snapshot import public_snapshot  # noqa: E402
from summarizer.opinion_map import MapOptions, map_opinions  # noqa: E402
from summarizer.votes import VoteMatrix  # noqa: E402
from tests.browser.conftest import BROWSERS, FLAGS  # noqa: E402
from tests.browser.visitors import LAPTOP, PHONE  # noqa: E402

FRAME = 16.0  # milliseconds
SITE = "http://map.test/"
STATIC = Path(__file__).parents[1] / "static"
PAGE = """<!doctype html><html lang="en"><link rel="stylesheet" href="/css/tokens.css">
<link rel="stylesheet" href="/css/base.css"><link rel="stylesheet" href="/css/consensus-map.css">
<script type="application/json" id="consensus-map-data">{first}</script>
<script type="application/json" id="consensus-map-votes">{votes}</script>
<script type="module" src="/js/consensus-map.js"></script>
<p data-map-news></p>
<consensus-map data-version="1"><div class="map-frame"><svg></svg>
<div class="map-tools"><button data-do="nearer">+</button></div></div></consensus-map></html>"""
WATCH = """() => {
  window.took = [];
  const ask = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (draw) => ask((now) => {
    const began = performance.now();
    draw(now);
    window.took.push(performance.now() - began);
  });
}"""
CHANGE = """(detail) => {
  window.took.length = 0;
  document.dispatchEvent(new CustomEvent("majelis:map", { detail }));
  return new Promise((done) => setTimeout(() => done(window.took), 1500));
}"""
DRAG = """() => {
  const svg = document.querySelector("consensus-map svg");
  const send = (type, x, y) => {
    const began = performance.now();
    svg.dispatchEvent(new PointerEvent(type, { clientX: x, clientY: y, pointerId: 1, bubbles: true }));
    return performance.now() - began;
  };
  svg.setPointerCapture = () => {};
  document.querySelector("[data-do=nearer]").click();
  send("pointerdown", 200, 200);
  const took = Array.from({ length: 60 }, (_, i) => send("pointermove", 207 + 2 * i, 200 + i));
  send("pointerup", 320, 260);
  return took;
}"""
PINCH = """() => {
  const svg = document.querySelector("consensus-map svg");
  return Array.from({ length: 60 }, (_, i) => {
    const began = performance.now();
    svg.dispatchEvent(new WheelEvent("wheel", { ctrlKey: true, deltaY: i < 30 ? -3 : 3, clientX: 150, clientY: 200 }));
    return performance.now() - began;
  });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--statements", type=int, default=300)
    parser.add_argument("--votes", type=int, default=400_000)
    arguments = parser.parse_args()
    votes = made_up_votes(arguments.people, arguments.statements, arguments.votes)
    half = len(votes.values) * 4 // 5
    first = snapshot_of(RawVotes(votes.participants[:half], votes.statements[:half], votes.values[:half]), 1)
    second = snapshot_of(votes, 2)
    print(f"{second['participants']:,} people, {len(second['statements'])} statements, {len(second['groups'])} groups")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        slow = [
            f"{place}, {what}"
            for place, size in {"phone": PHONE, "laptop": LAPTOP}.items()
            for what, took in frames(browser, size, first, second).items()
            if not told(place, what, took)
        ]
        browser.close()
    if slow:
        sys.exit(f"MISSED: a frame of more than {FRAME:.0f} ms for {'; '.join(slow)}")


def chromium() -> str:
    return next((path for name in BROWSERS if (path := shutil.which(name))), None) or sys.exit("There is no Chromium.")


def snapshot_of(votes: RawVotes, version: int) -> dict[str, Any]:
    matrix = VoteMatrix.from_votes(votes.participants, votes.statements, votes.values)
    names = {int(each): (f"s{each}", int(each) + 1) for each in set(votes.statements.tolist())}
    opinions = map_opinions(matrix, options=MapOptions())
    return public_snapshot(opinions, len(votes.values), names, version)


def frames(browser: Browser, size: dict[str, int], first: dict, second: dict) -> dict[str, list[float]]:
    """Milliseconds of script for each frame of a change, of a drag and of a pinch."""
    page = browser.new_page(viewport=size)
    mine = {each["id"]: 1 for each in first["statements"][:40]}
    page.route(f"{SITE}**", lambda route: serve(route, PAGE.format(first=json.dumps(first), votes=json.dumps(mine))))
    page.goto(SITE)
    page.locator("consensus-map.drawn").wait_for()
    page.evaluate(WATCH)
    measured = {"change": change(page, second), "drag": page.evaluate(DRAG), "pinch": page.evaluate(PINCH)}
    page.close()
    return measured


def change(page: Page, second: dict) -> list[float]:
    took: list[float] = page.evaluate(CHANGE, {"version": 2, "snapshot": second})
    return took


def serve(route: Route, page: str) -> None:
    path = route.request.url.removeprefix(SITE)
    if not path:
        route.fulfill(body=page, content_type="text/html")
    elif (STATIC / path).is_file():
        route.fulfill(path=STATIC / path)
    else:
        route.fulfill(status=404)


def told(place: str, what: str, took: list[float]) -> bool:
    median, slow = statistics.median(took), statistics.quantiles(took, n=20)[18]
    print(
        f"{place:<7}{what:<7}{len(took):>3} frames: median {median:5.1f} ms, p95 {slow:5.1f} ms "
        f"= {median / FRAME:.2f} and {slow / FRAME:.2f} of a frame"
    )
    return median <= FRAME  # the slowest frames of a busy machine are told, not judged


if __name__ == "__main__":
    main()
