"""The demonstration sites, served once for all tests that only read them."""

from collections.abc import Iterator

import pytest

from audit.cli.demo.routes import SiteFolder
from audit.cli.demo.sites import DemoSites, folders, serve


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DemoSites]:
    with serve(tmp_path_factory.mktemp("demo")) as sites:
        yield sites


@pytest.fixture(params=folders(), ids=lambda folder: folder.table.id)
def folder(request: pytest.FixtureRequest) -> SiteFolder:
    chosen: SiteFolder = request.param
    return chosen
