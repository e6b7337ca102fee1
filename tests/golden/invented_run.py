"""A run of invented agencies that shows every shape a report can take; `run.json` beside this file is its stored form."""

import hashlib
from collections.abc import Iterable
from pathlib import Path

from rules.model.contact import Contact, Refusal
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Channel, Evidence, Finding, Mode, Outcome, Subject, SubjectKind, Verdict, fingerprint
from rules.model.outline import Shown
from rules.model.page import PageRole, SampleSlot, SlotKind
from rules.model.portfolio import Agency, Chain, ChainStep, Portfolio, Service, Site
from rules.model.run import CrawlSummary, PageResult, PictureRef, RunInfo, RunResult, SiteResult

HERE = Path(__file__).parent
PICTURE = HERE / "form.jpg"
MORNING = "2026-11-23T02:14:07Z"
BROWSER = "playwright Chromium 156.0.7000.0"
ATTACK = "<script>alert(1)</script>"
FORMULA = '=HYPERLINK("http://evil.example","klik")'
LONG_NAME = (
    "Gemeenschappelijke regeling voor arbeidsongeschiktheidsverzekeringsaangelegenheden en "
    "bijstandsuitkeringsadministratie van de samenwerkende Noordelijke gemeenten"
)
CONTACTS = (
    Contact("www.vlietmeer.example", requests=214, sent=64_100, received=3_804_512),
    Contact("fonts.letters.example", requests=3, sent=1_201, received=88_000),
    Contact("stats.teller.example:8443", requests=41, sent=60_000, received=9_100),
)
REFUSALS = (
    Refusal("192.168.1.1", FailureKind.PRIVATE_ADDRESS, "192.168.1.1 is a private address", times=4),
    Refusal("weg.example", FailureKind.DNS, "weg.example: no such host"),
)
FIELD = '<input class="veld" id="email" type="email" placeholder="E-mailadres" required>'
VERDICT_OUTCOMES = {
    Verdict.OFFERED: Outcome.PASSED,
    Verdict.PARTLY: Outcome.PASSED,
    Verdict.NOT_OFFERED: Outcome.FAILED,
    Verdict.CONTRADICTED: Outcome.CANT_TELL,
    Verdict.NOT_VERIFIABLE: Outcome.UNTESTED,
}


def digest(text: str) -> str:
    """A SHA-256 such as artifacts have."""
    return hashlib.sha256(text.encode()).hexdigest()


def quote(
    page: str, words: str, *deciding: str, lang: str = "nl", headings: tuple[str, ...] = (), **attributes: str
) -> Evidence:
    """Words read on a page."""
    return Evidence(
        page=page,
        quote=words,
        deciding=deciding,
        lang=lang,
        landmark="main",
        headings=headings,
        attributes=attributes,
        artifact=digest(page),
        taken_at=MORNING,
    )


def channel(
    channel: Channel,
    site: str,
    service: str,
    verdict: Verdict,
    *evidence: Evidence,
    missing: tuple[str, ...] = (),
    reason: str = "",
    key: str = "",
) -> Finding:
    """A verdict on one channel of a service, or of the whole site when `service` is empty."""
    kind = SubjectKind.SERVICE if service else SubjectKind.SITE
    return Finding(
        rule=f"{channel}_offered",
        rule_version="1",
        subject=Subject(kind=kind, site=site, id=service or site),
        outcome=VERDICT_OUTCOMES[verdict],
        key=key or str(verdict),
        params={"quote": evidence[0].quote} if evidence else {},
        evidence=evidence,
        role={
            "phone": "Customer contact centre",
            "counter": "Counter or location manager",
            "paper": "Communication or web editor",
        }[channel],
        channel=channel,
        verdict=verdict,
        missing=missing,
        reason=reason,
    )


