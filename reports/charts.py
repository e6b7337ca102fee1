"""Bars as inline SVG: hidden from assistive technology, because the same numbers always stand beside them as text."""

from markupsafe import Markup

from reports.measures import Measure

WIDTH, HEIGHT, GAP = 160.0, 16.0, 4.0
FILLS = {
    "offered": "solid", "passed": "solid", "clear": "solid", "looked_at": "solid",
    "partly": "hatched", "cantTell": "hatched", "judge": "hatched",
    "contradicted": "crossed",
    "not_offered": "empty", "failed": "empty", "barrier": "empty",
    "not_verifiable": "dotted", "not_looked_at": "dotted",
}  # fmt: skip
_RECT = Markup('<rect class="fill-{}" x="{}" y="{}" width="{}" height="{}"{}/>')
_PATTERN = Markup(' fill="url(#p-{})" stroke-width="2"')
_SVG = Markup('<svg class="{}" viewBox="0 0 {} 16" aria-hidden="true" focusable="false">{}</svg>')


def bar(measure: Measure) -> Markup:
    """A bar of the measure's parts, in their order; a part that is not empty is never thinner than a hair."""
    parts = [part for part in measure.parts if part.count]
    if not parts:
        return Markup("")
    room = WIDTH - GAP * (len(parts) - 1)
    pieces, left = [], 0.0
    for part in parts:
        width = room * part.count / measure.total
        pieces.append(_piece(FILLS.get(part.word, "dotted"), left, max(width, 1.0)))
        left += width + GAP
    return _SVG.format("bar", int(WIDTH), Markup("").join(pieces))


def swatch(word: str) -> Markup:
    """The filling of one part, for a legend."""
    return _SVG.format("swatch", 30, _piece(FILLS[word], 0.0, 30.0))


def _piece(fill: str, left: float, width: float) -> Markup:
    if fill == "solid":
        return _RECT.format(fill, _number(left), 0, _number(width), 16, Markup(""))
    pattern = Markup(' stroke-width="2"') if fill == "empty" else _PATTERN.format(fill)
    return _RECT.format(fill, _number(left + 1), 1, _number(max(width - 2, 0.6)), 14, pattern)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
