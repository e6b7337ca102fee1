"""What is said of a browser in its den."""

from pathlib import Path

import pytest

from audit.capture import sandbox
from audit.capture.sandbox import Den


def test_a_den_without_a_browser_does_not_stand_though_other_confined_browsers_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "_descendants", lambda _pid: [4711])
    monkeypatch.setattr(sandbox, "_command_line", lambda _pid: "chromium --type=renderer")
    monkeypatch.setattr(sandbox, "_confined", lambda _pid: True)
    browser = tmp_path / "browser"
    browser.write_text("#!/bin/sh\n")
    browser.chmod(0o755)
    monkeypatch.setattr(sandbox.machine, "is_root", lambda: False)
    with Den(str(browser)) as den:
        assert not den.stands()
