"""Contact field: fields that a person cannot leave empty and that want an e-mail address or a phone number."""

from collections.abc import Iterator

from rules.facts.form_fields import Form, forms
from rules.facts.passage import Reading
from rules.lexicon import Lexicon, languages, lexicon
from rules.model.mention import Mention, MentionKind
from rules.model.outline import Field

_CHOICES = frozenset({"radio", "checkbox"})
_AROUND = 3  # blocks before a form's first field in which words about the whole form stand
_STAR = "*"


def find(reading: Reading) -> Iterator[Mention]:
    """One mention per such field that must be filled in; logging in is not counted, nor what stands in banner or footer.

    `value` is email, mobile or phone; `by` says what makes it required (attribute, star, words). Attribute `choice` is
    "yes" where the form lets a person choose another way of answering, `alone` where it asks for nothing else.
    """
    if reading.lang not in languages():
        return  # what its labels say, and what else its pages offer, cannot be read
    words = lexicon(reading.lang)
    for form in forms(reading.outline):
        if form.logs_in:
            continue
        wanted = [(index, field, _wants(field, words)) for index, field in form.typed]
        for index, field, value in wanted:
            by = _required(field, words) if value else ""
            if by:
                yield _mention(reading, index, field, value, by, _about(reading, form, words))


def _mention(reading: Reading, index: int, field: Field, value: str, by: str, about: dict[str, str]) -> Mention:
    block = reading.outline.blocks[index]
    return Mention(
        kind=MentionKind.CONTACT_FIELD,
        quote=(field.label or field.name)[:300],
        value=value,
        deciding=(field.label,) if field.label else (),
        lang=reading.lang,
        landmark=block.landmark,
        headings=block.headings,
        shown=block.shown,
        block=index,
        selector=block.selector,
        attributes={"by": by, **about},
    )


def _wants(field: Field, words: Lexicon) -> str:
    """What the field wants: a label that offers two ways ("e-mail or phone") wants neither."""
    groups = _groups(field.label, words)
    tokens = field.autocomplete.split()
    email = field.kind == "email" or "email" in tokens or "form.email" in groups
    mobile = "form.mobile" in groups or ("mobile" in tokens and "tel" in tokens)
    phone = mobile or field.kind == "tel" or "tel" in tokens or "form.phone" in groups
    if (email and phone) or "form.either" in groups:
        return ""
    if email:
        return "email"
    return "mobile" if mobile else "phone" if phone else ""


def _required(field: Field, words: Lexicon) -> str:
    """What says that the field must be filled in: "" where nothing does, or where its label says that it need not."""
    if field.required:
        return "attribute"
    groups = _groups(field.label, words)
    if "form.optional" in groups or groups & {"negation.not", "negation.no_need"}:
        return ""
    if "form.required" in groups:
        return "words"
    return "star" if _STAR in field.label else ""


def _about(reading: Reading, form: Form, words: Lexicon) -> dict[str, str]:
    """What else the form says that matters: another way to choose, a mailing list, a login."""
    about: dict[str, str] = {}
    said = frozenset[str]().union(
        *(
            _groups(block.text, words)
            for block in reading.outline.blocks[max(form.first - _AROUND, 0) : form.last + 1]
            if block.text and block.field is None
        )
    )
    choices = [_groups(field.label, words) for _, field in form.fields if field.kind in _CHOICES]
    by_mail = any("form.email" in groups for groups in choices)
    otherwise = any(groups & {"form.phone", "form.mobile", "form.post"} - _emails(groups) for groups in choices)
    if "form.either" in said or (by_mail and otherwise):
        about["choice"] = "yes"
    if len(form.typed) == 1:
        about["alone"] = "yes"
        headings = [heading for heading in form.blocks[0].headings[-1:] if heading]
        named = said.union(*(_groups(text, words) for text in (*headings, *form.buttons)))
        if named & {"form.mailing", "online.login"}:
            about["alone"] = "mailing" if "form.mailing" in named else "login"
    return about


def _emails(groups: frozenset[str]) -> frozenset[str]:
    """A choice that names e-mail is not the other way, though "post" be in its words."""
    return groups if "form.email" in groups else frozenset()


def _groups(text: str, words: Lexicon) -> frozenset[str]:
    return frozenset(hit.group for hit in words.scan_label(text)) if text else frozenset()
