"""Reads a page as strictly as its author should have written it: every tag closed, every id and attribute once."""

from html.parser import HTMLParser
from pathlib import Path

VOID = {"meta", "link", "br", "img", "hr", "input"}
DRAWN = {"circle", "path", "rect", "use", "image"}
QUOTED = {"q", "blockquote", "code", "pre", "bdi"}


class PageReader(HTMLParser):
    """What tests need to know about one page; `text` leaves out what is quoted from other pages."""

    def __init__(self, file: Path) -> None:
        super().__init__(convert_charrefs=True)
        self.name = file.name
        self.source = file.read_text(encoding="utf-8")
        self.stack: list[str] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.faults: list[str] = []
        self.text = ""
        self.whole_text = ""
        self.feed(self.source)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.stack]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._enter(tag, attrs)
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._enter(tag, attrs)
        if tag not in DRAWN:
            self.faults.append(f"<{tag}/> closes itself")

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop() != tag:
            self.faults.append(f"</{tag}> at line {self.getpos()[0]} closes something else")

    def handle_data(self, data: str) -> None:
        data = data.replace("\u00ad", "")  # a soft hyphen is no letter
        self.whole_text += data
        if not QUOTED & set(self.stack):
            self.text += data

    def attributes(self, name: str) -> list[str]:
        """The values of an attribute, in order."""
        return [attributes[name] for _tag, attributes in self.elements if name in attributes]

    def _enter(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _value in attrs]
        if len(set(names)) != len(names):
            self.faults.append(f"<{tag}> names an attribute twice")
        attributes = {name: value or "" for name, value in attrs}
        self.elements.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        if tag in {"h1", "h2", "h3", "h4"}:
            self.headings.append(int(tag[1]))