def barrier(
    rule: str,
    site: str,
    service: str,
    outcome: Outcome,
    *evidence: Evidence,
    role: str = "Service owner",
    reason: str = "",
) -> Finding:
    """What a barrier rule says about a service, or about the whole site when `service` is empty."""
    kind = SubjectKind.SERVICE if service else SubjectKind.SITE
    return Finding(
        rule=rule,
        rule_version="1",
        subject=Subject(kind=kind, site=site, id=service or site),
        outcome=outcome,
        key=str(outcome),
        params={"quote": evidence[0].quote} if evidence else {},
        evidence=evidence,
        role=role,
        reason=reason,
    )


def axe(
    rule: str,
    site: str,
    page: str,
    outcome: Outcome,
    *evidence: Evidence,
    impact: str = "",
    wcag: tuple[str, ...] = (),
    act: tuple[str, ...] = (),
    role: str = "front_end_development",
    count: int = 0,
) -> Finding:
    """What axe says about a page."""
    return Finding(
        rule=f"axe/{rule}",
        rule_version="4.12.1",
        subject=Subject(kind=SubjectKind.PAGE, site=site, id=page),
        outcome=outcome,
        mode=Mode.AUTOMATIC,
        evidence=evidence,
        wcag=wcag,
        act=act,
        impact=impact,
        role=role,
        count=count or len(evidence),
    )


def element(
    page: str, selector: str, html: str, summary: str, box: tuple[float, float, float, float] | None = None
) -> Evidence:
    """An element that a rule named."""
    return Evidence(
        page=page,
        selector=selector,
        html=html,
        summary=summary,
        box=box,
        artifact=digest(page + "axe"),
        taken_at=MORNING,
    )


def page(
    url: str, role: PageRole, title: str, *slots: SampleSlot, lang: str = "nl", pictures: tuple[PictureRef, ...] = ()
) -> PageResult:
    """A page that was looked at."""
    return PageResult(
        url=url,
        role=role,
        title=title,
        lang=lang,
        slots=slots,
        looked_at=True,
        taken_at=MORNING,
        browser=BROWSER,
        pictures=pictures,
    )


def unseen(url: str, role: PageRole, title: str, kind: FailureKind, detail: str, *slots: SampleSlot) -> PageResult:
    """A page that could not be looked at."""
    return PageResult(
        url=url, role=role, title=title, slots=slots, failure=Failure(kind=kind, detail=detail), taken_at=MORNING
    )


def fixed(name: str, url: str) -> SampleSlot:
    return SampleSlot(kind=SlotKind.FIXED, name=name, url=url)


def for_service(name: str, url: str) -> SampleSlot:
    return SampleSlot(kind=SlotKind.SERVICE, name=name, url=url)


