import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
SKIPS = {
    "a test": "import pytest\ndef test_later(): pytest.skip('some other day')\n",
    "a marked test": "import pytest\n@pytest.mark.skip(reason='some other day')\ndef test_later(): pass\n",
    "a whole file": "import pytest\npytest.skip('some other day', allow_module_level=True)\n",
}


def run_pytest(directory: Path, ci: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pytest", "-rs", "-p", "tests.conftest", "-p", "no:cacheprovider", str(directory)]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, "CI": ci}, capture_output=True, text=True)


@pytest.mark.parametrize("what", SKIPS)
def test_where_nobody_looks_a_skip_is_a_failure(tmp_path: Path, what: str) -> None:
    (tmp_path / "test_later.py").write_text(SKIPS[what])

    result = run_pytest(tmp_path, ci="true")

    assert result.returncode in {1, 2}, result.stdout
    assert "skipped, which CI=true forbids" in result.stdout
    assert "some other day" in result.stdout


def test_elsewhere_a_skip_is_a_skip(tmp_path: Path) -> None:
    (tmp_path / "test_later.py").write_text(SKIPS["a test"])

    result = run_pytest(tmp_path, ci="")

    assert result.returncode == 0, result.stdout
    assert "some other day" in result.stdout
