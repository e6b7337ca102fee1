import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from crawled_site import Crawled, LoopbackSite

from audit.stages.crawl_process import crawl_round
from spiders.order import CrawlOrder, Seed


@pytest.fixture
def site() -> Iterator[LoopbackSite]:
    site = LoopbackSite()
    thread = threading.Thread(target=site.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield site
    site.server.shutdown()
    thread.join()
    site.server.server_close()


@pytest.fixture
def order_for(site: LoopbackSite) -> Callable[..., CrawlOrder]:
    """An order for the loopback site from a path on, without proxy and pace."""

    def order(path: str = "/", **changed: Any) -> CrawlOrder:
        usual: dict[str, Any] = {
            "seeds": (Seed(site.url(path)),),
            "scope": (f"{site.place}/",),
            "user_agent": "Mozilla/5.0 (compatible; Loket/0; +https://audit.example/)",
            "proxy": "",
            "delay": 0,
            "timeout": 5,
        }
        return CrawlOrder(**usual | changed)

    return order


@pytest.fixture
def crawl(order_for: Callable[..., CrawlOrder]) -> Callable[..., Crawled]:
    def run(path: str = "/", **changed: Any) -> Crawled:
        return Crawled(list(crawl_round(order_for(path, **changed))))

    return run
