"""The outline of a page: what it says and where, from saved HTML or from what a browser gathered.

One definition for both; `audit/capture/gather/outline.js` only hands over the tree, so that the same code here cuts it up.

**Block**: the smallest block-like element (by its tag, or a role such as button or heading) with a run of text of its own.
Text of inline elements belongs to the run; text between block-like children is a block with the parent's tag. White space
is one space, `<br>` and a line of `<pre>` one newline; soft hyphens, zero-width and direction characters are dropped. An
image's alternative stands in its place in the text; an image alone is a block `img`. A button and a label are blocks; a
form field is a block without text, with `field` and its label, never its value; hidden inputs and the choices of a select
are left out.

**Place**: `landmark` by role, else by tag (header and footer only outside article, aside, main, nav, section; form and
section only with a name). `headings` is the path of h1-h6 and role=heading; a summary heads its details, a legend its
fieldset; what ends with main, nav, aside, footer, dialog, details, fieldset or something hidden heads nothing behind it.
`table_headers`: the `headers` attribute, else the header cells of column and row; for a definition its terms. `lang` is
the nearest `lang`.

**Shown**: NOW unless hidden. Hidden is display none, visibility hidden, a closed details, a closed dialog or popover, by
the browser's computed style or, in saved HTML, by attributes and inline style. Hidden is ON_DEMAND where a control reveals
it: summary, aria-controls, aria-expanded beside it, a tab's panel, popovertarget, commandfor, data-target and its likes,
hidden=until-found; else NEVER. aria-hidden hides nothing, nor does text clipped for screen readers. Scripts, styles,
templates, noscript and fallback content are no text at all. A part of a sentence that is shown otherwise is a block of its
own.

**Trees**: an open shadow root stands in place of its host's children, slots filled. Frames follow where they stand, with
`frame` set, and inherit landmark, headings and shown. **Limits**: blocks, characters, nodes; what is beyond sets
`truncated`.
"""

import hashlib
from collections.abc import Callable, Iterator, Sequence

from rules.model.outline import Block, Outline
from rules.outline_addresses import resolver
from rules.outline_microdata import microdata
from rules.outline_names import one_line
from rules.outline_runs import Hole, Place
from rules.outline_source import Source, read_source
from rules.outline_structure import skeleton
from rules.outline_walk import Limits, Walk

_SRCDOC = "about:srcdoc"
_MAX_FRAMES = 50


def from_html(html: str | bytes, url: str, *, content_type: str = "", limits: Limits | None = None) -> Outline:
    """The text layer of saved HTML. Bytes are decoded as browsers do; no input raises."""
    limits = limits or Limits()
    page = read_source(html, url, content_type=content_type, max_nodes=limits.nodes)
    urls = [url]

    def enter(hole: Hole, parent: Source) -> tuple[int, Source] | None:
        document = hole.node.attributes.get("srcdoc")
        if not document:
            return None
        if len(urls) > _MAX_FRAMES:
            page.truncated = True
            return None
        urls.append(_SRCDOC)
        inner = read_source(document, _SRCDOC, max_nodes=limits.nodes)
        inner.base = inner.base or parent.base or parent.url
        return len(urls) - 1, inner

    return assemble(page, enter, urls, limits)


def assemble(
    page: Source,
    enter: Callable[[Hole, Source], tuple[int, Source] | None],
    urls: Sequence[str],
    limits: Limits,
    *,
    rendered: bool = False,
) -> Outline:
    """One outline of a page and its frames; `enter` gives the frame, with its index, that stands in a hole."""
    blocks: list[Block] = []
    walk, found = _walk(page, 0, Place(), (), limits)
    truncated = walk.truncated
    stack: list[tuple[Source, Iterator[Block | Hole]]] = [(page, iter(found))]
    while stack and len(blocks) < limits.blocks:
        source, items = stack[-1]
        item = next(items, None)
        if item is None:
            stack.pop()
        elif isinstance(item, Block):
            blocks.append(item)
        elif (entered := enter(item, source)) is not None:
            frame, inner = entered
            walk, found = _walk(inner, frame, item.place, item.headings, limits)
            truncated = truncated or inner.truncated or walk.truncated
            stack.append((inner, iter(found)))
    return Outline(
        url=page.url,
        title=one_line(page.title),
        lang=page.tree.root.attributes.get("lang", page.tree.root.attributes.get("xml:lang", "")).strip(),
        canonical=resolver(page.url, page.base)(page.canonical) if page.canonical else "",
        blocks=tuple(blocks),
        frames=tuple(urls),
        structured=page.structured,
        microdata=microdata(page.tree),
        structure=structure_digest(skeleton(page.tree)),
        rendered=rendered,
        truncated=truncated or page.truncated or bool(stack),
    )


def structure_digest(skeleton_text: str) -> str:
    """A short name for a page's skeleton, equal for pages of one template: 16 hexadecimal digits."""
    return hashlib.sha256(skeleton_text.encode("utf-8", "replace")).hexdigest()[:16]


def _walk(
    source: Source, frame: int, place: Place, headings: tuple[str, ...], limits: Limits
) -> tuple[Walk, list[Block | Hole]]:
    walk = Walk(source.tree, resolver(source.url, source.base), limits)
    return walk, walk.blocks(frame, place, headings)
