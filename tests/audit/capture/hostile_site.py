"""A site on loopback whose pages do what pages should not; those in `hostile_pages` and, below, answers that are no pages."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

PAGES = Path(__file__).parent / "hostile_pages"
PAGE = "<!doctype html><html lang=en><head><title>{title}</title></head><body><main><h1>{title}</h1>{body}</main></body></html>"

_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db000"
    "00000049454e44ae426082"
)


def page(title: str, body: str = "") -> str:
    return PAGE.format(title=title, body=body)


_TAKES_OVER = b"self.addEventListener('fetch', (event) => event.respondWith(new Response('Taken over')))"
_DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><title>Map</title><text y="20">The town hall</text></svg>'

Answer = Callable[[BaseHTTPRequestHandler], None]


def _send(
    handler: BaseHTTPRequestHandler, status: int, body: bytes, kind: str = "text/html; charset=utf-8", **headers: str
) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    with contextlib.suppress(ConnectionError):
        handler.wfile.write(body)


def _redirect(to: str) -> Answer:
    return lambda handler: _send(handler, 302, b"", Location=to)


def _never(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    with contextlib.suppress(OSError):
        while not handler.server.closing:
            handler.wfile.write(b" ")
            time.sleep(0.2)


def _drip(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(b"<!doctype html><html lang=en><title>Drip</title><h1>Drip</h1><p>The first words</p>")
        while not handler.server.closing:
            handler.wfile.write(b"<br>")
            time.sleep(0.1)


def _silent(handler: BaseHTTPRequestHandler) -> None:
    while not handler.server.closing:
        time.sleep(0.1)


def _large(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    with contextlib.suppress(OSError):
        for _ in range(400):
            handler.wfile.write(b"<p>" + b"x" * 10_000 + b"</p>")


def _cookies(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.send_header("Set-Cookie", "session=top-secret-value; HttpOnly")
    handler.send_header("Set-Cookie", "track=another-secret")
    handler.end_headers()
    handler.wfile.write(page("Cookies", "<p>x</p><script>document.cookie='scripted=third-secret'</script>").encode())


ANSWERS: dict[str, Answer] = {
    "/sandboxed": lambda handler: _send(
        handler,
        200,
        (PAGES / "sandboxed.html").read_bytes(),
        **{"Content-Security-Policy": "sandbox; default-src 'self'"},
    ),
    "/404": lambda handler: _send(handler, 404, page("Not here", "<p>gone</p>").encode()),
    "/500": lambda handler: _send(handler, 500, b""),
    "/challenge": lambda handler: _send(
        handler, 403, page("Just a moment...", "<p>Checking your browser</p>").encode()
    ),
    "/forbidden": lambda handler: _send(handler, 403, page("Forbidden", "<p>Not for you</p>").encode()),
    "/guarded": lambda handler: _send(handler, 403, b"no", **{"X-Loket-Guard": "private_address"}),
    "/204": lambda handler: _send(handler, 204, b""),
    "/empty": lambda handler: _send(handler, 200, b""),
    "/loop": _redirect("/loop"),
    "/moved": _redirect("/moved-again"),
    "/moved-again": _redirect("/good"),
    "/needs-login": _redirect("/login"),
    "/download": lambda handler: _send(
        handler, 200, b"PK", "application/zip", Content_Disposition="attachment; filename=a.zip"
    ),
    "/form.pdf": lambda handler: _send(handler, 200, b"%PDF-1.4\n%%EOF", "application/pdf"),
    "/text": lambda handler: _send(handler, 200, b"plain words", "text/plain"),
    "/drawing.svg": lambda handler: _send(handler, 200, _DRAWING, "image/svg+xml"),
    "/data.xml": lambda handler: _send(
        handler, 200, b"<?xml version='1.0'?><note><to>You</to></note>", "application/xml"
    ),
    "/dot.png": lambda handler: _send(handler, 200, _DOT, "image/png"),
    "/deep": lambda handler: _send(handler, 200, page("Deep", "<div>" * 3000 + "deep" + "</div>" * 3000).encode()),
    "/never": _never,
    "/drip": _drip,
    "/silent": _silent,
    "/large": _large,
    "/takes-over.js": lambda handler: _send(handler, 200, _TAKES_OVER, "text/javascript"),
    "/cookies": _cookies,
}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with contextlib.suppress(ConnectionError):
            if path in ANSWERS:
                ANSWERS[path](self)
            elif (PAGES / f"{path[1:]}.html").is_file():
                text = (PAGES / f"{path[1:]}.html").read_text("utf-8")
                _send(self, 200, text.replace("{port}", str(self.server.server_port)).encode())
            elif path.startswith("/plain/"):
                _send(self, 200, page(path, f"<p>Plain page {path}</p><img src=/dot.png>").encode())
            else:
                _send(self, 404, b"?")

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    closing = False

    def handle_error(self, *_: object) -> None:
        """A browser that hangs up in mid-answer is what this site provokes."""


@contextlib.contextmanager
def serve() -> Iterator[str]:
    """The site's address while it is served."""
    server = _Server(("127.0.0.1", 0), _Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.closing = True
        server.shutdown()
        thread.join()
        server.server_close()
