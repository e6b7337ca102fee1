"""The golden run, and the report made of it once."""

import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

GOLDEN = Path(__file__).parents[1] / "golden"
sys.path.insert(0, str(GOLDEN))

from invented_run import PICTURE, invented_run  # noqa: E402

from reports.formats import all_formats  # noqa: E402
from rules.model.run import RunResult  # noqa: E402


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves a folder and writes no log."""

    def log_message(self, *args: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="session")
def run() -> RunResult:
    return invented_run()


@pytest.fixture(scope="session")
def pictures() -> Callable[[str], bytes | None]:
    jpeg = PICTURE.read_bytes()
    return {hashlib.sha256(jpeg).hexdigest(): jpeg}.get


@pytest.fixture(scope="session")
def report(run, pictures, tmp_path_factory) -> Path:
    """The folder of the HTML report."""
    return all_formats()["html"].write(run, tmp_path_factory.mktemp("report") / "report", pictures).parent


@pytest.fixture(scope="session")
def served(report) -> Iterator[str]:
    """The report's address on loopback: on file:// axe cannot read the style sheet."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(QuietHandler, directory=str(report)))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
