"""After a run that met secrets everywhere, none of them stands in the store, in a report, in what was printed, or in a log."""

import http.server
import io
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pikepdf
import pytest
import zstandard

from audit import machine

pytestmark = [pytest.mark.browser, pytest.mark.slow]

WORD = "Zq7x"  # begins every secret, and stands nowhere else
PASSWORD, TOKEN, SESSION, COOKIE = f"{WORD}pass", f"{WORD}token", f"{WORD}4se5ss6ion", f"{WORD}cookie"
PERSON = "Wilhelmina"  # begins every person's name


def secret(place: str, port: int) -> tuple[str, str]:
    """An address with a password, and one with a token, that stand at this place of the page."""
    with_password = f"http://{place}:{PASSWORD}@127.0.0.1:{port}/{place}"
    return with_password, f"http://127.0.0.1:{port}/{place}?b=1&access_token={TOKEN}{place}"


def page(port: int) -> str:
    def urls(place: str) -> tuple[str, str]:
        return secret(place, port)

    return f"""<!doctype html><html lang="en"><head><title>Agency {urls("text")[1]}</title>
<link rel="canonical" href="{urls("canonical")[1]}"><meta property="og:url" content="{urls("og")[1]}">
<script type="application/ld+json">
{{"@type": "GovernmentOffice", "url": "{urls("json")[0]}", "sameAs": "{urls("json")[1]}"}}</script>
</head><body><main><h1>Agency</h1><p>Call 0300 123 1234. Ask for Mrs {PERSON} Smith, {PERSON}.smith@agency.example.</p>
<p>Our files: {urls("text")[0]} and {urls("text")[1]}</p>
{"".join(f'<a href="{url}">Files</a> ' for place in ("link", "text") for url in urls(place))}
<a href="/p;jsessionid={SESSION}">One</a> <a href="/q?PHPSESSID={SESSION}&amp;b=1">Two</a>
<a href="/#access_token={TOKEN}">Top</a> <a href="/contact">Contact</a>
<a href="mailto:{PERSON}.smith@agency.example">Mail</a> <a href="/moved">Moved</a> <a href="/moved-there">Moved</a>
<a href="/meta">Meta</a> <a href="/script">Script</a> <a href="/late">Late</a>
{"".join(f'<img src="{url}">' for url in urls("image"))}{"".join(f'<iframe src="{url}"></iframe>' for url in urls("frame"))}
{"".join(f'<form action="{url}"><input name="q"><a href="{url}"></a></form>' for url in urls("form"))}
<script>document.cookie = "scripted={COOKIE}"; localStorage.setItem("token", "{TOKEN}"); console.log("{TOKEN}");</script>
</main></body></html>"""


def pdf(port: int) -> bytes:
    document = pikepdf.new()
    sheet = document.add_blank_page()
    font = pikepdf.Dictionary(Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica)
    sheet.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F=document.make_indirect(font)))
    words = f"Send this form to Box 1, Delft, or to {secret('pdf', port)[1]} of Mrs {PERSON} Smith"
    sheet.Contents = document.make_stream(f"BT /F 9 Tf 20 700 Td ({words}) Tj ET".encode())
    actions = [pikepdf.Dictionary(S=pikepdf.Name.URI, URI=pikepdf.String(url)) for url in secret("pdf", port)]
    sheet.Annots = pikepdf.Array(
        pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[20, 690, 500, 712], A=action)
        for action in actions
    )
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        port: int = self.server.server_address[1]  # type: ignore[assignment]
        path = self.path.partition("?")[0]
        plain = '<!doctype html><html lang="en"><title>Page</title><h1>Page</h1><p>Words of a page.</p>'
        if path == "/":
            self._answer(200, page(port).encode(), Link=f"<{secret('header', port)[1]}>; rel=preload; as=image")
        elif path == "/robots.txt":
            self._answer(
                200, f"Sitemap: {secret('sitemap', port)[1]}\nSitemap: /sitemap.xml\n".encode(), kind="text/plain"
            )
        elif path == "/sitemap.xml":
            places = "".join(f"<url><loc>{url.replace('&', '&amp;')}</loc></url>" for url in secret("sitemap", port))
            self._answer(200, f"<urlset>{places}</urlset>".encode(), kind="application/xml")
        elif path in {"/moved", "/moved-there"}:
            self._answer(302, b"", Location=secret("redirect", port)[path == "/moved"])
        elif path == "/meta":
            self._answer(200, f'{plain}<meta http-equiv="refresh" content="0;url={secret("meta", port)[1]}">'.encode())
        elif path == "/script":
            self._answer(200, f'{plain}<script>location = "{secret("script", port)[1]}"</script>'.encode())
        elif path == "/late":
            link = f'<a href="{secret("link", port)[1]}">Late</a>'
            self._answer(
                200, f"{plain}<script>document.body.insertAdjacentHTML('beforeend', '{link}')</script>".encode()
            )
        elif path == "/contact":
            self._answer(200, f'{plain}<p>Contact us.</p><a href="/form.pdf">The form</a>'.encode())
        elif path == "/form.pdf":
            self._answer(200, pdf(port), kind="application/pdf")
        else:
            self._answer(200, plain.encode())

    def _answer(self, status: int, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str) -> None:
        self.send_response(status)
        told = {"Content-Type": kind, "Content-Length": str(len(body)), "X-Auth-Token": TOKEN, **headers}
        for name, value in told.items():
            self.send_header(name, value)
        self.send_header("Set-Cookie", f"visit={COOKIE}; HttpOnly")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@contextmanager
