"""Which header cells govern which cells of a table."""

import re
from collections.abc import Collection, Iterator
from itertools import islice

from rules.outline_names import text_of
from rules.outline_tree import Node, Tree

_NUMBER = re.compile(r"\s*\+?(\d{1,6})", re.ASCII)
_MAX_SPAN = 1000
_MAX_COLUMNS = 100
_MAX_HEADERS = 8
_GROUPS = frozenset(("thead", "tbody", "tfoot"))
_CELLS = frozenset(("td", "th"))


def header_cells(tree: Tree, table: Node) -> dict[Node, tuple[str, ...]]:
    """For each cell of a table the texts of its headers: those of its columns from the top, then those of its row.

    A `headers` attribute decides alone. A header cell without `scope` heads its columns when it stands in a `thead` or in
    a row of nothing but header cells, else its row. Layout tables (role none or presentation) have none.
    """
    if table.role() in ("none", "presentation"):
        return {}
    governed: dict[Node, tuple[str, ...]] = {}
    above: dict[int, list[str]] = {}  # column -> its header cells so far
    reaching: dict[int, tuple[int, Node]] = {}  # column -> rows that a cell from above still covers, and that cell
    texts: dict[Node, str] = {}
    for row, in_head in _rows(table):
        cells = [child for child in row.children if isinstance(child, Node) and child.tag in _CELLS]
        all_headers = all(cell.tag == "th" for cell in cells)
        places = list(_places(cells, reaching))
        row_headers = dict.fromkeys(
            cell for cell, _, _ in places if cell.tag == "th" and not _heads_columns(cell, all_headers or in_head)
        )
        for cell, first, last in places:
            if cell.parent is not row:
                continue
            governed[cell] = _headers_of(tree, cell, range(first, last), above, row_headers, texts)
            if cell.tag == "th" and cell not in row_headers:
                for column in range(first, last):
                    _put(above.setdefault(column, []), _text(cell, texts))
    return governed


def _put(headers: list[str], text: str) -> None:
    """One more header of a column; of many the first and the last are kept."""
    headers.append(text)
    if len(headers) > _MAX_HEADERS:
        del headers[1]


def _rows(table: Node) -> Iterator[tuple[Node, bool]]:
    for child in table.children:
        if isinstance(child, Node):
            if child.tag == "tr":
                yield child, False
            elif child.tag in _GROUPS:
                for row in child.children:
                    if isinstance(row, Node) and row.tag == "tr":
                        yield row, child.tag == "thead"


def _places(cells: list[Node], reaching: dict[int, tuple[int, Node]]) -> Iterator[tuple[Node, int, int]]:
    """Each cell of a row, and each cell that reaches into it from above, with its first column and the one after its last."""
    column = 0
    waiting = iter(cells)
    carried = dict(reaching)
    seen: set[Node] = set()
    for key, (rows, cell) in carried.items():
        if rows > 1:
            reaching[key] = (rows - 1, cell)
        else:
            del reaching[key]
        if cell not in seen:
            seen.add(cell)
            yield cell, key, key + 1
    for cell in waiting:
        while column in carried:
            column += 1
        end = min(column + _span(cell, "colspan"), _MAX_COLUMNS)
        yield cell, column, end
        if (rows := _span(cell, "rowspan")) > 1:
            for covered in range(column, end):
                reaching[covered] = (rows - 1, cell)
        column = end


def _span(cell: Node, attribute: str) -> int:
    digits = _NUMBER.match(cell.attributes.get(attribute, ""))
    return max(1, min(int(digits[1]), _MAX_SPAN)) if digits else 1


def _heads_columns(cell: Node, by_place: bool) -> bool:
    scope = cell.attributes.get("scope", "").lower()
    if scope in ("row", "rowgroup"):
        return False
    return scope in ("col", "colgroup") or by_place


def _headers_of(
    tree: Tree,
    cell: Node,
    columns: range,
    above: dict[int, list[str]],
    row_headers: Collection[Node],
    texts: dict[Node, str],
) -> tuple[str, ...]:
    if cell.attributes.get("headers"):
        named = [_text(found, texts) for found in tree.named_by(cell, "headers") if found is not cell]
    else:
        named = [text for column in columns for text in above.get(column, ())]
        if cell.tag == "td":
            named += [_text(header, texts) for header in islice(row_headers, _MAX_HEADERS)]
    return tuple(dict.fromkeys(filter(None, named)))[:_MAX_HEADERS]


def _text(cell: Node, texts: dict[Node, str]) -> str:
    if cell not in texts:
        texts[cell] = text_of(cell)
    return texts[cell]
