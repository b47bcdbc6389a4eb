"""The body of an article -> what in it is no article (other stories, ads, captions, bylines), with names to drop it by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree
from lxml.html import HtmlElement

from etl.clean.blocks import lines_of
from etl.clean.boilerplate import people_of, without_furniture
from etl.clean.metadata import agree
from etl.clean.propose.body import HEADINGS, SHORT, SKIPPED, Body, Measured
from etl.clean.propose.names import group_names, junk, lasts, outermost
from etl.clean.selectors import select, text_of

_MOSTLY_LINKS = 0.6  # share of a block's text
_LEAST_LINKS = 15  # characters of it
_MOST_TAKEN = 0.2  # share of the running text that what is junk by its name may hold
_SHOWN = 60  # characters of what is dropped that a developer is shown
_AGAIN = "the same words again"
_ROWS = ("tr", "td", "th", "thead", "tbody")
_INLINE = ("a", "b", "strong", "em", "i", "span", "br", *_ROWS)
_NAMED_BY_TAG = ("h1", "h2", "h3", "header", "footer", "aside", "blockquote")


@dataclass(frozen=True, slots=True)
class Dropped:
    """Blocks of the body that are no article: their selector, how many there are, why, and the first words."""

    css: str
    count: int
    because: str
    words: str


@dataclass(frozen=True, slots=True)
class _Why:
    """Why a block is no article; whether its name says so, and whether it may hold what looks like running text."""

    words: str
    by_name: bool = False
    may_hold_text: bool = False
    is_above: bool = False


@dataclass(frozen=True, slots=True)
class _Inside:
    """What is known of a body: its blocks, the elements above its first line of text, its lines as they would be read."""

    body: Body
    measured: Measured
    headline: str | None
    characters: int
    above: frozenset[HtmlElement]
    read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Drops:
    """What to drop by its name, and what has no name of its own to drop it by; of that, what is `surely` no article."""

    named: tuple[Dropped, ...]
    nameless: tuple[HtmlElement, ...]
    surely: tuple[HtmlElement, ...]

    @property
    def left(self) -> tuple[str, ...]:
        """The first words of what has no name."""
        return tuple(dict.fromkeys(words for e in self.nameless if (words := text_of(e)[:_SHOWN])))


def drops_of(body: Body, measured: Measured, headline: str | None) -> Drops:
    """What in a body is no article."""
    inside = _inside(body, measured, headline)
    found: dict[str, _Why] = {}
    nameless: list[tuple[HtmlElement, _Why]] = []
    for block in outermost(body.elements):
        walk = etree.iterwalk(block, events=("start",), tag=etree.Element)
        for _, element in walk:
            why = _why_unwanted(element, inside) if element is not block else None
            if why is None or any(e in body.elements for e in element.iter()):  # a further page of the article
                continue
            if (name := _name(element, why, inside)) is None:
                nameless.append((element, why))  # a name may stand further in
            else:
                found.setdefault(name, why)
                walk.skip_subtree()
    drops = tuple(_that_change_something(found, inside))
    gone = {e for drop in drops for e in _matched(drop.css, body)}
    kept = " ".join(_lines(body, tuple(drop.css for drop in drops)))
    left = [(e, why) for e, why in nameless if gone.isdisjoint(e.iter()) and text_of(e)[:_SHOWN] in kept]
    return Drops(drops, tuple(e for e, _ in left), tuple(e for e, why in left if why.by_name))


def _inside(body: Body, measured: Measured, headline: str | None) -> _Inside:
    lines = measured.within(body.elements)
    first = next((number for number, line in enumerate(lines) if line.prose), len(lines))
    above = frozenset(e for line in lines[:first] for e in (line.home, *line.home.iterancestors()))
    return _Inside(body, measured, headline, sum(line.prose for line in lines), above, tuple(_lines(body, ())))


def _lines(body: Body, drop: tuple[str, ...]) -> list[str]:
    """The lines of the article as they would be read."""
    return without_furniture([line for e in outermost(body.elements) for line in lines_of(e, body.css, drop)])[0]


def _that_change_something(found: dict[str, _Why], inside: _Inside) -> Iterator[Dropped]:
    """Those that take lines out, and slots that an ad may fill on another page."""
    read, chosen = list(inside.read), list[str]()
    matches = {css: _matched(css, inside.body) for css in found}
    for css, why in found.items():
        matched = matches[css]
        if any(set(matched) < set(others) for others in matches.values()):
            continue  # a wider name is among them
        is_slot = why.words.startswith("an ad") and any(
            e.find(".//script") is not None or e.find(".//ins") is not None for e in matched
        )
        without = _lines(inside.body, (*chosen, css))
        if without != read or is_slot:
            shown = (line.text for line in inside.measured.within(matched))
            yield Dropped(css, len(matched), why.words, next(shown, "")[:_SHOWN])
            chosen.append(css)
            read = without


def _why_unwanted(element: HtmlElement, inside: _Inside) -> _Why | None:
    """What speaks against a block of the body; None when it may be text."""
    if element.tag in SKIPPED:
        return None
    if element.tag not in (*HEADINGS, *_ROWS) and (what := junk(element)) is not None:
        return _Why(f"{what} by its name", by_name=True, may_hold_text=True)
    words = text_of(element)
    if element.tag not in ("p", "li") and len(words) < SHORT and people_of(words) and not without_furniture([words])[0]:
        return _Why("a byline", may_hold_text=True)
    if not words or inside.measured.prose[element] or element.tag in _INLINE:
        return None
    if sum(len(text_of(a)) for a in element.iter("a")) >= max(_LEAST_LINKS, _MOSTLY_LINKS * len(words)):
        return _Why("mostly links")
    if element in inside.above:
        is_headline = inside.headline is not None and agree(words, inside.headline)
        return _Why("the headline" if is_headline else "before the text", is_above=True)
    is_repeated = element.tag not in HEADINGS and len(words) < SHORT and inside.read.count(words) > 1
    return _Why(_AGAIN) if is_repeated else None


def _name(element: HtmlElement, why: _Why, inside: _Inside) -> str | None:
    """A selector of a block, or of one around it that holds no text either, that takes no more text than it may."""
    most = _MOST_TAKEN * inside.characters if why.may_hold_text else 0
    for around in (element, *element.iterancestors()):
        if around in inside.body.elements or (around is not element and inside.measured.prose[around]):
            return None
        for name in _names(around, why):
            matched = _matched(name, inside.body)
            if name in HEADINGS and not all(_why_unwanted(e, inside) for e in matched):
                continue  # other headings are subheads
            if why.words == _AGAIN and len({text_of(e) for e in matched}) > 1:
                continue  # 'Juara I' and 'Juara II' in every category
            is_above = not why.is_above or inside.above.issuperset(matched)
            if around in matched and is_above and sum(inside.measured.prose[e] for e in outermost(matched)) <= most:
                return name
    return None


def _names(element: HtmlElement, why: _Why) -> Iterator[str]:
    """Selectors that may name a block to drop, the most telling first."""
    yield from group_names(element, why.by_name)
    if element.tag in _NAMED_BY_TAG:
        yield element.tag
    if why.words == "mostly links" and element.tag in ("p", "ul", "div"):
        inner = (
            name for e in element.iter("strong", "b", "a", "span") for name in group_names(e, False) if lasts(name[1:])
        )
        yield from (f"{element.tag}:has({name})" for name in inner)


def _matched(css: str, body: Body) -> Sequence[HtmlElement]:
    """What a selector matches in the body."""
    return list(dict.fromkeys(e for block in body.elements for e in select(block, css) if e is not block))
