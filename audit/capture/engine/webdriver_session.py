"""Opens a session with a WebDriver server: which browser, how it goes out, and how long anything may take."""

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.options import ArgOptions, BaseOptions
from selenium.webdriver.common.proxy import Proxy, ProxyType
from selenium.webdriver.remote.client_config import ClientConfig
from selenium.webdriver.remote.webdriver import WebDriver
from urllib3.exceptions import HTTPError

from audit.capture.engine.contract import BrowserGone
from audit.capture.engine.switches import SWITCHES, proxy_switches
from audit.capture.order import CaptureSettings

_MARGIN = 15.0  # seconds that a server may need beyond what a command may take
_START_SECONDS = 60.0  # a Grid may have to make room for a browser first
_TELLS_STATUS = "return 'responseStatus' in PerformanceResourceTiming.prototype"


def open_session(url: str, options: BaseOptions, settings: CaptureSettings) -> WebDriver:
    """A session with a browser that can do what we need.

    Raises:
        BrowserGone: the server does not answer, or starts no such browser; the message is its own.

    """
    config = ClientConfig(
        remote_server_addr=url,
        proxy=Proxy({"proxyType": ProxyType.DIRECT}),
        timeout=int(max(_START_SECONDS, settings.deadline + _MARGIN)),
        init_args_for_pool_manager={"init_args_for_pool_manager": {"retries": False}},
    )
    try:
        driver = webdriver.Remote(url, options=options, client_config=config)
        _fit_window(driver, *settings.viewport)
        _pass_by_service_workers(driver)
        if driver.execute_script(_TELLS_STATUS):
            return driver
        driver.quit()
    except (WebDriverException, HTTPError, OSError) as error:
        raise BrowserGone(first_line(error)) from error
    raise BrowserGone(f"{product(driver)} does not tell how a site answered, so that errors would be taken for pages")


def options_for(name: str, settings: CaptureSettings, browser: str = "") -> BaseOptions:
    """What is asked of the server. `name` is a browser's; `browser` is the program to start, where that is ours to say."""
    if name == "chrome":
        options: BaseOptions = _chromium(webdriver.ChromeOptions(), settings, browser)
    elif name == "msedge":
        options = _chromium(webdriver.EdgeOptions(), settings, browser)
    elif name == "firefox":
        options = _firefox(settings)
    else:
        options = _Named(name)
        if settings.proxy:
            options.set_capability(
                "proxy", {"proxyType": "manual", "httpProxy": settings.proxy, "sslProxy": settings.proxy}
            )
    options.page_load_strategy = "eager"
    options.accept_insecure_certs = False
    options.unhandled_prompt_behavior = "dismiss"
    limit = int(settings.deadline * 1000)
    options.timeouts = {"implicit": 0, "pageLoad": limit, "script": limit}
    return options


def is_chromium(driver: WebDriver) -> bool:
    """Whether Chromium's own commands can be sent beside WebDriver's."""
    return any(name in driver.capabilities for name in ("goog:chromeOptions", "ms:edgeOptions"))


def product(driver: WebDriver) -> str:
    """The browser's name and version, as it says itself."""
    said = driver.capabilities
    return f"{said.get('browserName', 'a browser')} {said.get('browserVersion', '')}".strip()


def first_line(error: Exception) -> str:
    """What happened, without the stack of the server."""
    said = str(getattr(error, "msg", None) or error)
    return (said.splitlines() or ["it does not answer"])[0][:300]


class _Named(ArgOptions):
    """A browser of which nothing is known but its name."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.set_capability("browserName", name)

    @property
    def default_capabilities(self) -> dict[str, str]:
        return {}


def _chromium(
    options: webdriver.ChromeOptions | webdriver.EdgeOptions, settings: CaptureSettings, browser: str
) -> BaseOptions:
    if browser:
        options.binary_location = browser
    width, height = settings.viewport
    for word in (
        "--headless",
        f"--window-size={width},{height}",
        f"--user-agent={settings.user_agent}",
        f"--accept-lang={settings.locale}",
        f"--lang={settings.locale}",
        *SWITCHES,
        *proxy_switches(settings.proxy),
        "--hide-scrollbars",  # as the other engine has it
        "--force-color-profile=srgb",
        *(() if settings.sandbox else ("--no-sandbox",)),
    ):
        options.add_argument(word)
    # Pages open windows, and chromedriver lets them; downloads have nowhere to go.
    options.add_experimental_option("excludeSwitches", ["disable-popup-blocking"])
    options.add_experimental_option("prefs", {"download_restrictions": 3, "intl.accept_languages": settings.locale})
    return options


def _firefox(settings: CaptureSettings) -> BaseOptions:
    options = webdriver.FirefoxOptions()
    options.add_argument("-headless")
    preferences: dict[str, str | int | bool] = {
        "general.useragent.override": settings.user_agent,
        "intl.accept_languages": settings.locale,
        "media.peerconnection.enabled": False,
        "network.http.http3.enable": False,
        "network.dns.disablePrefetch": True,
        "network.prefetch-next": False,
        "dom.serviceWorkers.enabled": False,
    }
    if settings.proxy:
        host, _, port = settings.proxy.rpartition(":")
        preferences |= {"network.proxy.type": 1, "network.proxy.allow_hijacking_localhost": True}
        preferences |= {"network.proxy.no_proxies_on": "", "network.proxy.failover_direct": False}
        for kind in ("http", "ssl"):
            preferences |= {f"network.proxy.{kind}": host, f"network.proxy.{kind}_port": int(port)}
    for name, value in preferences.items():
        options.set_preference(name, value)
    return options


def _pass_by_service_workers(driver: WebDriver) -> None:
    """Have the site itself answer for every page, and not a worker that another page has left behind."""
    if is_chromium(driver):
        for command, how in (("Network.enable", {}), ("Network.setBypassServiceWorker", {"bypass": True})):
            driver.execute("executeCdpCommand", {"cmd": command, "params": how})


def _fit_window(driver: WebDriver, width: int, height: int) -> None:
    """Give the page's own view this size: what stands around it differs from browser to browser."""
    driver.set_window_rect(width=width, height=height)
    inner = driver.execute_script("return [innerWidth, innerHeight]")
    if inner != [width, height]:
        driver.set_window_rect(width=2 * width - inner[0], height=2 * height - inner[1])
