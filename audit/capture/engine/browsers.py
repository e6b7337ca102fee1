"""Which browser of this machine these settings mean: one by its path, one by its channel, or the best there is."""

from audit import machine
from audit.capture.engine.contract import BrowserMissing
from audit.capture.order import CaptureSettings


def chosen_browser(settings: CaptureSettings) -> machine.Browser:
    """The browser to start.

    Raises:
        BrowserMissing: there is none; the message says what there is.

    """
    browser = machine.find_browser(settings.browser, settings.channel)
    if browser is not None:
        return browser
    if settings.browser:
        raise BrowserMissing(
            f"{settings.browser} is not a Chromium that can be started; `loket doctor` says how to mend it"
        )
    if settings.channel:
        raise BrowserMissing(f"--browser-channel {settings.channel}: {_absent(settings.channel)}")
    raise BrowserMissing("no Chromium was found; `loket doctor` says how to mend it")


def _absent(channel: str) -> str:
    """Why there is no browser of this channel, and which there are."""
    here = {browser.product: browser for browser in machine.browsers()}
    known = channel in machine.CHANNELS
    why = "there is no such browser on this machine" if known else f"unknown; there are {', '.join(machine.CHANNELS)}"
    listed = ", ".join(f"{name} {browser.version} ({browser.path})" for name, browser in here.items())
    return f"{why}. On this machine: {listed or 'none of them'}"
