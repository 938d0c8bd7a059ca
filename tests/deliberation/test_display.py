import math

from django.template import Context, Template
from django.utils import translation

from deliberation.templatetags.consensus_map import map_picture, picture_box
from deliberation.templatetags.display import bar, own_marks

SQUARE = [[0.0, 0.0], [4.0, 0.0], [4.0, 2.0], [0.0, 2.0], [0.0, 0.0]]


def statement(number: int, at: list[float]) -> dict[str, object]:
    return {"id": f"s{number}", "number": number, "at": at}


def snapshot(**changes: object) -> dict[str, object]:
    return {
        "bounds": [0.0, 0.0, 4.0, 2.0],
        "land": [SQUARE],
        "groups": [{"letter": "A", "centre": [2.0, 1.0], "contours": [[SQUARE]]}],
        "statements": [statement(1, [0.0, 0.0]), statement(2, [4.0, 2.0]), statement(3, [9.0, 9.0])],
        "common_ground": ["s1"],
        "divides": ["s2"],
        **changes,
    }


def test_a_bar_is_measured_from_both_ends():
    assert bar(31, 4, 40) == {"agree": "77.50", "disagree": "10.00", "disagree_from": "90.00"}


def test_a_bar_of_no_votes_is_empty():
    assert bar(0, 0, 0) == {"agree": "0", "disagree": "0", "disagree_from": "0"}


def test_words_that_begin_with_a_quotation_mark_get_no_second_one():
    texts = ["“Every home” means all of us.", '"Soon" is not a day.', "The bins are “full”.", "", None]

    assert [own_marks(text) for text in texts] == [" own-marks", " own-marks", "", "", ""]


def test_the_picture_is_as_high_as_its_land():
    assert picture_box(snapshot()) == "0 0 1000 536"


def test_the_picture_puts_north_up_and_keeps_far_statements_in():
    picture = map_picture(snapshot())

    assert [(place.name, place.kind, place.at) for place in picture["marks"]["named"]] == [
        ("1", "common", "36.0 500.0"),
        ("2", "divides", "879.6 78.2"),
    ]
    assert [(place.name, place.at) for place in picture["plain"]] == [("3", "978.0 22.0")]
    assert [letter.at for letter in picture["marks"]["letters"]] == ["457.8 289.1"]


def test_a_number_makes_way_for_the_letter_of_a_group_and_not_the_other_way_round():
    on_the_letter = [statement(1, [2.0, 1.0]), statement(2, [2.05, 1.0])]

    marks = map_picture(snapshot(statements=on_the_letter))["marks"]

    letter, places = marks["letters"][0], marks["named"]
    assert letter.at == "500.0 268.0"
    assert all(math.hypot(place.x - letter.x, place.y - letter.y) >= 50 for place in places)
    assert math.hypot(places[0].x - places[1].x, places[0].y - places[1].y) >= 40


def test_common_ground_in_one_place_is_moved_apart():
    together = [statement(1, [2.0, 0.5]), statement(2, [2.0, 0.5])]

    picture = map_picture(snapshot(statements=together, common_ground=["s1", "s2"], divides=[]))

    first, second = picture["marks"]["named"]
    assert math.hypot(first.x - second.x, first.y - second.y) > 37.9


def test_the_picture_is_the_same_in_every_language():
    drawn = Template("{% load consensus_map %}{% map_picture snapshot %}")

    pictures = []
    for language in ("en", "id"):
        with translation.override(language):
            pictures.append(drawn.render(Context({"snapshot": snapshot()})))

    assert pictures[0] == pictures[1]
    assert 'transform="translate(457.8 289.1)"' in pictures[0]


def test_marks_for_phones_are_moved_farther_apart():
    together = [statement(1, [2.0, 0.5]), statement(2, [2.0, 0.5])]

    picture = map_picture(snapshot(statements=together, common_ground=["s1", "s2"], divides=[]))

    first, second = picture["large_marks"]["named"]
    assert math.hypot(first.x - second.x, first.y - second.y) > 2.5 * 37.9
