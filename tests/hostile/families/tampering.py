"""Pages that bend the tools that read them: built-ins, axe, the document itself."""

from hostile_page import HostilePage, audited, fails, html, script
from hostile_server import Plan

_PICTURE = "<p>Not fooled</p><img src=/dot.png>"
_HALF = "String.fromCharCode(0xd800)"  # of a character: scripts can write what no encoding can hold
_BROKEN = "const broken = () => { throw new Error('broken') };"

PLAN = Plan(
    pages=(
        HostilePage(
            "/frozen-axe",
            "Puts an axe of its own in place, frozen, that finds nothing.",
            script(
                "Frozen",
                "for (const name of ['axe', 'loket']) Object.defineProperty(window, name,"
                " { value: Object.freeze({ run: async () => ({ violations: [] }) }), writable: false, configurable: false })",
                _PICTURE,
            ),
            audited("Not fooled", "image-alt"),
            by_webdriver=fails("meddled"),
        ),
        HostilePage(
            "/patched-builtins",
            "Breaks Array, JSON, Promise, Element and what looks for elements.",
            script(
                "Patched",
                _BROKEN + "for (const n of ['map', 'filter', 'forEach', 'push', 'join']) Array.prototype[n] = broken;"
                "JSON.stringify = JSON.parse = () => '[]'; Promise.prototype.then = broken; window.Promise = broken;"
                "Element.prototype.getBoundingClientRect = broken; Element.prototype.getAttribute = () => 'x';"
                "document.querySelectorAll = () => []; window.getComputedStyle = broken; Object.prototype.toJSON = broken;"
                "Object.defineProperty(Node.prototype, 'childNodes', { get: broken })",
                _PICTURE,
            ),
            audited("Not fooled", "image-alt"),
            by_webdriver=fails("meddled"),
        ),
        HostilePage(
            "/clobbered",
            "Names elements after what belongs to the form and the document.",
            html(
                "Clobbered",
                _PICTURE
                + "<form><input name=id><input name=action><input name=submit><input name=length><input name=title></form>"
                "<img name=documentElement src=/dot.png><form name=body></form><iframe name=title title=t></iframe>",
            ),
            audited("Not fooled", "image-alt"),
            by_webdriver=fails("meddled"),
        ),
        HostilePage(
            "/clobbered-methods",
            "Names fields after the methods that axe calls, so that axe gives up and only the outline is left.",
            html(
                "Methods",
                _PICTURE + "<form><input name=getAttribute><input name=matches><input name=hasAttribute></form>",
            ),
            audited("Not fooled"),
        ),
        HostilePage(
            "/own-policy",
            "Forbids all scripts on itself by its policy, ours among them.",
            html(
                "Policy",
                _PICTURE,
                Content_Security_Policy="sandbox; default-src 'none'; script-src 'none'; trusted-types",
            ),
            audited("Not fooled", "image-alt"),
        ),
        HostilePage(
            "/rewritten",
            "Replaces its own document by another when it is loaded.",
            script(
                "Rewritten",
                "addEventListener('load', () => { document.open(); document.write('<!doctype html><html lang=en>"
                "<title>New</title><main><h1>New</h1><p>What replaced it</p><img src=/dot.png></main>'); document.close() })",
                "<p>What was there</p>",
            ),
            audited("What replaced it", "image-alt"),
        ),
        HostilePage(
            "/removed",
            "Takes the root out of its own document.",
            script("Removed", "addEventListener('load', () => document.documentElement.remove())", "<p>Gone</p>"),
            fails("empty"),
        ),
        HostilePage(
            "/undone",
            "Undoes every change that a reader could make to it.",
            script(
                "Undone",
                "new MutationObserver((all) => all.forEach((one) => one.addedNodes.forEach((node) => node.remove())))"
                ".observe(document, { childList: true, subtree: true, attributes: true })",
                _PICTURE,
            ),
            audited("Not fooled", "image-alt"),
        ),
        HostilePage(
            "/control-characters",
            "Writes what moves a terminal's cursor or runs as a formula where its words are printed.",
            html("\x1b[2J=cmd|' /C calc'!A0", "<p>\u202eNot fooled\x07 @SUM(1) </p><img src=/dot.png>"),
            audited("Not fooled", "image-alt"),
        ),
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
