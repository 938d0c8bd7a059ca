from deliberation.analysis.word_changes import Change, word_changes


def test_a_word_that_was_exchanged_stands_before_the_one_that_came():
    changes = word_changes("Bins should be emptied every week.", "Bins should be emptied twice every week.")

    assert changes == [
        Change("same", "Bins should be emptied"),
        Change("added", "twice"),
        Change("same", "every week."),
    ]


def test_what_went_stands_before_what_came_in_its_place():
    changes = word_changes("The fee is too high for poor families.", "The fee is heavy for poor families.")

    assert changes == [
        Change("same", "The fee is"),
        Change("removed", "too high"),
        Change("added", "heavy"),
        Change("same", "for poor families."),
    ]


def test_sentences_with_little_in_common_are_told_whole():
    changes = word_changes("Trucks wake the children.", "Bins smell terrible after one week in the sun.")

    assert changes == [
        Change("removed", "Trucks wake the children."),
        Change("added", "Bins smell terrible after one week in the sun."),
    ]


def test_the_same_words_have_not_changed():
    assert word_changes("The same  words.", "The same words.") == [Change("same", "The same words.")]


def test_from_nothing_everything_was_added():
    assert word_changes("", "New words.") == [Change("added", "New words.")]
