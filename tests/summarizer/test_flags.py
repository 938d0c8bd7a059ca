import tomllib
from pathlib import Path

import pytest

from summarizer.flags import flag
from summarizer.key_points import find_key_points
from tests.summarizer.arguments import FEW, argument, embed_by_theme, evening_buses

TEXTS = tomllib.loads((Path(__file__).parent / "injections.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("text", TEXTS["strings"])
def test_texts_that_address_the_machine_are_flagged(text: str) -> None:
    assert flag(text) == "injection"


@pytest.mark.parametrize("text", TEXTS["harmless"])
def test_ordinary_arguments_are_not(text: str) -> None:
    assert flag(text) is None


def test_forty_hostile_texts_leave_the_key_points_as_they_are() -> None:
    hostile = [argument(f"z{row}", f"Mal {row}", text) for row, text in enumerate(TEXTS["strings"])]
    without, _ = find_key_points(evening_buses(), FEW, embed_by_theme)

    with_them, _ = find_key_points([*evening_buses(), *hostile], FEW, embed_by_theme)

    quotes = [(point.quote, point.quoted_from) for point in with_them.key_points]
    assert len(hostile) >= 40
    assert sorted(with_them.flags) == sorted(one.id for one in hostile)
    assert sorted(quotes) == sorted((point.quote, point.quoted_from) for point in without.key_points)
    assert with_them.participants == without.participants + len(hostile)


@pytest.mark.parametrize("text", ["Call me: 0812-3456-7890", "mail ana@example.org", "NIK 3174012345678901"])
def test_personal_particulars_are_flagged(text: str) -> None:
    assert flag(text) == "personal data"


def test_prices_and_years_are_not_personal_particulars() -> None:
    assert flag("In 2024 it cost Rp1.250.000.000 for 46.000 homes.") is None