def vlietmeer() -> tuple[Agency, SiteResult]:
    """A municipality with good alternatives, one contradiction, and faults in a form."""
    home = "https://www.vlietmeer.example"
    names = {
        "paspoort": "Paspoort of identiteitskaart",
        "verhuizen": "Verhuizing doorgeven",
        "parkeren": "Parkeervergunning",
        "bouwen": "Omgevingsvergunning",
        "grofvuil": "Grofvuil laten ophalen",
        "bezwaar": "Bezwaar maken",
    }
    services = tuple(Service(id=key, name=name, pages=(f"{home}/{key}",)) for key, name in names.items())
    site = Site(id="vlietmeer", name="Website van Vlietmeer", start=f"{home}/", services=services)
    call = quote(
        f"{home}/contact",
        "Bel 14 0990. Wij zijn bereikbaar van maandag tot en met vrijdag van 8.30 tot 17.00 uur. "
        "U betaalt uw gebruikelijke belkosten.",
        "14 0990",
        "bereikbaar",
        "gebruikelijke belkosten",
        headings=("Contact", "Bellen"),
        number="14 0990",
        e164="+31880000990",
        hours="Mo-Fr 08:30-17:00",
        cost="gebruikelijke belkosten",
        type="short",
        clicks="1",
        owner="Gemeente Vlietmeer",
        moon="full",
    )
    desk = quote(
        f"{home}/contact",
        "Stadsloket, Kade 12, 9999 XW Vlietmeer. Zonder afspraak: dinsdag 9.00 tot 12.00 uur.",
        "Zonder afspraak",
        headings=("Contact", "Langskomen"),
        address="Kade 12, 9999 XW Vlietmeer",
        hours="Tu 09:00-12:00",
        appointment="none",
    )
    online = quote(
        f"{home}/parkeren",
        "Een parkeervergunning vraagt u alleen online aan met DigiD.",
        "alleen online",
        headings=("Parkeren",),
    )
    form_page = f"{home}/afspraak/dag"
    phone, counter, paper = Channel.PHONE, Channel.COUNTER, Channel.PAPER
    findings = [
        channel(phone, "vlietmeer", "", Verdict.OFFERED, call),
        channel(counter, "vlietmeer", "", Verdict.OFFERED, desk),
        channel(
            paper,
            "vlietmeer",
            "",
            Verdict.OFFERED,
            quote(
                f"{home}/contact",
                "Postbus 10, 9999 ZZ Vlietmeer.",
                "Postbus 10",
                address="Postbus 10, 9999 ZZ Vlietmeer",
            ),
        ),
    ]
    called = ("paspoort", "verhuizen", "parkeren", "bouwen")
    findings += [channel(phone, "vlietmeer", key, Verdict.OFFERED, call) for key in called]
    findings += [
        channel(
            phone,
            "vlietmeer",
            "bezwaar",
            Verdict.PARTLY,
            quote(f"{home}/bezwaar", "Stel uw vraag aan onze digitale assistent.", "digitale assistent"),
            missing=("hours", "cost"),
        ),
        channel(counter, "vlietmeer", "paspoort", Verdict.OFFERED, desk),
        channel(counter, "vlietmeer", "verhuizen", Verdict.OFFERED, desk),
        channel(
            counter,
            "vlietmeer",
            "parkeren",
            Verdict.PARTLY,
            quote(
                f"{home}/parkeren",
                "Maak online een afspraak. Zonder afspraak kunnen wij u niet helpen.",
                "online een afspraak",
                headings=("Parkeren", "Aanvragen"),
                appointment_by="online",
            ),
            missing=("appointment_offline",),
        ),
        channel(counter, "vlietmeer", "bouwen", Verdict.OFFERED, desk),
        channel(counter, "vlietmeer", "bezwaar", Verdict.OFFERED, desk),
        channel(
            paper,
            "vlietmeer",
            "paspoort",
            Verdict.NOT_OFFERED,
            quote(f"{home}/paspoort", "U komt persoonlijk langs.", "persoonlijk"),
            key="denied",
        ),
        channel(
            paper,
            "vlietmeer",
            "verhuizen",
            Verdict.OFFERED,
            quote(
                f"{home}/verhuizen",
                "Print het formulier en stuur het naar Postbus 10, 9999 ZZ Vlietmeer.",
                "formulier",
                address="Postbus 10, 9999 ZZ Vlietmeer",
            ),
        ),
        channel(paper, "vlietmeer", "parkeren", Verdict.NOT_OFFERED, online, key="denied"),
        channel(
            paper,
            "vlietmeer",
            "bouwen",
            Verdict.CONTRADICTED,
            quote(f"{home}/bouwen", "U kunt uw aanvraag ook op papier doen.", "op papier"),
            quote(f"{home}/bouwen/vragen", "Een aanvraag op papier is niet meer mogelijk.", "niet meer mogelijk"),
        ),
        channel(
            paper,
            "vlietmeer",
            "bezwaar",
            Verdict.OFFERED,
            quote(f"{home}/bezwaar", "Stuur uw bezwaarschrift naar Postbus 10.", "bezwaarschrift"),
        ),
        *(channel(kind, "vlietmeer", "grofvuil", Verdict.NOT_VERIFIABLE, reason="timeout") for kind in Channel),
        barrier("online_only_wording", "vlietmeer", "parkeren", Outcome.FAILED, online),
        barrier(
            "login_required",
            "vlietmeer",
            "parkeren",
            Outcome.FAILED,
            quote(f"{home}/parkeren", "Inloggen met DigiD", "Inloggen", "DigiD", headings=("Parkeren", "Aanvragen")),
        ),
        *(
            barrier("login_required", "vlietmeer", key, Outcome.PASSED)
            for key in ("paspoort", "verhuizen", "bouwen", "bezwaar")
        ),
        barrier("login_required", "vlietmeer", "grofvuil", Outcome.UNTESTED),
    ]
    fields = [
        element(
            form_page,
            "form#gegevens > div:nth-child(2) > input.veld",
            FIELD,
            "Fix any of the following: Form element does not have an implicit (wrapped) <label>",
            (28.0, 346.0, 430.0, 48.0),
        ),
        element(
            form_page,
            "form#gegevens > div:nth-child(1) > input.veld",
            '<input class="veld" id="naam" placeholder="Naam">',
            "Fix any of the following: Form element does not have an implicit (wrapped) <label>",
            (28.0, 276.0, 430.0, 48.0),
        ),
    ]
    label = {"impact": "critical", "wcag": ("4.1.2",), "act": ("e086e5",)}
    findings += [
        axe("label", "vlietmeer", form_page, Outcome.FAILED, *fields, count=3, **label),
        axe(
            "label",
            "vlietmeer",
            f"{home}/bezwaar",
            Outcome.FAILED,
            element(f"{home}/bezwaar", "#brief", '<textarea id="brief"></textarea>', "Fix any: no label"),
            **label,
        ),
        axe(
            "image-alt",
            "vlietmeer",
            f"{home}/",
            Outcome.FAILED,
            element(f"{home}/", "img.kop", '<img class="kop" src="dijk.jpg">', "Fix any: no alt attribute"),
            impact="critical",
            wcag=("1.1.1",),
            act=("23a2a8",),
            role="content_authoring",
        ),
        *(
            axe(
                "color-contrast",
                "vlietmeer",
                f"{home}/{key}",
                Outcome.FAILED,
                element(
                    f"{home}/{key}",
                    ".hint",
                    '<p class="hint">Let op</p>',
                    "Element has insufficient color contrast of 2.8",
                ),
                impact="serious",
                wcag=("1.4.3",),
                act=("afw4f7",),
                role="visual_design",
                count=4,
            )
            for key in ("paspoort", "verhuizen", "parkeren")
        ),
        axe(
            "color-contrast",
            "vlietmeer",
            f"{home}/",
            Outcome.CANT_TELL,
            element(f"{home}/", "h1", "<h1>Welkom</h1>", "Background is a picture"),
            impact="serious",
            wcag=("1.4.3",),
            role="visual_design",
        ),
        *(
            axe(rule, "vlietmeer", f"{home}/", Outcome.PASSED, wcag=("2.4.2",))
            for rule in ("document-title", "html-has-lang", "button-name", "link-name", "list", "aria-roles")
        ),
        axe("video-caption", "vlietmeer", f"{home}/", Outcome.INAPPLICABLE, wcag=("1.2.2",)),
    ]
    picture = PictureRef(
        sha256=hashlib.sha256(PICTURE.read_bytes()).hexdigest(),
        kind="page",
        box=(0.0, 200.0, 704.0, 300.0),
        marks={fingerprint("axe/label", FIELD): (28.0, 346.0, 430.0, 48.0)},
    )
    pages = (
        page(f"{home}/", PageRole.HOME, "Gemeente Vlietmeer", fixed("home", f"{home}/")),
        page(f"{home}/contact", PageRole.CONTACT, "Contact", fixed("contact", f"{home}/contact")),
        *(
            page(f"{home}/{key}", PageRole.SERVICE, names[key], for_service(key, f"{home}/{key}"))
            for key in names
            if key != "grofvuil"
        ),
        page(
            f"{home}/bouwen/vragen",
            PageRole.HELP,
            "Vragen over bouwen",
            SampleSlot(kind=SlotKind.RANDOM, name="1", url=f"{home}/bouwen/vragen"),
        ),
        page(
            form_page,
            PageRole.FORM,
            "Afspraak, stap 2",
            SampleSlot(kind=SlotKind.FORM, name="1", url=form_page),
            pictures=(picture,),
        ),
        unseen(
            f"{home}/grofvuil",
            PageRole.SERVICE,
            "Grofvuil laten ophalen",
            FailureKind.TIMEOUT,
            "not ready within 45 seconds",
            for_service("grofvuil", f"{home}/grofvuil"),
        ),
        unseen(f"{home}/mijn", PageRole.LOGIN, "Mijn Vlietmeer", FailureKind.LOGIN, "", fixed("login", f"{home}/mijn")),
    )
    empty = (SampleSlot(kind=SlotKind.FIXED, name="sitemap"), SampleSlot(kind=SlotKind.FIXED, name="statement"))
    crawl = CrawlSummary(pages_known=214, documents=(f"{home}/f/verhuizen.pdf",), skipped={"robots": 4, "budget": 12})
    agency = Agency(
        id="https://identifier.overheid.nl/tooi/id/gemeente/gm9990",
        name="Gemeente Vlietmeer",
        country="NL",
        kind="municipality",
        norm="nl-awb",
        sites=(site,),
    )
    return agency, SiteResult(
        agency=agency.id,
        site="vlietmeer",
        pages=pages,
        empty_slots=empty,
        findings=tuple(findings),
        crawl=crawl,
        contacts=CONTACTS,
        refusals=REFUSALS,
    )


