"""What belongs to what: hours to a place or a line, a price to a number, an address to a place, a line to a body."""

import pytest

from rules.facts import read_facts
from rules.model.mention import MentionKind, Purpose
from rules.outline import from_html


def facts(body, lang="en", country="GB", title="", name=""):
    html = f"<html lang={lang}><title>{title}</title><main>{body}</main></html>"
    return read_facts(from_html(html, "https://a.example/"), country=country, lang=lang, body=name)


def first(body, kind, lang="en", country="GB"):
    return facts(body, lang, country).of(kind)[0].attributes


LINE = "<dl><dt>Telephone number</dt><dd>020 7946 0100</dd><dt>Hours</dt><dd><table>"
ROWS = "<tr><th>Day</th><th>Hours</th></tr><tr><td>Mon-Fri</td><td>9am-4:45pm</td></tr><tr><td>Sat</td><td>10am-1pm</td></tr>"


def test_hours_under_a_number_are_the_line_s_and_open_no_counter():
    found = facts(f"<h2>Report a problem</h2>{LINE}{ROWS}</table></dd></dl>")
    assert found.of(MentionKind.COUNTER) == ()
    assert found.of(MentionKind.PHONE)[0].attributes["hours"] == "Mo-Fr 09:00-16:45; Sa 10:00-13:00"


@pytest.mark.parametrize(
    ("body", "of"),
    [
        ("<h2>Town hall</h2><p>Monday to Friday, 9am to 5pm</p>", "place"),
        ("<h2>Helpline</h2><p>Monday to Friday, 9am to 5pm</p>", "phone"),
        ("<h2>Web chat</h2><p>Monday to Friday, 9am to 5pm</p>", "digital"),
        ("<h2>Press office</h2><p>Monday to Friday, 9am to 5pm</p>", "press"),
        ("<h2>Bingo</h2><p>Monday to Friday, 9am to 5pm</p>", ""),
        ("<p>Call 020 7946 0100.</p><p>3 Weir Street, London SW1A 2AA</p><p>Monday to Friday, 9am to 5pm</p>", "place"),
        ("<p>3 Weir Street, London SW1A 2AA</p><p>Call 020 7946 0100.</p><p>Monday to Friday, 9am to 5pm</p>", "phone"),
    ],
)
def test_hours_belong_to_the_nearest_place_or_line(body, of):
    assert [mention.attributes["of"] for mention in facts(body).of(MentionKind.HOURS)] == [of]


@pytest.mark.parametrize("label", ["Hours", "Day and hours", "Time"])
def test_hours_without_a_place_open_no_counter(label):
    assert facts(f"<h2>{label}</h2><p>Monday to Friday, 9am to 5pm</p>").of(MentionKind.COUNTER) == ()


@pytest.mark.parametrize(
    ("lang", "country", "body", "cost"),
    [
        ("en", "GB", "<h2>Call us</h2><p>Phone: 0800 123 4567</p><p>Calls to our phone line are free.</p>", "free"),
        ("nl", "NL", "<h2>Bellen</h2><p>Telefoon: 0800 0199</p><p>Bellen met dit nummer is gratis.</p>", "free"),
    ],
)
def test_a_number_has_its_price(lang, country, body, cost):
    assert first(body, MentionKind.PHONE, lang, country)["cost"] == cost


def test_a_place_has_the_address_and_the_hours_that_stand_beside_it():
    body = (
        "<h2>Visit us</h2><p>Visit our office in person.</p><p>3 Weir Street, London SW1A 2AA</p>"
        "<p>Opening hours of the office: Monday to Friday, 9am to 5pm</p>"
    )
    attributes = first(body, MentionKind.COUNTER)
    assert (attributes["address"], attributes.get("hours")) == ("3 Weir Street, London SW1A 2AA", None)
    hours = facts(body).of(MentionKind.COUNTER)[-1].attributes["hours"]
    assert hours == "Mo-Fr 09:00-17:00"


def test_words_for_a_letter_have_the_address_that_stands_behind_them_and_no_other():
    body = "<h2>Post</h2><p>Mailing address for letters:</p><p>3 Weir Street, London SW1A 2AA</p>"
    assert first(body, MentionKind.PAPER)["address"] == "3 Weir Street, London SW1A 2AA"
    visit = "<h2>Post</h2><p>You can write to us.</p><p>Visit our office: 3 Weir Street, London SW1A 2AA</p>"
    assert "address" not in first(visit, MentionKind.PAPER)


def test_help_in_person_without_a_place_says_so():
    assert first("<p>You can get help in person.</p>", MentionKind.COUNTER)["where"] == "unsaid"
    assert "where" not in first("<p>You can get help in person at our offices.</p>", MentionKind.COUNTER)


OTHERS = [
    ("en", "CA", "If your SIN has been stolen, you should contact Service Canada at 1-800-206-7218.", "Service Canada"),
    ("en", "GB", "Call the DWP on 0800 169 0310.", "DWP"),
    ("en", "GB", "For tax credits, phone HMRC: 0345 300 3900.", "HMRC"),
    ("en", "GB", "Contact the Student Loans Company on 0300 100 0611.", "Student Loans Company"),
    ("nl", "NL", "Bel voor inkomstenbelasting de BelastingTelefoon: 0800 0543.", "BelastingTelefoon"),
    ("nl", "NL", "Vragen over uw WW-uitkering? Bel het UWV, 088 898 9294.", "UWV"),
    ("nl", "NL", "Neem contact op met de SVB via telefoonnummer 030 264 8800.", "SVB"),
    ("de", "DE", "Fragen zum Kindergeld? Rufen Sie die Familienkasse an: 0800 4555530.", "Familienkasse"),
    (
        "de",
        "DE",
        "Auskunft gibt die Deutsche Rentenversicherung unter Telefon 0800 10004800.",
        "Deutsche Rentenversicherung",
    ),
    ("fr", "FR", "Contactez la CAF au 02 61 91 12 34.", "CAF"),
    ("fr", "FR", "Appelez France Travail au 02 61 91 12 34.", "France Travail"),
]


