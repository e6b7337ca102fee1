"""`loket demo` as somebody types it."""

import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner

from audit.cli.demo import command
from audit.cli.demo.sites import free_in_a_row

LOKET = (sys.executable, "-c", "from audit.cli import main; main()", "demo")


@pytest.fixture
def free_port() -> int:
    return next(port for port in range(21_005, 60_000, 10) if free_in_a_row(port))


def test_the_help_has_an_example() -> None:
    result = CliRunner().invoke(command, ["--help"])
    assert result.exit_code == 0
    assert "loket demo --serve-only" in result.output


def test_sites_that_are_only_served_are_named_and_end_with_ctrl_c(tmp_path: Path, free_port: int) -> None:
    order = [*LOKET, "--serve-only", "--store", str(tmp_path), "--port-base", str(free_port)]
    with subprocess.Popen(order, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        named = [serving.stdout.readline() for _ in range(5)]
        addresses = [found for line in named for found in re.findall(r"http://\S+", line)]
        for address in addresses:
            with urlopen(address, timeout=5) as page:
                assert page.status == 200
        serving.send_signal(signal.SIGINT)
        out, err = serving.communicate(timeout=10)
    assert [int(address.rsplit(":", 1)[1].rstrip("/")) for address in addresses] == [
        free_port + number for number in range(4)
    ]
    assert named[4] == "Ctrl-C ends the sites.\n"
    assert (serving.returncode, out, err) == (0, "The sites are closed.\n", "")
    assert (tmp_path / "demo" / "targets.toml").is_file()


def test_a_port_that_is_taken_is_refused_by_name(tmp_path: Path, free_port: int) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # the test before may have used it
        taken.bind(("127.0.0.1", free_port + 2))
        taken.listen()
        result = CliRunner().invoke(command, ["--store", str(tmp_path), "--port-base", str(free_port)])
    assert result.exit_code == 2
    assert f"--port-base {free_port}: a port from there on is taken" in result.output


def test_a_report_that_cannot_be_written_is_refused_before_the_audit(tmp_path: Path, free_port: int) -> None:
    (tmp_path / "report").write_text("in the way")
    words = ["--store", str(tmp_path / "store"), "--out", str(tmp_path / "report"), "--port-base", str(free_port)]
    ended = subprocess.run([*LOKET, *words], capture_output=True, text=True, check=False, timeout=60)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert "is a file; name a folder for the report" in ended.stderr
