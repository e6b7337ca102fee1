"""Which language a text is in, from the text itself: the `lang` attribute is often wrong or absent.

Function words of our own languages are counted first, which costs next to nothing. Only where they do not decide is
py3langid asked, over all the languages that it knows, so that Frisian or Spanish ends as "other", not as one of ours.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import Any

from rules.lexicon import languages, lexicon
from rules.lexicon.phrase import fold
from rules.model.outline import Outline, Shown

OTHER = "other"
_WORD = re.compile(r"[^\W\d_]+")
_SHORT = 40  # below this a text says too little about its language
_LONG = 140  # from here on py3langid is seldom wrong
_SURE_DENSITY = 0.17  # share of function words in running text of the language
_LEAST_DENSITY = 0.07
_ENOUGH_WORDS = 400
_SENTENCE = 8  # words
_FEW = 2  # a single function word may be a name ("IL" is no French)
_SURE = 0.9


def page_language(outline: Outline) -> str:
    """The language of most of the page's text: one of ours, or "other"; the declared one where the text is too little."""
    texts = [block.text for block in outline.blocks if len(block.text) >= _SHORT and block.shown is not Shown.NEVER]
    declared = outline.lang[:2].lower()
    fallback = declared if declared in languages() else ""
    words = _words(texts)
    if not words:
        words = _words(block.text for block in outline.blocks)
        lang, density = _best(words)
        return (lang if density * len(words) >= _FEW else "") or fallback or lang or OTHER
    lang, density = _best(words)
    if density * len(words) < _FEW and fallback and sum(map(len, texts)) < _LONG:
        return fallback
    if lang and density >= _SURE_DENSITY:
        return lang
    asked, sure = _ask(" ".join(texts)[:4000])
    if asked in languages():
        return asked if sure >= _SURE or not lang else lang
    if sure >= _SURE and density < _SURE_DENSITY and sum(map(len, texts)) >= _LONG:
        return OTHER
    return lang or fallback or OTHER


def block_language(text: str, folded: str, page: str) -> str:
    """The language of one block, from its text and its folded text: the page's, unless the text clearly is in another one."""
    words = _WORD.findall(folded) if len(text) >= _SHORT else []
    if not words or (page != OTHER and _density(words, page) >= _SURE_DENSITY):
        return page
    lang, density = _best(words)
    if lang and density >= _SURE_DENSITY and len(words) >= _SENTENCE:
        return lang
    if density >= _LEAST_DENSITY or len(text) < _LONG or len(words) * 3 > len(text):
        return page
    asked, sure = _ask(text)
    known = asked if asked in languages() else OTHER
    return known if sure >= _SURE else page


def _words(texts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for text in texts:
        found.extend(_WORD.findall(fold(text)))
        if len(found) >= _ENOUGH_WORDS:
            break
    return found


def _density(words: list[str], lang: str) -> float:
    return sum(map(lexicon(lang).function_words.__contains__, words)) / len(words)


def _best(words: list[str]) -> tuple[str, float]:
    """Our language with the most function words in the text, and their share of its words; none when two are as good."""
    if not words:
        return "", 0.0
    ranked = sorted(((_density(words, lang), lang) for lang in languages()), reverse=True)
    density, lang = ranked[0]
    if density == 0 or density < 1.25 * ranked[1][0]:
        return "", density
    return lang, density


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


def _ask(text: str) -> tuple[str, float]:
    lang, sure = _identifier().classify(text)
    return str(lang), float(sure)
