import json
import re
from itertools import pairwise
from urllib.parse import urlsplit

import msgspec
import pytest
from html_reader import PageReader
from invented_run import ATTACK, LONG_NAME
from lxml import html as lxml_html

from reports.formats import all_formats
from reports.wording import languages
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind
from rules.model.page import PageRole
from rules.model.portfolio import Agency, Portfolio, Site
from rules.model.run import PageResult, RunInfo, RunResult, SiteResult

CSP = "default-src 'none'; style-src 'self'; img-src 'self'"
FORBIDDEN = (
    r"\b(compliant|accessible|illegal|unlawful|toegankelijk|onwettig|illegaal|conform|score|grade|rank|cijfer)\b"
)
CHANNELS = ("phone", "counter", "paper")


@pytest.fixture(scope="module")
def pages(report):
    return {file.name: PageReader(file) for file in sorted(report.glob("*.html"))}


def each(pages, condition):
    """The names of the pages for which a condition does not hold."""
    return [name for name, page in pages.items() if not condition(page)]


def test_every_page_exists_in_every_language(pages):
    english = {name.removesuffix(".html") for name in pages if name.count(".") == 1}
    for lang in languages()[1:]:
        assert {name.removesuffix(f".{lang}.html") for name in pages if name.endswith(f".{lang}.html")} == english


def test_there_is_a_page_for_each_agency_service_problem_and_chain(pages, run):
    names = [name for name in pages if name.count(".") == 1]
    services = sum(len(site.services) for agency in run.portfolio.agencies for site in agency.sites)
    assert sum(name.startswith("agency-") for name in names) == len(run.portfolio.agencies)
    assert sum(name.startswith("service-") for name in names) == services
    assert sum(name.startswith("finding-") for name in names) == 5
    assert {"index.html", "compare.html", "chain-baan-kwijt.html"} <= set(names)


def test_the_html_has_no_fault(pages):
    assert {name: page.faults for name, page in pages.items() if page.faults} == {}


def test_no_id_is_used_twice(pages):
    assert each(pages, lambda page: len(set(page.ids)) == len(page.ids)) == []


def test_there_is_one_h1_and_no_level_is_skipped(pages):
    assert each(pages, lambda page: page.headings.count(1) == 1) == []
    assert each(pages, lambda page: all(after - before <= 1 for before, after in pairwise(page.headings))) == []


def test_there_is_no_script_and_no_inline_style(pages):
    tags = {tag for page in pages.values() for tag, _attributes in page.elements}
    names = {name for page in pages.values() for _tag, attributes in page.elements for name in attributes}
    assert not tags & {"script", "style", "iframe", "object", "embed", "form", "base"}
    assert not [name for name in names if name.startswith("on") or name == "style"]


def test_every_page_forbids_what_it_does_not_need(pages):
    metas = [attributes for page in pages.values() for tag, attributes in page.elements if tag == "meta"]
    assert sum(meta.get("content") == CSP for meta in metas) == len(pages)


def test_every_link_inside_the_report_leads_somewhere(pages, report):
    broken = []
    for name, page in pages.items():
        for address in page.attributes("href") + page.attributes("src"):
            if urlsplit(address).scheme:
                continue
            file, _, anchor = address.partition("#")
            target = pages.get(file or name)
            found = anchor in target.ids if target and anchor else (report / (file or name)).exists()
            if not found:
                broken.append((name, address))
    assert broken == []


def test_every_link_out_of_the_report_is_safe_and_tells_nobody_where_it_came_from(pages):
    for page in pages.values():
        for tag, attributes in page.elements:
            scheme = urlsplit(attributes.get("href", "")).scheme
            if tag == "a" and scheme:
                assert scheme in {"http", "https", "tel", "mailto"}
                assert attributes["rel"] == "noreferrer"


def test_nothing_is_loaded_from_elsewhere(pages, report):
    assert not re.search(r"url\(|@import", (report / "loket.css").read_text())
    for page in pages.values():
        for tag, attributes in page.elements:
            if tag in {"link", "image", "img"}:
                assert not urlsplit(attributes["href"]).scheme


def test_pages_that_attack_the_report_are_shown_as_text(pages):
    page = pages["service-northmere--winter.html"]
    assert ATTACK in page.whole_text
    assert ATTACK not in page.source
    assert "javascript:" not in "".join(page.attributes("href"))


def test_no_control_character_reaches_a_page(pages):
    assert each(pages, lambda page: not re.search(r"[\u202a-\u202e\u2066-\u2069\u0000-\u0008]", page.source)) == []
    assert "[U+202E]gnorw" in pages["agency-northmere.html"].whole_text


