"""Scripts that never end."""

from hostile_page import HostilePage, html, once_loaded, script, silent, stopped
from hostile_server import Plan

_READ = "<p>Said before it hung</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/endless-before-load",
            "Keeps the parser waiting for a script that never ends.",
            script("Endless", "for (;;) ;", _READ),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/endless-after-load",
            "Keeps the page busy for ever once it is loaded.",
            once_loaded("Endless later", "for (;;) ;", _READ),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/microtasks",
            "Never lets the event loop turn, by promises that make promises.",
            once_loaded("Microtasks", "const again = () => Promise.resolve().then(again); again()", _READ),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/growing",
            "Doubles its own tree again and again, without end.",
            once_loaded(
                "Growing", "for (;;) document.body.append(document.querySelector('main').cloneNode(true))", _READ
            ),
            stopped(),
        ),
        HostilePage(
            "/catastrophic-pattern",
            "Hangs inside a regular expression, where scripts are hard to interrupt.",
            once_loaded("Pattern", "/^(a+)+$/.test('a'.repeat(60) + '!')", _READ),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/circles",
            "Names a field after the way upwards, so that whoever climbs goes round in circles.",
            html("Circles", f"{_READ}<form><input name=parentElement><input name=parentNode></form>"),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/blocking-request",
            "Waits in its script for an answer that never comes.",
            script("Waiting", "const r = new XMLHttpRequest(); r.open('GET', '/silent', false); r.send()", _READ),
            stopped("Said before it hung"),
        ),
    ),
    more={"/silent": silent},
    deadline=6.0,
)
