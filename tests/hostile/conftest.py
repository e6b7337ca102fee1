"""The runs on hostile sites: three at a time, each with a server and a store of its own, as long as any test wants them."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from all_families import FAMILIES
from audited_site import Audit, audited
from hostile_server import Plan, served

AT_ONCE = 3
UNDISTURBED = "undisturbed"


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a `family` once for each."""
    if "family" in metafunc.fixturenames:
        metafunc.parametrize("family", FAMILIES)


@pytest.fixture(scope="session")
def audit_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Audit]]:
    """Gives what the run on a family's site has left, or the run on the site without any hostile page."""

    def run(name: str) -> Audit:
        plan = FAMILIES.get(name, Plan())
        with served(plan) as site:
            return audited(tmp_path_factory.mktemp(name), site.url, deadline=plan.deadline)

    params = [
        item.callspec.params
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    wanted = dict.fromkeys(given["family"] for given in params if "family" in given)
    with ThreadPoolExecutor(AT_ONCE) as threads:
        under_way: dict[str, Future[Audit]] = {name: threads.submit(run, name) for name in (UNDISTURBED, *wanted)}
        yield lambda name: under_way[name].result()
        threads.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def undisturbed(audit_of: Callable[[str], Audit]) -> Audit:
    """The run on the site without any hostile page."""
    return audit_of(UNDISTURBED)