def northmere() -> tuple[Agency, SiteResult]:
    """An English benefits agency: two services, weak alternatives, and pages whose titles attack the report."""
    home = "https://benefits.northmere.example"
    services = (
        Service(id="housing", name="Help with housing costs", pages=(f"{home}/housing",)),
        Service(id="winter", name=f"Winter payment {ATTACK}", pages=(f"{home}/winter",)),
    )
    site = Site(id="northmere", name="Northmere Benefits", start=f"{home}/", services=services)
    faq = quote(
        f"{home}/faq",
        "Still stuck? Ring us on 0300 555 0199, 9am to 5pm.",
        "0300 555 0199",
        lang="en",
        number="0300 555 0199",
        hours="9am to 5pm",
    )
    faq = Evidence(**{field: getattr(faq, field) for field in faq.__struct_fields__} | {"shown": Shown.ON_DEMAND})
    findings = [
        channel(Channel.PHONE, "northmere", "housing", Verdict.PARTLY, faq, missing=("cost",)),
        channel(
            Channel.COUNTER,
            "northmere",
            "housing",
            Verdict.PARTLY,
            quote(f"{home}/visit", "Book your visit online.", "online", lang="en"),
            missing=("appointment_offline", "hours"),
        ),
        channel(Channel.PAPER, "northmere", "housing", Verdict.NOT_OFFERED),
        channel(Channel.PHONE, "northmere", "winter", Verdict.OFFERED, faq),
        channel(Channel.COUNTER, "northmere", "winter", Verdict.NOT_OFFERED),
        channel(
            Channel.PAPER,
            "northmere",
            "winter",
            Verdict.PARTLY,
            quote(f"{home}/winter", f"Download the form {ATTACK} & send it.", "form", lang="en"),
            missing=("postal_address",),
        ),
        channel(Channel.PHONE, "northmere", "", Verdict.PARTLY, faq, missing=("cost",)),
        channel(
            Channel.COUNTER,
            "northmere",
            "",
            Verdict.PARTLY,
            quote(f"{home}/visit", "Book your visit online.", "online", lang="en"),
            missing=("appointment_offline",),
        ),
        channel(Channel.PAPER, "northmere", "", Verdict.NOT_OFFERED),
        barrier(
            "app_required",
            "northmere",
            "winter",
            Outcome.CANT_TELL,
            quote(f"{home}/winter", "Track your claim in our app.", "app", lang="en"),
        ),
        barrier("login_required", "northmere", "housing", Outcome.PASSED),
        axe(
            "link-name",
            "northmere",
            f"{home}/",
            Outcome.FAILED,
            element(
                "javascript:alert(2)",
                f"a[title='{ATTACK}']",
                f"<a href='/x' title='{ATTACK}'></a>",
                "Fix all: element has no text",
            ),
            impact="serious",
            wcag=("2.4.4", "4.1.2"),
            act=("c487ae",),
        ),
        *(
            axe("color-contrast", "northmere", f"{home}/{name}", Outcome.PASSED, wcag=("1.4.3",))
            for name in ("", "faq", "visit")
        ),
    ]
    pages = (
        page(f"{home}/", PageRole.HOME, f"Home {ATTACK}", fixed("home", f"{home}/"), lang="en"),
        page(f"{home}/faq", PageRole.HELP, "\u202egnorw si siht\u202c FAQ", fixed("help", f"{home}/faq"), lang="en"),
        page(f"{home}/visit", PageRole.CONTACT, FORMULA, fixed("contact", f"{home}/visit"), lang="en"),
        page(f"{home}/housing", PageRole.SERVICE, "Housing", for_service("housing", f"{home}/housing"), lang="en"),
        page(f"{home}/winter", PageRole.SERVICE, "Winter", for_service("winter", f"{home}/winter"), lang="en"),
        unseen(
            f"{home}/search?q=a",
            PageRole.SEARCH,
            "",
            FailureKind.ROBOTS,
            "Disallow: /search",
            fixed("search", f"{home}/search?q=a"),
        ),
    )
    agency = Agency(
        id="northmere",
        name="Northmere Benefits Agency",
        country="GB",
        kind="benefits office",
        norm="uk-assisted",
        sites=(site,),
    )
    return agency, SiteResult(agency="northmere", site="northmere", pages=pages, findings=tuple(findings))


