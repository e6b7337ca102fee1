"""Reads and checks what to audit: a URL, a TOML or CSV file of agencies and sites, or a list of pages.

Every bad entry is named with file, line and what would be right; nothing starts before all are good.
"""

import csv
import hashlib
import re
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from rules.model.portfolio import Agency, Chain, ChainStep, Portfolio, Service, Site
from rules.model.record import Record
from rules.model.url import default_scope, has_secret, in_scope, normalise, origin
from rules.norms import unknown_norm
from rules.redaction import redacted

CSV_COLUMNS = ("agency", "country", "site", "url")
_ID = re.compile(r"\S+")


class Problem(Record, frozen=True):
    """One bad entry: where it stands and what would be right."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        """As compilers write it, so that editors can jump to it."""
        return f"{self.file}:{self.line}: {self.message}" if self.line else f"{self.file}: {self.message}"


class TargetsError(Exception):
    """The targets cannot be used; `problems` names every bad entry."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(map(redacted, problems))  # a bad entry is repeated, but for a secret in it
        super().__init__("\n".join(map(str, self.problems)))


def portfolio_of(target: str) -> Portfolio:
    """What a TARGET on the command line means: the URL of one site, or a targets file.

    Raises:
        TargetsError: it is neither, or the file has bad entries.

    """
    if re.match(r"[a-z][a-z0-9+.-]*:", target, re.IGNORECASE) and not Path(target).exists():
        return _single_site(target)
    path = Path(target)
    if not path.is_file():
        hint = (
            f"to audit a site, write it as https://{target}" if "." in target else "name a URL, a .toml or a .csv file"
        )
        raise TargetsError([Problem(target, 0, f"there is no such file; {hint}")])
    text = _text(path)
    return _from_csv(path, text) if path.suffix.lower() == ".csv" else _from_toml(path, text)


def portfolio_of_pages(path: Path) -> Portfolio:
    """The portfolio of a `--pages` file: exactly these URLs, one a line, grouped by host; `#` begins a comment.

    Raises:
        TargetsError: the file cannot be read, is empty, or has lines that are no http(s) URL.

    """
    problems: list[Problem] = []
    pages: list[str] = []
    for number, line in enumerate(_text(path).splitlines(), start=1):
        words = line.strip()
        if words and not words.startswith("#"):
            url, problem = _checked_url(words)
            if url is None:
                problems.append(Problem(str(path), number, problem))
            else:
                pages.append(url)
    if not pages and not problems:
        problems.append(Problem(str(path), 0, "it names no page; write one http(s) URL a line"))
    if problems:
        raise TargetsError(problems)
    unique = tuple(dict.fromkeys(pages))
    hosts = dict.fromkeys(urlsplit(url).netloc for url in unique)
    agencies = tuple(
        Agency(
            id=host, name=host, sites=(Site(id=host, name=host, start=_start_of(host, unique), scope=(f"{host}/",)),)
        )
        for host in hosts
    )
    digest = hashlib.sha256("\n".join(unique).encode()).hexdigest()[:12]
    return Portfolio(id=f"pages-{digest}", agencies=agencies, pages=unique)


def _start_of(host: str, pages: tuple[str, ...]) -> str:
    """The home page of a host: none of the pages is taken for it unless it is."""
    return f"{origin(next(url for url in pages if urlsplit(url).netloc == host))}/"


def _single_site(target: str) -> Portfolio:
    url, problem = _checked_url(target)
    if url is None:
        raise TargetsError([Problem("the address" if has_secret(target) else target, 0, problem)])
    host = urlsplit(url).netloc
    site = Site(id=host, name=host, start=url, scope=default_scope(url))
    return Portfolio(id=f"site-{host}", agencies=(Agency(id=host, name=host, sites=(site,)),))


def _checked_url(text: str, base: str = "") -> tuple[str | None, str]:
    """A normalised URL, or None and what would be right; a secret in it is never repeated."""
    whole = urljoin(base, text) if base else text
    if has_secret(whole):
        return None, "the address holds a password or token; name it without"
    url = normalise(whole)
    if url is None:
        return None, f"{text!r} is not an http(s) address; write it like https://www.agency.example/"
    return url, ""


def _text(path: Path) -> str:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise TargetsError([Problem(str(path), 0, f"cannot be read: {error.strerror}")]) from error
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise TargetsError([Problem(str(path), line, "is not UTF-8; save it again with the encoding UTF-8")]) from error
    if not text.strip():
        raise TargetsError([Problem(str(path), 0, "is empty; the README shows a targets file")])
    return text


