"""On the demonstration sites, read from their files, the verdicts and barriers are those that an auditor wrote down."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest

from rules.judgement import judge, judge_chain
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Finding, Outcome, SubjectKind
from rules.model.page import PageRole
from rules.model.portfolio import Chain, ChainStep, Service, Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html
from rules.registry import all_rules
from rules.roles import guess_role

SITES = Path(__file__).parents[2] / "audit/cli/demo/sites"
NAMES = ("waterrijk", "benefits", "vergunning", "regelpunt")
BARRIERS = {rule.id for rule in all_rules() if rule.judge.__module__.startswith("rules.barriers")}
# What stands in a shadow root that a script attaches needs a browser; `loket demo` itself holds these.
NEEDS_BROWSER = {("regelpunt", "", "counter")}
# Pages whose answer is a failure by the server's doing; the files themselves are whole.
FAILURES = {"timeout": FailureKind.TIMEOUT, "login": FailureKind.LOGIN}


def read_toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def host(name: str) -> str:
    return f"http://{name}.test"


@cache
def targets() -> dict[str, Any]:
    return {agency["id"]: agency for agency in read_toml(SITES / "targets.toml")["agency"]}


@cache
def expected(name: str) -> dict[str, Any]:
    return read_toml(SITES / name / "expected.toml")


def page_url(name: str, file: Path) -> str:
    path = file.relative_to(SITES / name / "www").with_suffix("").as_posix()
    path = "" if path == "index" else path.removesuffix("/index")
    slash = "/" if file.name == "index.html" and path else ""
    return f"{host(name)}/{path}{slash}"


def page_view(name: str, file: Path, service_pages: tuple[str, ...], failures: dict[str, str]) -> PageView:
    url = page_url(name, file)
    outline = from_html(file.read_bytes(), url)
    role = guess_role(url, title=outline.title, start=f"{host(name)}/", service_pages=service_pages)
    kind = failures.get(url.removeprefix(host(name)).rstrip("/"))
    if kind is not None:
        role = PageRole.LOGIN if kind == "login" else role
        return PageView(url=url, role=role, failure=Failure(kind=FAILURES[kind]))
    return PageView(url=url, role=role, outline=outline)


@cache
def site_view(name: str) -> SiteView:
    entry = targets()[name]["site"][0]
    services = tuple(
        Service(id=service["id"], name=service["name"], pages=tuple(host(name) + page for page in service["pages"]))
        for service in entry["service"]
    )
    wanted = tuple(page for service in services for page in service.pages)
    failures = {
        page["page"].rstrip("/"): page["reason"][0]
        for page in expected(name).get("not_looked_at", ())
        if page["reason"][0] in FAILURES
    }
    files = [
        file
        for file in sorted((SITES / name / "www").rglob("*.html"))
        if file.name not in {"404.html", "500.html", "agenda.html"}
    ]
    views = {view.url: view for view in (page_view(name, file, wanted, failures) for file in files)}
    return SiteView(
        site=Site(id=name, name=entry["name"], start=f"{host(name)}/", services=services),
        country=targets()[name]["country"],
        pages=tuple(views.values()),
        services=tuple(
            ServiceView(service=service, pages=tuple(views[url] for url in service.pages)) for service in services
        ),
    )


@cache
def findings(name: str) -> tuple[Finding, ...]:
    return judge(site_view(name))


def verdicts() -> list[tuple[str, dict[str, Any]]]:
    return [
        (name, verdict)
        for name in NAMES
        for verdict in expected(name)["verdict"]
        if (name, verdict["service"], verdict["channel"]) not in NEEDS_BROWSER
    ]


def label(pair: Any) -> str:
    return f"{pair[0]}-{pair[1]['service'] or 'site'}-{pair[1]['channel']}"


@pytest.mark.parametrize("pair", verdicts(), ids=label)
def test_a_channel_gets_the_verdict_that_an_auditor_gave_it(pair):
    name, wanted = pair
    kind = SubjectKind.SERVICE if wanted["service"] else SubjectKind.SITE
    [found] = [
        finding
        for finding in findings(name)
        if finding.channel == wanted["channel"]
        and finding.subject.kind is kind
        and (not wanted["service"] or finding.subject.id == wanted["service"])
    ]
    quotes = [evidence.quote for evidence in found.evidence]
    assert (found.verdict, found.missing) == (wanted["verdict"], tuple(wanted.get("missing", ()))), quotes
    assert not wanted.get("quote") or any(wanted["quote"] in quote for quote in quotes), quotes


@pytest.mark.parametrize("name", NAMES)
def test_exactly_the_barriers_that_an_auditor_found_are_found(name):
    wanted = {(barrier["rule"], barrier["service"]) for barrier in expected(name).get("barrier", ())}
    found = {
        (finding.rule, finding.subject.id)
        for finding in findings(name)
        if finding.rule in BARRIERS and finding.outcome is Outcome.FAILED
    }
    assert found == wanted


@pytest.mark.parametrize(
    ("name", "barrier"),
    [(name, barrier) for name in NAMES for barrier in expected(name).get("barrier", ()) if barrier.get("quote")],
    ids=lambda value: value if isinstance(value, str) else f"{value['rule']}-{value['service']}",
)
def test_a_barrier_is_shown_in_the_words_of_the_page(name, barrier):
    [found] = [
        finding
        for finding in findings(name)
        if finding.rule == barrier["rule"] and finding.subject.id == barrier["service"]
    ]
    assert any(barrier["quote"] in evidence.quote for evidence in found.evidence)


def test_the_chain_is_as_open_as_its_weakest_step():
    chains = read_toml(SITES / "targets.toml")["chain"]
    by_site = {name: findings(name) for name in NAMES}
    found = {
        (chain["id"], finding.channel.value): (finding.verdict.value, finding.params.get("weakest"))
        for chain in chains
        for finding in judge_chain(msgspec.convert({**chain, "steps": chain["step"]}, Chain), by_site)
        if finding.channel and finding.verdict
    }
    wanted = {
        (verdict["chain"], verdict["channel"]): (verdict["verdict"], verdict["weakest"])
        for verdict in read_toml(SITES / "chains.toml")["verdict"]
    }
    assert found == wanted


def test_a_step_that_nobody_looked_at_makes_the_chain_open_at_best():
    chain = Chain(id="c", name="C", steps=(ChainStep("waterrijk", "moving"), ChainStep("elsewhere", "", "Elsewhere")))
    [phone, counter, paper] = judge_chain(chain, {"waterrijk": findings("waterrijk")})
    assert [(finding.key, finding.verdict, finding.params["unknown"]) for finding in (phone, counter, paper)] == [
        ("at_best", "offered", "Elsewhere")
    ] * 3
