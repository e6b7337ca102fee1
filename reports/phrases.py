"""What templates ask for in words: reasons, lacking parts, places on a page, changes; all in the language of one report."""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from reports.cards import NOT_JUDGED, ChannelCard
from reports.compare import Change, Movement
from reports.exhibits import Exhibits
from reports.fact_rows import FactRow, fact_rows
from reports.finding_rows import places
from reports.measures import Measure
from reports.rule_words import RuleWords, Text
from reports.states import ThingKind
from reports.wording import FIRST, Words
from rules.accessibility.criteria import criterion
from rules.model.finding import Evidence, Finding, SubjectKind, Verdict
from rules.model.outline import Shown
from rules.model.record import Record
from rules.model.run import RunResult

ADDRESS_SCHEMES = ("http", "https", "tel", "mailto")
LINE_FACTS = frozenset({"number", "hours", "cost", "price", "address", "appointment", "appointment_by"})


class ChangeWords(Record, frozen=True):
    """One change in a few words, with the shape that stands before it and the direction that colours the shape."""

    direction: str
    shape: str
    words: str


class CriterionWords(Record, frozen=True):
    """A success criterion as a reader sees it; `clause` is that of EN 301 549, or empty where that does not ask for it."""

    number: str
    level: str = ""
    name: str = ""
    address: str = ""
    clause: str = ""


