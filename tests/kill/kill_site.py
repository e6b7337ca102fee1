"""A small agency on loopback with all that a run meets: links, a sitemap, a redirect, PDFs, and links that a script makes."""

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from audit.cli import demo

PDF = Path(demo.__file__).parent / "sites" / "waterrijk" / "www" / "formulieren" / "machtiging.pdf"
PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<header><nav><a href="/">Home</a> <a href="/contact">Contact</a></nav></header>
<main><h1>{title}</h1>{body}</main></body></html>"""
BY_SCRIPT = "<script>document.querySelector('main').innerHTML += '<a href=\"{href}\">More</a>'</script>"
FAULT = '<p>A picture: <img src="/none.png"></p>'


def links(*paths: str) -> str:
    return "".join(f'<li><a href="{path}">To {path.strip("/")}</a>' for path in paths)


def site(pages: int, documents: int) -> dict[str, tuple[str, bytes]]:
    """Path to content type and body; `pages` of one kind, `documents` that the contact page links to."""
    numbered = [f"/p{number}" for number in range(pages)]
    forms = [f"/form{number}.pdf" for number in range(documents)]
    texts = {
        "/": PAGE.format(title="Agency", body=f"<p>Welcome to the agency.</p><ul>{links(*numbered, '/old')}</ul>"),
        "/contact": PAGE.format(
            title="Contact",
            body=f"<p>Call us on 0300 123 1234, Monday to Friday, 9am to 5pm.</p><ul>{links(*forms)}</ul>",
        ),
        "/hidden": PAGE.format(title="Hidden", body="<p>Only a script leads here.</p>" + links("/deeper")),
        "/deeper": PAGE.format(title="Deeper", body="<p>Only the hidden page leads here.</p>"),
        "/listed": PAGE.format(title="Listed", body="<p>Only the sitemap leads here.</p>"),
    }
    texts |= {path: PAGE.format(title=f"Page {path[2:]}", body=f"<p>Text of {path}.</p>{FAULT}") for path in numbered}
    texts["/p1"] = PAGE.format(title="Page 1", body="<p>Text of a page.</p>" + BY_SCRIPT.format(href="/hidden"))
    found = {path: ("text/html; charset=utf-8", text.encode()) for path, text in texts.items()}
    return found | {path: ("application/pdf", PDF.read_bytes()) for path in forms}


class _Handler(http.server.BaseHTTPRequestHandler):
    pages: dict[str, tuple[str, bytes]]
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        if self.path == "/old":
            self._answer(301, "text/html", b"", Location="/p0")
        elif self.path == "/sitemap.xml":
            place = f"http://{self.headers['Host']}/listed"
            self._answer(200, "application/xml", f"<urlset><url><loc>{place}</loc></url></urlset>".encode())
        elif self.path in self.pages:
            self._answer(200, *self.pages[self.path])
        else:
            self._answer(404, "text/html; charset=utf-8", b"<title>Not found</title><p>There is nothing here.")

    def _answer(self, status: int, kind: str, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in ({"Content-Type": kind, "Content-Length": str(len(body))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def date_time_string(self, *_: object) -> str:
        """Always the same, so that two visits get the same bytes."""
        return "Mon, 23 Nov 2026 02:14:07 GMT"

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Who was killed did not read the answer; that is what the tests are about."""


@contextmanager
def served(pages: dict[str, tuple[str, bytes]]) -> Iterator[str]:
    """The site's address while the block lasts."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"pages": pages}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
