"""The seed of all random moments: KILL_SEED repeats a run of these tests, and the closing lines say which it was."""

import os
import random
from collections.abc import Iterator
from pathlib import Path

import pytest
from loket_process import Place, place

SEED = int(os.environ.get("KILL_SEED") or random.SystemRandom().randrange(1_000_000))
_drawn = False


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Draws the moments of one test, whichever others run with it."""
    global _drawn  # noqa: PLW0603 - the closing lines are pytest's, and take nothing from a fixture
    _drawn = True
    return random.Random(f"{SEED}/{request.node.name}")


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Place]:
    with place(tmp_path) as made:
        yield made


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _drawn:
        terminalreporter.write_line(f"Killed at moments drawn with KILL_SEED={SEED}.")
