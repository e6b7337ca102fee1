"""One edition of a report: a run in one language, with everything that its pages share."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports.addresses import Addresses
from reports.album import Album
from reports.cards import AgencyCard, Scorecard
from reports.charts import bar, swatch
from reports.compare import Comparison
from reports.journeys import JourneyCard
from reports.norm_counts import says_nothing
from reports.norm_phrases import NormPhrases
from reports.phrases import Phrases, marked_words, safe_address
from reports.rule_words import RuleWords
from reports.wording import languages, load_words, visible
from rules.model.record import Record
from rules.model.run import RunResult

LONGEST_LIST = 100


class Report(Record, frozen=True):
    """What all editions show: the run, and what was counted and compared in it."""

    result: RunResult
    cards: Scorecard
    journeys: tuple[JourneyCard, ...] = ()
    comparison: Comparison | None = None
    before: Scorecard | None = None
    helps: dict[str, str] = {}  # noqa: RUF012 - msgspec copies it


class Page(Record, frozen=True):
    """One page to be written: its template, what kind of page it is, and how its file is named in any language."""

    template: str
    kind: str
    address: Callable[[Addresses], str]
    trail: tuple[tuple[str, str], ...]
    values: dict[str, Any]
    sections: tuple[tuple[str, str], ...] = ()


class Edition:
    """A report in one language."""

    def __init__(self, report: Report, lang: str, album: Album) -> None:
        self.report = report
        self.lang = lang
        self.album = album
        self.words = load_words(lang)
        self.rules = RuleWords(self.words, report.helps)
        self.phrases = Phrases(self.words, self.rules, report.result)
        self.addresses = Addresses(lang)
        self._environment = _environment(self)

    def html(self, page: Page) -> str:
        """The page as HTML."""
        tongues = [
            (lang, load_words(lang).plain("language"), page.address(Addresses(lang)))
            for lang in languages()
            if lang != self.lang
        ]
        values: Mapping[str, Any] = {**page.values, "kind": page.kind, "trail": page.trail, "tongues": tongues}
        return self._environment.get_template(page.template).render(values, sections=page.sections)

    def sections(self, *entries: tuple[str, str]) -> tuple[tuple[str, str], ...]:
        """The contents of a page: anchors and the words of their headings."""
        return tuple((anchor, self.words(key)) for anchor, key in entries)

    def agency_tongue(self, card: AgencyCard) -> str:
        """The language of an agency's name: that of its first site's pages."""
        return self.phrases.tongue_of(card.sites[0].site.id) if card.sites else ""

    def norm_of(self, card: AgencyCard) -> NormPhrases | None:
        """The words of an agency's norm profile; None where that says nothing, or is no longer there."""
        if card.norm is None or says_nothing(card.norm):
            return None
        return NormPhrases(card.norm, self.words, self.rules)

    def versions(self) -> Markup:
        """The components of the run and their versions, in a sentence."""
        return self.words.joined(
            f"{name} {version}" for name, version in sorted(self.report.result.run.versions.items())
        )

    def role_word(self, role: str) -> Markup:
        """A role in words; a role of somebody's own stands as it is."""
        return self._known("role", role) if role else self.words("role.nobody")

    def kind_of(self, kind: str) -> Markup:
        """A kind of agency in words; a kind that has none stands as the targets file has it."""
        return self._known("agency_kind", kind)

    def criteria_short(self, wcag: Iterable[str]) -> Markup:
        """The numbers of criteria with their level, or that no criterion asks for it."""
        known = self.phrases.criteria_of(tuple(wcag))
        numbers = [f"{entry.number} ({entry.level})" if entry.level else entry.number for entry in known]
        return self.words.joined(numbers) if numbers else self.words("best_practice")

    def _known(self, table: str, word: str) -> Markup:
        key = f"{table}.{word.replace(' ', '_').replace('-', '_').lower()}"
        own = visible(word.replace("_", " "))
        return self.words(key) if key in self.words else Markup.escape(own[:1].upper() + own[1:])


def _environment(edition: Edition) -> Environment:
    environment = Environment(
        loader=PackageLoader("reports", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.do"],
        finalize=_shown,
    )
    report, phrases = edition.report, edition.phrases
    environment.tests["safe_address"] = safe_address
    environment.filters["measure_word"] = lambda name: edition.words(f"measure.{name}")
    environment.globals.update(
        t=edition.words,
        lang=edition.lang,
        run=report.result.run,
        cards=report.cards,
        journeys=report.journeys,
        comparison=report.comparison,
        addresses=edition.addresses,
        rules=edition.rules,
        rule_name=edition.rules.name,
        agency_tongue=edition.agency_tongue,
        versions=edition.versions,
        role_word=edition.role_word,
        kind_of=edition.kind_of,
        criteria_short=edition.criteria_short,
        longest=LONGEST_LIST,
        bar=bar,
        swatch=swatch,
        marked_words=marked_words,
        title_of=phrases.title_of,
        path_of=phrases.path_of,
        tongue_of=phrases.tongue_of,
        place_of=phrases.place_of,
        reason_of=phrases.reason_of,
        lacking=phrases.lacking,
        parts_of=phrases.parts_of,
        absence_of=phrases.absence_of,
        rest_parts=phrases.rest_parts,
        facts_of=phrases.facts_of,
        counts_for_nobody=phrases.counts_for_nobody,
        note_words=phrases.note,
        norm_of=edition.norm_of,
        criteria_of=phrases.criteria_of,
        changed=phrases.changed,
        about_kind=phrases.about_kind,
    )
    return environment


def _shown(value: object) -> object:
    """Every string that a template prints shows its control characters; those that are markup already were checked."""
    return visible(value) if isinstance(value, str) and not isinstance(value, Markup) else value
