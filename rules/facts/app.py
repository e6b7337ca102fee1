"""App: links to the app stores, and words that say that a service is in an app, or in an app only."""

import re
from collections.abc import Iterator

from rules.facts.passage import Passage, Reading
from rules.facts.stance import stance
from rules.model.mention import Mention, MentionKind, Polarity

_STORE = re.compile(
    r"https?://(?:apps\.apple\.com|itunes\.apple\.com|play\.google\.com|appgallery\.huawei\.com)(?:[:/?#]|$)",
    re.IGNORECASE,
)
_APP = frozenset({"online.app", "online.app_only"})


def find(reading: Reading) -> Iterator[Mention]:
    """Every app mention, in document order; attribute `only` is "yes" where words exclude another way."""
    for passage in reading.passages:
        if passage.block.field is not None:
            continue
        yield from _store_links(passage)
        if passage.groups.isdisjoint(_APP):
            continue
        for sentence in passage.sentences:
            only = max(sentence.of("online.app_only"), key=lambda hit: hit.end - hit.start, default=None)
            hit = only or next(sentence.of("online.app"), None)
            if hit is None or (only is None and passage.bare_label):
                continue
            held = stance(reading, passage, sentence, hit)
            if only is not None and not sentence.asks:
                yield passage.mention(
                    MentionKind.APP, hit.start, hit.end, polarity=held or Polarity.AFFIRMED, attributes={"only": "yes"}
                )
            elif held is not None:
                yield passage.mention(MentionKind.APP, hit.start, hit.end, polarity=held)


def _store_links(passage: Passage) -> Iterator[Mention]:
    for link in passage.block.links:
        if _STORE.match(link.href):
            start = max(passage.text.find(link.text), 0)
            yield passage.mention(
                MentionKind.APP, start, start + len(link.text), deciding=(link.text,), attributes={"store": link.href}
            )
