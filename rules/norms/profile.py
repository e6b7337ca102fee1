"""Loads the norm profiles, and refuses one that says anything without a source that was read."""

import tomllib
from collections.abc import Iterator
from enum import StrEnum
from functools import cache
from importlib.resources import files

import msgspec

from rules.model.finding import Channel
from rules.model.record import Record
from rules.norms.expression import Expression, flaw, leaves
from rules.norms.parts import known_parts

READ_AT_THE_SOURCE = "V"


class Level(StrEnum):
    """How binding an asked item is: only the mandatory ones decide the conclusion."""

    MANDATORY = "mandatory"
    RECOMMENDED = "recommended"


class Source(Record, frozen=True, forbid_unknown_fields=True):
    """Where what we print was read: `dated` is when it was said or took force, `read` when we read it (ISO, as far as known).

    `mark` says how sure we are; a profile may cite only what was read at the source itself ("V").
    `lang` is the language of the title.
    """

    id: str
    title: str
    lang: str
    address: str
    read: str
    mark: str
    dated: str = ""


class Sentence(Record, frozen=True, forbid_unknown_fields=True):
    """A printed sentence, by its key in the word files, and the sources (by id) that it rests on."""

    key: str
    sources: tuple[str, ...] = ()


class Ask(Record, frozen=True, forbid_unknown_fields=True):
    """One thing that the norm asks for: a line of the sum on a service's page."""

    key: str
    wants: Expression
    level: Level
    sources: tuple[str, ...] = ()


class NotAsked(Record, frozen=True, forbid_unknown_fields=True):
    """A channel that the norm does not ask for, in so many words; its verdict stays what it is."""

    key: str
    channel: Channel
    sources: tuple[str, ...] = ()


class NormProfile(Record, frozen=True, forbid_unknown_fields=True):
    """What one jurisdiction asks for: all mandatory asks together, in the order in which a page prints them.

    `says` is its explanation, sentence by sentence. A profile of no jurisdiction says nothing about law, and cites nothing.
    """

    id: str
    version: str
    jurisdiction: str = ""
    sources: tuple[Source, ...] = ()
    says: tuple[Sentence, ...] = ()
    asks: tuple[Ask, ...] = ()
    not_asked: tuple[NotAsked, ...] = ()

    @property
    def barriers(self) -> tuple[str, ...]:
        """The barriers that it names, by rule id."""
        return tuple(leaf.barrier for ask in self.asks for leaf in leaves(ask.wants) if leaf.barrier)


def profile(norm: str) -> NormProfile:
    """The profile with this id.

    Raises:
        KeyError: there is none.

    """
    if norm not in norm_ids():
        raise KeyError(norm)
    return _loaded(norm)


def profiles() -> tuple[NormProfile, ...]:
    """Every profile, by id."""
    return tuple(_loaded(norm) for norm in norm_ids())


@cache
def norm_ids() -> tuple[str, ...]:
    """The ids of the profiles there are: a file `<id>.toml`; its words have the language in their name."""
    names = (file.name for file in files(__package__).iterdir())
    return tuple(
        sorted(name.removesuffix(".toml") for name in names if name.endswith(".toml") and name.count(".") == 1)
    )


def unknown_norm(norm: str) -> str:
    """Why this is no norm that we have, with those that there are; empty when it is one."""
    return "" if norm in norm_ids() else f"norm {norm!r} is not known; known are {', '.join(norm_ids())}"


@cache
def _loaded(norm: str) -> NormProfile:
    return read_profile(norm, files(__package__).joinpath(f"{norm}.toml").read_text(encoding="utf-8"))


def read_profile(norm: str, text: str) -> NormProfile:
    """The profile in the text of its file.

    Raises:
        ValueError: it is not a profile, or prints what has no source that was read; the message names all that is wrong.

    """
    try:
        found = msgspec.convert(tomllib.loads(text), NormProfile)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise ValueError(f"norm profile {norm}: {error}") from error
    flaws = [*_wrong_name(found, norm), *_wrong_sources(found), *_wrong_asks(found)]
    if flaws:
        raise ValueError(f"norm profile {norm}: {'; '.join(flaws)}")
    return found


def _wrong_name(found: NormProfile, norm: str) -> Iterator[str]:
    if found.id != norm:
        yield f"its id {found.id!r} is not the name of its file"


def _wrong_sources(found: NormProfile) -> Iterator[str]:
    cited = {source.id for source in found.sources}
    for source in found.sources:
        if source.mark != READ_AT_THE_SOURCE:
            yield f"source {source.id!r} was not read at the source (mark {source.mark!r}), so it may not be printed"
        if not source.address.startswith(("https://", "http://")):
            yield f"source {source.id!r} has no web address"
    everything: tuple[Sentence | Ask | NotAsked, ...] = (*found.says, *found.asks, *found.not_asked)
    for printed in everything:
        if found.jurisdiction and not printed.sources:
            yield f"{printed.key!r} is printed without a source"
        for unknown in sorted(set(printed.sources) - cited):
            yield f"{printed.key!r} rests on {unknown!r}, which is not among the sources"


def _wrong_asks(found: NormProfile) -> Iterator[str]:
    if found.asks and not any(ask.level is Level.MANDATORY for ask in found.asks):
        yield "it asks for something, and nothing of that is mandatory"
    for ask in found.asks:
        if shape := flaw(ask.wants):
            yield f"{ask.key!r}: {shape}"
        for leaf in leaves(ask.wants):
            unknown = () if leaf.channel is None else sorted(set(leaf.needs) - known_parts(leaf.channel))
            yield from (f"{ask.key!r} needs {part!r}, which is no part of {leaf.channel}" for part in unknown)
