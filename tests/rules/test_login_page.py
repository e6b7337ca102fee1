import pytest

from rules.login_page import is_only_login
from rules.outline import from_html

FORM = (
    '<form action="/in"><label>Name <input name="u"></label>'
    '<label>Password <input type="password"></label><button>Log in</button></form>'
)
AROUND = '<header><a href="/">Agency</a></header><nav>{}</nav>'.format('<a href="/x">A long list of links</a> ' * 20)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (f"<h1>Inloggen</h1><p>Log in om verder te gaan.</p>{FORM}", True),
        (f"<h1>Passport</h1>{'<p>How you apply for a passport, and what it costs.</p>' * 10}{FORM}", False),
        ("<h1>Log in</h1><p>Log in with DigiD.</p><a href='https://digid.nl'>DigiD</a>", False),
        (f"<h1>Register</h1>{FORM}{'<input aria-label=Street>' * 4}", False),
        ("<h1>Closed</h1>", False),
        (f"<h1>Help</h1><details><summary>Log in</summary>{FORM}</details>", False),
    ],
)
def test_a_login_form_with_nothing_beside_it_is_no_page_of_a_service(content: str, expected: bool) -> None:
    outline = from_html(f"<html><body>{AROUND}<main>{content}</main></body></html>", "https://a.example/service")
    assert is_only_login(outline) is expected
