"""Pages that never rest: they open, ask, fork and change without end, and let themselves be read all the same."""

from hostile_page import HostilePage, audited, in_any_way, script, sent
from hostile_server import Plan

_READ = "<p>Said before it hung</p><p>Behind the dialog</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/timers",
            "Changes the page with every tick, so that it is never still.",
            script("Timers", "setInterval(() => document.body.append('.'), 1)", _READ),
            audited("Said before it hung"),
        ),
        HostilePage(
            "/workers",
            "Forks workers that never rest, to take the cores from its neighbours.",
            script("Workers", "for (let i = 0; i < 4; i++) new Worker('/worker.js')", _READ),
            audited("Said before it hung"),
        ),
        HostilePage(
            "/before-unload",
            "Asks whether one really wants to leave, so that the tab cannot go on to the next page.",
            script("Stay", "onbeforeunload = (event) => { event.preventDefault(); event.returnValue = 'x' }", _READ),
            audited("Behind the dialog"),
        ),
        HostilePage(
            "/window-storm",
            "Opens windows without end.",
            script("Windows", "setInterval(() => { for (let i = 0; i < 5; i++) window.open('/inner') }, 50)", _READ),
            audited("Behind the dialog"),
            by_webdriver=in_any_way(),
        ),
        HostilePage(
            "/permissions",
            "Asks for the camera, the place, notifications, the clipboard and full screen.",
            script(
                "Permissions",
                "navigator.geolocation.getCurrentPosition(() => { document.title = 'got it' });"
                "Notification.requestPermission(); document.documentElement.requestFullscreen().catch(() => 0);"
                "navigator.mediaDevices?.getUserMedia({ video: true }); navigator.clipboard?.readText()",
                _READ,
            ),
            audited("Behind the dialog"),
        ),
        HostilePage(
            "/modal",
            "Opens a dialog of its own and makes everything behind it inert.",
            script(
                "Modal",
                "document.body.append(Object.assign(document.createElement('dialog'), { textContent: 'In front' }));"
                "document.querySelector('dialog').showModal()",
                _READ,
            ),
            audited("Behind the dialog"),
        ),
        HostilePage(
            "/service-worker",
            "Installs a service worker, to answer for pages that are visited later.",
            script("Worker", "navigator.serviceWorker?.register('/sw.js')", _READ),
            audited("Behind the dialog"),
        ),
    ),
    more={
        "/worker.js": sent(b"for (;;) ;", "text/javascript"),
        "/sw.js": sent(
            b"self.addEventListener('fetch', (e) => e.respondWith(new Response('<h1>Taken over</h1>')))",
            "text/javascript",
        ),
    },
)
