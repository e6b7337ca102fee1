"""Where the two engines differ on the W3C's sample pages: `python tests/benchmarks/engines_compare.py [--pages 200]`.

Draws pages (seeded) from `act` of LOKET_DATA, else of ../shared/data, looks at each with Playwright and with WebDriver, and
prints every difference: how the look ended, what the text layer says, what axe found and where. Boxes are left out, for text
fields are a pixel wider or not by a setting of the driver. Exits with 1 where anything differs.
"""

import argparse
import asyncio
import http.server
import json
import os
import random
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import msgspec

from audit import machine
from audit.capture.pool import CaptureSettings, LookOrder, look_at
from rules.model.look import Look

ENGINES = ("playwright", "webdriver")
DATA = Path(os.environ.get("LOKET_DATA") or Path(__file__).parents[3] / "shared" / "data") / "act"


class Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and writes no log."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder's address on loopback."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def looks_of(urls: list[str], engine: str) -> dict[str, Look]:
    """Each page as one engine sees it."""
    looks: list[Look] = []
    settings = CaptureSettings(
        proxy="",
        user_agent="loket-test",
        engine=engine,
        pictures=False,
        deadline=60,
        sandbox=not machine.user_namespaces(),
    )

    async def turn(_: str) -> None:
        return

    async def main() -> None:
        await look_at(
            [LookOrder(url) for url in urls],
            settings,
            turn=turn,
            pictured=set(),
            started=lambda _: None,
            done=looks.append,
            stop=asyncio.Event(),
        )

    asyncio.run(main())
    return {look.url: look for look in looks}


def differences(one: Look, other: Look) -> Iterator[str]:
    """What the second engine says otherwise, a line each."""
    ended = [look.failure.kind.value if look.failure else "read" for look in (one, other)]
    if ended[0] != ended[1]:
        yield f"ended {ended[0]} / {ended[1]}: {other.failure.detail if other.failure else ''}"
        return
    blocks = [
        [msgspec.structs.replace(block, box=None) for block in look.outline.blocks] if look.outline else []
        for look in (one, other)
    ]
    if blocks[0] != blocks[1]:
        changed = [(old.text, new.text) for old, new in zip(*blocks, strict=False) if old != new]
        yield f"outline: {len(blocks[0])} / {len(blocks[1])} blocks, first {changed[:1]}"
    found = [
        {
            (rule.id, rule.outcome.value, rule.count, tuple(node.target for node in rule.nodes))
            for rule in look.axe.rules
        }
        if look.axe
        else set()
        for look in (one, other)
    ]
    for place, extra in enumerate((found[0] - found[1], found[1] - found[0])):
        for rule, outcome, count, targets in sorted(extra):
            yield f"axe, {ENGINES[place]} only: {rule} {outcome} {count} {targets[:2]}"


def main() -> int:
    """Look, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200)
    parser.add_argument("--seed", default="loket")
    given = parser.parse_args()
    if not DATA.is_dir():
        print(f"{DATA} is not there; name the evaluation data by LOKET_DATA")
        return 2
    cases = [json.loads(line) for line in (DATA / "cases.jsonl").read_text(encoding="utf-8").splitlines()]
    paths = sorted({case["path"] for case in cases})
    drawn = random.Random(given.seed).sample(paths, min(given.pages, len(paths)))
    with served(DATA / "site") as address:
        looks = {}
        for engine in ENGINES:
            began = time.monotonic()
            looks[engine] = looks_of([address + path for path in drawn], engine)
            print(f"{engine}: {len(drawn)} pages in {time.monotonic() - began:.0f} s")
        different = 0
        for path in drawn:
            lines = list(differences(*(looks[engine][address + path] for engine in ENGINES)))
            different += bool(lines)
            for line in lines:
                print(f"{path.rpartition('/testcases/')[2]}: {line}")
    print(f"{len(drawn) - different} of {len(drawn)} pages are the same")
    return 1 if different else 0


if __name__ == "__main__":
    raise SystemExit(main())
