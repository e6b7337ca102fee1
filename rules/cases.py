"""A rule's cases: the examples in the Markdown beside it (ACT Rules Format), which document it and are its tests.

A case stands under a heading that names its outcome (Passed, Failed, Inapplicable, Cannot tell, Untested), has a heading
of its own, perhaps a line `Expected: partly, missing own_number`, and one or more blocks of HTML. The block's info
string says which page of the site it is: `html service`, `html contact`, `html home`, `html help`, `html other`; with
`unread=timeout` behind it the page could not be read, `at=/help/more` is its address, `requests=https://a.example/x` is
what it loads, and with `uncollected=requests` the browser does not tell what it loads. Home and contact pages that a case
leaves out are there, and empty. A line `Subject: site` asks what the rule says of the site as a whole.
"""

import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

from rules.model.failure import Failure, FailureKind
from rules.model.finding import Finding, Outcome, SubjectKind, Verdict
from rules.model.look import Request, Uncollected
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.record import Record
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html
from rules.registry import Rule, all_rules, rule_named

_HOST = "https://agency.example"
_HEADING = re.compile(r"^(#{2,4})\s+(.*?)\s*$", re.MULTILINE)
_BLOCK = re.compile(r"^```html[ \t]*([^\n]*)\n(.*?)^```\s*$", re.MULTILINE | re.DOTALL)
_EXPECTED = re.compile(r"^Expected:\s*(\w+)(?:,\s*missing\s+([\w, ]+))?\.?\s*$", re.MULTILINE)
_OF_SITE = re.compile(r"^Subject:\s*site\.?\s*$", re.MULTILINE)
_LANGUAGE = re.compile(r"\((\w\w)(?:,\s*(\w\w))?\)")
_OUTCOMES = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "inapplicable": Outcome.INAPPLICABLE,
    "cannot tell": Outcome.CANT_TELL,
    "untested": Outcome.UNTESTED,
}
_PATHS = {PageRole.HOME: "/", PageRole.CONTACT: "/contact", PageRole.SERVICE: "/service", PageRole.HELP: "/help"}


class CaseError(ValueError):
    """A case that cannot be read, with the rule and the case in the message."""


class CasePage(Record, frozen=True):
    """One page of a case: its role, its HTML, why it could not be read where it could not, its path, what it loads.

    `uncollected` is what the browser does not tell of it.
    """

    role: PageRole
    html: str
    failure: FailureKind | None = None
    path: str = ""
    requests: tuple[str, ...] = ()
    uncollected: tuple[Uncollected, ...] = ()


class Case(Record, frozen=True):
    """One example of a rule; `verdict`, `missing`, `country` and `of_site` are set where the example names them."""

    rule: str
    title: str
    expected: Outcome
    pages: tuple[CasePage, ...]
    verdict: Verdict | None = None
    missing: tuple[str, ...] = ()
    country: str = ""
    of_site: bool = False

    @property
    def html(self) -> str:
        """The HTML of the first page."""
        return self.pages[0].html


def document(rule: str) -> str:
    """The Markdown beside a rule; empty where it has none.

    Raises:
        KeyError: there is no such rule.

    """
    package = rule_named(rule).judge.__module__.rpartition(".")[0]
    file = files(package) / f"{rule}.md"
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def cases(rule: str) -> tuple[Case, ...]:
    """The cases of one rule, in the order of its document.

    Raises:
        KeyError: there is no such rule.
        CaseError: a case cannot be read.

    """
    return tuple(_cases(rule, document(rule)))


@cache
def all_cases() -> tuple[Case, ...]:
    """The cases of every rule of the registry that has a document."""
    return tuple(case for rule in all_rules() for case in cases(rule.id))


def result(case: Case) -> Finding | None:
    """What the rule says about the case: its finding for the service (site, page), or None where it does not apply."""
    from rules.judgement import with_clicks, with_facts

    rule = rule_named(case.rule)
    view = with_clicks(with_facts(site_of(case)))
    subject = SubjectKind.SERVICE if SubjectKind.SERVICE in rule.applies_to else SubjectKind.PAGE
    subject = SubjectKind.SITE if case.of_site else subject
    return next((finding for finding in rule.judge(view) if finding.subject.kind is subject), None)


