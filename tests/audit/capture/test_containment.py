"""What a page may not do with the browser it is looked at with, and what it may not leave behind for the next site."""

import asyncio
import contextlib
import json
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote

import pytest

from audit.capture.engine import playwright
from audit.capture.pool import CaptureSettings, LookOrder, look_at
from audit.guest.addresses import AllowList
from audit.guest.guard import Guard
from rules.model.look import Look

pytestmark = pytest.mark.browser

WORDS = "The words that stand on the page itself. " + "They are many, so that nobody takes it for a signpost. " * 5
HEAD = f'<!doctype html><html lang="en"><title>Page</title><h1>Page</h1><p>{WORDS}</p>'
PERMISSIONS = (
    "geolocation notifications push midi camera microphone background-fetch background-sync persistent-storage accelerometer "
    "gyroscope magnetometer screen-wake-lock display-capture clipboard-read clipboard-write payment-handler idle-detection "
    "periodic-background-sync window-management local-fonts keyboard-lock pointer-lock captured-surface-control"
)
DEVICES = """{
  place: () => new Promise((yes, no) => navigator.geolocation.getCurrentPosition(yes, no)),
  camera: () => navigator.mediaDevices.getUserMedia({ audio: true, video: true }),
  notification: () => Notification.requestPermission().then((state) => state === "granted" || Promise.reject()),
  clipboard: () => navigator.clipboard.readText(),
  copying: () => navigator.clipboard.writeText("x"),
  usb: () => navigator.usb.requestDevice({ filters: [] }),
  bluetooth: () => navigator.bluetooth.requestDevice({ acceptAllDevices: true }),
  hid: () => navigator.hid.requestDevice({ filters: [] }),
  serial: () => navigator.serial.requestPort(),
  midi: () => navigator.requestMIDIAccess({ sysex: true }),
  idle: () => IdleDetector.requestPermission().then((state) => state === "granted" || Promise.reject()),
  screens: () => getScreenDetails(),
  file: () => showOpenFilePicker(),
  folder: () => showDirectoryPicker(),
  keys: () => navigator.credentials.get({ publicKey: { challenge: new Uint8Array(8) } }),
  wake: () => navigator.wakeLock.request(),
  storing: () => navigator.storage.persist().then((kept) => kept || Promise.reject()),
}"""
ASKING = f"""{HEAD}<script>
(async () => {{
  const told = [];
  for (const name of "{PERMISSIONS}".split(" ")) {{
    const asked = navigator.permissions.query({{ name, userVisibleOnly: true }});
    told.push(`${{name}} ${{await asked.then((answer) => answer.state, (error) => error.name)}}`);
  }}
  for (const [name, use] of Object.entries({DEVICES})) {{
    try {{ await use(); told.push(`${{name}} used`); }} catch {{ told.push(`${{name}} denied`); }}
  }}
  await fetch("/told?" + encodeURIComponent(told.join(", ")));
}})();</script><script src="/hold"></script>"""
DOWNLOADING = f"""{HEAD}<a id="a" href="/file" download="loket-test-file">x</a><iframe src="/file"></iframe><script>
document.getElementById("a").click();
Object.assign(document.createElement("a"), {{ href: URL.createObjectURL(new Blob(["x"])), download: "loket-test-file" }}).click();
</script>"""
LEAVING = f"""{HEAD}<iframe src="loket-test:frame"></iframe><iframe src="tel:112"></iframe><script>
print();
addEventListener("beforeunload", (event) => event.preventDefault());
for (const url of ["mailto:x@y.example", "tel:112", "loket-test:x", "intent:x", "ms-settings:", "file:///etc/passwd"]) {{
  location = url;
  window.open(url);
}}
alert(1); confirm(2); prompt(3);
</script>"""
WORKING = f"""{HEAD}<script>
ServiceWorkerContainer.prototype.register.call(navigator.serviceWorker, "/worker.js")
  .then(() => navigator.serviceWorker.ready).then(() => fetch("/registered"));
</script>"""
WORKER = """
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));
addEventListener("fetch", (event) => event.respondWith(new Response("<h1>Page</h1><p>The words of a worker.",
  { headers: { "Content-Type": "text/html" } })));
"""
KEEPING = f"""{HEAD}<link rel="stylesheet" href="/kept.css"><script>
(async () => {{
  const found = [document.cookie, localStorage.getItem("kept"), sessionStorage.getItem("kept"), window.name,
    (await caches.keys()).join(), (await indexedDB.databases()).map((base) => base.name).join()];
  await fetch("/told?" + encodeURIComponent(found.filter(Boolean).join(" ") || "nothing"));
  document.cookie = "scripted=kept; max-age=9999"; localStorage.kept = sessionStorage.kept = window.name = "kept";
  await caches.open("kept"); indexedDB.open("kept");
}})();</script><script src="/hold"></script>"""
LEAKING = f"""{HEAD}<link rel="dns-prefetch" href="//leak-prefetch.example">
<link rel="preconnect" href="https://leak-preconnect.example"><img src="http://leak-image.example/">
<img src="https://leak-secure.example/"><script>
new WebSocket("wss://leak-socket.example/");
(async () => {{
  const turn = {{ urls: "turn:leak-turn.example:3478?transport=tcp", username: "u", credential: "c" }};
  const peer = new RTCPeerConnection({{ iceServers: [{{ urls: "stun:leak-stun.example" }}, turn] }});
  peer.createDataChannel("x");
  await peer.setLocalDescription(await peer.createOffer());
}})();</script>"""
PAGES = {
    "/asking": ASKING,
    "/downloading": DOWNLOADING,
    "/leaving": LEAVING,
    "/working": WORKING,
    "/keeping": KEEPING,
    "/leaking": LEAKING,
    "/plain": HEAD,
}


