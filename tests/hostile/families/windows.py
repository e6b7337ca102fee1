"""Dialogs and windows: what stops a browser until somebody answers."""

from hostile_page import HostilePage, audited, once_loaded, script, sent, stopped
from hostile_server import Plan

_READ = "<p>Behind the dialog</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/alerts",
            "Shows an alert again as soon as it is closed.",
            script("Alerts", "addEventListener('load', () => { for (;;) alert('again') })", _READ),
            stopped("Behind the dialog"),
        ),
        HostilePage(
            "/confirms",
            "Asks a question until it is answered with yes.",
            script("Confirms", "while (!confirm('Stay?')) ; while (prompt('Name?') !== 'x') ;", _READ),
            stopped("Behind the dialog"),
        ),
        HostilePage(
            "/print",
            "Opens the print dialog in a loop.",
            once_loaded("Print", "for (;;) print()", _READ),
            stopped("Behind the dialog"),
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
        "/sw.js": sent(
            b"self.addEventListener('fetch', (e) => e.respondWith(new Response('<h1>Taken over</h1>')))",
            "text/javascript",
        ),
    },
)
