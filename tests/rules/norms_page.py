"""Writes docs/norms.md from the profiles themselves: `python tests/rules/norms_page.py`."""

from pathlib import Path

from rules.norms import Level, NormProfile, profile_words, profiles
from rules.norms.expression import Expression

PAGE = Path(__file__).parents[2] / "docs" / "norms.md"
HEAD = """\
# Norm profiles

An agency in a targets file names a profile with `norm = "nl-awb"`; `neutral` is the default. The verdicts on phone, counter and
paper are the same under all of them. A profile only says what a norm asks for, and whether that is what we read. It gives no
legal judgement.

- "Partly offered" counts, unless the part that is missing is one that the profile names, here in brackets.
- What is not verifiable or contradicted gives "cannot tell", unless the rest decides it.
- All that decides must be there; the rest is shown and decides nothing.

| profile | decides | is shown beside it | does not ask for | sources, read at these addresses |
|---|---|---|---|---|
"""
FOOT = """
A new profile is `rules/norms/<id>.toml` with its words beside it, `<id>.en.toml` and `<id>.nl.toml`. A sentence that names no
source, or a source that was not read itself (`mark = "V"`), is refused. This page is written from those files:
`python tests/rules/norms_page.py`; a test holds it to them.
"""


def page() -> str:
    """The page as it should be."""
    return HEAD + "".join(f"| {' | '.join(row(norm))} |\n" for norm in profiles()) + FOOT


def row(norm: NormProfile) -> list[str]:
    words = profile_words(norm.id, "en")
    cells = [f"**`{norm.id}`** {norm.version}: {words.name}"]
    cells += [
        "; ".join(f"{words.asks[ask.key]}: `{written(ask.wants)}`" for ask in norm.asks if ask.level is level)
        or "nothing"
        for level in Level
    ]
    cells.append(", ".join(f"`{item.channel}`" for item in norm.not_asked) or "-")
    cells.append(
        " <br> ".join(f"{source.title}: <{source.address}>" for source in norm.sources) or "none: it speaks of no law"
    )
    return cells


def written(wants: Expression) -> str:
    if wants.channel is not None:
        return wants.channel.value + (f" ({', '.join(wants.needs)})" if wants.needs else "")
    if wants.barrier:
        return f"not {wants.barrier}"
    return (" or " if wants.any_of else " and ").join(written(branch) for branch in (*wants.any_of, *wants.all_of))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
