"""Scripts that never end, never rest, or eat all there is."""

from hostile_page import HostilePage, audited, fails, once_loaded, script, sent, silent, stopped
from hostile_server import Plan

_READ = "<p>Said before it hung</p>"
_WORKER = "for (;;) ;"

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
            "/timers",
            "Changes the page with every tick, so that it is never still.",
            script("Timers", "setInterval(() => document.body.append('.'), 1)", _READ),
            audited("Said before it hung"),
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
            "/workers",
            "Forks workers that never rest, to take every core from its neighbours.",
            script("Workers", "for (let i = 0; i < 100; i++) new Worker('/worker.js')", _READ),
            stopped("Said before it hung"),
        ),
        HostilePage(
            "/memory-hog",
            "Fills the memory of its own process until that dies.",
            once_loaded("Memory", "const a = []; for (;;) a.push(new Array(1e7).fill(a.length))", _READ),
            fails("crashed"),
        ),
        HostilePage(
            "/blocking-request",
            "Waits in its script for an answer that never comes.",
            script("Waiting", "const r = new XMLHttpRequest(); r.open('GET', '/silent', false); r.send()", _READ),
            stopped("Said before it hung"),
        ),
    ),
    more={"/silent": silent, "/worker.js": sent(_WORKER.encode(), "text/javascript")},
)
