"""Which addresses a crawl asks for first among those that are equally far away: what an audit cannot do without."""

import re

_WANTED = re.compile(
    r"contact|telefoon|phone|balie|adres|address|openingstijden|opening-?hours|afspra|appointment|toegankelijkheid|"
    r"accessibility|help|service|dienst|producten|aanvra|apply|formulier|form\b",
    re.IGNORECASE,
)


def wanted_first(url: str, anchor: str) -> bool:
    """Whether an address, with the words of a link to it, looks like contact, a service, help or a statement."""
    return bool(_WANTED.search(anchor) or _WANTED.search(url.partition("://")[2].partition("/")[2]))
