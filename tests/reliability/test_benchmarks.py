"""Benchmarks of what changes most start and print figures; those are judged by whoever runs them on a quiet machine."""

import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent.parent
SMALL = {
    "record": ["--entries", "6000"],
    "report": ["--quick"],
    "update": ["--people", "300", "--statements", "20", "--votes", "3000"],
    "update_from_database": ["--people", "300", "--statements", "20", "--votes", "3000"],
    "map_frames": ["--people", "200", "--statements", "20", "--votes", "2000"],
}


@pytest.mark.parametrize("name", SMALL)
def test_a_benchmark_runs_and_prints_its_figures(name: str) -> None:
    command = [sys.executable, "-m", f"benchmarks.{name}", *SMALL[name]]
    ran = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True)

    assert "Traceback" not in ran.stderr, ran.stderr
    assert any(sign.isdigit() for sign in ran.stdout), ran.stdout
