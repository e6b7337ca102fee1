"""Whom and what we audit: agencies, their sites, their services, and chains of services."""

from rules.model.record import Record


class Service(Record, frozen=True):
    """One thing that a person needs from an agency, such as a passport.

    `id` is unique within its site; `pages` are its entry pages (normalised URLs); `upl` is the id in the Dutch
    Uniforme Productnamenlijst where known.
    """

    id: str
    name: str
    pages: tuple[str, ...] = ()
    upl: str = ""


class Site(Record, frozen=True):
    """Hosts and path prefixes that one agency answers for.

    `scope` holds `host[:port]/path-prefix` entries; empty means the host and port of `start` and every path on them.
    """

    id: str
    name: str
    start: str
    scope: tuple[str, ...] = ()
    services: tuple[Service, ...] = ()
    sitemaps: tuple[str, ...] = ()


class Agency(Record, frozen=True):
    """A public body; `id` is its official one (a TOOI URI) where it has one, else a slug; `country` is ISO 3166-1."""

    id: str
    name: str
    country: str = ""
    kind: str = ""
    norm: str = "neutral"
    sites: tuple[Site, ...] = ()


class ChainStep(Record, frozen=True):
    """One step of a journey: a service (by site id and service id), or a whole site when `service` is empty."""

    site: str
    service: str = ""
    name: str = ""


class Chain(Record, frozen=True):
    """Agencies and services one after another in one journey."""

    id: str
    name: str
    steps: tuple[ChainStep, ...]


class Portfolio(Record, frozen=True):
    """Everything that one targets file names. `pages` is set only for `--pages`: exactly these URLs, no crawl."""

    id: str
    agencies: tuple[Agency, ...]
    chains: tuple[Chain, ...] = ()
    pages: tuple[str, ...] = ()
