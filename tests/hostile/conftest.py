"""The runs on hostile sites: three at a time, each with a server and a store of its own, as long as any test wants them."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from all_families import FAMILIES, UNDISTURBED
from audited_site import Audit, audited
from hostile_server import Plan, served

AT_ONCE = 3
ENGINES = ("playwright", "webdriver")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that asks for a `family` or an `engine` once for each."""
    if "engine" in metafunc.fixturenames:
        metafunc.parametrize("engine", ENGINES, scope="session")
    if "family" in metafunc.fixturenames:
        metafunc.parametrize("family", FAMILIES)


@pytest.fixture(scope="session")
def audit_of(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str, str], Audit]]:
    """Gives what the run on a family's site has left, or the run on the site without any hostile page, by this engine."""

    def run(name: str, engine: str) -> Audit:
        plan = FAMILIES.get(name, Plan())
        with served(plan) as site:
            folder = tmp_path_factory.mktemp(f"{name}-{engine}")
            return audited(folder, site.url, deadline=plan.deadline, LOKET_ENGINE=engine)

    params = [
        item.callspec.params
        for item in request.session.items
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
    ]
    engines = dict.fromkeys(given.get("engine", ENGINES[0]) for given in params)
    wanted = dict.fromkeys(
        (given["family"], given["engine"]) for given in params if {"family", "engine"} <= given.keys()
    )
    orders = [*((UNDISTURBED, engine) for engine in dict.fromkeys((ENGINES[0], *engines))), *wanted]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        under_way: dict[tuple[str, str], Future[Audit]] = {order: threads.submit(run, *order) for order in orders}
        yield lambda name, engine: under_way[name, engine].result()
        threads.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def undisturbed(audit_of: Callable[[str, str], Audit]) -> Audit:
    """The run on the site without any hostile page, by the engine that is used unless another is named."""
    return audit_of(UNDISTURBED, ENGINES[0])