def noord() -> tuple[Agency, SiteResult]:
    """Sixty services, digital only, under a very long name."""
    home = "https://vergunningen.noord.example"
    services = tuple(
        Service(id=f"v{n:02}", name=f"Vergunning voor bedrijfsmatige activiteit nummer {n}", pages=(f"{home}/v{n:02}",))
        for n in range(1, 61)
    )
    site = Site(id="noord", name="Vergunningen Noord", start=f"{home}/", services=services)
    wall = quote(f"{home}/", "Gebruik onze app. Inloggen kan alleen met eHerkenning.", "app", "alleen met eHerkenning")
    findings = []
    for service in services:
        findings += [
            channel(kind, "noord", service.id, Verdict.NOT_OFFERED, wall, key="denied")
            for kind in (Channel.PHONE, Channel.PAPER)
        ]
        findings.append(channel(Channel.COUNTER, "noord", service.id, Verdict.NOT_OFFERED))
        findings.append(barrier("login_required", "noord", service.id, Outcome.FAILED, wall))
    findings += [
        axe(
            "region",
            "noord",
            f"{home}/{service.id}",
            Outcome.FAILED,
            element(
                f"{home}/{service.id}",
                "div.app",
                "<div class='app'>",
                "Some page content is not contained by landmarks",
            ),
            impact="moderate",
        )
        for service in services
    ]
    pages = (
        page(f"{home}/", PageRole.HOME, FORMULA, fixed("home", f"{home}/")),
        page(f"{home}/contact", PageRole.CONTACT, "Contact", fixed("contact", f"{home}/contact")),
        *(
            page(
                f"{home}/{service.id}", PageRole.SERVICE, service.name, for_service(service.id, f"{home}/{service.id}")
            )
            for service in services
        ),
    )
    agency = Agency(id="noord", name=LONG_NAME, country="NL", kind="licensing body", norm="nl-awb", sites=(site,))
    return agency, SiteResult(agency="noord", site="noord", pages=pages, findings=tuple(findings))