def test_no_forbidden_word_is_said(pages):
    assert {
        name: found for name, page in pages.items() if (found := re.findall(FORBIDDEN, page.text, re.IGNORECASE))
    } == {}


def test_no_percentage_stands_alone(pages):
    shares = {match for page in pages.values() for match in re.findall(r"\d+\s?%", page.text)}
    assert shares == {"70 %"}  # the border below which agencies stand apart


def test_every_page_says_when_it_was_measured(pages):
    assert each(pages, lambda page: re.search(r"(23|24)\xa0(November|november|October|oktober) 2026", page.text)) == []


def test_quotes_keep_their_own_language(pages):
    quotes = [
        attributes for tag, attributes in pages["service-vlietmeer--parkeren.html"].elements if tag == "blockquote"
    ]
    assert {attributes["lang"] for attributes in quotes} == {"nl"}


def test_a_long_name_stands_whole(pages):
    assert LONG_NAME in pages["agency-noord.html"].whole_text


def offered_on_service_pages(report, prefix, suffix):
    """For each channel, how many service pages say "offered" in the heading of the channel."""
    counts = dict.fromkeys(CHANNELS, 0)
    for file in report.glob(f"service-{prefix}--*{suffix}"):
        if suffix == ".html" and file.name.count(".") != 1:
            continue
        document = lxml_html.parse(str(file))
        for channel in CHANNELS:
            counts[channel] += len(document.xpath(f"//h2[@id='{channel}']//*[contains(@class, 'is-offered')]"))
    return counts


@pytest.mark.parametrize("suffix", [".html", ".nl.html"])
@pytest.mark.parametrize("agency", ["noord", "northmere", "delta"])
def test_each_figure_agrees_on_overview_agency_and_service_pages(report, agency, suffix):
    services = offered_on_service_pages(report, agency, suffix)
    overview = lxml_html.parse(str(report / f"index{suffix}"))
    row = overview.xpath(f"//tr[.//a[@href='agency-{agency}{suffix}']]")[0]
    figures = [int(re.match(r"\d+", count.text)[0]) for count in row.xpath(".//span[@class='count']")[:3]]
    page = lxml_html.parse(str(report / f"agency-{agency}{suffix}"))
    plate = [int(re.match(r"\d+", count.text)[0]) for count in page.xpath("//dl[@class='counts']//dd")]
    matrix = [
        len(
            page.xpath(
                f"//table[contains(@class, 'matrix')]/tbody/tr[th/a]/td[{column}]//a[contains(@class, 'is-offered')]"
            )
        )
        for column in (1, 2, 3)
    ]
    assert figures == plate == matrix == list(services.values())


def test_every_verdict_in_a_matrix_leads_to_its_evidence(report):
    page = lxml_html.parse(str(report / "agency-noord.html"))
    links = page.xpath("//table[contains(@class, 'matrix')]//td//a[contains(@class, 'verdict')]")
    assert len(links) == 3 * 61
    assert sum("#e" in link.get("href") for link in links) == 3 * 60
    assert all("see evidence" in link.text_content() for link in links)


def test_a_verdict_without_words_says_why_there_are_none(pages):
    assert "Nothing can be quoted: Took too long" in pages["service-vlietmeer--grofvuil.html"].whole_text


def test_an_agency_with_sixty_services_still_loads_fast(report):
    assert (report / "agency-noord.html").stat().st_size < 400_000
    assert (report / "index.html").stat().st_size < 150_000


def test_the_report_holds_as_data_all_that_says_something(report, run):
    rows = [json.loads(line) for line in (report / "findings.jsonl").read_text(encoding="utf-8").splitlines()]
    kept = [(row["rule"], row["outcome"]) for row in rows if row["kind"] == "finding"]
    every = [found for site in run.sites for found in site.findings] + list(run.chain_findings)
    left_out = [
        found for found in every if found.rule.startswith("axe/") and found.outcome in {"passed", "inapplicable"}
    ]
    assert kept == [(found.rule, found.outcome) for found in every if found not in left_out]
    assert left_out
    assert len((report / "findings.csv").read_text(encoding="utf-8-sig").splitlines()) >= len(kept)


def test_the_whole_run_is_not_published_and_the_method_says_where_it_is(report, pages):
    assert not (report / "result.json").exists()
    assert "loket report --format json" in pages["index.html"].whole_text


def test_the_element_is_marked_in_its_picture(report):
    (file,) = report.glob("finding-vlietmeer--axe-label-??????.html")
    picture = lxml_html.parse(str(file)).xpath("//svg[@role='img']")[0]
    assert "E-mailadres" in picture.get("aria-label")
    assert picture.xpath("image/@href") == [f"evidence/{next((report / 'evidence').iterdir()).name}"]
    assert picture.xpath("rect[@class='ring']/@x") == ["28.0"]


