"""Pages that are heavy, deep or nested, and can be read all the same by who has the time."""

from hostile_page import HostilePage, audited, fails, html, in_any_way, script, sent
from hostile_server import Plan

_READ = "<p>The first words</p>"
_SHADOWS = """let host = document.getElementById('host');
for (let i = 0; i < 50; i++) {
  const root = host.attachShadow({ mode: 'open' });
  root.innerHTML = '<div></div>';
  host = root.firstChild;
}
host.innerHTML = '<p>At the bottom</p><img src=/dot.png>';"""


def _frame(handler) -> None:
    """A page with the next frame in it; the last one has words."""
    left = int(handler.path.rpartition("/")[2])
    body = f"<iframe title=f src=/nested/{left - 1}></iframe>" if left else "<p>At the bottom</p><img src=/dot.png>"
    sent(f"<!doctype html><html lang=en><title>Frame {left}</title>{body}".encode())(handler)


PLAN = Plan(
    pages=(
        HostilePage(
            "/ten-thousand-levels-of-markup",
            "Sends ten thousand levels as markup, against the crawl's parser.",
            html("Markup levels", _READ + "<div>" * 10_000 + "At the bottom" + "</div>" * 10_000),
            audited("The first words"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/long-attributes",
            "Carries megabytes in single attributes.",
            html(
                "Attributes",
                _READ
                + f'<img src=/dot.png data-x="{"x" * 3_000_000}" title="{"y" * 3_000_000}" class="{"z " * 500_000}">',
            ),
            audited("The first words"),
        ),
        HostilePage(
            "/long-text",
            "Says two megabytes in one paragraph.",
            html("Text", _READ + f"<p>{'word ' * 400_000}</p>"),
            audited("The first words"),
        ),
        HostilePage(
            "/wide-table",
            "Lays a table of ten thousand cells that span as many columns as they say.",
            html("Table", _READ + "<table>" + "<tr>" + "<td colspan=1000 rowspan=65534>x" * 100 + "</table>"),
            audited("The first words"),
        ),
        HostilePage(
            "/shadows",
            "Hides its words under fifty shadow roots, one in the other.",
            script("Shadows", _SHADOWS, _READ + "<div id=host></div>"),
            audited("At the bottom", "image-alt"),
        ),
        HostilePage(
            "/frames",
            "Hides its words under fifty frames, one in the other.",
            html("Frames", _READ + "<iframe title=f src=/nested/49></iframe>"),
            audited("The first words"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/itself-in-a-frame",
            "Shows itself in a frame, again and again.",
            html(
                "Itself", _READ + "<iframe title=a src=/itself-in-a-frame?a></iframe><iframe title=b src='?b'></iframe>"
            ),
            audited("The first words"),
        ),
        HostilePage(
            "/many-frames",
            "Holds sixty frames beside each other.",
            html("Many frames", _READ + "<iframe title=f srcdoc='<p>x'></iframe>" * 60),
            audited("The first words"),
        ),
        HostilePage(
            "/ten-thousand-levels",
            "Nests elements ten thousand deep, against whoever walks a tree by recursion.",
            script(
                "Levels",
                "let at = document.querySelector('main'); for (let i = 0; i < 1e4; i++) {"
                "const b = document.createElement('div'); at.append(b); at = b } at.textContent = 'At the bottom'",
                _READ,
            ),
            fails("crashed"),
        ),
    ),
    prefixes={"/nested/": _frame},
    deadline=120.0,
)
