"""Who helps, or acts for a person, is told apart by kind in every language, and a denial is no help."""

import pytest

from rules.facts import read_facts
from rules.model.mention import MentionKind, Polarity
from rules.outline import from_html

HELP = [
    ("nl", "U kunt voor hulp terecht bij het Informatiepunt Digitale Overheid.", {"kind": "place"}),
    ("nl", "Wij komen ook bij u thuis om te helpen.", {"kind": "home_visit"}),
    ("nl", "Laat uw nummer achter, dan bellen wij u terug: vul het terugbelverzoek in.", {"kind": "callback"}),
    ("nl", "Met het machtigingsformulier regelt een ander het voor u.", {"kind": "proxy", "paper": "yes"}),
    ("nl", "U kunt iemand machtigen in DigiD.", {"kind": "proxy"}),
    ("nl", "Bent u doof? Bel ons dan via Teletolk.", {"kind": "relay"}),
    ("nl", "Wij regelen een gebarentolk voor het gesprek.", {"kind": "sign"}),
    ("nl", "Deze uitleg is er ook in eenvoudige taal.", {"kind": "plain"}),
    ("en", "Citizens Advice can help you with the claim.", {"kind": "place"}),
    ("en", "Ask us for a home visit if you cannot travel.", {"kind": "home_visit"}),
    ("en", "You can request a callback from an adviser.", {"kind": "callback"}),
    ("en", "Someone else can apply for you with a paper form.", {"kind": "proxy", "paper": "yes"}),
    ("en", "You can appoint somebody by power of attorney.", {"kind": "proxy"}),
    ("en", "Dial 18001 before our number to use the relay.", {"kind": "relay"}),
    ("en", "We book a sign language interpreter for your visit.", {"kind": "sign"}),
    ("en", "An easy read version of this guide is here.", {"kind": "plain"}),
    ("de", "Unsere Digitallotsen unterstützen Sie im Bürgerhaus.", {"kind": "place"}),
    ("de", "Auf Wunsch besuchen wir Sie zu Hause.", {"kind": "home_visit"}),
    ("de", "Sie können um einen Rückruf bitten.", {"kind": "callback"}),
    ("de", "Eine Vollmacht können Sie schriftlich erteilen.", {"kind": "proxy", "paper": "yes"}),
    ("de", "Ihr gesetzlicher Vertreter darf das für Sie tun.", {"kind": "proxy"}),
    ("de", "Gehörlose erreichen uns über das Gebärdentelefon.", {"kind": "relay"}),
    ("de", "Wir bestellen für Sie einen Gebärdensprachdolmetscher.", {"kind": "sign"}),
    ("de", "Diese Seite gibt es auch in Leichter Sprache.", {"kind": "plain"}),
    ("fr", "Un conseiller vous accompagne dans une maison France services.", {"kind": "place"}),
    ("fr", "Un agent se déplace chez vous sur demande.", {"kind": "home_visit"}),
    ("fr", "Vous pouvez faire une demande de rappel.", {"kind": "callback"}),
    ("fr", "La procuration se donne par écrit.", {"kind": "proxy", "paper": "yes"}),
    ("fr", "Votre représentant légal peut agir pour vous.", {"kind": "proxy"}),
    ("fr", "Les personnes sourdes nous joignent avec Acceo.", {"kind": "relay"}),
    ("fr", "Un interprète peut vous assister au guichet.", {"kind": "sign"}),
    ("fr", "Une version facile à lire est disponible.", {"kind": "plain"}),
]
DENIED = [
    ("nl", "Huisbezoeken doen wij niet."),
    ("en", "We do not make home visits."),
    ("de", "Hausbesuche bieten wir nicht an."),
    ("fr", "Nous ne proposons pas de visite à domicile."),
]


def help_in(lang: str, text: str):
    page = from_html(f"<html lang={lang}><main><p>{text}</p></main></html>", "https://agency.example/")
    return read_facts(page, lang=lang).of(MentionKind.HELP)


@pytest.mark.parametrize(("lang", "text", "attributes"), HELP)
def test_help_is_told_by_its_kind(lang, text, attributes):
    [mention] = help_in(lang, text)
    assert (mention.polarity, mention.attributes) == (Polarity.AFFIRMED, attributes)


@pytest.mark.parametrize(("lang", "text"), DENIED)
def test_help_that_is_refused_is_none(lang, text):
    assert [mention.polarity for mention in help_in(lang, text)] == [Polarity.DENIED]
