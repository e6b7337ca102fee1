"""The two ways that the capture stage is measured against, each as one command.

    python tests/benchmarks/capture_ways.py naive|floor BROWSER ADDRESSES FINDINGS

`naive` is what a first script does: axe-playwright-python in a loop, one tab. `floor` is the least that can be done with
Playwright: one warm browser, two tabs, axe put into each page once, nothing but the violations carried out. Both ask for
WCAG's rules alone, in the page's own world, without a sandbox and without a proxy. ADDRESSES is a file of URLs, one a line;
FINDINGS is written: JSON of `[url, rule, target]`, of the top frames alone.
"""

import asyncio
import json
import sys
from collections import deque
from pathlib import Path
from typing import Any

from axe_playwright_python.async_playwright import Axe
from capture_pages import THIRD_PARTIES
from playwright.async_api import Page, async_playwright

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
_OPTIONS = {"runOnly": {"type": "tag", "values": TAGS}}
_BLOCKED = ", ".join(f"MAP {host} ~NOTFOUND" for host in THIRD_PARTIES)
_VIEWPORT = {"width": 1280, "height": 900}
_TABS = 2


async def naive(page: Page, urls: deque[str], found: list[tuple[str, dict[str, Any]]]) -> None:
    """As its documentation shows it."""
    while urls:
        url = urls.popleft()
        await page.goto(url)
        results = await Axe().run(page, options=_OPTIONS)
        found.append((url, results.response))


async def floor(page: Page, urls: deque[str], found: list[tuple[str, dict[str, Any]]]) -> None:
    """The same with the script read once and a result that holds violations alone."""
    script = Axe().axe_script
    run = f"""axe.run({json.dumps({**_OPTIONS, "resultTypes": ["violations"]})}).then(({{violations}}) => JSON.stringify({{
        violations: violations.map(({{id, nodes}}) => ({{id, nodes: nodes.map(({{target}}) => ({{target}}))}}))}}))"""
    while urls:
        url = urls.popleft()
        await page.goto(url)
        await page.evaluate(script)
        found.append((url, json.loads(await page.evaluate(run))))


def findings(found: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, str, str]]:
    """What failed in the top frames; a target with more than one part lies in a frame or shadow tree."""
    return [
        (url, rule["id"], node["target"][0])
        for url, result in found
        for rule in result["violations"]
        for node in rule["nodes"]
        if len(node["target"]) == 1
    ]


async def main(way: str, browser: str, urls: deque[str]) -> list[tuple[str, str, str]]:
    """Look at all addresses in this way."""
    found: list[tuple[str, dict[str, Any]]] = []
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=browser, args=[f"--host-resolver-rules={_BLOCKED}"])
        context = await chromium.new_context(viewport=_VIEWPORT)
        pages = [await context.new_page() for _ in range(_TABS if way == "floor" else 1)]
        await asyncio.gather(*((floor if way == "floor" else naive)(page, urls, found) for page in pages))
        await chromium.close()
    return findings(found)


if __name__ == "__main__":
    chosen, program, addresses, out = sys.argv[1:]
    wanted = deque(Path(addresses).read_text(encoding="utf-8").split())
    Path(out).write_text(json.dumps(asyncio.run(main(chosen, program, wanted))), encoding="utf-8")
