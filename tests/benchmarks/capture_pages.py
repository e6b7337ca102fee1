"""The pages of the capture benchmark: a seeded site of a government design, light and heavy pages, with known faults.

    python tests/benchmarks/capture_pages.py PAGES    serves them, prints its port, and ends when its input does

Every fifth page has some 900 elements, the others 260 to 290; every page has a script that changes its tree, and four of a
hundred a frame. Each page asks three hosts that are not there (a statistics script, a style sheet with fonts, a picture of a
film) at addresses that are reserved for documentation, RFC 5737: whoever visits has to block them.
"""

import asyncio
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

THIRD_PARTIES = ("192.0.2.7", "198.51.100.7", "203.0.113.7")
_VOCABULARY = """aanvragen paspoort afspraak gemeente loket kosten termijn bezwaar telefoon formulier woning toeslag vergunning
rijbewijs uitkering belasting verhuizen geboorte huwelijk inschrijven uittreksel parkeren afval zorg hulp werk inkomen school"""
_WORDS = _VOCABULARY.split()
_ROWS = {"light": 8, "form": 6, "heavy": 70}
_CARDS = {"light": 6, "form": 3, "heavy": 16}
_HEAVY_EVERY, _FORM_EVERY, _FRAME_EVERY = 5, 7, 25

FAULTS: dict[str, str] = {
    "image-alt": "<p><img src=/assets/dot.png width=40 height=40></p>",
    "link-name": '<p><a href="/leeg"></a></p>',
    "label": '<p><input type=text name="los{number}"></p>',
    "color-contrast": '<p class="faint">Deze regel is te licht, nummer {number}.</p>',
    "button-name": '<button type=button class="icon"></button>',
    "select-name": "<p><select name=keuze><option>een<option>twee</select></p>",
    "list": "<ul><div>Geen onderdeel van een lijst</div></ul>",
    "aria-valid-attr-value": "<p role=checkbox aria-checked=misschien tabindex=0>Akkoord {number}</p>",
    "aria-allowed-attr": "<h3 aria-selected=true>Kop met een kenmerk te veel</h3>",
    "definition-list": "<dl><p>Los</p></dl>",
}
"""What is put on pages, by axe's name for it."""


@dataclass(frozen=True)
class Page:
    """One page and how often each rule must fail on it at least."""

    path: str
    body: str
    faults: Counter[str] = field(default_factory=Counter)


def pages(count: int, seed: str = "loket") -> list[Page]:
    """So many pages, always the same for one seed."""
    return [_page(number, count, random.Random(f"{seed}/{number}")) for number in range(count)]


def _page(number: int, count: int, dice: random.Random) -> Page:
    kind = "heavy" if number % _HEAVY_EVERY == 3 else "form" if number % _FORM_EVERY == 5 else "light"
    faults = Counter(dice.choice(list(FAULTS)) for _ in range(dice.randint(1, 6)))
    planted = "".join(FAULTS[rule].format(number=number) for rule in faults.elements())
    frame = '<iframe src="/assets/kaart.html" title="Kaart"></iframe>' if number % _FRAME_EVERY == 9 else ""
    main = f"""<nav aria-label=Kruimelpad class=crumbs><a href="/">Home</a> <a href="/d/{number // 10}">Diensten</a></nav>
<h1>{_title(number, dice)}</h1><p class=lead>{_text(dice, 30)}</p>{_cards(_CARDS[kind], dice)}{_table(_ROWS[kind], dice)}
{_questions(6 if kind == "light" else 14, number, dice)}{_form(number, dice) if kind == "form" else ""}{planted}{frame}"""
    links = "".join(f'<li><a href="/d/{dice.randrange(count)}">{_text(dice, 3)}</a></li>' for _ in range(12))
    body = f"""<!doctype html><html lang=nl><head><meta charset=utf-8><title>{_title(number, dice)} - Gemeente Loket</title>
<meta name=viewport content="width=device-width, initial-scale=1"><link rel=stylesheet href=/assets/site.css>
<link rel=stylesheet href="http://{THIRD_PARTIES[1]}/font.css"><script async src="http://{THIRD_PARTIES[0]}/meet.js"></script>
<script defer src=/assets/site.js></script></head><body><a class=skip href="#inhoud">Naar de inhoud</a>
<header class=top><a href="/" class=logo><img src=/assets/logo.svg alt="Gemeente Loket" width=120 height=48></a>
<nav aria-label=Hoofdmenu><ul>{_menu()}</ul></nav><form role=search action=/zoek><label for=q>Zoeken</label><input id=q name=q>
<button class=primary>Zoek</button></form></header><main id=inhoud><div class=grid><div class=body>{main}</div>
<aside aria-label="Zie ook"><h2>Zie ook</h2><ul class=links>{links}</ul><img src="http://{THIRD_PARTIES[2]}/film.jpg" alt="Film"
width=160 height=90></aside></div></main><footer><h2>Contact</h2><p>Bel 14 0{100 + number} of kom langs op werkdagen van 9 tot 17
uur.</p><ul class=links>{_menu()}</ul></footer></body></html>"""
    return Page(f"/d/{number}" if number else "/", body, faults)


