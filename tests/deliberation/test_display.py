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

    assert [(place.name, place.kind, place.at) for place, _ in picture["marks"]["named"]] == [
        ("1", "common", "36.0 500.0"),
        ("2", "divides", "964.0 36.0"),
    ]
    assert [(place.name, place.at) for place in picture["plain"]] == [("3", "988.0 12.0")]
    assert [letter.at for letter in picture["marks"]["letters"]] == ["500.0 268.0"]


def test_common_ground_in_one_place_is_moved_apart():
    together = [statement(1, [2.0, 0.5]), statement(2, [2.0, 0.5])]

    picture = map_picture(snapshot(statements=together, common_ground=["s1", "s2"], divides=[]))

    (first, _), (second, _) = picture["marks"]["named"]
    assert round((first.x - second.x) ** 2 + (first.y - second.y) ** 2) >= 24**2


def test_the_picture_is_the_same_in_every_language():
    drawn = Template("{% load consensus_map %}{% map_picture snapshot %}")

    pictures = []
    for language in ("en", "id"):
        with translation.override(language):
            pictures.append(drawn.render(Context({"snapshot": snapshot()})))

    assert pictures[0] == pictures[1]
    assert 'transform="translate(500.0 268.0)"' in pictures[0]


def test_marks_for_phones_are_moved_farther_apart():
    together = [statement(1, [2.0, 0.5]), statement(2, [2.0, 0.5])]

    picture = map_picture(snapshot(statements=together, common_ground=["s1", "s2"], divides=[]))

    (first, _), (second, _) = picture["large_marks"]["named"]
    assert round((first.x - second.x) ** 2 + (first.y - second.y) ** 2) >= (2.5 * 24) ** 2
