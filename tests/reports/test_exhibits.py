from reports.exhibits import SHOWN_AT_MOST, ExhibitBook
from rules.model.finding import Evidence, Finding, Outcome, Subject, SubjectKind

SUBJECT = Subject(kind=SubjectKind.SERVICE, site="s", id="passport")


def finding(*evidence: Evidence, reason: str = "") -> Finding:
    return Finding(
        rule="phone_offered",
        rule_version="1",
        subject=SUBJECT,
        outcome=Outcome.PASSED,
        evidence=evidence,
        reason=reason,
    )


def test_numbers_follow_the_order_of_entry():
    book = ExhibitBook()
    first = book.enter(finding(Evidence(page="https://a.example/1", quote="Call us")))
    second = book.enter(finding(Evidence(page="https://a.example/2", quote="Call us")))
    assert [exhibits.first.number for exhibits in (first, second)] == [1, 2]


def test_the_same_words_on_the_same_page_keep_their_number():
    book = ExhibitBook()
    words = Evidence(page="https://a.example/1", quote="Call us", taken_at="2026-01-01T00:00:00Z")
    assert book.enter(finding(words)) == book.enter(finding(words))


def test_where_nothing_was_read_one_note_serves_all_channels_of_a_subject():
    book = ExhibitBook()
    phone, paper = book.enter(finding(reason="timeout")), book.enter(finding(reason="timeout"))
    assert phone.first.number == paper.first.number == 1
    assert phone.first.evidence is None


def test_a_finding_with_much_evidence_shows_some_and_counts_the_rest():
    pieces = [Evidence(page=f"https://a.example/{number}", quote="Call us") for number in range(SHOWN_AT_MOST + 3)]
    exhibits = ExhibitBook().enter(finding(*pieces, pieces[0]))
    assert (len(exhibits.shown), exhibits.more) == (SHOWN_AT_MOST, 3)
