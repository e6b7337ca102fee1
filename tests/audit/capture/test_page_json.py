"""Half of a character, which a script can write, never reaches what must be stored."""

import msgspec
import pytest

from audit.capture.gather.page_json import decoded, whole


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": ["x", 1, null]}', {"a": ["x", 1, None]}),
        ('"\\ud800"', "\ufffd"),
        ('"a\\udc00b"', "a\ufffdb"),
        ('"\\ud83d\\ude00"', "\U0001f600"),
        ('["\\ud83d\\ude00", "\\ude00\\ud83d"]', ["\U0001f600", "\ufffd\ufffd"]),
        ('{"\\udfff": "\\\\ud800"}', {"\ufffd": "\\ud800"}),
    ],
)
def test_what_a_script_hands_over_can_be_stored(text: str, value: object) -> None:
    assert decoded(text) == value
    assert msgspec.json.encode(decoded(text))


def test_a_whole_text_stays_as_it_is() -> None:
    assert whole("caf\u00e9 \U0001f600") == "caf\u00e9 \U0001f600"
