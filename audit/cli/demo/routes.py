"""What a demonstration site answers: the files of its `www` folder, and the special answers that its `site.toml` names."""

import codecs
import posixpath
from datetime import datetime
from enum import StrEnum
from pathlib import Path

import msgspec

from rules.model.record import Record

CONTENT_TYPES = {
    ".html": "text/html",
    ".css": "text/css",
    ".js": "text/javascript",
    ".xml": "application/xml",
    ".txt": "text/plain",
    ".svg": "image/svg+xml",
    ".pdf": "application/pdf",
}
_BINARY = frozenset({".pdf"})


class Answer(StrEnum):
    """The kinds of special answers, each the picture of something that happens at real sites."""

    FILE = "file"  # a file under another type or charset
    ERROR = "error"  # a page with an error status
    REDIRECT = "redirect"  # elsewhere, or round in circles
    DRIP = "drip"  # a page that comes, but for its end
    SILENCE = "silence"  # headers, and then nothing ever
    CALENDAR = "calendar"  # a page with a next one, for ever
    GZIP = "gzip"  # a file, compressed as a file
    DOWNLOAD = "download"  # a ZIP container, as archives and Office documents are


class Route(Record, frozen=True, forbid_unknown_fields=True):
    """One special answer: `path` is exact and without query.

    `file` is in `www`. `cut_at` is where a drip stops sending the file: after these words nothing but blanks comes.
    """

    path: str
    answer: Answer
    file: str = ""
    to: str = ""
    status: int = 200
    content_type: str = ""
    charset: str = "utf-8"
    cut_at: str = ""


class SiteTable(Record, frozen=True, forbid_unknown_fields=True):
    """A `site.toml`. `last_modified` stands for the files' own dates, which an installation does not keep."""

    id: str
    last_modified: datetime
    trailing_slash: bool = False
    headers: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it
    route: tuple[Route, ...] = ()


class SiteFolderError(ValueError):
    """A site folder that cannot be served; the message names the file and what is wrong with it."""


class SiteFolder:
    """A site on disk, read once: its table, and what lies in `www`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.www = folder / "www"
        self.table = _table(folder / "site.toml")
        self.routes = {route.path: route for route in self.table.route}
        _check(self)

    def route(self, path: str) -> Route | None:
        """The special answer for this path, if it has one."""
        return self.routes.get(path)

    def file(self, path: str) -> Path | None:
        """The file that answers this path: itself, or the HTML file without its ending, or a folder's index."""
        clean = posixpath.normpath("/" + path.strip("/")).lstrip("/")
        if path.endswith("/"):
            names: tuple[str, ...] = (f"{clean}/index.html",)
        elif self.table.trailing_slash:
            names = (clean,)
        else:
            names = (clean, f"{clean}.html")
        found = (self.www / name.lstrip("/") for name in names if Path(name).name not in {"404.html", "500.html"})
        return next((file for file in found if file.is_file()), None)

    def wants_slash(self, path: str) -> bool:
        """Whether the path is a folder's, written without the slash that this site puts at its end."""
        return self.table.trailing_slash and not path.endswith("/") and self.file(f"{path}/") is not None

    def pages(self) -> tuple[str, ...]:
        """The paths of all HTML files, as links of this site write them, error pages left out."""
        found = []
        for file in sorted(self.www.rglob("*.html")):
            name = file.relative_to(self.www).as_posix()
            if name in {"404.html", "500.html"}:
                continue
            stem = name.removesuffix(".html")
            if stem == "index" or stem.endswith("/index"):
                found.append("/" + stem.removesuffix("index"))
            else:
                found.append(f"/{stem}")
        return tuple(found)


def content_type(file: Path, charset: str = "utf-8") -> str:
    """The media type of a file, with the charset where the type has one."""
    media = CONTENT_TYPES[file.suffix]
    return f"{media}; charset={charset}" if media.startswith("text/") else media


def with_addresses(content: bytes, file: Path, addresses: dict[str, str]) -> bytes:
    """The file's bytes with `{{site}}` replaced by that site's address, in any charset that has ASCII within it."""
    if file.suffix in _BINARY:
        return content
    for site, address in addresses.items():
        content = content.replace(b"{{%s}}" % site.encode("ascii"), address.encode("ascii"))
    return content


def _table(file: Path) -> SiteTable:
    try:
        return msgspec.toml.decode(file.read_bytes(), type=SiteTable)
    except OSError as error:
        raise SiteFolderError(f"{file}: {error.strerror}") from error
    except msgspec.MsgspecError as error:
        raise SiteFolderError(f"{file}: {error}") from error


def _check(site: SiteFolder) -> None:
    for route in site.table.route:
        if not route.path.startswith("/"):
            raise SiteFolderError(f"{site.folder}/site.toml: the path {route.path!r} does not begin with a slash")
        if route.file and not (site.www / route.file).is_file():
            raise SiteFolderError(f"{site.folder}/site.toml: {route.path} names {route.file}, which is not in www/")
        codecs.lookup(route.charset)
