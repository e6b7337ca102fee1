"""The page of one accessibility rule on one site: what a person notices, where it is, what to do, how we know."""

import shlex
from collections.abc import Iterator

from markupsafe import Markup

from reports.cards import AgencyCard, SiteCard
from reports.edition import Edition, Page
from reports.rule_groups import AXE, RuleGroup
from rules.model.finding import Evidence

SNIPPETS_AT_MOST = 3


def pages(edition: Edition) -> Iterator[Page]:
    """One page for each rule that found something on a site, or could not tell."""
    for card in edition.report.cards.everyone:
        for site in card.sites:
            failed = {group.rule: group for group in site.problems}
            asked = {group.rule: group for group in site.questions}
            for rule in dict.fromkeys((*failed, *asked)):
                yield _page(edition, card, site, rule, failed.get(rule), asked.get(rule))


def _page(
    edition: Edition, card: AgencyCard, site: SiteCard, rule: str, failed: RuleGroup | None, asked: RuleGroup | None
) -> Page:
    group = failed or asked
    assert group is not None
    snippets = _snippets(group)
    return Page(
        template="problem.html.j2",
        kind="problem",
        address=lambda names: names.problem(site.site.id, rule),
        trail=(
            (edition.addresses.index(), edition.words("nav.overview")),
            (edition.addresses.agency(card.agency.id), card.agency.name),
            ("", edition.rules.name(rule).words),
        ),
        sections=edition.sections(
            ("notice", "problem.notice.heading"),
            ("where", "problem.where.heading"),
            ("mend", "problem.mend.heading"),
            ("know", "problem.know.heading"),
            ("rules", "problem.rules.heading"),
            ("reply", "agency.reply.heading"),
        ),
        values={
            "agency": card.agency,
            "site": site,
            "rule": rule,
            "failed": failed,
            "asked": asked,
            "crops": edition.album.crops(group, site.result),
            "snippets": snippets,
            "proofs": list({piece.artifact: piece for piece in snippets if piece.artifact}.values()),
            "page_words": lambda group, site: _page_words(edition, group, site),
            "shell_word": shlex.quote,
            "help_address": help_address(group),
        },
    )


def _snippets(group: RuleGroup) -> list[Evidence]:
    """Different markup once each, from as many pages as possible."""
    found: dict[str, Evidence] = {}
    for place in group.pages:
        for piece in place.evidence:
            if piece.html and piece.html not in found and len(found) < SNIPPETS_AT_MOST:
                found[piece.html] = piece
    return list(found.values())


def _page_words(edition: Edition, group: RuleGroup, site: SiteCard) -> Markup:
    return edition.words("on_pages", n=len(group.pages), total=site.coverage.looked_at)


def help_address(group: RuleGroup) -> str:
    """Where axe explains its rule: as the result named it, else by the rule's id and axe's version."""
    if group.help_url or not group.rule.startswith(AXE):
        return group.help_url
    version = ".".join(group.rule_version.split(".")[:2])
    return f"https://dequeuniversity.com/rules/axe/{version}/{group.rule.removeprefix(AXE)}"