def test_notes_of_the_run_are_printed_in_words(pages):
    dutch = pages["agency-noord.nl.html"].text
    assert "De browser draaide zonder zijn sandbox" in dutch
    assert "The router was restarted at two o'clock." in dutch
    assert each(pages, lambda page: "ran_without_sandbox" not in page.whole_text) == []


def section(report, name, anchor):
    """The text of one section of a page, its blanks evened out."""
    found = lxml_html.parse(str(report / name)).xpath(f"//section[h2[@id='{anchor}']]")[0]
    return " ".join(found.text_content().split())


def test_a_site_names_whom_the_audit_contacted_and_what_was_refused(report):
    agencies = [lxml_html.parse(file).getroot() for file in sorted(report.glob("agency-*.html"))]
    details = [part for page in agencies for part in page.iter("details")]
    (told,) = (part for part in details if "Whom this audit contacted" in part.text_content())
    assert told.find("summary").text_content() == "Whom this audit contacted: 2 third parties"
    rows = [[" ".join(cell.text_content().split()) for cell in row] for row in told.iterfind(".//tbody/tr")]
    assert rows == [
        ["www.vlietmeer.example", "the site\u2019s own", "214", "3,805 kB"],
        ["stats.teller.example:8443", "third party", "41", "10 kB"],
        ["fonts.letters.example", "third party", "3", "88 kB"],
        ["192.168.1.1", "No public address192.168.1.1 is a private address", "4"],
    ]


def test_a_service_page_prints_what_the_norm_asks_beside_what_was_read(report):
    text = section(report, "service-vlietmeer--parkeren.html", "norm")
    assert "We did not find all that this norm asks for." in text
    assert "Netherlands: duty of care in the Awb (nl-awb 1.0)" in text
    assert "This norm asks for it by name, and it is missing: a way to make the appointment" in text
    assert "“Online only”: found" in text


@pytest.mark.parametrize("name", ["service-vlietmeer--parkeren.html", "service-northmere--winter.nl.html"])
def test_every_sentence_about_law_leads_to_a_source_with_its_address(report, name):
    page = lxml_html.parse(str(report / name))
    sentences = page.xpath("//ul[@class='says']/li")
    assert sentences
    for sentence in sentences:
        sources = [page.xpath(f"//li[@id='{link[1:]}']")[0] for link in sentence.xpath(".//a/@href")]
        assert sources
        assert all(source.xpath("a/@href")[0] in source.text_content() for source in sources)


def test_a_channel_that_the_norm_does_not_ask_for_is_noted_only_where_it_is_not_offered(report):
    note = "The manual advises against paper as a form of support."
    assert note in section(report, "service-northmere--housing.html", "norm")
    assert note not in section(report, "service-northmere--winter.html", "norm")


def test_without_a_norm_only_that_is_said(report):
    assert section(report, "service-delta--schuld.html", "norm").endswith("what did we read? No norm was applied.")
    assert section(report, "agency-delta.nl.html", "norm").endswith("wat lazen wij? Er is geen norm toegepast.")


def test_an_agency_page_counts_the_conclusions_with_their_denominator(report):
    assert "Not all that the norm asks for was found60 of 60 services" in section(report, "agency-noord.html", "norm")
    (name,) = (file.name for file in report.glob("agency-*gm9990*.html") if file.name.count(".") == 1)
    states = re.findall(r"not all found|all found|cannot tell", section(report, name, "matrix"))
    assert len(states) == 6


def test_a_site_without_services_shows_its_own_channels_barriers_and_norm(report):
    name = "agency-harbour.html"
    assert "By phone: offered. At a counter: not offered. On paper: partly offered." in PageReader(report / name).text
    barriers = section(report, name, "barriers")
    assert "1 barrier" in barriers
    assert "1 question that a person must judge" in barriers
    assert "Perhaps: You need an app" in barriers
    assert "You need an appa person must judge" in barriers
    assert "You must log in firstnot looked at: a page could be read only in part" in barriers
    assert "21st Century IDEA" in section(report, name, "norm")
    evidence = section(report, name, "evidence")
    assert "Monday to Friday, 9:00 to 17:00" in evidence
    assert "premium number" in evidence
    assert "So they do not count." in evidence
    assert "“Online only”: 1 site" in section(report, name, "roles")


def test_every_fact_leads_to_the_words_that_show_it(report):
    text = section(report, "service-vlietmeer--parkeren.html", "phone")
    for fact in ("Number14 0990 E1", "Kind of numbershort number", "From the home page1 click", "Gemeente Vlietmeer"):
        assert fact in text
    assert "moon" not in text


