"""What is never written down is taken out of every text, and nothing else is changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules.model.failure import Failure, FailureKind
from rules.model.look import AxeNode, AxeOutcome, AxeResult, AxeRule, Look, Picture, Request, Response
from rules.model.outline import Block, Field, Link, Outline
from rules.model.url import has_secret, without_secret
from rules.redaction import persons_in, redacted, redacted_text

SECRET = "s3cr3tW0rd"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"https://jan:{SECRET}@agency.example/a?b=c", "https://agency.example/a"),
        (f"//jan:{SECRET}@agency.example/a", "//agency.example/a"),
        (f"https://jan:{SECRET}@x@agency.example/a", "https://agency.example/a"),
        (f"See https://jan:{SECRET}@agency.example/, or call.", "See https://agency.example/, or call."),
        (f"https://agency.example/a?token={SECRET}", "https://agency.example/a"),
        (f"/a?b=c&api_key={SECRET}", "/a"),
        (f"?accessToken={SECRET}", ""),
        (f"/a#access_token={SECRET}", "/a"),
        (f"/a;token={SECRET}?b", "/a"),
        (f"/callback?code={SECRET}&state=x", "/callback"),
        (f"/go?to=https%3A%2F%2Fx.example%2F%3Ftoken%3D{SECRET}", "/go"),
        (f"/go?to=https%3A%2F%2Fu%3A{SECRET}%40x.example%2F", "/go"),
        (f"/go?to=%2Fa%253Ftoken%253D{SECRET}", "/go"),
        (f'<a href="/a?b=1&amp;token={SECRET}">x</a>', '<a href="/a">x</a>'),
        (f"<a href='/a?x=1&#38;token={SECRET}'>x</a>", "<a href='/a'>x</a>"),
        (f'{{"url":"https:\\/\\/u:{SECRET}@x.example\\/a"}}', '{"url":"https://x.example/a"}'),
        (f'{{"url":"https://x.example/?a=1\\u0026token\\u003d{SECRET}"}}', '{"url":"https://x.example/"}'),
        (f"0; url=/a?signature={SECRET}", "0; url=/a"),
        (f"/a;jsessionid={SECRET}?b=c", "/a;jsessionid=?b=c"),
        (f"/a?PHPSESSID={SECRET}&b=c", "/a?PHPSESSID=&b=c"),
        (f"/a?b=c&sid={SECRET}", "/a?b=c&sid="),
        (f"/(S({SECRET}))/a.aspx", "//a.aspx"),
        ("Mail j.jansen@agency.example", "Mail …@agency.example"),
        ("mailto:anna-maria.de.vries@agency.example?subject=x", "mailto:…@agency.example?subject=x"),
        ("jansen@agency.example", "…@agency.example"),
        ("Vraag naar mevrouw J. de Vries of dhr. Van den Berg-Smit.", "Vraag naar mevrouw … of dhr. …."),
        ("Ask for Mrs Smith, or Mr. O\u2019Neill", "Ask for Mrs …, or Mr. …"),
        ("Frau Dr. Müller", "Frau …"),
        ("Mrs Smith 0300 555 0199", "Mrs … 0300 555 0199"),
        ("Contact: Mrs Ann Smith Tel: 0300 123", "Contact: Mrs … Tel: 0300 123"),
        ("M. Dupont et Mme Élise Martin", "M. … et Mme …"),
    ],
)
def test_secrets_session_ids_and_persons_are_taken_out(text: str, kept: str) -> None:
    assert redacted_text(text) == kept
    assert SECRET not in kept


@pytest.mark.parametrize(
    "text",
    [
        "https://agency.example/a?page=2&q=tokens#top",
        "https://www.openstreetmap.example/@52.1,4.3,15z",
        "/a?sid=12",
        "https://agency.example/people/jan.jansen@agency.example",
        "/mail?to=jan.jansen@agency.example",
        "Bel 14 0990 (op werkdagen), e-mail info@vlietmeer.example of post-burgerzaken@vlietmeer.example",
        "vlietmeer@vlietmeer.example",
        "toegankelijkheid@vlietmeer.example",
        'input[name="token"] > a[href="/"]',
        "Password: at least 8 characters = safe",
        "Mevrouw Van Dijkstraat 12, Delft",
        "Rue Madame Curie 5",
        "de heer en mevrouw",
        "Ms",
        "Der Herr und die Frau",
        "f(x) = y",
        "x && y || z; a=b",
    ],
)
def test_all_else_stays_as_it_was_read(text: str) -> None:
    assert redacted_text(text) == text


@settings(deadline=None)
@given(st.text(alphabet="ab/?&#;=@:.%26token\\\"' SidMr-", max_size=60))
def test_what_was_redacted_holds_no_secret_and_stays_as_it_is(text: str) -> None:
    once = redacted_text(text)
    assert redacted_text(once) == once


@settings(deadline=None)
@given(st.text(max_size=60))
def test_a_url_without_its_secret_has_none(url: str) -> None:
    assert not has_secret(without_secret(url))


def test_persons_are_named_as_they_stand_there() -> None:
    text = "Ask Mrs Ann Smith, ann.smith@agency.example or info@agency.example, Mevrouw Van Dijkstraat 12"
    assert persons_in(text) == ("ann.smith@agency.example", "Ann Smith")


def test_a_look_is_redacted_in_every_part() -> None:
    url = f"https://u:{SECRET}@agency.example/a?token={SECRET}"
    node = AxeNode(target=("a",), html=f'<a href="{url}">', summary=url)
    look = Look(
        url="https://agency.example/",
        taken_at="2026-11-23T02:14:07Z",
        response=Response(
            200,
            url,
            headers={"location": url, "x-csrf-token": SECRET, "set-cookie": "a"},
            redirects=(url,),
        ),
        outline=Outline(
            url,
            title=url,
            canonical=url,
            blocks=(Block(url, "p", links=(Link("x", url),), field=Field("text", label=url), headings=(url,)),),
            frames=(url,),
            structured=(f'{{"url": "{url}"}}',),
        ),
        axe=AxeResult("4", rules=(AxeRule("r", AxeOutcome.VIOLATIONS, nodes=(node,)),), unread_frames=(url,)),
        requests=(Request(url, refused=url),),
        pictures=(Picture("page", SECRET.encode(), (0, 0, 1, 1)),),
        failure=Failure(FailureKind.TIMEOUT, url),
    )
    clean = redacted(look)
    assert SECRET not in str(clean).replace(str(clean.pictures), "")
    assert clean.pictures == look.pictures
    assert clean.response == Response(
        200,
        "https://agency.example/a",
        headers={"location": "https://agency.example/a", "x-csrf-token": "…", "set-cookie": "a"},
        redirects=("https://agency.example/a",),
    )
    assert clean.axe == AxeResult(
        "4",
        rules=(
            AxeRule(
                "r",
                AxeOutcome.VIOLATIONS,
                nodes=(AxeNode(("a",), '<a href="https://agency.example/a">', "https://agency.example/a"),),
            ),
        ),
        unread_frames=("https://agency.example/a",),
    )
    assert redacted(clean) == clean
