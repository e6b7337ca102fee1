"""Secure connections that are none: each ends as such, whether it is so from the first or only after robots.txt was read."""

import contextlib
import ssl
from collections.abc import Callable

import certificates
import pytest
from audited_site import Audit, audited
from certificates import Authority
from good_pages import GOOD_PAGES
from hostile_page import AUDITED, html
from hostile_server import Plan, served

pytestmark = [pytest.mark.hostile, pytest.mark.browser, pytest.mark.slow]

BAD: tuple[Callable[[Authority], ssl.SSLContext], ...] = (
    certificates.expired,
    certificates.self_signed,
    certificates.wrong_host,
    certificates.old_version,
    certificates.asking_for_a_certificate,
)
_TARGETS = """[[agency]]
name = "Newtown Council"
  [[agency.site]]
  id = "newtown"
  start = "{start}"
  scope = [{scope}]
"""
_SERVICE = """    [[agency.site.service]]
    name = "{name}"
    pages = ["{url}permit/{name}"]
"""


@pytest.fixture(scope="module")
def audit(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """One run on a site whose services stand behind these certificates, at once or from the second connection on."""
    folder = tmp_path_factory.mktemp("certificates")
    signer = certificates.authority(folder)
    good = certificates.good(signer)
    permit = Plan(prefixes={"/permit/": html("Permit", "<p>Renew your permit.</p>")})
    with contextlib.ExitStack() as stack:
        site = stack.enter_context(served(Plan()))
        services = {}
        for kind in BAD:
            bad = kind(signer)
            turning = stack.enter_context(served(permit, secured=lambda number, bad=bad: bad if number else good))
            at_once = stack.enter_context(served(permit, secured=lambda _, bad=bad: bad))
            services |= {f"{kind.__name__}/later": turning.url, f"{kind.__name__}/at-once": at_once.url}
        hosts = ", ".join(f'"{url.partition("//")[2]}"' for url in (site.url, *services.values()))
        text = _TARGETS.format(start=site.url, scope=hosts)
        text += "".join(_SERVICE.format(name=name, url=url) for name, url in services.items())
        (folder / "targets.toml").write_text(text)
        return audited(folder, "targets.toml", SSL_CERT_FILE=str(signer.file))


@pytest.mark.parametrize("kind", BAD)
@pytest.mark.parametrize("when", ["at-once", "later"])
def test_a_page_behind_it_is_not_read_and_the_reason_is_told(
    audit: Audit, kind: Callable[..., object], when: str
) -> None:
    assert audit.ending(f"/permit/{kind.__name__}/{when}").kind == "tls"


def test_the_good_pages_of_the_site_are_audited(audit: Audit) -> None:
    assert {path: audit.ending(path).kind for path in GOOD_PAGES} == dict.fromkeys(GOOD_PAGES, AUDITED)
