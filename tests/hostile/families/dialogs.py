"""Dialogs: what stops a browser until somebody answers, asked again and again."""

from hostile_page import HostilePage, fails, in_any_way, once_loaded, script, stopped
from hostile_server import Plan

_READ = "<p>Behind the dialog</p>"

PLAN = Plan(
    pages=(
        HostilePage(
            "/alerts",
            "Shows an alert again as soon as it is closed.",
            script("Alerts", "addEventListener('load', () => { for (;;) alert('again') })", _READ),
            stopped("Behind the dialog"),
            by_webdriver=fails("crashed"),
        ),
        HostilePage(
            "/confirms",
            "Asks a question until it is answered with yes.",
            script("Confirms", "while (!confirm('Stay?')) ; while (prompt('Name?') !== 'x') ;", _READ),
            stopped("Behind the dialog"),
            by_webdriver=fails("crashed"),
        ),
        HostilePage(
            "/print",
            "Opens the print dialog in a loop.",
            once_loaded("Print", "for (;;) print()", _READ),
            stopped("Behind the dialog"),
            by_webdriver=in_any_way(),
        ),
    ),
    deadline=6.0,
)
