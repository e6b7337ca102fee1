"""Whether an answer is a test for robots in place of a page: such a page was not seen, whatever its status says."""

import re
from collections.abc import Mapping

_HEADERS = (
    ("cf-mitigated", "challenge", "Cloudflare"),
    ("x-amzn-waf-action", "", "AWS WAF"),
    ("x-dd-b", "", "DataDome"),
    ("x-datadome", "protected", "DataDome"),
)
_MARKS = (
    ("/cdn-cgi/challenge-platform/", "Cloudflare"),
    ("cf-browser-verification", "Cloudflare"),
    ("attention required! | cloudflare", "Cloudflare"),
    ("_incapsula_resource", "Imperva"),
    ("incapsula incident id", "Imperva"),
    ("px-captcha", "PerimeterX"),
    ("geo.captcha-delivery.com", "DataDome"),
    ("sucuri website firewall", "Sucuri"),
    ("the requested url was rejected. please consult with your administrator", "F5"),
    ("errors.edgesuite.net", "Akamai"),
)
_WORDS = re.compile(
    r"just a moment\.\.\.|verify(?:ing)? (?:that )?you are (?:a )?human|checking your browser before|are you a robot\?|"
    r"enable javascript and cookies to continue|bewijs dat u (?:geen robot|een mens) bent|controleer of u een mens bent"
)
_SUSPECT = frozenset({202, 401, 403, 405, 406, 418, 429, 503})
_HEAD = 20_000
_SHORT = 3_000  # characters of text: a real page that quotes such words says more


def challenge(status: int, headers: Mapping[str, str], html: str) -> str:
    """Who tests for robots here, or "an unknown service"; empty when the answer is no such test. Header names in lower case.

    Marks in the markup count only with a status that refuses: pages that carry a bot sensor are real pages.
    """
    for name, wanted, who in _HEADERS:
        if name in headers and wanted in headers[name].lower():
            return who
    head = html[:_HEAD].lower()
    if status in _SUSPECT:
        if status == 403 and headers.get("server", "").startswith("AkamaiGHost"):  # noqa: PLR2004 - forbidden
            return "Akamai"
        who = next((name for mark, name in _MARKS if mark in head), "")
        if who:
            return who
    if _WORDS.search(head) and (status in _SUSPECT or _text_length(head) < _SHORT):
        return "an unknown service"
    return ""


def _text_length(html: str) -> int:
    bare = re.sub(r"<(script|style)\b.*?</\1>|<[^>]*>", " ", html, flags=re.DOTALL)
    return len(" ".join(bare.split()))
