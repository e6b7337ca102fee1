"""Which browser of this machine these settings mean: one by its path, one by its channel, or the best there is."""

from audit import machine
from audit.capture.engine.contract import BrowserMissing
from audit.capture.order import CaptureSettings
from audit.config import SettingsError


def chosen_browser(settings: CaptureSettings) -> machine.Browser:
    """The browser to start.

    Raises:
        BrowserMissing: there is none; the message says what there is.
        SettingsError: nothing goes by the name that was asked for.

    """
    browser = machine.find_browser(settings.browser, settings.channel)
    if browser is not None:
        return browser
    if settings.browser:
        raise BrowserMissing(
            f"{settings.browser} is not a Chromium that can be started; `loket doctor` says how to mend it"
        )
    if settings.channel in machine.CHANNELS:
        raise BrowserMissing(f"--browser-channel {settings.channel}: this machine has none. {_here()}")
    if settings.channel:
        known = ", ".join(machine.CHANNELS)
        raise SettingsError(f"--browser-channel {settings.channel} is unknown; there are {known}. {_here()}")
    raise BrowserMissing("no Chromium was found; `loket doctor` says how to mend it")


def _here() -> str:
    """The browsers of this machine, the first of each channel."""
    here: dict[str, machine.Browser] = {}
    for browser in machine.browsers():
        here.setdefault(browser.product, browser)
    listed = ", ".join(f"{name} {browser.version} ({browser.path})" for name, browser in here.items())
    return f"On this machine: {listed or 'no browser'}"
