"""A whole run behind a company's proxy: everything passes it, the report says so, and its password is written nowhere."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from audit import machine

PAGE = b"""<!doctype html><html lang="en"><title>Agency</title><main><h1>Agency</h1>
<p>Call 0300 123 1234, Monday to Friday, 9am to 5pm.</p></main>"""
PASSWORD = "Zq7xgeheim"


class Proxy(BaseHTTPRequestHandler):
    """Answers for every host itself; opens no tunnel."""

    asked: list[tuple[str, str]]

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization", "")))
        found = self.path == "http://www.agency.example/"
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(PAGE) if found else 0))
        self.end_headers()
        self.wfile.write(PAGE if found else b"")

    def do_CONNECT(self) -> None:
        self.asked.append((self.path, self.headers.get("Proxy-Authorization", "")))
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@pytest.fixture
def proxy() -> Iterator[tuple[int, list[tuple[str, str]]]]:
    asked: list[tuple[str, str]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Asked", (Proxy,), {"asked": asked}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield server.server_port, asked
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(autouse=True)
def no_other_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


@pytest.mark.browser
@pytest.mark.slow
def test_everything_passes_the_proxy_and_its_password_is_written_nowhere(
    loket: Callable[..., Any], proxy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if machine.find_browser() is None:
        pytest.skip("no Chromium on this machine")
    port, asked = proxy
    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://jan:{PASSWORD}@127.0.0.1:{port}")
    sandbox = ["--unsafe-no-sandbox"] if machine.user_namespaces() else []
    ended = loket("run", "http://www.agency.example/", "--pace", "0.1", "--no-pictures", *sandbox)
    assert loket("report", "--format", "json", "--out", "run.json").code == 0, ended.err
    result = json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["result"]
    (site,) = result["sites"]
    assert [page["url"] for page in site["pages"] if page.get("looked_at")] == ["http://www.agency.example/"], ended.err
    assert "addresses_checked_by_company" in result["run"]["notes"]
    assert "www.agency.example" in [contact["host"] for contact in site["contacts"]]
    assert [path for path, _ in asked].count("http://www.agency.example/") == 2  # the crawl and the browser
    assert {authorization.partition(" ")[0] for _, authorization in asked} == {"Basic"}
    report = (tmp_path / "report" / "index.html").parent
    assert any(
        "proxy stood between Loket and the web" in file.read_text(encoding="utf-8")
        for file in report.glob("agency-*.html")
    )
    secrets = (PASSWORD, asked[0][1].partition(" ")[2])
    for file in (file for file in tmp_path.rglob("*") if file.is_file()):
        assert [secret for secret in secrets if secret.encode() in file.read_bytes()] == [], file
    assert [secret for secret in secrets if secret in ended.out + ended.err] == []


@pytest.mark.parametrize("address", [f"http://jan:{PASSWORD}@127.0.0.1:9", f"socks5://jan:{PASSWORD}@127.0.0.1:9"])
def test_a_proxy_that_is_no_use_is_told_and_no_run_is_begun(
    loket: Callable[..., Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    ended = loket("run", "https://www.agency.example/")
    assert ended.code == 2
    assert "proxy" in ended.err
    assert PASSWORD not in ended.out + ended.err
    assert "holds no run yet" in loket("report").err
