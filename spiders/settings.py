"""How Scrapy is set for one order: a guest's manners, verified certificates, and nothing that is not needed."""

from typing import Any

from spiders.order import CrawlOrder

_AT_ONCE = 8  # requests under way when no pace is asked, as on loopback
_MOST_HOSTS = 8
_LEFT_OUT = (
    "scrapy.extensions.telnet.TelnetConsole",
    "scrapy.extensions.remote_control.RemoteControl",
    "scrapy.extensions.memusage.MemoryUsage",
    "scrapy.extensions.memdebug.MemoryDebugger",
    "scrapy.extensions.feedexport.FeedExporter",
    "scrapy.extensions.logstats.LogStats",
    "scrapy.extensions.spiderstate.SpiderState",
    "scrapy.extensions.throttle.AutoThrottle",
    "scrapy.extensions.closespider.CloseSpider",
)
_OWN_CARE = (  # what the frontier decides: scope, robots, redirects, retries, sessions
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware",
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware",
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware",
    "scrapy.downloadermiddlewares.retry.RetryMiddleware",
    "scrapy.downloadermiddlewares.redirect.MetaRefreshMiddleware",
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware",
    "scrapy.downloadermiddlewares.cookies.CookiesMiddleware",
    "scrapy.downloadermiddlewares.httpcache.HttpCacheMiddleware",
)
_OWN_SPIDER_CARE = (
    "scrapy.spidermiddlewares.httperror.HttpErrorMiddleware",
    "scrapy.spidermiddlewares.referer.RefererMiddleware",
    "scrapy.spidermiddlewares.urllength.UrlLengthMiddleware",
    "scrapy.spidermiddlewares.depth.DepthMiddleware",
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware",
)


def scrapy_settings(order: CrawlOrder) -> dict[str, Any]:
    """Scrapy's settings for an order. With a delay, each host has one request under way at a time, without jitter."""
    hosts = {entry.partition("/")[0] for entry in order.scope}
    at_once = min(len(hosts), _MOST_HOSTS) if order.delay else _AT_ONCE
    return {
        "BOT_NAME": "loket",
        "USER_AGENT": order.user_agent,
        "SCHEDULER": "spiders.scheduler.FrontierScheduler",
        "DOWNLOAD_VERIFY_CERTIFICATES": True,  # Scrapy's default is not to
        "DOWNLOAD_DELAY": order.delay,
        "DOWNLOAD_DELAY_JITTER": 0,
        "DOWNLOAD_TIMEOUT": order.timeout,
        "DOWNLOAD_MAXSIZE": order.max_bytes,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),
        "CONCURRENT_REQUESTS": at_once,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1 if order.delay else _AT_ONCE,
        # Brotli and zstd, where installed, fail on the empty body of a download that was stopped. No language is asked for:
        # a site answers in its own.
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.8",
            "Accept-Encoding": "gzip, deflate",
        },
        "ROBOTSTXT_OBEY": False,  # `CrawlOrder.robots` decides
        "COOKIES_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,  # a server on loopback that runs code
        "EXTENSIONS": dict.fromkeys(_LEFT_OUT),
        "DOWNLOADER_MIDDLEWARES": dict.fromkeys(_OWN_CARE),
        "SPIDER_MIDDLEWARES": dict.fromkeys(_OWN_SPIDER_CARE),
        "STATS_DUMP": False,
        "LOG_LEVEL": "ERROR",
        "LOG_FORMAT": "%(name)s: %(message)s",
    }
