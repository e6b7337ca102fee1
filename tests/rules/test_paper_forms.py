"""A form counts for the service whose page links to it, with what it says itself about where it is to be sent."""

import pytest

from rules.judgement import judge
from rules.model.document import DocumentFacts
from rules.model.failure import Failure, FailureKind
from rules.model.finding import Channel, Finding, SubjectKind, Verdict
from rules.model.outline import Block, Outline
from rules.model.page import PageRole
from rules.model.portfolio import Service, Site
from rules.model.view import PageView, ServiceView, SiteView
from rules.outline import from_html

HOST = "https://a.example"
FORM = f"{HOST}/aanvraag.pdf"
ASKS = "Print het <a href='/aanvraag.pdf'>aanvraagformulier (PDF)</a> en vul het in."
ADDRESS = "Stuur dit formulier naar: Gemeente Aa, Postbus 20, 1799 AA Waterrijk."
SHORT = "Download het <a href='/aanvraag.pdf'>document</a>."


def page(path: str, role: PageRole, words: str) -> PageView:
    url = f"{HOST}{path}"
    return PageView(url=url, role=role, outline=from_html(f"<html lang=nl><main><p>{words}</p></main></html>", url))


def document(*lines: str, facts: DocumentFacts | None = None, failure: Failure | None = None) -> PageView:
    blocks = tuple(Block(line, "p", selector="#page=1") for line in lines)
    outline = Outline(FORM, blocks=blocks, lang="nl", medium="pdf", truncated=not lines)
    return PageView(
        url=FORM,
        role=PageRole.DOCUMENT,
        outline=None if failure else outline,
        document=None if failure else facts or DocumentFacts(pages=1, empty_text=not lines),
        failure=failure,
    )


def judged(words: str, form: PageView, *, linked: bool = True) -> tuple[Finding, ...]:
    own = page("/dienst", PageRole.SERVICE, words)
    service = Service(id="s", name="S", pages=(own.url,))
    home, contact = (page("/", PageRole.HOME, "Welkom."), page("/contact", PageRole.CONTACT, "Wij helpen u graag."))
    return judge(
        SiteView(
            site=Site(id="a", name="A", start=f"{HOST}/", services=(service,)),
            country="NL",
            pages=(home, contact, own, form),
            services=(ServiceView(service=service, pages=(own,), documents=(form,) if linked else ()),),
        )
    )


def paper(found: tuple[Finding, ...], kind: SubjectKind = SubjectKind.SERVICE) -> Finding:
    [finding] = [one for one in found if one.channel is Channel.PAPER and one.subject.kind is kind]
    return finding


def test_the_address_in_the_form_completes_the_way_on_paper() -> None:
    finding = paper(judged(ASKS, document("Aanvraag", ADDRESS)))
    assert (finding.verdict, finding.missing) == (Verdict.OFFERED, ())
    [evidence] = [one for one in finding.evidence if one.page == FORM]
    assert "Postbus 20" in evidence.quote
    assert (evidence.attributes["source"], evidence.selector) == ("pdf", "#page=1")


def test_a_form_without_an_address_leaves_it_missing() -> None:
    finding = paper(judged(ASKS, document("Aanvraag", "Vul alles in.")))
    assert (finding.verdict, finding.missing) == (Verdict.PARTLY, ("postal_address",))


@pytest.mark.parametrize("form", [document(), document(failure=Failure(FailureKind.TIMEOUT, "slow"))])
def test_the_address_of_a_form_that_could_not_be_read_is_not_called_missing(form: PageView) -> None:
    finding = paper(judged(ASKS, form))
    assert (finding.verdict, finding.missing) == (Verdict.PARTLY, ("readable_form",))


def test_a_document_with_fields_is_a_form_whatever_it_is_called() -> None:
    finding = paper(judged(SHORT, document("Aanvraag", ADDRESS, facts=DocumentFacts(pages=1, form=True))))
    assert finding.verdict is Verdict.OFFERED


def test_a_document_that_is_no_form_gives_no_way_on_paper() -> None:
    assert paper(judged(SHORT, document("Jaarverslag", ADDRESS))).verdict is Verdict.NOT_OFFERED


def test_a_form_that_another_service_links_to_does_not_count() -> None:
    finding = paper(judged(ASKS, document("Aanvraag", ADDRESS), linked=False))
    assert (finding.verdict, finding.missing) == (Verdict.PARTLY, ("postal_address",))


def test_a_form_says_nothing_for_the_whole_site() -> None:
    found = judged(ASKS, document("Aanvraag", ADDRESS))
    assert paper(found, SubjectKind.SITE).verdict is Verdict.NOT_OFFERED


def test_a_number_in_a_form_is_no_way_to_call_for_the_service() -> None:
    found = judged(ASKS, document("Aanvraag", "Vragen? Bel (0299) 01 23 40."))
    [phone] = [one for one in found if one.channel is Channel.PHONE and one.subject.kind is SubjectKind.SERVICE]
    assert phone.verdict is Verdict.NOT_OFFERED


def test_no_accessibility_rule_speaks_of_a_document_that_was_read() -> None:
    assert [one for one in judged(ASKS, document("Aanvraag")) if one.subject.id == FORM] == []
