"""Captcha: tests that are to tell people from programs: frames of those who sell them, and letters of a picture to type."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from rules.facts.form_fields import Form, forms
from rules.facts.passage import Reading
from rules.lexicon import Lexicon, languages, lexicon
from rules.model.mention import Mention, MentionKind
from rules.model.outline import Shown

# The hosts from which each is served (DOMAIN.md C4), and whether it may ask a person to solve something.
_PROVIDERS = (
    ("reCAPTCHA", re.compile(r"(?:^|\.)(?:google\.com|recaptcha\.net|recaptcha\.google\.com)$"), "/recaptcha/", "puzzle"),
    ("hCaptcha", re.compile(r"(?:^|\.)hcaptcha\.com$"), "/", "puzzle"),
    ("Arkose", re.compile(r"(?:^|\.)(?:arkoselabs|funcaptcha)\.com$"), "/", "puzzle"),
    ("Turnstile", re.compile(r"^challenges\.cloudflare\.com$"), "/turnstile/", "none"),
    ("Friendly Captcha", re.compile(r"(?:^|\.)friendlycaptcha\.(?:com|eu)$"), "/", "none"),
)  # fmt: skip
_NAME = re.compile(r"captcha", re.IGNORECASE)
_NEAR = 6  # blocks around a field in which the other way to solve it stands


def provider_of(url: str) -> tuple[str, str]:
    """Whose test an address belongs to and what it asks (puzzle or none); two empty texts for any other address.

    A frame that says it is invisible shows a puzzle to few people and to most of them nothing: "perhaps".
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return "", ""
    for name, hosts, path, asks in _PROVIDERS:
        if parts.path.startswith(path) and hosts.search(host):
            invisible = "invisible" in parse_qs(parts.query).get("size", ())
            return name, "perhaps" if invisible else asks
    return "", ""


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per frame of a provider and per field to type letters of a picture into.

    `value` is the provider, or image; attribute `asks` is puzzle, perhaps, none or image; `alternative` is audio where
    words beside it say that it can be heard.
    """
    for number, url in enumerate(reading.outline.frames):
        provider, asks = provider_of(url) if number else ("", "")
        if provider:
            yield _frame(reading, number, provider, asks)
    if reading.lang not in languages():
        return  # what its labels say, and what else its pages offer, cannot be read
    words = lexicon(reading.lang)
    for form in forms(reading.outline):
        yield from _typed(reading, form, words)


def _frame(reading: Reading, number: int, provider: str, asks: str) -> Mention:
    blocks = reading.outline.blocks
    index = next((index for index, block in enumerate(blocks) if block.frame == number and block.text), -1)
    text = blocks[index].text if index >= 0 else ""
    return Mention(
        kind=MentionKind.CAPTCHA,
        quote=(text or provider)[:300],
        value=provider,
        shown=blocks[index].shown if index >= 0 else Shown.NOW,
        block=index,
        selector=blocks[index].selector if index >= 0 else "",
        attributes={"asks": asks, "frame": reading.outline.frames[number].partition("?")[0]},
    )


def _typed(reading: Reading, form: Form, words: Lexicon) -> Iterator[Mention]:
    for index, field in form.typed:
        block = reading.outline.blocks[index]
        named = any(hit.group == "form.captcha" for hit in words.scan_label(field.label))
        if not named and not _NAME.search(field.name):
            continue
        attributes = {"asks": "image"}
        if _can_be_heard(reading, index, words):
            attributes["alternative"] = "audio"
        yield Mention(
            kind=MentionKind.CAPTCHA,
            quote=(field.label or field.name)[:300],
            value="image",
            deciding=(field.label,) if field.label else (),
            lang=reading.lang,
            landmark=block.landmark,
            headings=block.headings,
            shown=block.shown,
            block=index,
            selector=block.selector,
            attributes=attributes,
        )


def _can_be_heard(reading: Reading, index: int, words: Lexicon) -> bool:
    around = reading.outline.blocks[max(index - _NEAR, 0) : index + _NEAR + 1]
    texts = [block.text for block in around if block.shown is not Shown.NEVER]
    return any(hit.group == "form.captcha_aloud" for text in texts for hit in words.scan_label(text))
