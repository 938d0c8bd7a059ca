import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from django.utils.translation import trans_real

PAGE = """
{% load i18n %}
<p>{% translate "Peace" %} and "unbalanced ' quotes
      {% blocktranslate count n=n %}{{ n }} vote{% plural %}{{ n }} votes{% endblocktranslate %}
  {% translate "Order" context "in a list" %}
"""
CODE = '_("Agree")\nif True:\n    x = ngettext_lazy("one hour", "%(n)d hours", "n")\n'


@pytest.fixture
def project(tmp_path: Path, settings) -> Iterator[Path]:
    """A small project with one page and one module, in the languages of Majelis."""
    (tmp_path / "templates").mkdir()
    (tmp_path / "deliberation").mkdir()
    (tmp_path / "templates" / "page.html").write_text(PAGE)
    (tmp_path / "deliberation" / "votes.py").write_text(CODE)
    settings.BASE_DIR = tmp_path
    settings.LOCALE_PATHS = [tmp_path / "var" / "locale"]
    forget_loaded_translations()
    yield tmp_path
    forget_loaded_translations()


def forget_loaded_translations() -> None:
    trans_real._translations.clear()


def catalog(project: Path) -> Path:
    return project / "locale" / "id" / "LC_MESSAGES" / "django.po"


def translate(project: Path, text: str, translated: str) -> None:
    po = catalog(project).read_text()
    before = f'msgid "{text}"\nmsgstr ""\n'
    assert before in po
    catalog(project).write_text(po.replace(before, f'msgid "{text}"\nmsgstr "{translated}"\n'))


def test_every_text_is_translated() -> None:
    call_command("translations", check=True)


def test_no_text_is_written_inside_another_where_it_would_not_be_collected() -> None:
    written = [
        path for path in (Path(__file__).parents[2] / "deliberation").rglob("*.py") if "migrations" not in path.parts
    ]
    inside = [
        f"{path.name}:{call.lineno}"
        for path in written
        for text in ast.walk(ast.parse(path.read_text()))
        if isinstance(text, ast.JoinedStr)
        for call in ast.walk(text)
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in {"_", "gettext", "ngettext"}
    ]

    assert len(written) > 100
    assert inside == []


def test_texts_of_pages_and_code_are_collected(project: Path) -> None:
    call_command("translations")

    found = [line for line in catalog(project).read_text().splitlines() if line.startswith(("msgid", "msgctxt"))]
    assert sorted(found[1:]) == [
        'msgctxt "in a list"',
        'msgid "%(n)s vote"',
        'msgid "Agree"',
        'msgid "Order"',
        'msgid "Peace"',
        'msgid "one hour"',
        'msgid_plural "%(n)d hours"',
        'msgid_plural "%(n)s votes"',
    ]


def test_what_is_translated_stays_and_what_nobody_says_goes(project: Path) -> None:
    call_command("translations")
    translate(project, "Agree", "Setuju")
    translate(project, "Peace", "Damai")
    (project / "templates" / "page.html").unlink()

    call_command("translations")

    po = catalog(project).read_text()
    assert 'msgstr "Setuju"' in po
    assert "Damai" not in po


def test_collecting_twice_changes_nothing(project: Path) -> None:
    call_command("translations")
    before = catalog(project).read_bytes()

    call_command("translations")

    assert catalog(project).read_bytes() == before


def test_compiled_texts_are_what_django_shows(project: Path) -> None:
    call_command("translations")
    translate(project, "Agree", "Setuju")

    call_command("translations", compile=True)

    with translation.override("id"):
        assert [translation.gettext(text) for text in ("Agree", "Peace")] == ["Setuju", "Peace"]


def test_indonesian_has_one_plural_form(project: Path) -> None:
    call_command("translations")

    assert "nplurals=1; plural=(0);" in catalog(project).read_text()


def test_the_check_names_what_is_missing_and_what_lost_its_value(project: Path) -> None:
    (project / "templates" / "page.html").write_text('{% load i18n %}{% translate "Peace" %}')
    (project / "deliberation" / "votes.py").write_text('_("Agree")\n_("%(n)d hours")\n')
    call_command("translations")
    translate(project, "Peace", "Damai")
    translate(project, "%(n)d hours", "%(m)d jam")

    with pytest.raises(CommandError) as caught:
        call_command("translations", check=True)

    assert str(caught.value).splitlines() == [
        "id: not translated: 'Agree' (deliberation/votes.py)",
        "id: unknown named placeholder 'm': '%(n)d hours'",
        "Run `manage.py translations`, then translate these.",
    ]
