"""How a page that will not end is ended: first its script, then the tab, then the browser."""

import asyncio

from audit.capture.engine.playwright import Browser
from audit.capture.engine.tab import BrowserGone, Tab

_SECONDS = 6.0  # a page in a loop of dialogs listens only between two of them


async def stop_scripts(tab: Tab) -> bool:
    """End the script that runs in the page and let no other start; whether the page then answers.

    The world that was under way is lost with the script, so the next look is in a new one.
    """
    tab.change_world()
    try:
        async with asyncio.timeout(_SECONDS):
            await tab.call("Runtime.terminateExecution")  # once: a second one would end our own next script
            await tab.call("Emulation.setScriptExecutionDisabled", {"value": True})
            await tab.call("Page.stopLoading")
            return bool(await tab.evaluate(tab.top, "1"))
    except (BrowserGone, TimeoutError):
        return False


async def end_tab(tab: Tab, browser: Browser) -> None:
    """Close the tab; a browser that cannot even do that is killed, and whoever looks through it starts a new one."""
    if not await tab.close():
        browser.kill()
