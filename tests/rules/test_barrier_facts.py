"""What stands in the way is read as facts: fields, tests against programs, chats, prices, and what a page says beforehand."""

import pytest

from rules.facts import read_facts
from rules.facts.amounts import amounts_in
from rules.facts.captcha import provider_of
from rules.model.mention import MentionKind
from rules.outline import from_html


def facts(body, kind, lang="nl", where="main"):
    html = f"<html lang={lang}><{where}>{body}</{where}></html>"
    return read_facts(from_html(html, "https://a.example/x"), lang=lang).of(kind)


def fields(body, lang="nl", where="main"):
    return [
        (m.value, m.attributes["by"], m.attributes.get("choice", m.attributes.get("alone", "")))
        for m in facts(body, MentionKind.CONTACT_FIELD, lang, where)
    ]


def prices(body, lang="nl"):
    return [(m.attributes.get("way", ""), m.value) for m in facts(body, MentionKind.PRICE, lang)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("€ 15,50", [("15.50", "")]),
        ("1.250 euro", [("1250", "")]),
        ("£1,250.75 a year", [("1250.75", "")]),
        ("€ 85,-", [("85", "")]),
        ("€ 1 000", [("1000", "")]),
        ("14 ct/min", [("0.14", "minute")]),
        ("10p per minute", [("0.1", "minute")]),
        ("0,06 €/min", [("0.06", "minute")]),
        ("0,20 € / appel", [("0.20", "call")]),
        ("in 2025 € 5", [("5", "")]),
        ("020 7946 0142, 12.30 uur, 5 pm, 20 minutes", []),
    ],
)
def test_an_amount_is_told_from_other_numbers(text, found):
    assert [(str(amount.value), amount.per) for amount in amounts_in(text.lower())] == found


QUESTION = "<label>Vraag<textarea></textarea></label>"


@pytest.mark.parametrize(
    ("form", "found"),
    [
        ("<label>E-mail<input type=email required></label>", [("email", "attribute", "")]),
        ("<label>E-mail<input aria-required=true></label>", [("email", "attribute", "")]),
        ("<label>E-mailadres *<input></label>", [("email", "star", "")]),
        ("<label>E-mailadres (verplicht)<input></label>", [("email", "words", "")]),
        ("<label>E-mailadres (niet verplicht)<input></label>", []),
        ("<label>E-mailadres (optioneel) *<input></label>", []),
        ("<label>E-mail<input type=email></label>", []),
        ("<label>Mobiel nummer<input type=tel required></label>", [("mobile", "attribute", "")]),
        ("<label>Telefoonnummer<input type=tel required></label>", [("phone", "attribute", "")]),
        ("<label>E-mailadres of telefoonnummer<input required></label>", []),
        ("<label>Naam<input required></label>", []),
        ("<label>E-mail<input type=email required hidden></label>", []),
    ],
)
def test_a_field_must_be_filled_in_where_attribute_star_or_words_say_so(form, found):
    assert fields(f"<form>{form}{QUESTION}</form>") == found


@pytest.mark.parametrize(
    ("lang", "label", "value"),
    [
        ("en", "Email address (required)", "email"),
        ("en", "Mobile number (required)", "mobile"),
        ("de", "E-Mail-Adresse (Pflichtfeld)", "email"),
        ("de", "Handynummer (Pflichtfeld)", "mobile"),
        ("fr", "Adresse électronique (obligatoire)", "email"),
        ("fr", "Téléphone portable (obligatoire)", "mobile"),
    ],
)
def test_labels_are_read_in_each_language(lang, label, value):
    assert fields(f"<form><label>{label}<input></label>{QUESTION}</form>", lang) == [(value, "words", "")]


def test_a_login_is_not_counted_but_a_password_that_is_chosen_is():
    email = "<label>E-mail<input type=email required></label>"
    assert fields(f"<form>{email}<input type=password></form>") == []
    assert fields(f"<form>{email}<input type=password autocomplete=new-password>{QUESTION}</form>") == [
        ("email", "attribute", "")
    ]


def test_a_form_in_the_footer_is_not_counted():
    assert fields(f"<form><label>E-mail<input type=email required></label>{QUESTION}</form>", where="footer") == []


def test_a_choice_between_ways_of_answering_is_seen():
    radios = "<label><input type=radio name=w>Per e-mail</label><label><input type=radio name=w>Per post</label>"
    email = "<label>E-mail<input type=email required></label>"
    assert fields(f"<form>{radios}{email}{QUESTION}</form>") == [("email", "attribute", "yes")]