def _title(number: int, dice: random.Random) -> str:
    return f"{dice.choice(_WORDS).capitalize()} en {dice.choice(_WORDS)} {number}"


def _text(dice: random.Random, words: int) -> str:
    return " ".join(dice.choice(_WORDS) for _ in range(words)).capitalize()


def _menu() -> str:
    return "".join(f'<li><a href="/d/{number}">{word.capitalize()}</a></li>' for number, word in enumerate(_WORDS[:9]))


def _cards(count: int, dice: random.Random) -> str:
    return f"<div class=cards>{''.join(_card(dice) for _ in range(count))}</div>"


def _card(dice: random.Random) -> str:
    items = "".join(f"<li>{_text(dice, 6)}</li>" for _ in range(4))
    return f"""<section class="card tone{dice.randrange(6)}"><h2>{_text(dice, 4)}</h2><p>{_text(dice, 28)}.</p>
<p class="note note{dice.randrange(4)}"><strong>Let op:</strong> {_text(dice, 12)}
<a href="/d/{dice.randrange(9)}">{_text(dice, 3)}</a>.</p><ul>{items}</ul>
<a class="button" href="/d/1">{_text(dice, 2)}</a></section>"""


def _table(rows: int, dice: random.Random) -> str:
    shown = "".join(
        f"""<tr><th scope=row>{_text(dice, 2)}</th><td>{dice.randint(1, 99)} euro</td><td>{dice.randint(1, 8)} weken</td>
<td><a href="/d/{dice.randrange(9)}">{_text(dice, 2)}</a></td>
<td><span class="tag tone{dice.randrange(6)}">{dice.choice(_WORDS)}</span></td></tr>"""
        for _ in range(rows)
    )
    heads = "".join(f"<th scope=col>{word}</th>" for word in ("Dienst", "Kosten", "Termijn", "Meer", "Soort"))
    return f"<table><caption>Kosten</caption><thead><tr>{heads}</tr></thead><tbody>{shown}</tbody></table>"


def _questions(count: int, number: int, dice: random.Random) -> str:
    return "".join(
        f"<details{' open' if place == number % 3 else ''}><summary>{_text(dice, 5)}?</summary><p>{_text(dice, 40)}.</p>"
        "</details>"
        for place in range(count)
    )


def _form(number: int, dice: random.Random) -> str:
    fields = "".join(
        f"<p><label for=f{place}>{_text(dice, 2)}</label><input id=f{place} name=f{place} autocomplete=off></p>"
        for place in range(12)
    )
    choices = "".join(
        f"<p><input type=radio name=keus id=k{place}><label for=k{place}>{_text(dice, 3)}</label></p>"
        for place in range(4)
    )
    return f"""<form action=/verstuur method=post><h2>Aanvraag {number}</h2>{fields}<fieldset><legend>Keuze</legend>{choices}
</fieldset><button class=primary>Verstuur</button></form>"""


