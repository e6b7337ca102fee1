"""A site on loopback whose pages use every way of `address_ways` to send their browser to another port of this machine."""

import contextlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from address_ways import LINKS, MARKUP, NAVIGATIONS, SCRIPTS

_PAGE = "<!doctype html><html lang=en><meta charset=utf-8><title>{title}</title><h1>{title}</h1><p>{words}</p>{body}"
_HTML = "text/html; charset=utf-8"
_TYPES = {"txt": "text/plain", "xml": "application/xml", "pdf": "application/pdf"}
_WORKER = "fetch('http://127.0.0.1:{port}/', {{mode: 'no-cors'}})"


def page_of(title: str, body: str) -> bytes:
    return _PAGE.format(title=title, words="The words of a page that is more than a signpost. " * 6, body=body).encode()


def filled(ports: Mapping[str, int], ways: Mapping[str, str]) -> dict[str, str]:
    """The ways with the places that they lead to."""
    return {
        way: text.format(url=f"http://127.0.0.1:{ports[way]}/", host="127.0.0.1", port=ports[way])
        for way, text in ways.items()
    }


def pages(ports: Mapping[str, int]) -> dict[str, bytes]:
    """The pages by path: one with all markup, one with all scripts, and one for each way to lead a page away."""
    attempts = "".join(f"<script>try {{ {text} }} catch {{}}</script>\n" for text in filled(ports, SCRIPTS).values())
    made = {
        "/markup": page_of("Markup", "\n".join(filled(ports, MARKUP).values())),
        "/scripts": page_of("Scripts", attempts),
    }
    return made | {f"/{way.replace(' ', '-')}": page_of(way, text) for way, text in filled(ports, NAVIGATIONS).items()}


def crawled_pages(ports: Mapping[str, int]) -> dict[str, bytes]:
    """The start page with every way that a crawl follows, and the sitemaps, whose places have the names of their ways."""
    there = {way: f"http://127.0.0.1:{port}/" for way, port in ports.items()}
    entry = f"<urlset><url><loc>{there['entry of a sitemap']}</loc></url></urlset>"
    index = f"<sitemapindex><sitemap><loc>{there['sitemap in an index']}</loc></sitemap></sitemapindex>"
    return {
        "/": page_of("Start", "\n".join(filled(ports, LINKS).values())),
        "/sitemap.xml": entry.encode(),
        "/index.xml": index.encode(),
        "/robots.txt": f"User-agent: *\nSitemap: {there['sitemap named by robots.txt']}\n".encode(),
    }


class _Handler(BaseHTTPRequestHandler):
    pages: Mapping[str, bytes] = {}
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        path, _, query = self.path.partition("?")
        kind, _, port = path[1:].rpartition("/")
        there = f"http://127.0.0.1:{port}/"
        if kind.startswith("to/"):
            self._answer(int(kind[3:]), b"", Location=there)
        elif path == "/worker.js":
            self._answer(200, _WORKER.format(port=query).encode(), "text/javascript")
        elif kind == "meta":
            self._answer(200, page_of("Refresh", f'<meta http-equiv="refresh" content="0;url={there}">'))
        elif kind == "base":
            self._answer(200, page_of("Base", f'<base href="{there}"><a href="page">A page</a>'))
        elif kind == "canonical":
            self._answer(200, page_of("Canonical", f'<link rel="canonical" href="{there}">'))
        elif kind == "refresh":
            self._answer(200, page_of("Refresh", ""), Refresh=f"0; url={there}")
        elif kind == "link-header":
            self._answer(200, page_of("Link", ""), Link=f"<{there}>; rel=preload; as=image")
        elif kind == "policy":
            body = page_of("Policy", "<img src=/x>")
            self._answer(200, body, **{"Content-Security-Policy": f"default-src 'none'; report-uri {there}"})
        elif path == "/robots.txt" and self.pages.get(path, b"")[:1] == b"3":
            status, moved = self.pages[path].decode().split()
            self._answer(int(status), b"", Location=moved)
        else:
            body = self.pages.get(path)
            self._answer(200 if body else 404, body or b"", _TYPES.get(path.rpartition(".")[2], _HTML))

    do_POST = do_GET  # noqa: N815 - the name that http.server looks for

    def _answer(self, status: int, body: bytes, kind: str = _HTML, **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A browser that hangs up is what these pages provoke."""


@contextlib.contextmanager
def serve(served: Mapping[str, bytes]) -> Iterator[str]:
    """The site's place, `127.0.0.1:port`, while it is served."""
    server = _Server(("127.0.0.1", 0), type("Handler", (_Handler,), {"pages": served}))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
