import pytest

from summarizer.personal_data import personal_data


def found_in(text: str) -> list[tuple[str, str]]:
    return [(each.kind, text[each.start : each.end]) for each in personal_data(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Write to budi.santoso@example.co.id about it.", [("email", "budi.santoso@example.co.id")]),
        ("Hubungi saya di 0812-3456-7890 ya.", [("phone", "0812-3456-7890")]),
        ("WhatsApp +62 812 3456 7890, siang saja", [("phone", "+62 812 3456 7890")]),
        ("Call 020 7946 0018 in the morning.", [("phone", "020 7946 0018")]),
        ("NIK saya 3174052505900003, mohon dibantu.", [("identity_number", "3174052505900003")]),
        ("NIK ibu saya 3174 0565 0590 0003.", [("identity_number", "3174 0565 0590 0003")]),
        ("Transfer ke rekening 123456789012.", [("number", "123456789012")]),
        ("Pak Darmo di Jl. Melati Raya No. 14A membakar sampah.", [("address", "Jl. Melati Raya No. 14A")]),
        ("Tetangga di RT 03/RW 05 selalu ribut.", [("address", "RT 03/RW 05")]),
        ("The man at 14 Willow Tree Road burns his waste.", [("address", "14 Willow Tree Road")]),
        (
            "Mail a@b.org or ring 0812-3456-7890.",
            [("email", "a@b.org"), ("phone", "0812-3456-7890")],
        ),
    ],
)
def test_what_leads_to_a_person_is_found_where_it_stands(text: str, expected: list[tuple[str, str]]) -> None:
    assert found_in(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Collect the waste twice a week from January 2027 on.",
        "Anggaran Rp 1.500.000.000 untuk 3 tahun terlalu kecil.",
        "It costs 12,500,000 a year and 40 % of us cannot pay.",
        "Jalan Sudirman harus punya trotoar di kedua sisinya.",
        "Between 2019 and 2024 the river rose 14 times.",
        "Pasal 28 ayat 3 UU 12/2011 mengatur hal ini.",
        "The road by the school is dark.",
        "",
    ],
)
def test_amounts_years_laws_and_streets_lead_to_nobody(text: str) -> None:
    assert found_in(text) == []


def test_a_number_is_a_phone_number_only_where_it_can_be_dialled() -> None:
    text = "Hubungi 0812-3456-7890."

    told = [[each.kind for each in personal_data(text, languages)] for languages in (["id"], ["en"], [])]
    assert told == [["phone"], ["number"], ["number"]]