def delta() -> tuple[Agency, SiteResult]:
    """Under 70 % of the pages could be looked at."""
    home = "https://delta.example"
    service = Service(id="schuld", name="Hulp bij schulden", pages=(f"{home}/schuld",))
    site = Site(id="delta", name="Kredietkantoor Delta", start=f"{home}/", services=(service,))
    findings = (
        *(channel(kind, "delta", "schuld", Verdict.NOT_VERIFIABLE, reason="challenge") for kind in Channel),
        Finding(
            rule="page_read",
            rule_version="1",
            subject=Subject(kind=SubjectKind.PAGE, site="delta", id=f"{home}/schuld"),
            outcome=Outcome.UNTESTED,
            reason="challenge",
        ),
    )
    pages = (
        page(f"{home}/", PageRole.HOME, "Delta", fixed("home", f"{home}/")),
        unseen(
            f"{home}/contact",
            PageRole.CONTACT,
            "",
            FailureKind.CHALLENGE,
            "HTTP 403",
            fixed("contact", f"{home}/contact"),
        ),
        unseen(
            f"{home}/schuld",
            PageRole.SERVICE,
            "",
            FailureKind.CHALLENGE,
            "HTTP 403",
            for_service("schuld", f"{home}/schuld"),
        ),
    )
    agency = Agency(id="delta", name="Kredietkantoor Delta", country="NL", kind="debt help", sites=(site,))
    return agency, SiteResult(agency="delta", site="delta", pages=pages, findings=findings)


