"""Who works on what: a run is worked on by one process, which holds every host that it visits until its report is written."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

from audit import clock
from audit.capture.sandbox import sweep_dens
from audit.dispatch.way_out import hosts_of
from audit.dispatch.worker import LEASE_SECONDS, Heart, is_dead, process_of, this_worker
from audit.store import jobs
from audit.store.jobs import Claim
from audit.store.problem import StoreProblemError
from audit.store.store import Store
from audit.store.sweep import sweep_after
from rules.model.portfolio import Portfolio


def places_of(portfolio: Portfolio) -> dict[str, str]:
    """Every host with its port that auditing this portfolio visits, and the site that it belongs to."""
    sites = [site for agency in portfolio.agencies for site in agency.sites]
    return {host: site.id for site in sites for host in hosts_of(site)}


def claim_now() -> Claim:
    """A claim of this process, from now on."""
    now = clock.now()
    return Claim(this_worker(), clock.stamp(now), clock.stamp(now + timedelta(seconds=LEASE_SECONDS)))


@contextmanager
def holding(store: Store) -> Iterator[None]:
    """Keeps what this process takes while the block lasts, and gives it back however that ends.

    What processes left behind that were killed is put in order first.
    """
    recover(store)
    try:
        with Heart(lambda: jobs.renew(store, claim_now())):
            yield
    except BaseException:
        with suppress(StoreProblemError):  # what went wrong is what must be told
            jobs.release(store, this_worker())
        raise
    jobs.release(store, this_worker())


def recover(store: Store) -> None:
    """Give back what dead processes of this machine held, and remove what they had half-done."""
    sweep_dens()
    for worker, since in jobs.workers(store).items():
        if is_dead(worker):
            sweep_after(store, process_of(worker), datetime.fromisoformat(since))
            jobs.release(store, worker)