class Handler(BaseHTTPRequestHandler):
    """Answers /hold, for which a page's loading waits, once the page has told what it found."""

    asked: list[tuple[str, dict[str, str]]]
    told: threading.Semaphore

    def do_GET(self) -> None:
        self.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        if self.path == "/hold":
            self.told.acquire(timeout=20)
        elif self.path.startswith("/told"):
            self.told.release()
        if self.path == "/file":
            self._answer(b"x", "application/octet-stream", Content_Disposition="attachment; filename=loket-test-file")
        elif self.path == "/worker.js":
            self._answer(WORKER.encode(), "text/javascript")
        elif self.path == "/kept.css":
            self._answer(b"p { color: black }", "text/css", Cache_Control="max-age=9999", ETag='"kept"')
        else:
            self._answer(
                PAGES.get(self.path.partition("?")[0], "").encode(),
                "text/html",
                Set_Cookie="sent=kept; Max-Age=9999; HttpOnly",
            )

    def _answer(self, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        with contextlib.suppress(ConnectionError):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """The tests' output stays clean."""


@pytest.fixture
def place() -> Iterator[tuple[str, list[tuple[str, dict[str, str]]]]]:
    """The site's address, and what was asked of it: paths with the headers."""
    asked: list[tuple[str, dict[str, str]]] = []
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Asked", (Handler,), {"asked": asked, "told": threading.Semaphore(0)})
    )
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", asked
    server.shutdown()
    server.server_close()
    thread.join()


def look(settings: CaptureSettings, *urls: str, done: Callable[[], None] = lambda: None, proxy: str = "") -> list[Look]:
    """The looks of one site, in one browser and one tab."""
    given = {name: getattr(settings, name) for name in settings.__struct_fields__}
    looks: list[Look] = []

    async def turn(_: str) -> None:
        return

    def store(taken: Look) -> None:
        looks.append(taken)
        done()

    async def run() -> None:
        changed = CaptureSettings(**{**given, "tabs": 1, "proxy": proxy, "deadline": 30, "pictures": False})
        orders = [LookOrder(url) for url in urls]
        await look_at(
            orders, changed, turn=turn, pictured=set(), started=lambda _: None, done=store, stop=asyncio.Event()
        )

    asyncio.run(run())
    return looks


