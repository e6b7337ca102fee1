import pytest

from spiders.preference import wanted_first


@pytest.mark.parametrize(
    ("path", "anchor", "wanted"),
    [
        ("/contact", "", True),
        ("/x", "Toegankelijkheidsverklaring", True),
        ("/x", "Accessibility statement", True),
        ("/nieuws/2026/kermis", "Kermis in het dorp", False),
        ("/", "", False),
    ],
)
def test_pages_with_a_function_are_wanted_first(path: str, anchor: str, *, wanted: bool) -> None:
    assert wanted_first(f"https://gemeente.example{path}", anchor) is wanted
