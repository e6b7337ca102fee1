"""What the browser is told: which pages to look at, and how."""

from rules.model.record import Record


class LookOrder(Record, frozen=True):
    """One page to look at; `full_picture` asks for a picture of the whole page beside those of its findings."""

    url: str
    full_picture: bool = False


class CaptureSettings(Record, frozen=True):
    """How a site's pages are looked at.

    `proxy` is the guard, `host:port`; empty means a direct connection, which only tests on loopback may use.
    `deadline` is in seconds and spans the whole of one page. `tabs` 0 means as many as the machine can feed.
    `consent` is `none` (nothing is clicked) or `reject` (the banner's own button that refuses is pressed first).
    `axe_script` and `browser` are paths; empty means the pinned package's axe, and the browser that is found; `channel` names one
    of those by its product. `engine` is `playwright` or `webdriver`; `webdriver_url` is where the latter's sessions are opened,
    empty for a chromedriver of this machine.
    `sandbox` False goes on where the system forbids Chromium's sandbox; every look then says so.
    """

    proxy: str
    user_agent: str
    deadline: float = 45.0
    tabs: int = 0
    viewport: tuple[int, int] = (1280, 900)
    locale: str = "nl-NL"
    pictures: bool = True
    axe_script: str = ""
    consent: str = "none"
    browser: str = ""
    channel: str = ""
    engine: str = "playwright"
    webdriver_url: str = ""
    sandbox: bool = True
    recycle_after: int = 50
    max_response_bytes: int = 20_000_000
    max_page_bytes: int = 50_000_000
    max_requests: int = 2_000