def serving() -> Iterator[int]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def everything(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Every file below a folder with its bytes, unpacked, and the ledger row by row."""
    for file in sorted(folder.rglob("*")):
        if not file.is_file():
            continue
        data = file.read_bytes()
        yield str(file), zstandard.decompress(data) if file.suffix == ".zst" else data
        if file.suffix == ".sqlite3":
            with sqlite3.connect(file) as ledger:
                yield f"{file} as text", "\n".join(ledger.iterdump()).encode()
            ledger.close()


def test_no_secret_and_no_person_is_written_anywhere(loket: Callable[..., Any], tmp_path: Path) -> None:
    if machine.find_browser() is None:
        pytest.skip("no Chromium on this machine")
    sandbox = ["--unsafe-no-sandbox"] if machine.user_namespaces() else []
    with serving() as port:
        words = ["run", f"http://127.0.0.1:{port}/", "--allow-private", "127.0.0.1", "--pace", "0", "--all-pages"]
        printed = [loket(*words, "--json-log", *sandbox)]
    printed += [loket("report", "--format", form, "--out", f"run.{form}") for form in ("json", "jsonl", "csv")]
    assert [each.code for each in printed[1:]] == [0, 0, 0], printed
    told = dict(everything(tmp_path)) | {
        f"printed {number}": f"{each.out}{each.err}".encode() for number, each in enumerate(printed)
    }
    text = b"\n".join(told.values())
    for what in (b"0300 123 1234", b"Send this form to", b"visit", b"\xe2\x80\xa6@agency.example", b"/form.pdf"):
        assert what in text  # it was looked at, and what is no secret was kept
    found = {
        name: data[max(0, data.find(word) - 80) :][:160]
        for name, data in told.items()
        for word in (WORD.encode(), PERSON.encode())
        if word in data
    }
    assert found == {}


@pytest.mark.parametrize(
    "words",
    [
        ("run", f"http://jan:{PASSWORD}@127.0.0.1:9/"),
        ("run", f"http://127.0.0.1:9/?access_token={TOKEN}"),
        ("run", "--pages", "pages.txt"),
        ("run", "targets.toml"),
    ],
)
def test_a_target_with_a_secret_is_refused_without_repeating_it(
    loket: Callable[..., Any], tmp_path: Path, words: tuple[str, ...]
) -> None:
    bad = f"http://jan:{PASSWORD}@127.0.0.1:9/?token={TOKEN}"
    (tmp_path / "pages.txt").write_text(f"{bad}\n", encoding="utf-8")
    site = (
        f'[[agency]]\nid = "a"\nname = "A"\n[[agency.site]]\nid = "s"\nname = "S"\nstart = "{bad}"\nscope = ["{bad}"]\n'
    )
    (tmp_path / "targets.toml").write_text(f'[portfolio]\nid = "p"\n{site}', encoding="utf-8")
    ended = loket(*words)
    assert ended.code == 2
    assert WORD not in ended.out + ended.err