def harbour() -> tuple[Agency, SiteResult]:
    """An American body whose one site names no services: channels, barriers and norm are those of the whole site."""
    home = "https://harbour.example"
    site = Site(id="harbour", name="Harbour Authority", start=f"{home}/")
    line = quote(
        f"{home}/contact",
        "Call our help line at (202) 555-0143, $1 a minute, Monday to Friday from 9 to 5.",
        "(202) 555-0143",
        lang="en",
        number="(202) 555-0143",
        value="+12025550143",
        type="premium",
        hours="Mo-Fr 09:00-17:00",
        cost="$1 a minute",
    )
    closed = quote(
        f"{home}/contact", "Our front desk is closed until further notice.", "closed", lang="en", closed="yes"
    )
    findings = (
        channel(Channel.PHONE, "harbour", "", Verdict.OFFERED, line),
        channel(Channel.COUNTER, "harbour", "", Verdict.NOT_OFFERED, closed),
        channel(
            Channel.PAPER,
            "harbour",
            "",
            Verdict.PARTLY,
            quote(f"{home}/contact", "You may also write to us.", "write to us", lang="en"),
            missing=("postal_address",),
        ),
        barrier(
            "online_only_wording",
            "harbour",
            "",
            Outcome.FAILED,
            quote(f"{home}/", "Berths can be booked online only.", "online only", lang="en"),
        ),
        barrier(
            "app_required",
            "harbour",
            "",
            Outcome.CANT_TELL,
            quote(f"{home}/", "Use the Harbour app.", "Harbour app", lang="en"),
        ),
        barrier("login_required", "harbour", "", Outcome.UNTESTED, reason="partial"),
    )
    pages = (
        page(f"{home}/", PageRole.HOME, "Harbour Authority", fixed("home", f"{home}/"), lang="en"),
        page(f"{home}/contact", PageRole.CONTACT, "Contact us", fixed("contact", f"{home}/contact"), lang="en"),
    )
    agency = Agency(id="harbour", name="Harbour Authority", country="US", norm="us-idea", sites=(site,))
    return agency, SiteResult(agency="harbour", site="harbour", pages=pages, findings=findings)


def verdwenen() -> tuple[Agency, SiteResult]:
    """A site that could not be looked at at all; it names no services."""
    site = Site(id="verdwenen", name="Raad voor Verdwenen Zaken", start="https://raad.example/")
    agency = Agency(id="verdwenen", name="Raad voor Verdwenen Zaken", country="NL", sites=(site,))
    failure = Failure(kind=FailureKind.DNS, detail="no address for raad.example")
    return agency, SiteResult(agency="verdwenen", site="verdwenen", failure=failure, state="failed")


def chain_findings() -> Iterable[Finding]:
    """What the chain rule concludes."""
    for kind, verdict in (
        (Channel.PHONE, Verdict.PARTLY),
        (Channel.COUNTER, Verdict.NOT_OFFERED),
        (Channel.PAPER, Verdict.NOT_OFFERED),
    ):
        subject = Subject(kind=SubjectKind.CHAIN, site="", id="baan-kwijt")
        yield Finding(
            rule="weakest_link",
            rule_version="1",
            subject=subject,
            outcome=VERDICT_OUTCOMES[verdict],
            channel=kind,
            verdict=verdict,
        )


