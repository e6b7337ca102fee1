"""How a page that will not end is ended: first its script, by the tab itself, then the tab, then the browser."""

from audit.capture.engine.contract import Browser, F, Tab


async def end_tab(tab: Tab[F], browser: Browser) -> None:
    """Close the tab; a browser that cannot even do that is killed, and whoever looks through it starts a new one."""
    if not await tab.close():
        browser.kill()
