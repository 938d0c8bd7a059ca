import pytest

from summarizer.edits import amounts_of_its_own

SOURCE = "Two trucks a week wake 30 children in our street."


@pytest.mark.parametrize(
    ("edited", "language", "found"),
    [
        ("Trucks wake children.", "en", ()),
        ("Two trucks wake 30 children.", "en", ()),
        ("Most people say that trucks wake children.", "en", ("Most",)),
        ("Everybody hears 40 trucks, and most hear 30.", "en", ("Everybody", "40", "most")),
        ("62% of participants hear the trucks.", "en", ("62%", "participants")),
        ("Sebagian besar warga terbangun oleh 30 truk.", "id", ("Sebagian",)),
        ("Semua warga, 5 orang, semua terbangun.", "id", ("Semua", "5", "semua")),
    ],
)
def test_an_edit_says_no_amount_that_its_sources_do_not_say(edited: str, language: str, found: tuple[str, ...]):
    assert amounts_of_its_own(edited, [SOURCE], language) == found


def test_an_amount_that_any_source_says_may_stay():
    assert amounts_of_its_own("Most bins smell.", ["They smell.", "Most of them stink."], "en") == ()


def test_an_edit_without_sources_or_in_a_language_without_a_list_is_refused():
    with pytest.raises(ValueError, match="at least one source"):
        amounts_of_its_own("Trucks wake children.", [], "en")
    with pytest.raises(KeyError):
        amounts_of_its_own("Camions.", [SOURCE], "fr")
