"""Who can do what: the channels, barriers and problems that wait for one role, in the words of one report."""

from collections.abc import Callable, Iterable, Sequence

from markupsafe import Markup

from reports.addresses import Addresses
from reports.cards import RoleCard
from reports.phrases import Phrases
from reports.rule_words import RuleWords
from reports.wording import Words
from rules.model.finding import Finding, SubjectKind

PROBLEMS_AT_MOST = 6


def unit_of_findings(findings: Iterable[Finding]) -> str:
    """What findings are counted in: services, sites, or a mixture."""
    kinds = {finding.subject.kind is SubjectKind.SERVICE for finding in findings}
    return "mixed" if len(kinds) > 1 else "services" if kinds == {True} else "sites"


class RolePhrases:
    """The sentences about roles on an agency's page."""

    def __init__(self, words: Words, rules: RuleWords, phrases: Phrases, addresses: Addresses) -> None:
        self._words = words
        self._rules = rules
        self._phrases = phrases
        self._addresses = addresses

    def lines(self, role: RoleCard) -> list[Markup]:
        """What waits for a role: every channel and barrier, then the heaviest problems of accessibility."""
        channels = _grouped(role.channels, lambda found: (str(found.channel), str(found.verdict)))
        barriers = _grouped(role.barriers, lambda found: (found.rule, ""))
        lines = [self._channel(channel, verdict, found) for (channel, verdict), found in channels.items()]
        lines += [self._counted("role.barrier", found, name=self._name(rule)) for (rule, _), found in barriers.items()]
        problems = list(dict.fromkeys(self._name(group.rule) for group in role.problems))
        if len(problems) > PROBLEMS_AT_MOST:
            rest = self._words("more", n=len(problems) - PROBLEMS_AT_MOST + 1)
            problems = [*problems[: PROBLEMS_AT_MOST - 1], rest]
        return [*lines, *problems]

    def start(self, role: RoleCard) -> Markup:
        """Where a role best begins: a barrier, else a channel, else the heaviest problem."""
        waiting = (*role.barriers, *role.channels)
        if not waiting:
            group = role.problems[0]
            link = Markup('<a href="{}">{}</a>').format(
                self._addresses.problem(group.site, group.rule), self._name(group.rule)
            )
            return self._words("role.start_problem", link=link, n=group.places)
        mend = self._phrases.mend_of(waiting[0])
        where = self._where(waiting[0])
        return self._words("role.start_mend", link=where, mend=self._phrases.marked(mend)) if mend else where

    def _channel(self, channel: str, verdict: str, found: Sequence[Finding]) -> Markup:
        return self._counted(
            "role.channel",
            found,
            channel=self._words(f"channel.{channel}.cap"),
            verdict=self._words(f"verdict.{verdict}"),
        )

    def _counted(self, key: str, found: Sequence[Finding], **values: Markup) -> Markup:
        subjects = self._words(f"total_unit.{unit_of_findings(found)}", n=len(found))
        return self._words(key, subjects=subjects, **values)

    def _where(self, finding: Finding) -> Markup:
        name = self._words.value(self._phrases.subject_name(finding))
        if finding.subject.kind is not SubjectKind.SERVICE:
            return Markup("<bdi>{}</bdi>").format(name)
        address = self._addresses.service(finding.subject.site, finding.subject.id)
        return Markup('<a href="{}"><bdi>{}</bdi></a>').format(address, name)

    def _name(self, rule: str) -> Markup:
        return self._phrases.marked(self._rules.name(rule))


def _grouped(
    findings: Iterable[Finding], key: Callable[[Finding], tuple[str, str]]
) -> dict[tuple[str, str], list[Finding]]:
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        groups.setdefault(key(finding), []).append(finding)
    return groups
