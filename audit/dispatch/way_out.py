"""The way out to the network for one site: a guard of its own, whose book is kept in the ledger."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

from audit.config import Settings, SettingsError
from audit.guest import admission
from audit.guest.addresses import AllowList, host_refusal
from audit.guest.company import CompanyProxies, company_proxies
from audit.guest.guard import Guard, GuardLimits
from audit.store import contacts
from audit.store.problem import StoreProblemError
from audit.store.runs import StoredRun
from audit.store.store import Store
from rules.model.portfolio import Portfolio, Site

_WEB_PORTS = {"http": 80, "https": 443}
_SLACK = 4  # how often the time that all pages may take at most fits into the time that a site has


def hosts_of(site: Site) -> tuple[str, ...]:
    """The hosts with ports (`host:port`, an IPv6 address in brackets) that auditing this site visits."""
    parts = urlsplit(site.start)
    port = parts.port or _WEB_PORTS[parts.scheme]
    name = parts.hostname or ""
    own = {f"[{name}]:{port}" if ":" in name else f"{name}:{port}"}
    for entry in site.scope:
        host = entry.partition("/")[0]
        own.add(host if ":" in host.rpartition("]")[2] else f"{host}:{port}")
    return tuple(sorted(own))


def company_for(portfolio: Portfolio) -> CompanyProxies:
    """The company's proxies that the environment names, tried where the way to a site leads through them.

    Raises:
        SettingsError: one is no proxy's address, is not there, or lets nobody in.

    """
    try:
        company = company_proxies(os.environ)
    except ValueError as error:
        raise SettingsError(str(error)) from error
    for host, port in _strangers(portfolio):
        fault = company.fault(host, port)
        if fault:
            raise SettingsError(f"{fault}. The environment (HTTPS_PROXY, HTTP_PROXY) names it; mend or unset that")
        if company.any:
            break  # one answer is enough
    return company


def _strangers(portfolio: Portfolio) -> Iterator[tuple[str, int]]:
    """The hosts of the sites that are not this machine."""
    for place in (place for agency in portfolio.agencies for site in agency.sites for place in hosts_of(site)):
        host, _, port = place.rpartition(":")
        if not host_refusal(host, int(port), AllowList()):
            yield host, int(port)


def notes_on(company: CompanyProxies) -> tuple[str, ...]:
    """What the report must say of the way out: keys of its words."""
    notes = ("addresses_checked_by_company",) if company.any else ()
    return notes if admission.can_tell() else (*notes, "guard_open_to_machine")


@contextmanager
def way_out(
    store: Store, run: StoredRun, site: Site, settings: Settings, company: CompanyProxies
) -> Iterator[tuple[str, Callable[[], None]]]:
    """The address of a guard for this site, and what brings its book in the ledger up to date; done at the end as well."""
    earlier = contacts.of_site(store, run.info.id, site.id)
    guard = Guard(
        allowed=AllowList.parse(settings.allow_private),
        places=hosts_of(site),
        limits=GuardLimits(seconds_per_site=max(GuardLimits().seconds_per_site, _longest(settings))),
        company=company,
    )

    def write() -> None:
        book = earlier.with_more(guard.contacted(), guard.refused())
        contacts.record(store, run.info.id, site.id, book)

    with guard:
        try:
            yield guard.address, write
        except BaseException:
            with suppress(StoreProblemError):  # what went wrong is what must be told
                write()
            raise
        write()


def _longest(settings: Settings) -> float:
    """The seconds that visiting all pages of a site may take at most."""
    return _SLACK * settings.max_pages * (settings.pace + settings.timeout + settings.deadline)
