"""Addresses at which one signs in: arriving there in place of a page means that the page was not seen."""

from urllib.parse import unquote, urlsplit

_HOSTS = (
    "digid.nl",
    "eherkenning.nl",
    "idp.iamwelkom.nl",
    "itsme.be",
    "itsme-id.com",
    "idp.iamfas.belgium.be",
    "csam.be",
    "franceconnect.gouv.fr",
    "id.bund.de",
    "bundid.de",
    "login.gov",
    "id.me",
    "signin.account.gov.uk",
    "login.microsoftonline.com",
    "b2clogin.com",
    "accounts.google.com",
    "okta.com",
    "auth0.com",
)
_WORDS = (  # not "aanmelden" or "anmeldung": that is also how one enrols, or registers at a town hall
    "login logon log-in signin sign-in sign_in inloggen einloggen connexion se-connecter sso saml saml2 oauth oauth2 oidc "
    "authorize wp-login"
)
_SEGMENTS = frozenset(_WORDS.split())


def is_login(url: str) -> bool:
    """Whether an address is one at which a person signs in, by its host or by a part of its path."""
    parts = urlsplit(url)
    host = (parts.hostname or "").lower()
    if any(host == known or host.endswith(f".{known}") for known in _HOSTS):
        return True
    segments = unquote(parts.path).lower().split("/")
    return any(segment.partition(".")[0] in _SEGMENTS for segment in segments)
