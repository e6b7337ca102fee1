"""Pages that do not stay: reloads, redirects, crashes, and ways out of the web."""

from hostile_page import HostilePage, audited, fails, html, in_any_way, once_loaded, redirect, script
from hostile_server import Plan

_LONG = "<p>This is the page that was asked for. " + "More of it. " * 30 + "</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/reload",
            "Reloads itself for ever.",
            script("Reloads", "location.reload()", _LONG),
            audited("This is the page that was asked for"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/meta-refresh",
            "Leads back to itself by a refresh of no seconds.",
            html("Refreshes", _LONG, head="<meta http-equiv=refresh content=0>"),
            audited("This is the page that was asked for"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/location-loop",
            "Sends the browser to ever new addresses of its own.",
            script("Loops", "setInterval(() => { location.href = '/location-loop?n=' + Math.random() }, 100)", _LONG),
            audited("This is the page that was asked for"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/history-flood",
            "Floods the history with addresses.",
            script("History", "setInterval(() => history.pushState(0, '', '/h' + Math.random()), 1)", _LONG),
            audited("This is the page that was asked for"),
        ),
        HostilePage(
            "/redirect-loop",
            "Redirects to itself.",
            redirect("/redirect-loop"),
            fails("redirect_loop"),
        ),
        HostilePage(
            "/redirect-chain",
            "Redirects to ever new addresses, so that no address comes twice.",
            redirect("/chain/1"),
            fails("redirect_loop"),
        ),
        HostilePage(
            "/redirect-nowhere",
            "Redirects to an address that is none.",
            redirect("http://[/"),
            fails("http_error"),
        ),
        HostilePage(
            "/redirect-to-file",
            "Redirects to a file of the machine that looks.",
            redirect("file:///etc/passwd"),
            fails("http_error"),
        ),
        HostilePage(
            "/crash-address",
            "Goes to the addresses that make Chromium crash or hang.",
            once_loaded(
                "Crashes",
                "for (const u of ['crash', 'kill', 'hang', 'gpucrash']) location.href = 'chrome://' + u",
                _LONG,
            ),
            audited("This is the page that was asked for"),
        ),
        HostilePage(
            "/local-file",
            "Leads the browser and its frames to files of the machine that looks.",
            script(
                "Files",
                "location.href = 'file:///etc/passwd'",
                _LONG + "<iframe title=f src=file:///etc/passwd></iframe>",
            ),
            audited("This is the page that was asked for"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/other-programs",
            "Starts other programs by their schemes, again and again.",
            script(
                "Programs",
                "setInterval(() => { location.href = 'mailto:a@b.example'; location.href = 'tel:1' }, 50)",
                _LONG,
            ),
            audited("This is the page that was asked for"),
        ),
    ),
    prefixes={"/chain/": redirect(lambda path: f"/chain/{int(path.rpartition('/')[2]) + 1}")},
)
