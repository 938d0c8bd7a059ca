import random
from dataclasses import replace

import numpy as np

from summarizer.embedding import Encoder
from summarizer.topics import Contribution, Topic, find_topics
from tests.summarizer.arguments import embed_by_theme

TEXTS = [
    "Safe lamps for the park path.",
    "A safe path through the park needs lamps.",
    "Lamps make the park safe.",
    "The park is safe with lamps.",
    "The cost of tickets doubled.",
    "Tickets cost pupils a day's lunch.",
    "A lower cost of tickets fills the bus.",
    "Bring down what tickets cost.",
]


def contributions(texts: list[str]) -> list[Contribution]:
    return [Contribution(f"s{row}", f"author {row}", "en", text) for row, text in enumerate(texts)]


def test_texts_are_grouped_by_meaning_and_named_by_what_several_people_wrote() -> None:
    park, tickets = find_topics(contributions(TEXTS), embed_by_theme(TEXTS))

    assert (park.members, tickets.members) == (("s0", "s1", "s2", "s3"), ("s4", "s5", "s6", "s7"))
    assert park.terms == {"en": ("lamps", "park", "safe")}
    assert tickets.terms == {"en": ("cost", "tickets")}
    assert park.example in park.members


def test_the_order_of_contributions_does_not_matter() -> None:
    expected = find_topics(contributions(TEXTS), embed_by_theme(TEXTS))

    for seed in range(5):
        shuffled = contributions(TEXTS)
        random.Random(seed).shuffle(shuffled)
        vectors = embed_by_theme([one.text for one in shuffled])
        assert find_topics(shuffled, vectors) == expected


def test_a_topic_keeps_its_name_while_most_members_stay() -> None:
    first = find_topics(contributions(TEXTS), embed_by_theme(TEXTS))
    renamed = (replace(first[0], terms={"en": ("park at night",)}), first[1])
    more = [*TEXTS, "Why is the park not safe? Lamps!"]

    second = find_topics(contributions(more), embed_by_theme(more), renamed)

    assert [(topic.terms["en"], len(topic.members)) for topic in second] == [
        (("park at night",), 5),
        (("cost", "tickets"), 4),
    ]


def test_a_name_of_the_past_is_given_once() -> None:
    old = Topic({"en": ("everything",)}, "s0", tuple(f"s{row}" for row in range(8)))

    names = [topic.terms["en"] for topic in find_topics(contributions(TEXTS), embed_by_theme(TEXTS), (old,))]

    assert names == [("everything",), ("cost", "tickets")]


def test_a_few_texts_have_no_topics() -> None:
    assert find_topics(contributions(TEXTS[:7]), embed_by_theme(TEXTS[:7])) == ()


def test_a_word_of_one_person_names_no_topic() -> None:
    shouted = [*TEXTS[:3], TEXTS[3] + " Lottery lottery lottery lottery!", *TEXTS[4:]]

    topics = find_topics(contributions(shouted), embed_by_theme(shouted))

    assert all("lottery" not in topic.terms["en"] for topic in topics)


def test_a_word_that_two_topics_share_names_the_one_that_it_stands_out_in() -> None:
    shared = [*TEXTS[:4], *(f"{text[:-1]} in the park." for text in TEXTS[4:6]), *TEXTS[6:]]

    park, tickets = find_topics(contributions(shared), embed_by_theme(TEXTS))

    assert park.terms == {"en": ("lamps", "safe", "park")}
    assert tickets.terms == {"en": ("cost", "tickets")}


def test_each_language_has_terms_of_its_own_with_the_capitals_it_writes() -> None:
    german = ["Wir wollen mehr Lampen im Park.", "Im Park fehlen Lampen.", "Ohne Lampen ist der Park dunkel."]
    mixed = contributions(TEXTS) + [Contribution(f"t{n}", f"de {n}", "de", text) for n, text in enumerate(german)]

    topics = find_topics(mixed, embed_by_theme([*TEXTS, *["Safe lamps."] * 3]))

    (park,) = [topic for topic in topics if "t0" in topic.members]
    assert park.terms == {"de": ("Lampen", "Park"), "en": ("lamps", "park", "safe")}


def test_topics_span_languages(encoder: Encoder) -> None:
    texts = {
        "en": [
            "The river is full of plastic waste.",
            "Rubbish in the river kills the fish.",
            "Waste should be sorted before it reaches the river.",
            "Teachers need smaller classes.",
            "The school roof leaks on the pupils.",
            "Pupils should have a library at school.",
        ],
        "id": [
            "Sungai kami penuh sampah plastik.",
            "Sampah di sungai membunuh ikan.",
            "Guru kewalahan karena kelas terlalu besar.",
            "Atap sekolah bocor saat hujan.",
        ],
    }
    written = [
        Contribution(f"{language}{row}", f"{language}{row}", language, text)
        for language, lines in texts.items()
        for row, text in enumerate(lines)
    ]

    topics = find_topics(written, encoder.encode([one.text for one in written]))

    river = next(topic for topic in topics if "en0" in topic.members)
    assert {"id0", "id1", "en1"} <= set(river.members)
    assert not {"en3", "en4", "id3"} & set(river.members)
    assert np.isclose(sum(len(topic.members) for topic in topics), len(written), atol=2)