def crowd(pages: int) -> RunResult:
    """One site without services, with the same problem on very many pages."""
    home = "https://crowd.example"
    site = Site(id="crowd", name="Crowd", start=f"{home}/")
    urls = [f"{home}/p{number}" for number in range(pages)]
    findings = tuple(
        Finding(
            rule="axe/label",
            rule_version="4.12.1",
            subject=Subject(kind=SubjectKind.PAGE, site="crowd", id=url),
            outcome=Outcome.FAILED,
            impact="critical",
            evidence=(Evidence(page=url, selector="input", html="<input>"),),
        )
        for url in urls
    )
    results = tuple(PageResult(url=url, role=PageRole.OTHER, looked_at=True) for url in urls)
    return RunResult(
        run=RunInfo(id="20260101T000000Z", started_at="2026-01-01T00:00:00Z"),
        portfolio=Portfolio(id="p", agencies=(Agency(id="a", name="A", sites=(site,)),), pages=tuple(urls)),
        sites=(SiteResult(agency="a", site="crowd", pages=results, findings=findings),),
    )


def test_long_lists_are_cut_and_point_to_the_data(tmp_path):
    folder = all_formats()["html"].write(crowd(500), tmp_path / "report", lambda _sha: None).parent
    (file,) = (file for file in folder.glob("finding-*.html") if file.name.count(".") == 1)
    assert "And 400 more. See the CSV file" in PageReader(file).text
    assert file.stat().st_size < 100_000


def test_a_run_without_services_chains_or_an_earlier_run_has_only_the_pages_it_needs(tmp_path):
    folder = all_formats()["html"].write(crowd(2), tmp_path / "report", lambda _sha: None).parent
    names = {file.name for file in folder.glob("*.html") if file.name.count(".") == 1}
    assert {name.partition("-")[0].partition(".")[0] for name in names} == {"index", "agency", "finding"}
    text = PageReader(folder / "agency-a.html").text
    assert "0 of 1 site" in text
    assert "1 sites" not in text
    assert "By phone: not verifiable." in text


def test_a_run_of_nothing_is_still_a_report(tmp_path):
    empty = RunResult(run=RunInfo(id="r", started_at="2026-01-01T00:00:00Z"), portfolio=Portfolio(id="p", agencies=()))
    page = PageReader(all_formats()["html"].write(empty, tmp_path / "report", lambda _sha: None))
    assert page.faults == []
    assert "No page was planned, so none was looked at." in page.text


def test_the_documents_that_were_opened_are_named_with_the_reason_where_one_could_not_be_read(run, pictures, tmp_path):
    opened = (
        PageResult(url="https://a.example/form.pdf", role=PageRole.DOCUMENT, title="Form 12", looked_at=True),
        PageResult(url="https://a.example/bad.pdf", role=PageRole.DOCUMENT, failure=Failure(FailureKind.CRASHED)),
    )
    first, *others = run.sites
    made = msgspec.structs.replace(run, sites=(msgspec.structs.replace(first, documents=opened), *others))
    folder = all_formats()["html"].write(made, tmp_path / "report", pictures).parent
    english = [lxml_html.parse(page) for page in folder.glob("agency-*.html") if page.name.count(".") == 1]
    [table] = [
        one for page in english for one in page.xpath("//details[contains(summary, '2 documents that we opened')]")
    ]
    said = [[" ".join(cell.text_content().split()) for cell in row] for row in table.iterfind(".//tbody/tr")]
    fell_over = "The page or document made the program that reads it fall over."
    assert said == [
        ["Form 12 /form.pdf", "looked at"],
        ["/bad.pdf", f"not looked at: Crashed while it was read{fell_over}"],
    ]


def test_a_service_page_quotes_who_can_help_once(run, pictures, tmp_path):
    site = next(site for site in run.sites if any(found.subject.kind is SubjectKind.SERVICE for found in site.findings))
    helped = tuple(
        msgspec.structs.replace(found, params={**found.params, "help": "The library <helps> you."})
        if found.channel is not None and found.subject.kind is SubjectKind.SERVICE
        else found
        for found in site.findings
    )
    sites = tuple(msgspec.structs.replace(each, findings=helped) if each is site else each for each in run.sites)
    made = msgspec.structs.replace(run, sites=sites)
    folder = all_formats()["html"].write(made, tmp_path / "report", pictures).parent
    pages = [lxml_html.parse(page) for page in folder.glob("service-*.html") if page.name.count(".") == 1]
    quoted = [[q.text_content() for q in page.xpath("//section[h2[@id='help']]//q")] for page in pages]
    assert ["The library <helps> you."] in quoted
    assert all(found in ([], ["The library <helps> you."]) for found in quoted)