def _from_csv(path: Path, text: str) -> Portfolio:
    reader = csv.DictReader(text.splitlines())
    missing = [column for column in ("agency", "url") if column not in (reader.fieldnames or ())]
    if missing:
        columns = ",".join(CSV_COLUMNS)
        raise TargetsError(
            [Problem(str(path), 1, f"has no column {' and '.join(missing)}; its first line must be {columns}")]
        )
    problems: list[Problem] = []
    sites: dict[str, list[Site]] = {}
    countries: dict[str, str] = {}
    for row in reader:
        name = (row["agency"] or "").strip()
        url, problem = _checked_url((row["url"] or "").strip())
        if not name:
            problems.append(Problem(str(path), reader.line_num, "names no agency"))
        elif url is None:
            problems.append(Problem(str(path), reader.line_num, problem))
        else:
            host = urlsplit(url).netloc
            title = (row.get("site") or "").strip() or host
            sites.setdefault(name, []).append(Site(id=host, name=title, start=url, scope=default_scope(url)))
            countries.setdefault(name, (row.get("country") or "").strip().upper())
            problems.extend(_country_problem(path, reader.line_num, countries[name]))
    agencies = tuple(
        Agency(id=_slug(name), name=name, country=countries[name], sites=tuple(found)) for name, found in sites.items()
    )
    return _finished(path, text, Portfolio(id=path.stem, agencies=agencies), problems)


def _from_toml(path: Path, text: str) -> Portfolio:
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found.group(1)) if found else text.count("\n") + 1
        raise TargetsError([Problem(str(path), line, f"is not TOML: {error}")]) from error
    reader = _TomlTargets(path, text)
    portfolio = reader.portfolio(document)
    return _finished(path, text, portfolio, reader.problems)


class _TomlTargets:
    """Turns the tables of a targets file into records, collecting what is wrong on the way."""

    def __init__(self, path: Path, text: str) -> None:
        self.path = path
        self.lines = text.splitlines()
        self.problems: list[Problem] = []

    def portfolio(self, document: dict[str, Any]) -> Portfolio:
        self._known(document, {"portfolio", "agency", "chain"}, "the file")
        head = document.get("portfolio", {})
        self._known(head, {"id", "name"}, "[portfolio]")
        identity = str(head.get("id") or self.path.stem) if isinstance(head, dict) else ""
        agencies = tuple(self._agency(table) for table in self._tables(document, "agency"))
        chains = tuple(self._chain(table) for table in self._tables(document, "chain"))
        return Portfolio(id=identity, agencies=agencies, chains=chains)

    def _agency(self, table: dict[str, Any]) -> Agency:
        self._known(table, {"id", "name", "country", "kind", "norm", "site"}, "[[agency]]")
        name = self._text(table, "name", "[[agency]]", near=str(table.get("id", "")))
        country = str(table.get("country", "")).upper()
        self.problems.extend(_country_problem(self.path, _line_of(self.lines, str(table.get("country", ""))), country))
        sites = tuple(self._site(site) for site in self._tables(table, "site"))
        if not sites:
            self._problem(name, f"agency {name!r} has no [[agency.site]]")
        identity = str(table.get("id") or _slug(name))
        norm = str(table.get("norm") or "neutral")
        if wrong := unknown_norm(norm):
            self._problem(norm, f"agency {name!r}: {wrong}")
        return Agency(id=identity, name=name, country=country, kind=str(table.get("kind", "")), norm=norm, sites=sites)

    def _site(self, table: dict[str, Any]) -> Site:
        self._known(table, {"id", "name", "start", "scope", "sitemaps", "service"}, "[[agency.site]]")
        start = self._url(self._text(table, "start", "[[agency.site]]", near=str(table.get("id", ""))))
        host = urlsplit(start).netloc
        services = tuple(self._service(service, start) for service in self._tables(table, "service"))
        for identity, count in Counter(service.id for service in services).items():
            if count > 1:
                self._problem(identity, f"service {identity!r} stands {count} times in one site; give each its own id")
        scope = tuple(self._scope(entry) for entry in self._strings(table, "scope")) or default_scope(start)
        if start and not in_scope(start, scope):
            self._problem(scope[0], f"the start {start} lies outside the scope {', '.join(scope)}; add it there")
        return Site(
            id=str(table.get("id") or host),
            name=str(table.get("name") or host),
            start=start,
            scope=scope,
            services=services,
            sitemaps=tuple(self._url(text, start) for text in self._strings(table, "sitemaps")),
        )

    def _service(self, table: dict[str, Any], start: str) -> Service:
        where = "[[agency.site.service]]"
        self._known(table, {"id", "name", "pages", "upl"}, where)
        name = self._text(table, "name", where, near=str(table.get("id", "")))
        pages = tuple(self._url(text, start) for text in self._strings(table, "pages"))
        if not pages:
            self._problem(name, f'service {name!r} names no pages; write pages = ["/path"]')
        return Service(id=str(table.get("id") or _slug(name)), name=name, pages=pages, upl=str(table.get("upl", "")))

    def _chain(self, table: dict[str, Any]) -> Chain:
        self._known(table, {"id", "name", "step"}, "[[chain]]")
        name = self._text(table, "name", "[[chain]]", near=str(table.get("id", "")))
        steps = []
        for step in self._tables(table, "step"):
            self._known(step, {"site", "service", "name"}, "[[chain.step]]")
            site = self._text(step, "site", "[[chain.step]]", near=name)
            steps.append(ChainStep(site=site, service=str(step.get("service", "")), name=str(step.get("name", ""))))
        if not steps:
            self._problem(name, f"chain {name!r} has no [[chain.step]]")
        return Chain(id=str(table.get("id") or _slug(name)), name=name, steps=tuple(steps))

    def _scope(self, entry: str) -> str:
        if "://" in entry or not _ID.fullmatch(entry):
            self._problem(entry, f"scope {entry!r} must be written host/path, such as www.agency.example/belasting")
        return entry if "/" in entry else f"{entry}/"

    def _url(self, text: str, base: str = "") -> str:
        url, problem = _checked_url(text, base) if text else (None, "")
        if problem:
            self._problem(text, problem)
        return url or ""

    def _text(self, table: dict[str, Any], key: str, where: str, *, near: str) -> str:
        value = table.get(key)
        if isinstance(value, str) and value.strip():
            return value.strip()
        wrong = f"has no {key}" if value is None else f"has {key} = {value!r}, which must be a text that is not empty"
        self._problem(near, f"{where} {near and repr(near) + ' '}{wrong}")
        return ""

    def _strings(self, table: dict[str, Any], key: str) -> tuple[str, ...]:
        values = table.get(key, [])
        if isinstance(values, list) and all(isinstance(value, str) for value in values):
            return tuple(values)
        self._problem(key, f'{key} must be a list of texts, such as {key} = ["/path"]')
        return ()

    def _tables(self, table: dict[str, Any], key: str) -> list[dict[str, Any]]:
        values = table.get(key, [])
        if isinstance(values, list) and all(isinstance(value, dict) for value in values):
            return values
        self._problem(key, f"{key} must be written as [[…{key}]] tables")
        return []

    def _known(self, table: Any, names: set[str], where: str) -> None:
        if not isinstance(table, dict):
            self._problem("", f"{where} must be a table")
            return
        for name in table.keys() - names:
            self._problem(name, f"{where} has {name!r}, which means nothing here; known are {', '.join(sorted(names))}")

    def _problem(self, near: str, message: str) -> None:
        self.problems.append(Problem(str(self.path), _line_of(self.lines, near), message))


