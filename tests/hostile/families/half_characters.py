"""Halves of characters: scripts can write what no encoding can hold."""

from hostile_page import HostilePage, audited, script
from hostile_server import Plan

_HALF = "String.fromCharCode(0xd800)"

PLAN = Plan(
    pages=(
        HostilePage(
            "/half-characters",
            "Writes halves of characters into its words, its title, its links and its fields.",
            script(
                "Halves",
                f"const half = {_HALF}; document.title = half; document.querySelector('p').textContent += half;"
                "const made = (tag) => document.querySelector('main').appendChild(document.createElement(tag));"
                "const img = made('img'); img.src = '/dot.png'; img.id = half; img.dataset.x = half;"
                "const a = made('a'); a.href = '/x' + half; a.textContent = half;"
                "const i = made('input'); i.name = half; i.setAttribute('aria-label', half);"
                "document.documentElement.lang = half; document.cookie = 'a' + half + '=' + half; fetch('/dot.png?' + half)",
                "<p>The first words</p>",
            ),
            audited("The first words", "image-alt"),
        ),
    ),
)
