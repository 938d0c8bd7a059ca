import csv
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.attacks import attacks

ROOT = Path(__file__).parents[2]
POLIS = ROOT.parent / "shared" / "data" / "polis"


def found_in(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in attacks(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Our mayor is a complete idiot.", [("insult", "idiot")]),
        ("Those scumbags dump their waste at night.", [("insult", "scumbags")]),
        ("Fuck you and your fee.", [("insult", "Fuck you")]),
        ("You are just pigs.", [("insult", "You are just pigs")]),
        ("Throw out scum like them.", [("insult", "scum like them")]),
        ("Pak lurah goblok, tidak bisa kerja.", [("insult", "goblok")]),
        ("Dasar anjing, buang sampah ke kali!", [("insult", "Dasar anjing")]),
        ("Kalian semua monyet.", [("insult", "Kalian semua monyet")]),
        ("Otak kosong, itu saja.", [("insult", "Otak kosong")]),
        ("We will burn your house, just wait.", [("threat", "We will burn your house")]),
        ("I know where you live.", [("threat", "I know where you live")]),
        ("Who votes for this deserves to be shot.", [("threat", "deserves to be shot")]),
        ("Kami akan bakar rumahmu.", [("threat", "Kami akan bakar rumahmu")]),
        ("Awas kau, tunggu saja.", [("threat", "Awas kau")]),
        ("Orang seperti itu pantas dibunuh.", [("threat", "pantas dibunuh")]),
        ("Bajingan! Kubunuh kau.", [("insult", "Bajingan"), ("threat", "Kubunuh kau")]),
    ],
)
def test_insults_and_threats_are_found_where_they_stand(text: str, expected: list[tuple[str, str]]) -> None:
    assert found_in(text) == expected


@pytest.mark.parametrize("word", ["g0bl0k", "GOBLOK", "b@ngsat", "t*l*l", "1diot", "gobloook", "b1tch", "kont0l"])
def test_letters_in_disguise_are_read_as_what_they_look_like(word: str) -> None:
    assert found_in(f"Dia {word} sekali.") == [("insult", word)]


@pytest.mark.parametrize(
    "text",
    [
        "I am furious: this damn fee is robbery and the council lies to us.",
        "The plan is stupid and the mayor is incompetent.",
        "Stray dogs and pigs eat the waste, and rats come after them.",
        "Kill the mosquitoes before they kill us; burn nothing.",
        "We need an idiot-proof timetable for the lorry.",
        "People in Scunthorpe and Penistone sort their waste.",
        "We will find him a job at the sorting plant.",
        "Whoever drinks from this river will regret it and may die.",
        "Anjing liar dan babi memakan sampah di dekat pasar.",
        "Rencana ini bodoh dan merugikan warga miskin.",
        "Jangan bodohi warga, kami marah sekali.",
        "Atas dasar apa iuran dinaikkan? Dasar sungai penuh plastik.",
        "Koruptor harus dihukum mati sesuai undang-undang.",
        "Di gang kami banyak anjing lo, dan lampu sering mati lo.",
        "Jentik nyamuk harus dibunuh dan lampu sebaiknya digantung lebih tinggi.",
        "Buang tahi sapi ke lubang kompos, jangan dibakar.",
        "Ketololan seperti itu disebut dalam buku.",
        "Rumah nomor b390 di blok 8390.",
        "",
    ],
)
def test_anger_criticism_and_the_words_of_a_matter_are_no_attack(text: str) -> None:
    assert found_in(text) == []


def test_no_text_of_the_demo_and_the_blueprints_is_pointed_at() -> None:
    files = [*ROOT.glob("deliberation/demo/*.toml"), *ROOT.glob("deliberation/blueprints/*.toml")]
    texts = [text for file in files for text in _texts(tomllib.loads(file.read_text()))]

    assert len(texts) > 1_000
    assert {text: found_in(text) for text in texts if attacks(text)} == {}


@pytest.mark.skipif(not POLIS.exists(), reason="needs the public Polis conversations beside the project")
def test_no_statement_of_five_public_conversations_is_pointed_at() -> None:
    texts = []
    for file in POLIS.glob("*/comments.csv"):
        with file.open() as rows:
            texts += [row["comment-body"] for row in csv.DictReader(rows)]

    assert len(texts) > 1_000
    assert {text: found_in(text) for text in texts if attacks(text)} == {}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from _texts(part)
