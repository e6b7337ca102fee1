import pytest

from spiders.challenge import challenge

PAGE = "<title>Gemeente</title><p>" + "Wij helpen u graag met uw vraag. " * 200


@pytest.mark.parametrize(
    ("status", "headers", "html", "who"),
    [
        (403, {"cf-mitigated": "challenge"}, "", "Cloudflare"),
        (202, {"x-amzn-waf-action": "challenge"}, "", "AWS WAF"),
        (403, {}, "<title>Attention Required! | Cloudflare</title>", "Cloudflare"),
        (503, {}, '<script src="/cdn-cgi/challenge-platform/x.js"></script>', "Cloudflare"),
        (403, {"server": "AkamaiGHost"}, "<h1>Access Denied</h1>", "Akamai"),
        (403, {}, "The requested URL was rejected. Please consult with your administrator.", "F5"),
        (403, {}, "Request unsuccessful. Incapsula incident ID: 1", "Imperva"),
        (200, {}, "<title>Just a moment...</title>", "an unknown service"),
        (200, {}, "<p>Please verify you are a human</p>", "an unknown service"),
        (429, {}, "Checking your browser before accessing", "an unknown service"),
    ],
)
def test_a_test_for_robots_is_known_by_its_marks(status: int, headers: dict[str, str], html: str, who: str) -> None:
    assert challenge(status, headers, html) == who


@pytest.mark.parametrize(
    ("status", "headers", "html"),
    [
        (200, {"server": "cloudflare", "cf-ray": "1"}, PAGE + '<script src="/cdn-cgi/challenge-platform/x.js">'),
        (403, {"server": "nginx"}, "<h1>403 Forbidden</h1>"),
        (200, {}, PAGE + "A site may say: verify you are human."),
        (200, {"server": "AkamaiGHost"}, "<p>short"),
        (404, {}, "<p>The page does not exist"),
    ],
)
def test_a_real_page_and_a_plain_refusal_are_no_test_for_robots(
    status: int, headers: dict[str, str], html: str
) -> None:
    assert challenge(status, headers, html) == ""
