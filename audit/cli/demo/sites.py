"""The demonstration as a whole: every site served on its own port, and the targets file that names them."""

import socket
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from audit.cli.demo.routes import SiteFolder
from audit.cli.demo.server import SiteServer
from audit.targets import portfolio_of
from rules.model.portfolio import Portfolio

FOLDER = Path(__file__).with_name("sites")
TARGETS = FOLDER / "targets.toml"


@dataclass(frozen=True)
class DemoSites:
    """The sites as they are served right now; `servers` by site id, for tests that ask what was visited."""

    portfolio: Portfolio
    targets_path: Path
    servers: Mapping[str, SiteServer]

    @property
    def addresses(self) -> dict[str, str]:
        """The address of each site, by its id, without a slash at its end."""
        return {site: server.address for site, server in self.servers.items()}

    @property
    def ports(self) -> dict[str, int]:
        """The port of each site, by its id."""
        return {site: server.server_address[1] for site, server in self.servers.items()}


def folders() -> tuple[SiteFolder, ...]:
    """Every site that ships with Loket: a folder with a `site.toml`."""
    return tuple(SiteFolder(table.parent) for table in sorted(FOLDER.glob("*/site.toml")))


def free_in_a_row(port: int) -> bool:
    """Whether this port and those after it, one for each site, can be taken right now."""
    with ExitStack() as stack:
        for number in range(len(folders())):
            taken = stack.enter_context(socket.socket())
            taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                taken.bind(("127.0.0.1", port + number))
            except (OSError, OverflowError):
                return False
    return True


@contextmanager
def serve(targets_folder: Path | None = None, *, port_base: int = 0) -> Iterator[DemoSites]:
    """Serve all sites until the block ends, and write `targets.toml` with their addresses.

    The sites take `port_base` and the ports after it, in alphabetical order, or free ones when it is 0. Without a folder
    the targets file is written to a temporary one that goes with the block.

    Raises:
        OSError: a port is taken, or the targets file cannot be written.

    """
    with ExitStack() as stack:
        addresses: dict[str, str] = {}
        servers = {}
        for number, folder in enumerate(folders()):
            server = SiteServer(folder, addresses, port=port_base + number if port_base else 0)
            stack.callback(server.close)
            servers[folder.table.id] = server
            addresses[folder.table.id] = server.address
        if targets_folder is None:
            targets_folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="loket-demo-")))
        targets = _written_targets(targets_folder, addresses)
        yield DemoSites(portfolio_of(str(targets)), targets, servers)


def _written_targets(folder: Path, addresses: Mapping[str, str]) -> Path:
    text = TARGETS.read_text(encoding="utf-8")
    for site, address in addresses.items():
        text = text.replace("{{%s}}" % site, address)  # noqa: UP031 - braces in an f-string would be doubled
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "targets.toml"
    path.write_text(text, encoding="utf-8")
    return path