def _finished(path: Path, text: str, portfolio: Portfolio, problems: list[Problem]) -> Portfolio:
    """The portfolio, once names are unique and chains lead to sites that exist."""
    lines = text.splitlines()

    def line(words: str, nth: int = 1) -> int:
        return _line_of(lines, words, nth)

    sites = [site for agency in portfolio.agencies for site in agency.sites]
    if not sites and not problems:
        problems.append(Problem(str(path), 0, "names no site; write an [[agency]] with an [[agency.site]]"))
    starts = Counter(site.start for site in sites if site.start)
    problems += [
        Problem(str(path), line(url.rstrip("/"), 2), f"the site {url} is named {count} times; name it once")
        for url, count in starts.items()
        if count > 1
    ]
    mend = (
        "give each its own `id`" if path.suffix.lower() != ".csv" else "a TOML file can give each its own id and scope"
    )
    problems += [
        Problem(str(path), line(identity, 2), f"{count} sites have the id {identity!r}; {mend}")
        for identity, count in Counter(site.id for site in sites if starts[site.start] == 1).items()
        if count > 1
    ]
    problems += [
        Problem(str(path), line(identity, 2), f"{count} agencies have the id {identity!r}; give each its own")
        for identity, count in Counter(agency.id for agency in portfolio.agencies if agency.id).items()
        if count > 1
    ]
    services = {site.id: {service.id for service in site.services} for site in sites}
    for chain in portfolio.chains:
        for step in chain.steps:
            if step.site and step.site not in services:
                known = ", ".join(sorted(services))
                problems.append(
                    Problem(
                        str(path), line(step.site), f"chain {chain.id!r} names site {step.site!r}; known are {known}"
                    )
                )
            elif step.service and step.service not in services[step.site]:
                message = f"chain {chain.id!r} names service {step.service!r}, which site {step.site!r} does not have"
                problems.append(Problem(str(path), line(step.service), message))
    if problems:
        raise TargetsError(problems)
    return portfolio


def _country_problem(path: Path, line: int, country: str) -> list[Problem]:
    if not country or re.fullmatch(r"[A-Z]{2}", country):
        return []
    return [Problem(str(path), line, f"country {country!r} must be a two-letter code, such as NL")]


def _line_of(lines: list[str], words: str, nth: int = 1) -> int:
    """The line on which these words stand, quoted if they stand so anywhere, for the nth time; 0 when nowhere."""
    for wanted in (f'"{words}"', words):
        found = [number for number, line in enumerate(lines, start=1) if words and wanted in line]
        if found:
            return found[min(nth, len(found)) - 1]
    return 0


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-") or "agency"