def invented_run(*, with_previous: bool = True) -> RunResult:
    """The whole run; the run before it differs in five things and was made with an older rule for paper."""
    built = (vlietmeer(), northmere(), noord(), delta(), harbour(), verdwenen())
    chain = Chain(
        id="baan-kwijt",
        name="Na het verlies van een baan",
        steps=(
            ChainStep(site="northmere", service="winter", name="Uitkering aanvragen"),
            ChainStep(site="vlietmeer", service="bezwaar"),
            ChainStep(site="delta", service="schuld"),
        ),
    )
    run = RunInfo(
        id="20261123T015200Z",
        started_at="2026-11-23T01:52:00Z",
        finished_at="2026-11-23T02:41:30Z",
        settings_digest="3be177f0" * 8,
        seed="20261123-invented",
        versions={"loket": "0.1.0", "axe-core": "4.12.1", "chromium": "156.0.7000.0", "rules": "1"},
        notes=("ran_without_sandbox", "The router was restarted at two o'clock."),
        pace_seconds=2.0,
        max_pages=500,
        max_depth=5,
    )
    portfolio = Portfolio(id="invented", agencies=tuple(agency for agency, _site in built), chains=(chain,))
    result = RunResult(
        run=run,
        portfolio=portfolio,
        sites=tuple(site for _agency, site in built),
        chain_findings=tuple(chain_findings()),
    )
    return RunResult(**_fields(result) | {"previous": _previous(result)}) if with_previous else result


def _previous(result: RunResult) -> RunResult:
    sites = tuple(_earlier(site) for site in result.sites if site.site != "verdwenen")
    run = RunInfo(
        **_fields(result.run)
        | {
            "id": "20261024T015200Z",
            "started_at": "2026-10-24T01:52:00Z",
            "finished_at": "2026-10-24T02:40:00Z",
            "versions": {**result.run.versions, "chromium": "155.0.6900.0"},
        }
    )
    return RunResult(**_fields(result) | {"run": run, "sites": sites, "chain_findings": (), "previous": None})


def _earlier(site: SiteResult) -> SiteResult:
    findings = []
    for finding in site.findings:
        name = (finding.subject.id, finding.rule)
        if name == ("bezwaar", "phone_offered"):
            findings.append(
                channel(
                    Channel.PHONE,
                    site.site,
                    "bezwaar",
                    Verdict.OFFERED,
                    quote("https://www.vlietmeer.example/bezwaar", "Bel 14 0990.", "14 0990"),
                )
            )
        elif name == ("verhuizen", "paper_offered"):
            findings.append(channel(Channel.PAPER, site.site, "verhuizen", Verdict.NOT_OFFERED))
        elif name == ("grofvuil", "phone_offered"):
            findings.append(channel(Channel.PHONE, site.site, "grofvuil", Verdict.OFFERED))
        elif name == ("https://www.vlietmeer.example/bezwaar", "axe/label"):
            findings.append(axe("label", site.site, "https://www.vlietmeer.example/bezwaar", Outcome.PASSED))
        elif name == ("https://www.vlietmeer.example/", "axe/link-name"):
            findings.append(
                axe(
                    "link-name",
                    site.site,
                    "https://www.vlietmeer.example/",
                    Outcome.FAILED,
                    count=2,
                    impact="serious",
                    wcag=("2.4.4",),
                )
            )
        else:
            findings.append(finding)
    return SiteResult(**_fields(site) | {"findings": tuple(findings)})


def _fields(record: object) -> dict[str, object]:
    return {name: getattr(record, name) for name in record.__struct_fields__}


def write_golden() -> None:
    """Make the stored files beside this one anew, after a change that was meant."""
    from reports.formats import csv, json, jsonl

    run = invented_run()
    (HERE / "run.json").write_bytes(json.encode(run))
    (HERE / "findings.jsonl").write_bytes(b"".join(jsonl.lines(run)))
    (HERE / "findings.csv").write_bytes(b"".join(csv.lines(run)))


if __name__ == "__main__":
    write_golden()