@pytest.mark.parametrize(("lang", "country", "text", "owner"), OTHERS)
def test_a_line_of_another_body_is_its_own(lang, country, text, owner):
    [found] = facts(f"<p>{text}</p>", lang, country).of(MentionKind.PHONE)
    assert (found.purpose, found.owner) == (Purpose.OTHER_BODY, owner)


@pytest.mark.parametrize(("lang", "country", "text", "owner"), OTHERS)
def test_the_same_line_is_the_public_s_on_that_body_s_site(lang, country, text, owner):
    [found] = facts(f"<p>{text}</p>", lang, country, name=owner).of(MentionKind.PHONE)
    assert (found.purpose, found.owner) == (Purpose.PUBLIC, "")


def test_a_body_is_known_by_its_other_names():
    text = "<p>Call the DWP on 0800 169 0310.</p>"
    [found] = facts(text, title="Department for Work and Pensions").of(MentionKind.PHONE)
    assert found.purpose is Purpose.PUBLIC


@pytest.mark.parametrize(
    "text",
    [
        "If you have a letter from HMRC, call us on 020 7946 0100.",
        "Have you told the DWP? Then phone our team on 020 7946 0100.",
        "Not the police but we will help: call us on 020 7946 0100.",
    ],
)
def test_a_body_that_is_only_mentioned_does_not_take_our_line(text):
    assert [found.purpose for found in facts(f"<p>{text}</p>").of(MentionKind.PHONE)] == [Purpose.PUBLIC]


def test_a_number_that_another_body_introduces_is_that_body_s():
    body = (
        "<h2>Report it</h2><dl><dt>By phone</dt><dd>Call the RCMP to report this</dd><dt>Telephone number</dt>"
        "<dd>1-888-495-8501</dd></dl><h2>Ask us</h2><dl><dt>Telephone number</dt><dd>1-800-959-8281</dd></dl>"
    )
    found = {m.value: (m.purpose, m.owner) for m in facts(body, country="CA").of(MentionKind.PHONE) if m.value}
    assert found == {"+18884958501": (Purpose.OTHER_BODY, "RCMP"), "+18009598281": (Purpose.PUBLIC, "")}


@pytest.mark.parametrize(
    ("lang", "country", "body", "matter"),
    [
        ("en", "GB", "<h2>Report a scam</h2><p>Phone: 020 7946 0100</p>", "scam"),
        ("en", "GB", "<p>To report benefit fraud, call 020 7946 0100.</p>", "fraud"),
        ("nl", "NL", "<h2>Fraude melden</h2><p>Telefoon: 0345 01 23 45</p>", "Fraude"),
        ("de", "DE", "<h2>Hinweisgeberstelle</h2><p>Telefon: 030 23125 300</p>", "Hinweisgeberstelle"),
        ("fr", "FR", "<h2>Signaler une fraude</h2><p>Téléphone : 02 61 91 12 34</p>", "fraude"),
        ("en", "GB", "<h2>Passports</h2><p>Phone: 020 7946 0100</p>", None),
        ("en", "GB", "<h2>Fraud</h2><p>For all enquiries, call 020 7946 0100.</p>", None),
    ],
)
def test_a_line_for_one_matter_says_which(lang, country, body, matter):
    assert facts(body, lang, country).of(MentionKind.PHONE)[0].attributes.get("for") == matter


@pytest.mark.parametrize(
    ("lang", "country", "text"),
    [
        ("en", "CA", "Find a mailing address"),
        ("en", "CA", "Find the mailing addresses for your region."),
        ("en", "CA", "Look up the right postal address for your form."),
        ("en", "GB", "Find out where to send your form."),
        ("nl", "NL", "Zoek het juiste postadres voor uw aangifte."),
        ("de", "DE", "Finden Sie die passende Postanschrift für Ihren Antrag."),
        ("fr", "FR", "Trouvez l'adresse postale de votre centre."),
    ],
)
def test_an_address_that_can_be_looked_up_is_none(lang, country, text):
    found = facts(f"<h1>Contact</h1><p>{text}</p>", lang, country).of(MentionKind.PAPER)
    assert [mention.attributes.get("label") for mention in found] == ["yes"] or found == ()


@pytest.mark.parametrize(
    ("lang", "country", "text"),
    [
        ("en", "CA", "If you filed on paper last year, the CRA will automatically mail the package to your home."),
        ("en", "GB", "If you applied by post, we will send you a letter."),
        ("nl", "NL", "Als u op papier aangifte deed, sturen wij u het biljet per post."),
        ("de", "DE", "Wenn Sie den Antrag auf Papier gestellt haben, schicken wir Ihnen den Bescheid per Post."),
        ("fr", "FR", "Si vous avez déclaré sur papier, vous recevrez un courrier par la poste."),
    ],
)
def test_what_the_body_sends_is_no_way_in(lang, country, text):
    assert facts(f"<p>{text}</p>", lang, country).of(MentionKind.PAPER) == ()