class Phrases:
    """The phrases of one report in one language."""

    def __init__(self, words: Words, rules: RuleWords, result: RunResult) -> None:
        self._words = words
        self._rules = rules
        self._titles = {page.url: page.title for site in result.sites for page in (*site.pages, *site.documents)}
        self._tongues = {site.site: next((page.lang for page in site.pages if page.lang), "") for site in result.sites}
        self._services = {
            (site.id, service.id): service.name
            for agency in result.portfolio.agencies
            for site in agency.sites
            for service in site.services
        }
        self._places = places(result)

    def title_of(self, url: str) -> str:
        """A page's title, or its path where it has none."""
        return self._titles.get(url, "").strip() or self.path_of(url)

    def path_of(self, url: str) -> str:
        """What follows the host, as people say "the page /contact"; for a start page the host itself."""
        split = urlsplit(url)
        if not split.netloc:
            return url
        if split.path in {"", "/"} and not split.query:
            return f"{split.netloc}/"
        return split.path + (f"?{split.query}" if split.query else "")

    def tongue_of(self, site: str) -> str:
        """The language of a site's pages, for the names that come from it."""
        return self._tongues.get(site, "")

    def subject_name(self, finding: Finding) -> str:
        """Whom a finding is about: a service's name, a page's title, or the site's name."""
        subject = finding.subject
        if subject.kind is SubjectKind.PAGE:
            return self.title_of(subject.id)
        return self.service_name(subject.site, subject.id)

    def service_name(self, site: str, service: str) -> str:
        """A service's name; a site's where the id is none of its services."""
        place = self._places.get(site)
        named = place.site.name if place and place.site else site
        return self._services.get((site, service), named)

    def reason_of(self, card: ChannelCard) -> Text:
        """Why a channel is not verifiable."""
        rule = card.finding.rule if card.finding else ""
        return self._rules.reason(rule, card.reason or NOT_JUDGED)

    def lacking(self, card: ChannelCard) -> Markup:
        """What a partly offered channel lacks, as a list in a sentence."""
        return self.parts_of(card.finding) if card.finding else Markup("")

    def parts_of(self, finding: Finding) -> Markup:
        """What a finding says is missing, as a list in a sentence."""
        return self._words.joined(self.marked(self._rules.missing(finding.rule, part)) for part in finding.missing)

    def marked(self, text: Text) -> Markup:
        """Words with their language, where it is not that of the report."""
        if text.lang == self._words.lang:
            return Markup.escape(text.words)
        return Markup('<span lang="{}">{}</span>').format(text.lang, text.words)

    def absence_of(self, finding: Finding) -> Markup:
        """What to say where nothing can be quoted: why nothing was read, or what was read without finding it."""
        if finding.reason:
            return self._words("absence.reason", reason=self.marked(self._rules.reason(finding.rule, finding.reason)))
        if finding.verdict is Verdict.NOT_OFFERED:
            return self._words("absence.not_offered")
        return self._words("absence.nothing")

    def place_of(self, evidence: Evidence) -> Markup:
        """Where on the page the words stand."""
        key = f"landmark.{evidence.landmark or 'none'}"
        parts = [self._words(key if key in self._words else "landmark.none")]
        if evidence.headings:
            parts.append(self._words("under_heading", heading=evidence.headings[-1]))
        if evidence.shown is Shown.ON_DEMAND:
            parts.append(self._words("shown_on_demand"))
        if evidence.selector and not evidence.quote:
            parts.append(Markup("<code>{}</code>").format(self._words.value(evidence.selector)))
        return Markup(", ").join(parts)

    def rest_parts(self, measure: Measure) -> list[Markup]:
        """The parts of a measure that are not the good one, each with its number."""
        return [self._words(f"part.{part.word}", n=part.count) for part in measure.rest]

    def facts_of(self, exhibits: Exhibits) -> list[FactRow]:
        """What was read beside a verdict or barrier."""
        return fact_rows(exhibits, self._words)

    def facts_in_line(self, card: ChannelCard, most: int) -> list[Markup]:
        """The facts that matter most to a person, the first value of each; none for a channel that is not offered.

        What was read there belongs to somebody else: a press desk, a closed counter.
        """
        if card.verdict is Verdict.NOT_OFFERED:
            return []
        rows = [row for row in self.facts_of(card.exhibits) if row.name in LINE_FACTS]
        return [self._in_line(row) for row in rows[:most]]

    def _in_line(self, row: FactRow) -> Markup:
        said = Markup("{}: <bdi>{}</bdi>").format(row.label, self._words.value(row.values[0].words))
        more = len(row.values) - 1
        return Markup("{} {}").format(said, self._words("more", n=more)) if more else said

    def counts_for_nobody(self, card: ChannelCard) -> bool:
        """Whether the words quoted beside "not offered" are no denial, but a way that is not for the public."""
        finding = card.finding
        return finding is not None and finding.key == Verdict.NOT_OFFERED and bool(finding.evidence)

    def mend_of(self, finding: Finding) -> Text | None:
        """What would mend a finding: the rule's own words; of a channel that is there, only what it lacks."""
        if finding.verdict is Verdict.CONTRADICTED:
            return Text(words=self._words.plain("same_words"), lang=self._words.lang)
        if finding.verdict is Verdict.PARTLY and finding.missing:
            parts = self._words.joined(self._rules.missing(finding.rule, part).words for part in finding.missing)
            return Text(words=self._words.plain("add_parts", parts=parts), lang=self._words.lang)
        return self._rules.mend(finding.rule)

    def note(self, note: str) -> Markup:
        """A note of the run: a key in words, or somebody's own sentence, which is English, as it is."""
        key = f"note.{note}"
        return self._words(key) if key in self._words else self.marked(Text(words=note, lang=FIRST))

    def criteria_of(self, wcag: Sequence[str]) -> list[CriterionWords]:
        """Criteria in the report's language; an unknown number stands alone."""
        return [self._criterion(number) for number in wcag]

    def _criterion(self, number: str) -> CriterionWords:
        known = criterion(number)
        if known is None:
            return CriterionWords(number=number)
        name = known.name(self._words.lang)
        return CriterionWords(number=number, level=known.level, name=name, address=known.url, clause=known.clause)

    def changed(self, changes: Sequence[Change]) -> list[ChangeWords]:
        """A few words on what changed, one part for each direction; one part that says so when nothing did."""
        counts = {movement: sum(change.movement == movement for change in changes) for movement in Movement}
        shapes = {
            Movement.FIXED: ("better", "better"),
            Movement.NEW: ("worse", "worse"),
            Movement.LOST: ("same", "not_verifiable"),
            Movement.REGAINED: ("same", "same"),
            Movement.WAITING: ("same", "waiting"),
        }
        parts = [
            ChangeWords(
                direction=direction, shape=shape, words=self._words.plain(f"changed.{movement}", n=counts[movement])
            )
            for movement, (direction, shape) in shapes.items()
            if counts[movement]
        ]
        return parts or [ChangeWords(direction="same", shape="same", words=self._words.plain("changed.nothing"))]

    def about_channel(self, changes: Sequence[Change], channel: str) -> list[Change]:
        """The changes of one channel."""
        return [change for change in changes if change.kind is ThingKind.CHANNEL and change.name == channel]

    def about_kind(self, changes: Sequence[Change], kind: str) -> list[Change]:
        """The changes of one kind."""
        return [change for change in changes if change.kind == kind]


def marked_words(evidence: Evidence) -> Iterator[tuple[bool, str]]:
    """The quote cut into pieces: (whether these words decided, words). Each deciding word is marked where it stands first."""
    quote, spans = evidence.quote, []
    for words in evidence.deciding:
        start = quote.casefold().find(words.casefold()) if words else -1
        if start >= 0 and len(quote.casefold()) == len(quote):
            spans.append((start, start + len(words)))
    at = 0
    for start, end in sorted(spans):
        if start < at:
            continue
        if start > at:
            yield False, quote[at:start]
        yield True, quote[start:end]
        at = end
    if at < len(quote):
        yield False, quote[at:]


def safe_address(url: str) -> bool:
    """Whether a report may link to an address: web pages, phone numbers and mail only."""
    return url.partition(":")[0].lower() in ADDRESS_SCHEMES and not any(ord(letter) <= ord(" ") for letter in url)
