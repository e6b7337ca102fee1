"""Whether the settings of the browser fit each other, said before anything is begun."""

import ipaddress
from urllib.parse import SplitResult, urlsplit

from audit.config import Settings, SettingsError
from audit.stages.capture import engine_versions


def check_browser(settings: Settings) -> None:
    """See to it that engine, browser and server are ones that can be meant together.

    Raises:
        SettingsError: they are not, no WebDriver server answers, or no browser has this name; the message says more.
        BrowserMissing: the WebDriver server is not ready, or there is no browser of this name here.

    """
    if settings.browser and settings.browser_channel:
        raise SettingsError("--browser and --browser-channel both name a browser; leave one of them out")
    if settings.webdriver_url:
        _check_server(settings)
    elif not settings.guard:
        raise SettingsError("--unsafe-no-guard is for a browser at --webdriver-url; Loket's own browser has its guard")
    elif settings.engine == "webdriver" and settings.browser_channel == "msedge":
        raise SettingsError("chromedriver does not drive Edge; start msedgedriver and name it by --webdriver-url")
    if settings.webdriver_url or settings.browser_channel:
        engine_versions(settings)  # a server or a name that leads nowhere is a fault of the input


def _check_server(settings: Settings) -> None:
    url = settings.webdriver_url
    if settings.engine != "webdriver":
        raise SettingsError(
            "--webdriver-url is for --engine webdriver; the engine playwright starts its browser itself"
        )
    if settings.browser:
        raise SettingsError(
            "--browser names a program of this machine; a browser at --webdriver-url goes by --browser-channel"
        )
    try:
        parts = urlsplit(url)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good:
        raise SettingsError(f"--webdriver-url {url} is no address; one looks like http://localhost:4444")
    if parts.username or parts.password:
        raise SettingsError(
            "--webdriver-url holds a user name or password, which Loket would have to store; leave them out"
        )
    if settings.guard and not _is_here(parts):
        raise SettingsError(
            f"the browser at {parts.netloc} is on another machine, where Loket's guard cannot hold it: it could reach private "
            "addresses there, and nothing counts its bytes. Start a Grid on this machine; or go on without, at your own risk "
            "and printed in the report: --unsafe-no-guard"
        )


def _is_here(parts: SplitResult) -> bool:
    host = parts.hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