_STYLE = """*{box-sizing:border-box}body{margin:0;font:16px/1.5 Verdana,sans-serif;color:#222;background:#fff}
.top,footer{background:#154273;color:#fff;padding:16px}.top a,footer a{color:#fff}.top label{color:#fff}
.top nav ul{display:flex;gap:16px;list-style:none;padding:0}
.grid{display:grid;grid-template-columns:3fr 1fr;gap:32px;max-width:1200px;margin:0 auto;padding:16px}
.cards{display:grid;grid-template-columns:1fr 1fr;gap:16px}.card{border:1px solid #ccc;padding:16px;border-top:6px solid}
.card h2{font-size:20px}.links li{padding:6px 0}.lead{font-size:18px}a{color:#01689b}.skip{position:absolute;left:-999px}
.button,.primary{display:inline-block;background:#01689b;color:#fff;padding:8px 16px;border:0}.icon{width:40px;height:40px}
.faint{color:#bbb}details{border-bottom:1px solid #ddd;padding:8px 0}table{border-collapse:collapse;width:100%;margin:16px 0}
td,th{border-bottom:1px solid #ddd;padding:8px;text-align:left}tbody tr:nth-child(even){background:rgba(21,66,115,.06)}
.tag{background:#eee;padding:2px 6px}input,select{padding:8px}"""
_TONES = ("#154273", "#01689b", "#39870c", "#a90061", "#7a2e00", "#42145f")
_NOTES = ("#eef7fb", "#fff4dc", "#f9dfdd", "#e1eddb")


def _style() -> str:
    """A style sheet as design systems make them: a little that is used, and much for other pages."""
    tones = (
        f".tone{place}{{border-color:{tone}}}.tag.tone{place}{{color:{tone}}}" for place, tone in enumerate(_TONES)
    )
    notes = (f".note{place}{{background:{note};padding:8px}}" for place, note in enumerate(_NOTES))
    unused = (
        f".c{n} > .d{n % 90}:hover .e{n % 70}{{margin:{n % 9}px;color:rgb({n % 255},{n % 99},9)}}" for n in range(1200)
    )
    return "\n".join([_STYLE, *tones, *notes, *unused])


_SCRIPT = """
(() => {
  document.documentElement.classList.add("js");
  const top = document.createElement("p");
  top.innerHTML = '<a href="#inhoud">Naar boven</a>';
  document.querySelector("main").append(top);
  for (const summary of document.querySelectorAll("summary")) {
    summary.addEventListener("click", () => summary.classList.toggle("op"));
  }
  document.querySelector("[role=search]").addEventListener("submit", (event) => event.preventDefault());
})();
"""
_DOT = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89\0\0\0\rIDATx\x9cc`\xa8\xfb\xf5\x1f\0\4K\2_\x02"
    b"\xe0\xf4G\0\0\0\0IEND\xaeB`\x82"
)
_LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 48"><rect width="120" height="48" fill="#fff"/></svg>"""
_MAP = b"<!doctype html><html lang=nl><title>Kaart</title><p>Het gemeentehuis staat aan de markt.</p><img src=/assets/dot.png>"


def _answers(count: int) -> dict[str, bytes]:
    """Whole answers by path; assets may be kept by a cache, as on real sites, and pages may not."""
    filler = "".join(f"function bundel{n}(a,b){{return a&&b?a.x{n}(b):[a,b,{n}]}}\n" for n in range(1500))
    answers = {page.path: _answer("text/html; charset=utf-8", page.body.encode(), "no-cache") for page in pages(count)}
    for path, mime, body in (
        ("site.css", "text/css", _style().encode()),
        ("site.js", "text/javascript", (filler + _SCRIPT).encode()),
        ("dot.png", "image/png", _DOT),
        ("logo.svg", "image/svg+xml", _LOGO),
        ("kaart.html", "text/html", _MAP),
    ):
        answers[f"/assets/{path}"] = _answer(mime, body, "max-age=3600")
    return answers


def _answer(mime: str, body: bytes, cache: str, status: str = "200 OK") -> bytes:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\nCache-Control: {cache}\r\n\r\n"
    return head.encode() + body


class _Connection(asyncio.Protocol):
    """Answers with what is ready, so that the server takes as little of the machine as can be."""

    answers: dict[str, bytes]
    missing = _answer("text/plain", b"", "no-cache", "404 Not Found")

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._left = b""

    def data_received(self, data: bytes) -> None:
        *heads, self._left = (self._left + data).split(b"\r\n\r\n")
        for head in heads:
            self._transport.write(self.answers.get(head.split(b" ", 2)[1].decode("ascii", "replace"), self.missing))


async def _serve(count: int) -> None:
    _Connection.answers = _answers(count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Connection, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    server.close()


@contextmanager
def served(count: int) -> Iterator[tuple[str, int]]:
    """The address of the site, and the server's process, which is no part of what is measured."""
    command = [sys.executable, str(Path(__file__)), str(count)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        yield f"http://127.0.0.1:{server.stdout.readline().strip()}", server.pid
        server.communicate("")


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