def test_a_form_that_only_asks_for_an_address_is_told_apart():
    email = "<label>E-mail<input type=email required></label>"
    assert fields(f"<form>{email}<button>Verder</button></form>") == [("email", "attribute", "yes")]
    assert fields(f"<h2>Nieuwsbrief</h2><form>{email}<button>Aanmelden</button></form>") == [
        ("email", "attribute", "mailing")
    ]
    assert fields(f"<form>{email}<button>Inloggen</button></form>") == [("email", "attribute", "login")]


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://www.google.com/recaptcha/api2/anchor?k=x&size=normal", ("reCAPTCHA", "puzzle")),
        ("https://www.google.com/recaptcha/api2/anchor?k=x&size=invisible", ("reCAPTCHA", "perhaps")),
        ("https://newassets.hcaptcha.com/captcha/v1/x", ("hCaptcha", "puzzle")),
        ("https://challenges.cloudflare.com/turnstile/v0/api.js", ("Turnstile", "none")),
        ("https://www.google.com/maps", ("", "")),
        ("https://nothcaptcha.com/", ("", "")),
        ("https://[broken/recaptcha/", ("", "")),
    ],
)
def test_a_test_against_programs_is_known_by_its_address(url, found):
    assert provider_of(url) == found


def test_letters_of_a_picture_are_a_test_and_can_perhaps_be_heard():
    field = "<form><label>Typ de letters in het plaatje over<input></label>{}</form>"
    plain = facts(field.format(""), MentionKind.CAPTCHA)
    heard = facts(field.format("<a href=x>Beluister de letters</a>"), MentionKind.CAPTCHA)
    assert [m.attributes.get("alternative", "") for m in (*plain, *heard)] == ["", "audio"]


@pytest.mark.parametrize(
    ("lang", "text", "count"),
    [
        ("nl", "Chat met een medewerker.", 1),
        ("en", "Start a chat with our virtual assistant.", 1),
        ("de", "Fragen Sie unseren Chatbot.", 1),
        ("fr", "Discutez avec notre assistant virtuel.", 1),
        ("fr", "Déclarez votre chat à la mairie.", 0),
        ("nl", "Stuur ons een WhatsApp.", 0),
    ],
)
def test_an_invitation_to_chat_is_told_from_cats_and_apps(lang, text, count):
    assert len(facts(f"<p>{text}</p>", MentionKind.CHAT, lang)) == count


@pytest.mark.parametrize(
    ("lang", "body", "found"),
    [
        ("nl", "<p>Online € 15,50. Aan de balie betaalt u € 20.</p>", [("online", "15.50"), ("offline", "20.00")]),
        ("en", "<p>It is £94 online and £107 on paper.</p>", [("online", "94.00"), ("offline", "107.00")]),
        ("de", "<p>25 Euro online, 31 Euro vor Ort.</p>", [("online", "25.00"), ("offline", "31.00")]),
        ("fr", "<p>25 € en ligne et 30 € au guichet.</p>", [("online", "25.00"), ("offline", "30.00")]),
        ("nl", "<ul><li>Online: € 5</li><li>Balie: € 6</li></ul>", [("online", "5.00"), ("offline", "6.00")]),
        ("nl", "<dl><dt>Online<dd>€ 5<dt>Balie<dd>€ 6</dl>", [("online", "5.00"), ("offline", "6.00")]),
        (
            "nl",
            "<table><tr><th>Wat<th>Online<th>Balie<tr><th>Akte<td>€ 5<td>€ 6</table>",
            [("online", "5.00"), ("offline", "6.00")],
        ),
        ("nl", "<p>Online en aan de balie kost het € 15.</p>", []),
        ("nl", "<p>Een akte kost € 15. Online kunt u betalen met iDEAL.</p>", []),
        ("nl", "<p>Een brief van € 500.</p>", []),
    ],
)
def test_a_price_is_tied_to_a_way_only_where_words_tie_it(lang, body, found):
    assert prices(body, lang) == found


def test_prices_of_different_things_in_one_list_are_told_apart():
    body = "<ul><li>Paspoort voor kinderen online: € 5</li><li>Rijbewijs met spoed aan de balie: € 9</li></ul>"
    assert len({m.attributes["item"] for m in facts(body, MentionKind.PRICE)}) == 2


def test_the_price_of_a_call_is_an_amount_or_words():
    assert [
        m.attributes["per"] for m in facts("<p>0900 1234 (10 ct/min)</p><p>lokaal tarief</p>", MentionKind.PRICE)
    ] == [
        "minute",
        "call",
    ]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("nl", "Het kost 20 euro en duurt 3 weken. Neem uw paspoort mee."),
        ("en", "It costs £20 and takes 3 weeks. Bring your passport."),
        ("de", "Die Gebühr beträgt 20 Euro. Die Bearbeitungszeit ist lang. Bringen Sie Ihren Ausweis mit."),
        ("fr", "Le tarif est de 20 €. Le délai est de 3 semaines. Apportez une pièce d'identité."),
    ],
)
def test_what_a_page_says_beforehand_is_found_once_each(lang, text):
    assert {m.value for m in facts(f"<p>{text}</p>", MentionKind.INFORMATION, lang)} == {"cost", "term", "documents"}
    assert facts(f"<p>{text}</p>", MentionKind.INFORMATION, lang, "footer") == ()
