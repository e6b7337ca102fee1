"""Ten pages as agencies have them, each with faults of its own, so that a page that was read badly shows in its findings."""

CONTACT = """<p>Call us on <a href="tel:+443001231234">0300 123 1234</a>, Monday to Friday, 9am to 5pm.</p>
<p>Visit us at the town hall, 1 High Street, Newtown NT1 1AA, Monday to Friday, 9am to 4pm.</p>
<p>Write to us: Newtown Council, PO Box 12, Newtown NT1 1AB.</p>"""
_SHADOW = "<p>In the shadow</p><img src=/dot.png>"
_FAULTS = (
    '<p>Renew your permit.</p><img src="/dot.png">',
    '<p style="color:#aaa;background:#fff">The hall is closed on public holidays.</p>',
    '<form action="/send"><input name="street"><button>Send</button></form>',
    '<p><a href="/good/1"></a> Read on.</p>',
    "<table><tr><td>Fee</td><td>12 pounds</td></tr></table><button></button>",
    '<h3>A heading too deep</h3><p lang="zz">Words in no language.</p>',
    '<iframe src="/inner"></iframe><p>The map is above.</p>',
    "<ul><p>No item of a list</p></ul><p>Opening hours of the library.</p>",
    f"<div id=host></div><script>document.getElementById('host').attachShadow({{mode: 'open'}}).innerHTML = `{_SHADOW}`</script>",
)
_FRAME = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<header><nav><a href="/">Home</a> <a href="/contact">Contact</a></nav></header>
<main><h1>{title}</h1>{body}</main></body></html>"""

GOOD_PAGES = {"/contact": _FRAME.format(title="Contact", body=CONTACT)} | {
    f"/good/{number}": _FRAME.format(title=f"Permit {number}", body=body) for number, body in enumerate(_FAULTS)
}
"""The ten, by path."""

INNER = '<!doctype html><html lang="en"><title>Map</title><p>The map</p><img src="/dot.png">'
DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c4944415408d763f8cfc000000301010018dd8db000"
    "00000049454e44ae426082"
)


def home(links: list[str]) -> str:
    """The home page: it leads to the ten, and to what else is given."""
    items = "".join(f'<li><a href="{path}">Page {path[:80]}</a></li>' for path in (*GOOD_PAGES, *links))
    return _FRAME.format(title="Newtown Council", body=f"<p>Welcome to Newtown Council.</p><ul>{items}</ul>")
