"""What a norm profile asks for beside what we read, in the words of one report: line by line, each with its sources."""

from collections.abc import Iterable, Sequence

from reports.cards import ChannelCard, SubjectCard
from reports.exhibits import Exhibit
from reports.rule_words import RuleWords, Text
from reports.wording import Words
from rules.model.finding import Outcome, Verdict
from rules.model.record import Record
from rules.norms import (
    Found,
    NormProfile,
    NormState,
    NormWords,
    SharedWords,
    SumLine,
    part_words,
    profile_words,
    shared_words,
)
from rules.norms.profile import Source

_SHAPES = {Outcome.FAILED: "not_offered", Outcome.PASSED: "offered", Outcome.INAPPLICABLE: "offered"}


class NumberedSource(Record, frozen=True):
    """A source, and the number by which sentences point to it."""

    number: int
    source: Source


class Sentence(Record, frozen=True):
    """A sentence, and the numbers of the sources that it rests on."""

    text: Text
    sources: tuple[int, ...] = ()


class FoundLine(Record, frozen=True):
    """What was read of one channel (`card`) or one barrier (`barrier`, with its outcome and the shape of its mark)."""

    why: Sentence
    card: ChannelCard | None = None
    barrier: Text | None = None
    outcome: str = ""
    shape: str = ""
    exhibit: Exhibit | None = None


class AskedLine(Record, frozen=True):
    """One line of the sum: what is asked, how binding it is, what was read, and how it counts."""

    asked: Sentence
    level: Text
    met: Text
    found: tuple[FoundLine, ...]


class NormPhrases:
    """One profile in the language of one report."""

    def __init__(self, norm: NormProfile, words: Words, rules: RuleWords) -> None:
        self.norm = norm
        self._spoken = words
        self._rules = rules
        self._words: NormWords = profile_words(norm.id, words.lang)
        self._shared: SharedWords = shared_words(words.lang)
        self.sources = [NumberedSource(number=at, source=source) for at, source in enumerate(norm.sources, start=1)]

    @property
    def name(self) -> Text:
        """The profile's name."""
        return Text(words=self._words.name, lang=self._words.lang)

    @property
    def nothing(self) -> Text:
        """That the profile asks for nothing."""
        return Text(words=self._shared.state[NormState.ASKS_NOTHING], lang=self._shared.lang)

    def state(self, subject: SubjectCard) -> Text:
        """The conclusion as a whole."""
        return Text(words=self._shared.state[subject.norm.state], lang=self._shared.lang)

    def says(self) -> list[Sentence]:
        """The profile's explanation."""
        return [self._sentence(self._words.says[said.key], said.sources) for said in self.norm.says]

    def not_asked(self, subject: SubjectCard) -> list[Sentence]:
        """A note for each channel that is not offered and that the norm does not ask for."""
        return [
            self._sentence(self._words.not_asked[note.key], note.sources)
            for note in self.norm.not_asked
            if subject.channel(note.channel).verdict is Verdict.NOT_OFFERED
        ]

    def lines(self, subject: SubjectCard) -> list[AskedLine]:
        """The sum, in the order of the profile."""
        return [self._line(line, subject) for line in subject.norm.lines]

    def _line(self, line: SumLine, subject: SubjectCard) -> AskedLine:
        return AskedLine(
            asked=self._sentence(self._words.asks[line.key], line.sources),
            level=Text(words=self._shared.level[line.level], lang=self._shared.lang),
            met=Text(words=self._shared.met[line.met], lang=self._shared.lang),
            found=tuple(self._found(found, subject) for found in line.found),
        )

    def _found(self, found: Found, subject: SubjectCard) -> FoundLine:
        why = self._why(found)
        if found.channel is not None:
            card = subject.channel(found.channel)
            return FoundLine(why=why, card=card, exhibit=card.exhibits.first)
        known = next((card for card in subject.barriers if card.finding.rule == found.barrier), None)
        return FoundLine(
            why=why,
            barrier=self._rules.name(found.barrier),
            outcome=found.outcome or Outcome.UNTESTED,
            shape=_SHAPES.get(found.outcome or Outcome.UNTESTED, "not_verifiable"),
            exhibit=known.exhibits.first if known else None,
        )

    def _why(self, found: Found) -> Sentence:
        """Why it counts as it does; for a barrier that nobody could judge, what its own finding says."""
        if found.outcome is Outcome.CANT_TELL:
            return Sentence(text=Text(words=self._spoken.plain("norm.person_judges"), lang=self._spoken.lang))
        if found.outcome is not None and found.reason:
            return Sentence(text=self._rules.reason(found.barrier, found.reason))
        lang = self._shared.lang
        parts = [part_words(found.channel, part, lang) for part in found.parts] if found.channel is not None else []
        words = self._shared.why[found.why].format(parts="; ".join(parts))
        return Sentence(text=Text(words=words, lang=lang))

    def _sentence(self, words: str, sources: Iterable[str]) -> Sentence:
        return Sentence(text=Text(words=words, lang=self._words.lang), sources=self._numbers(tuple(sources)))

    def _numbers(self, sources: Sequence[str]) -> tuple[int, ...]:
        return tuple(entry.number for entry in self.sources if entry.source.id in sources)
