"""A site on loopback whose pages do what pages should not: each path is one way to hold a browser up, or to fool it."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAGE = "<!doctype html><html lang=en><head><title>{title}</title>{head}</head><body><main><h1>{title}</h1>{body}</main></body></html>"
GREY = '<p style="color:#aaa;background:#fff">grey on white</p>'
UNNAMED = "<img src=/dot.png>"

_DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db000"
    "00000049454e44ae426082"
)


def page(title: str, body: str = "", head: str = "") -> str:
    return PAGE.format(title=title, body=body, head=head)


HTML: dict[str, str] = {
    "/good": page("Good", f"<p>Call 14 0123</p>{UNNAMED}{GREY}<iframe title=inner src=/inner></iframe><div id=host></div>"
        "<script>document.getElementById('host').attachShadow({mode:'open'}).innerHTML='<p>In the shadow</p>'</script>"),
    "/inner": page("Inner", f"<p>In the frame</p>{UNNAMED}"),
    "/foreign-frame": page("Frames", "<iframe title=other src=http://localhost:{port}/inner></iframe>"
        "<iframe title=walled sandbox src=/inner></iframe>"),
    "/sandboxed": page("Sandboxed by its own policy", f"<p>Still readable</p>{UNNAMED}"),
    "/poisoned": page("Poisoned", f"<p>Not fooled</p>{UNNAMED}", head="""<script>
        const broken = () => { throw new Error("broken"); };
        Array.prototype.map = Array.prototype.filter = Array.prototype.forEach = broken;
        JSON.stringify = JSON.parse = () => "[]";
        Element.prototype.getBoundingClientRect = broken; document.querySelectorAll = () => [];
        Object.defineProperty(window, "axe", { value: { run: async () => ({ violations: [] }) }, writable: false });
        Object.defineProperty(window, "loket", { value: 1, writable: false });</script>"""),
    "/rendered": page("Rendered", "<div id=app></div><script>setTimeout(() => fetch('/late').then((r) => r.text()).then((t) => "
        "setTimeout(() => { document.getElementById('app').innerHTML = t }, 100)), 150)</script>"),
    "/late": "<p>Written by a script</p>",
    "/hollow": page("An application", "").replace("<main><h1>An application</h1></main>", "<div id=app></div><script>1</script>"),
    "/endless-before-load": page("Endless", "<p>Before the script</p><script>for (;;) ;</script>"),
    "/endless-after-load": page("Endless later", "<p>Said before it hung</p>"
        "<script>addEventListener('load', () => setTimeout(() => { for (;;) ; }, 10))</script>"),
    "/microtasks": page("Microtasks", "<p>Never idle</p><script>addEventListener('load', () => { const again = () => "
        "Promise.resolve().then(again); again(); })</script>"),
    "/alerts": page("Alerts", "<p>Behind alerts</p><script>addEventListener('load', () => { for (;;) alert('again'); })</script>"),
    "/pop-ups": page("Pop-ups", "<p>Opens windows</p><script>setInterval(() => window.open('/inner'), 50)</script>"),
    "/reload": page("Reloads", "<p>Again and again</p><script>location.reload()</script>"),
    "/leaves-by-script": page("Leaves", "<p>This is the page that was asked for</p>" + "<p>More of it.</p>" * 20
        + "<script>location.href = 'http://localhost:{port}/elsewhere'</script>"),
    "/leaves-by-meta": page("Leaves at once", head='<meta http-equiv=refresh content="0; url=http://localhost:{port}/elsewhere">'),
    "/signpost": page("Moved", head='<meta http-equiv=refresh content="0; url=/good">'),
    "/elsewhere": page("Elsewhere"),
    "/unending-picture": page("Picture", "<p>All text is here</p><img alt=slow src=/never>"),
    "/unending-script": page("Blocked", "<p>First part</p><script src=/never></script><p>Second part</p>"),
    "/consent": page("Consent", "<p id=state>undecided</p><div class=cookie-banner>We use cookies. <button onclick=\"this.textContent='x';"
        "document.getElementById('state').textContent='accepted'\">Accept all</button>"
        "<button onclick=\"document.getElementById('state').textContent='refused'\">Reject all</button></div>"
        "<form><p>Your application</p><button type=button onclick=\"document.title='pressed'\">Reject</button></form>"),
    "/consent-wall": "<!doctype html><html lang=nl><title>Muur</title><div style='position:fixed;inset:0;background:#fff'>"
        "Wij gebruiken cookies. Geef toestemming.<button>Akkoord</button></div>",
    "/banner": page("Banner", "<p>" + "Readable text stands behind the banner. " * 20 + "</p><div style='position:fixed;inset:0;"
        "background:#fff'>We use cookies, do you consent?</div>"),
    "/login": page("Log in", "<form><label>Name <input name=u></label><label>Password <input type=password></label></form>"),
    "/filled": page("Filled", "<form><label>Name <input name=n value='Secret Person'></label>"
        "<input name=unlabelled value='Hidden Value'><textarea>Long secret</textarea></form>"),
    "/colours": page("Colours", "".join(f'<p style="color:{colour};background:{ground}">words</p>' for colour in (
        "oklch(70% 0.1 200)", "color-mix(in srgb, red 30%, white)", "color(display-p3 .8 .2 .2)", "hsl(.5turn 50% 60%)", "#abc8",
        "rgb(100 120 130 / 60%)", "lab(60% 20 30)", "transparent", "currentColor") for ground in ("white", "hwb(90 10% 10%)"))),
    "/deep": page("Deep", "<div>" * 3000 + "deep" + "</div>" * 3000),
}  # fmt: skip

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
        handler, 200, HTML["/sandboxed"].encode(), **{"Content-Security-Policy": "sandbox; default-src 'self'"}
    ),
    "/404": lambda handler: _send(handler, 404, page("Not here", "<p>gone</p>").encode()),
    "/500": lambda handler: _send(handler, 500, b""),
    "/challenge": lambda handler: _send(handler, 403, page("Just a moment...", "<p>Checking your browser</p>").encode()),
    "/forbidden": lambda handler: _send(handler, 403, page("Forbidden", "<p>Not for you</p>").encode()),
    "/guarded": lambda handler: _send(handler, 403, b"no", **{"X-Loket-Guard": "private_address"}),
    "/204": lambda handler: _send(handler, 204, b""),
    "/empty": lambda handler: _send(handler, 200, b""),
    "/loop": _redirect("/loop"),
    "/moved": _redirect("/moved-again"),
    "/moved-again": _redirect("/good"),
    "/needs-login": _redirect("/login"),
    "/download": lambda handler: _send(handler, 200, b"PK", "application/zip", Content_Disposition="attachment; filename=a.zip"),
    "/form.pdf": lambda handler: _send(handler, 200, b"%PDF-1.4\n%%EOF", "application/pdf"),
    "/text": lambda handler: _send(handler, 200, b"plain words", "text/plain"),
    "/drawing.svg": lambda handler: _send(
        handler, 200, b'<svg xmlns="http://www.w3.org/2000/svg"><title>Map</title><text y="20">The town hall</text></svg>', "image/svg+xml"
    ),
    "/data.xml": lambda handler: _send(handler, 200, b"<?xml version='1.0'?><note><to>You</to></note>", "application/xml"),
    "/dot.png": lambda handler: _send(handler, 200, _DOT, "image/png"),
    "/never": _never,
    "/drip": _drip,
    "/silent": _silent,
    "/large": _large,
    "/cookies": _cookies,
}  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.0"

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        with contextlib.suppress(ConnectionError):
            if path in ANSWERS:
                ANSWERS[path](self)
            elif path in HTML:
                _send(self, 200, HTML[path].replace("{port}", str(self.server.server_port)).encode())
            elif path.startswith("/plain/"):
                _send(self, 200, page(path, f"<p>Plain page {path}</p>{UNNAMED}").encode())
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
