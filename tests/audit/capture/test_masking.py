"""A picture shows neither what a form was filled with nor who works there; all else is as the page has it."""

import asyncio
import io
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from PIL import Image

from audit.capture.pool import CaptureSettings, LookOrder, look_at
from rules.model.look import Look

pytestmark = pytest.mark.browser

PAGE = """<!doctype html><html lang="en"><title>Page</title><style>* {{ font: 40px monospace }}</style>
<h1>Page</h1><p>{words}</p>"""
PERSONAL = {
    "/mail": "<a href='mailto:j.jansen@agency.example' style='color:red'>j.jansen@agency.example</a>",
    "/name": "Ask for Mrs <b style='color:red'>Ann Smith</b>",
    "/shadow": "<template shadowrootmode=open><b style='color:red'>j.jansen@agency.example</b></template>",
    "/filled": "<input style='color:red' value='j.jansen@agency.example'>",
}
OFFICIAL = {
    "/office": "<b style='color:red'>info@agency.example</b>",
    "/word": "<b style='color:red'>Smith Street</b>, ask for Mrs Jones",
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        body = PAGE.format(words=(PERSONAL | OFFICIAL).get(self.path, "")).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture(scope="module")
def looks(address: str, settings: CaptureSettings) -> dict[str, Look]:
    taken: dict[str, Look] = {}

    async def turn(_: str) -> None:
        return

    async def run() -> None:
        orders = [LookOrder(f"{address}{path}", full_picture=True) for path in (*PERSONAL, *OFFICIAL)]
        await look_at(
            orders,
            settings,
            turn=turn,
            pictured=set(),
            started=lambda _: None,
            done=lambda look: taken.update({look.url.removeprefix(address): look}),
            stop=asyncio.Event(),
        )

    asyncio.run(run())
    return taken


def red(look: Look) -> int:
    """How many pixels of the page's picture are as red as the words in question."""
    assert look.failure is None
    (page,) = (picture for picture in look.pictures if picture.kind == "page")
    image = Image.open(io.BytesIO(page.jpeg)).convert("RGB")
    return sum(count for count, (r, g, b) in image.getcolors(1 << 24) or () if r > 200 and g < 90 and b < 90)


@pytest.mark.parametrize("path", PERSONAL)
def test_a_person_is_not_shown(looks: dict[str, Look], path: str) -> None:
    assert red(looks[path]) == 0


@pytest.mark.parametrize("path", OFFICIAL)
def test_what_is_an_offices_is_shown(looks: dict[str, Look], path: str) -> None:
    assert red(looks[path]) > 100
