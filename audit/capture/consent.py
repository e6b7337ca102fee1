"""The second look: what is shown once the request for consent was refused with the site's own button."""

import json
import tomllib
from functools import cache
from importlib.resources import files

from audit.capture.engine.contract import BrowserGone, F, Tab


@cache
def words() -> dict[str, tuple[str, ...]]:
    """What buttons that refuse say, and what they stand in, in all languages together."""
    table = tomllib.loads(files("audit.capture").joinpath("consent.toml").read_text(encoding="utf-8"))
    return {name: tuple(dict.fromkeys(word for row in rows.values() for word in row)) for name, rows in table.items()}


async def refuse(tab: Tab[F]) -> bool:
    """Press the button in whichever frame it stands; whether there was one."""
    expression = f"loket.refuse({json.dumps(words())})"
    for frame in await tab.frames():
        try:
            if await tab.evaluate(frame, expression):
                return True
        except BrowserGone:
            if tab.worn:
                raise
    return False