def site_of(case: Case) -> SiteView:
    """The site that a case describes, with its one service where it has pages of one."""
    given = [_view(page, number) for number, page in enumerate(case.pages)]
    roles = {page.role for page in given}
    empty = [CasePage(role=role, html="<p></p>") for role in (PageRole.HOME, PageRole.CONTACT) if role not in roles]
    pages = (*given, *(_view(page, len(given) + number) for number, page in enumerate(empty)))
    own = tuple(page for page in pages if page.role is PageRole.SERVICE)
    service = Service(id="service", name="Service", pages=tuple(page.url for page in own))
    return SiteView(
        site=Site(id="site", name="Agency", start=f"{_HOST}/", services=(service,) if own else ()),
        country=case.country,
        pages=pages,
        services=(ServiceView(service=service, pages=own),) if own else (),
    )


def _view(page: CasePage, number: int) -> PageView:
    path = _PATHS.get(page.role, f"/{page.role.value}")
    url = f"{_HOST}{path}" if page.role is PageRole.HOME else f"{_HOST}{path}-{number}"
    url = f"{_HOST}{page.path}" if page.path else url
    if page.failure is not None:
        return PageView(url=url, role=page.role, failure=Failure(kind=page.failure))
    requests = tuple(Request(url=request) for request in page.requests)
    return PageView(
        url=url,
        role=page.role,
        outline=from_html(page.html, url),
        requests=requests,
        uncollected=page.uncollected,
    )


def _cases(rule: str, text: str) -> Iterator[Case]:
    outcome: Outcome | None = None
    headings = list(_HEADING.finditer(text))
    for place, heading in enumerate(headings):
        level, title = heading.groups()
        if level == "##":
            outcome = None
        if level == "###":
            outcome = _OUTCOMES.get(title.lower())
        if level == "####" and outcome is not None:
            end = headings[place + 1].start() if place + 1 < len(headings) else len(text)
            yield _case(rule, title, outcome, text[heading.end() : end])


def _case(rule: str, title: str, outcome: Outcome, body: str) -> Case:
    pages = tuple(_page(rule, title, info, html) for info, html in _BLOCK.findall(body))
    if not pages:
        raise CaseError(f"{rule}: the case {title!r} has no block of HTML")
    expected = _EXPECTED.search(body)
    if expected is not None and expected.group(1) not in set(Verdict):
        raise CaseError(f"{rule}: the case {title!r} expects {expected.group(1)!r}, which is no verdict")
    language = _LANGUAGE.search(title)
    return Case(
        rule=rule,
        title=title,
        expected=outcome,
        pages=pages,
        verdict=Verdict(expected.group(1)) if expected is not None else None,
        missing=_listed(expected.group(2)) if expected is not None else (),
        country=(language.group(2) or "").upper() if language is not None else "",
        of_site=_OF_SITE.search(body) is not None,
    )


def _listed(words: str | None) -> tuple[str, ...]:
    return tuple(word.strip() for word in words.split(",")) if words else ()


def _page(rule: str, title: str, info: str, html: str) -> CasePage:
    words = info.split()
    role = words[0] if words and "=" not in words[0] else PageRole.OTHER.value
    options = dict(word.split("=", 1) for word in words if "=" in word)
    unread = options.get("unread", "")
    try:
        return CasePage(
            role=PageRole(role),
            html=html,
            failure=FailureKind(unread) if unread else None,
            path=options.get("at", ""),
            requests=tuple(filter(None, options.get("requests", "").split(","))),
            uncollected=tuple(Uncollected(word) for word in filter(None, options.get("uncollected", "").split(","))),
        )
    except ValueError as problem:
        raise CaseError(f"{rule}: the case {title!r}: {problem}") from problem


def needs_only_html(rule: Rule) -> bool:
    """Whether the rule reads no more than the text of pages and their requests, so that its cases need no browser."""
    return {layer.value for layer in rule.needs} <= {"text", "requests"}