def told(asked: list[tuple[str, dict[str, str]]]) -> list[str]:
    """What the pages have found, page by page."""
    return [unquote(path.partition("?")[2]) for path, _ in asked if path.startswith("/told")]


def words(taken: Look) -> str:
    assert taken.outline is not None, taken.failure
    return " | ".join(block.text for block in taken.outline.blocks)


def test_no_permission_is_granted_and_no_device_is_handed_out(place, settings):
    site, asked = place
    look(settings, f"{site}/asking")
    (answers,) = told(asked)
    assert len(answers.split(", ")) == len(PERMISSIONS.split()) + DEVICES.count(": () =>")
    assert [answer for answer in answers.split(", ") if not answer.endswith(" denied")] == []


def test_nothing_is_downloaded(place, settings):
    found: list[Path] = []

    def search() -> None:
        for den in Path(tempfile.gettempdir()).glob("loket-browser-*"):
            found.extend(file for file in den.rglob("*loket-test-file*"))

    (taken,) = look(settings, f"{place[0]}/downloading", done=search)
    assert WORDS.strip() in words(taken)
    assert found == []


def test_a_page_cannot_leave_for_another_program_print_or_hold_the_browser_up(place, settings):
    (taken,) = look(settings, f"{place[0]}/leaving")
    assert taken.failure is None
    assert words(taken) == f"Page | {WORDS.strip()}"


def test_a_service_worker_changes_no_later_page(place, settings):
    looks = look(settings, f"{place[0]}/working", f"{place[0]}/plain", f"{place[0]}/plain")
    assert "/worker.js" not in {path for path, _ in place[1]}
    assert [words(taken) for taken in looks[1:]] == [f"Page | {WORDS.strip()}"] * 2


def test_nothing_survives_from_one_site_to_the_next(place, settings):
    site, asked = place
    look(settings, f"{site}/keeping", f"{site}/keeping?again")
    first, again = told(asked)
    assert (first, "scripted=kept" in again) == ("nothing", True)  # within a site a visitor's state stays
    asked.clear()
    look(settings, f"{site}/keeping")
    assert told(asked) == ["nothing"]
    assert {path for path, _ in asked} >= {"/keeping", "/kept.css"}  # the style sheet came anew: no cache was left
    (page,) = (headers for path, headers in asked if path == "/keeping")
    (style,) = (headers for path, headers in asked if path == "/kept.css")
    assert "cookie" not in page
    assert "if-none-match" not in style


def test_behind_the_guard_the_browser_looks_no_name_up_itself(place, settings, monkeypatch):
    folder = Path(tempfile.mkdtemp(prefix="loket-names-"))
    folder.chmod(0o777)
    log = folder / "net.json"
    monkeypatch.setattr(playwright, "SWITCHES", (*playwright.SWITCHES, f"--log-net-log={log}"))
    host = place[0].removeprefix("http://")
    with Guard(allowed=AllowList.parse([host]), resolve=lambda _: []) as guard:
        (taken,) = look(settings, f"{place[0]}/leaking", proxy=guard.address)
        refused = {refusal.host for refusal in guard.refused()}
    text = log.read_text(encoding="utf-8", errors="replace")
    shutil.rmtree(folder)
    assert WORDS.strip() in words(taken)
    assert refused >= {"leak-image.example", "leak-secure.example", "leak-socket.example"}
    constants, _, events = text.partition('"events": [\n')
    kinds = json.loads(f"{constants.rstrip().rstrip(',')}}}")["constants"]["logEventTypes"]
    looking = {number for name, number in kinds.items() if name.startswith(("HOST_RESOLVER", "DNS_TRANSACTION"))}
    lines = [json.loads(line.rstrip(",")) for line in events.splitlines() if line.startswith('{"')]
    assert lines
    assert [line for line in lines if line["type"] in looking and "leak-" in json.dumps(line)] == []
