"""What stands in a page's place, or says that it is something else."""

from good_pages import DOT
from hostile_page import HostilePage, audited, by_browser, fails, html, redirect, sent
from hostile_server import Plan

_WORDS = "<p>Renew your permit at the counter.</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/cookie-wall",
            "Covers the page until one agrees to be followed.",
            sent(
                b"<!doctype html><html lang=en><title>Wall</title><div style='position:fixed;inset:0;background:#fff'>"
                b"We use cookies. Give your consent. <button>Agree</button></div>"
            ),
            fails("consent_wall"),
        ),
        HostilePage(
            "/challenge",
            "Tests for robots in place of the page.",
            sent(b"<title>Just a moment...</title><p>Checking your browser before you go on.</p>", status=503),
            fails("challenge"),
        ),
        HostilePage(
            "/challenge-for-browsers",
            "Lets the crawl pass and tests the browser.",
            by_browser(
                html("Permit", _WORDS),
                sent(
                    b"<title>Attention required</title><p>Verify you are human</p>",
                    status=403,
                    cf_mitigated="challenge",
                ),
            ),
            fails("challenge"),
        ),
        HostilePage(
            "/differs-for-the-crawler",
            "Shows the crawl one page and people another.",
            by_browser(
                html("For robots", "<p>All is well here</p>"), html("For people", "<p>For people</p><img src=/dot.png>")
            ),
            audited("For people", "image-alt"),
        ),
        HostilePage(
            "/basic-auth",
            "Asks for a name and a password in a dialog of the browser.",
            sent(b"", status=401, WWW_Authenticate='Basic realm="x"'),
            fails("http_error"),
        ),
        HostilePage(
            "/basic-auth-for-browsers",
            "Lets the crawl pass and asks the browser for a name and a password.",
            by_browser(html("Permit", _WORDS), sent(b"<p>No</p>", status=401, WWW_Authenticate='Basic realm="x"')),
            fails("http_error"),
        ),
        HostilePage(
            "/proxy-auth",
            "Asks as if it were our proxy for a password of it.",
            by_browser(html("Permit", _WORDS), sent(b"<p>No</p>", status=407, Proxy_Authenticate='Basic realm="x"')),
            fails("http_error"),
        ),
        HostilePage(
            "/as-if-the-guard",
            "Says in the guard's own header that the guard refused it.",
            html("Permit", _WORDS, X_Loket_Guard="private_address"),
            audited("Renew your permit"),
        ),
        HostilePage(
            "/other-charset",
            "Says that it is UTF-16 and is UTF-8.",
            sent(
                b"<!doctype html><html lang=en><title>Charset</title><p>Renew your permit.</p>",
                "text/html; charset=utf-16",
            ),
            audited(),
        ),
        HostilePage(
            "/unknown-charset",
            "Names a charset that nobody knows.",
            sent(
                b"<!doctype html><html lang=en><title>Charset</title><p>Renew your permit.</p>",
                "text/html; charset=x-\xc3\xa9".encode("latin-1").decode("latin-1"),
            ),
            audited("Renew your permit"),
        ),
        HostilePage(
            "/broken-utf-8",
            "Breaks its letters in the middle.",
            sent(
                b"<!doctype html><html lang=en><title>\xff\xfe\xc3</title>"
                b"<p>Renew \xe2\x82 your \xf0\x9f permit \xed\xa0\x80</p><img src=/dot.png>"
            ),
            audited("permit", "image-alt"),
        ),
        HostilePage(
            "/nul-bytes",
            "Is full of NUL bytes, in its text, its tags and its attributes.",
            sent(
                b"<!doctype html><html lang=en\x00><ti\x00tle>\x00</title>"
                b"<p>Renew\x00 your permit</p><i\x00mg><img src=/dot.png\x00>"
            ),
            audited("your permit", "image-alt"),
        ),
        HostilePage(
            "/no-content-type",
            "Does not say what it is.",
            sent(
                b"<!doctype html><html lang=en><title>Permit</title><main><h1>Permit</h1><p>Renew your permit.</p></main>",
                "",
            ),
            audited("Renew your permit"),
        ),
        HostilePage(
            "/comments",
            "Says not what it is, and begins with comments that can be read in more ways than there is time.",
            sent(b"<!---->" * 60 + b"Renew your permit.", "unknown"),
            fails("not_html"),
        ),
        HostilePage("/picture.html", "Is a picture that is called a page.", sent(DOT, "image/png"), fails("not_html")),
        HostilePage("/picture-as-page.html", "Is a picture that says it is a page.", sent(DOT), audited()),
        HostilePage(
            "/download",
            "Is a download in place of a page.",
            sent(b"MZ\x90\x00", "application/x-msdownload", Content_Disposition="attachment; filename=a.exe"),
            fails("not_html"),
        ),
        HostilePage(
            "/download-for-browsers",
            "Lets the crawl pass and gives the browser a download.",
            by_browser(
                html("Permit", _WORDS), sent(b"PK", "application/zip", Content_Disposition="attachment; filename=a.zip")
            ),
            fails("not_html"),
        ),
        HostilePage("/nothing", "Answers that there is no content.", sent(b"", status=204), fails("empty")),
        HostilePage("/needs-login", "Leads to a page that asks for a password.", redirect("/login"), fails("login")),
    ),
    more={
        "/login": html(
            "Log in", "<form><label>Name <input name=u></label><label>Password <input type=password></label></form>"
        )
    },
)
