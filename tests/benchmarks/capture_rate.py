"""How many pages a second the browser pool looks at, against a plain loop of axe-playwright-python on the same browser.

    python tests/benchmarks/capture_rate.py [PAGES] [ROUNDS]

Both look at the same generated pages on loopback, in turn, so that a busy machine hurts both. The loop does less: axe alone,
in the top frame, with no sandbox; the pool gives outline, requests and pictures besides. It times, and asserts nothing.
"""

import asyncio
import contextlib
import random
import statistics
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from axe_playwright_python.async_playwright import Axe
from playwright.async_api import async_playwright

from audit import machine
from audit.capture.pool import CaptureSettings, LookOrder, look_at
from rules.model.look import Look

WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
WORDS = (
    "aanvragen",
    "paspoort",
    "afspraak",
    "gemeente",
    "loket",
    "kosten",
    "termijn",
    "bezwaar",
    "telefoon",
    "formulier",
)
FAULTS = ("<img src=/dot>", "<a href=/x></a>", "<input name=q>", "<h5>Kop</h5>", "")
STYLE = """body{font:16px/1.5 sans-serif;margin:0}header,footer{background:#154273;color:#fff;padding:1em}
nav a{color:#fff;margin:.5em}main{max-width:60em;margin:auto;display:grid;grid-template-columns:2fr 1fr;gap:2em}
.card{border:1px solid #ccc;padding:1em}.muted{color:#999}.note{background:#eef7fb;color:#01689b}
table{border-collapse:collapse}td,th{border:1px solid #ddd;padding:.3em}"""
SCRIPT = """document.querySelectorAll(".card h2").forEach((heading) =>
heading.addEventListener("click", () => heading.parentNode.classList.toggle("open")))"""
PAGE = """<!doctype html><html lang=nl><head><title>Dienst {number}</title><style>{style}</style></head><body>
<header><nav><ul>{menu}</ul></nav></header><main><div><h1>Dienst {number}</h1>{cards}{faults}</div>
<aside><table>{rows}</table><form><label>Naam <input name=naam></label><button>Verstuur</button></form></aside></main>
<footer><p>Bel 14 0{number}</p></footer><script>{script}</script></body></html>"""
CARD = '<section class=card><h2>{head}</h2><p>{text}</p><p class="{style}">{more}</p><ul>{items}</ul></section>'


def sentence(dice: random.Random, length: int = 14) -> str:
    return " ".join(dice.choice(WORDS) for _ in range(length)).capitalize() + "."


def document(number: int) -> str:
    """A service page of middling size: a menu, cards, a table, a form, a script, and a few of the usual faults."""
    dice = random.Random(number)
    menu = "".join(f'<li><a href="/{other}">{dice.choice(WORDS)} {other}</a></li>' for other in range(20))
    cards = "".join(
        CARD.format(
            head=sentence(dice, 4),
            text=sentence(dice, 30),
            style=dice.choice(("muted", "note", "")),
            more=sentence(dice),
            items="".join(f"<li>{sentence(dice, 6)}</li>" for _ in range(5)),
        )
        for _ in range(8)
    )
    prices = (f"<tr><th scope=row>{sentence(dice, 2)}</th><td>{dice.randint(1, 99)} euro</td></tr>" for _ in range(12))
    rows, faults = "".join(prices), "".join(dice.choice(FAULTS) for _ in range(3))
    return PAGE.format(number=number, style=STYLE, menu=menu, cards=cards, faults=faults, rows=rows, script=SCRIPT)


@contextlib.contextmanager
def served(pages: int) -> Iterator[list[str]]:
    """The addresses of that many pages."""
    bodies = {f"/{number}": document(number).encode() for number in range(pages)}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = bodies.get(self.path, b"")
            self.send_response(200 if body else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield [f"http://127.0.0.1:{server.server_port}{path}" for path in bodies]
    server.shutdown()
    server.server_close()


async def loop(urls: list[str], browser: str) -> None:
    """What a first script does: one tab, page after page."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser)
        tab = await chromium.new_page()
        for url in urls:
            await tab.goto(url)
            await Axe().run(tab, options=WCAG)
        await chromium.close()


async def pool(urls: list[str], browser: str) -> None:
    """The same through the pool, with all that it gathers."""
    looks: list[Look] = []

    async def turn(_: str) -> None:
        return

    settings = CaptureSettings(
        proxy="", user_agent="loket-benchmark", browser=browser, sandbox=not machine.user_namespaces()
    )
    orders = [LookOrder(url) for url in urls]
    await look_at(
        orders, settings, turn=turn, pictured=set(), started=lambda _: None, done=looks.append, stop=asyncio.Event()
    )
    lost = [look for look in looks if look.failure]
    if lost:
        raise SystemExit(f"{len(lost)} pages were lost, the first: {lost[0].url}: {lost[0].failure}")


def main() -> None:
    """Print each round and the medians, each including the start of the browser."""
    pages, rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 60, int(sys.argv[2]) if len(sys.argv) > 2 else 3
    found = machine.find_browser()
    if found is None:
        raise SystemExit("no Chromium on this machine")
    rates: dict[str, list[float]] = {"loop": [], "pool": []}
    with served(pages) as urls:
        for _ in range(rounds):
            for name, work in (("loop", loop), ("pool", pool)):
                began = time.monotonic()
                asyncio.run(work(urls, found.path))
                rates[name].append(pages / (time.monotonic() - began))
            ours, theirs = rates["pool"][-1], rates["loop"][-1]
            sys.stdout.write(f"loop {theirs:.2f}  pool {ours:.2f} pages/s  ratio {ours / theirs:.2f}\n")
    ratio = statistics.median(ours / theirs for ours, theirs in zip(rates["pool"], rates["loop"], strict=True))
    loops, pools = statistics.median(rates["loop"]), statistics.median(rates["pool"])
    sys.stdout.write(
        f"median of {rounds} on {found.product}: loop {loops:.2f}, pool {pools:.2f} pages/s, ratio {ratio:.2f}\n"
    )


if __name__ == "__main__":
    main()
