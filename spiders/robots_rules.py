"""Whether robots.txt lets us ask for an address, from texts that were fetched before the crawl began."""

import re
from collections.abc import Mapping

from protego import Protego

from rules.model.url import origin

_PRODUCT = re.compile(r"(?:.*compatible; *)?(?P<name>[\w-]+)")


class RobotsRules:
    """The rules of all origins of a crawl; an origin without a text may be visited freely (RFC 9309)."""

    def __init__(self, texts: Mapping[str, str], user_agent: str) -> None:
        self._rules = {name: Protego.parse(text) for name, text in texts.items()}
        found = _PRODUCT.match(user_agent)  # the whole header would match a group for Mozilla
        self._product = found["name"] if found else user_agent

    def permitted(self, url: str) -> bool:
        """Whether we may ask for this address."""
        rules = self._rules.get(origin(url))
        return rules is None or bool(rules.can_fetch(url, self._product))

    def sitemaps(self) -> tuple[str, ...]:
        """The sitemaps that the texts name."""
        return tuple(dict.fromkeys(url for rules in self._rules.values() for url in rules.sitemaps))
