"""Pages that are too much for any browser: too many elements, too deep."""

from hostile_page import HostilePage, once_loaded, stopped
from hostile_server import Plan

_READ = "<p>The first words</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/million-nodes",
            "Makes a million elements, more than axe can look at in any time.",
            once_loaded(
                "Million",
                "const all = new DocumentFragment(); for (let i = 0; i < 1e6; i++) all.append(document.createElement('i'));"
                "document.querySelector('main').append(all)",
                _READ,
            ),
            stopped("The first words"),
        ),
    ),
    deadline=6.0,
)
