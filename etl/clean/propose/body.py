"""A page of a site that nobody declared -> the element that holds its article: the most running text, the least else.

For proposals to a developer, who confirms them: no page of a crawl is read by this.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree
from lxml.html import HtmlElement

from etl.clean.boilerplate import DATELINE, MAX_DATELINE, NEVER_TEXT, without_furniture
from etl.clean.metadata import agree
from etl.clean.propose.names import (
    Named,
    is_never_text,
    is_stated,
    junk,
    junk_name,
    name_of,
    names,
    outermost,
    path_of,
    simple_names,
)
from etl.clean.selectors import select, squeezed, text_of
from etl.dates import visible_time
from etl.model import UnreadablePage

LEAST_TEXT = 120  # characters of running text that an article has
MOST_LINES = 5_000  # of a page; the longest seen has some 500
SHORT = 160  # characters of a line that may be a byline or show the time
SKIPPED = (frozenset(NEVER_TEXT) - {"form"}) | {"head", "title"}  # whole pages stand in one <form>
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_HEADS = HEADINGS[:3]
_BLOCKS = frozenset(
    "address article aside blockquote body center dd details div dl dt footer h1 h2 h3 h4 h5 h6 header html li main ol p pre "
    "section table tbody td tfoot th thead tr ul br".split()
)
_HOLDERS = ("div", "section", "article", "main", "td", "span", "center", "body")  # what an article's body can be
_SHORT_LINES = frozenset("li td th dd dt".split())  # whose lines are text however short: lists of winners
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TIME = re.compile(r"\d{1,2}[:.]\d\d")

_PROSE = 40  # characters of a line that is running text wherever it stands
_FIRST_LINES = 8  # among which the text begins
_DESCRIBED = 500  # characters of running text that the page's own description counts for
_TOLD_WORDS = 6  # of the description that a line must say
_STATED = 300  # what schema.org's word counts in the quality of a name
_WRAPPED = 320  # characters of other text, at most, that a wrapper with a better name adds
_CARDS = 3  # alike, side by side, make a list of other stories
_HEADLINE_WORDS = 4  # of a link that is a headline


@dataclass(slots=True)
class Line:
    """A line of the page: the element that holds it all, its text, how much of it is linked, how much is running text.

    `is_foreign`: in a block that is no part of the article; `is_others`: in another article.
    """

    home: HtmlElement
    text: str
    linked: int
    prose: int = 0
    is_foreign: bool = False
    is_others: bool = False


@dataclass(frozen=True, slots=True)
class Measured:
    """What each element of a page holds: characters of running text and of other text, lines that the head told of."""

    lines: list[Line]
    headline: HtmlElement | None
    prose: dict[HtmlElement, int] = field(default_factory=lambda: defaultdict(int))
    other: dict[HtmlElement, int] = field(default_factory=lambda: defaultdict(int))
    told: dict[HtmlElement, int] = field(default_factory=lambda: defaultdict(int))

    def within(self, elements: Sequence[HtmlElement]) -> list[Line]:
        """The lines that stand in any of the elements."""
        wanted = set(elements)
        return [line for line in self.lines if not wanted.isdisjoint((line.home, *line.home.iterancestors()))]


@dataclass(frozen=True, slots=True)
class Body:
    """Where the article stands: a selector, how often it may match, and what it matches here."""

    css: str
    blocks: tuple[int, int]
    elements: tuple[HtmlElement, ...]
    is_named: bool


def body_of(document: HtmlElement, measured: Measured) -> Body | None:
    """The block that holds the article; None when no block has text enough."""
    best = _best(measured)
    if best is None:
        return None
    found = list(_named(best, document, measured))
    if not found:
        return Body(css := path_of(best, document), (1, 1), tuple(select(document, css)), is_named=False)
    named, blocks = max(found, key=lambda f: f[0].quality)
    return Body(named.css, blocks, tuple(select(document, named.css)), is_named=True)


def next_best(body: Body, measured: Measured) -> str:
    """The largest block of running text outside of the body, in words; empty when there is none to speak of."""
    near = {e for element in body.elements for e in (*element.iter(), *element.iterancestors())}
    rest = [e for e in measured.prose if e not in near and e.tag in _HOLDERS]
    best = max(rest, key=lambda e: measured.prose[e], default=None)
    if best is None or measured.prose[best] < LEAST_TEXT:
        return ""
    return f"{best.tag}{''.join(f'.{name}' for name in names(best)[:1])} with {measured.prose[best]}"


# ---------------------------------------------------------------------------------------------------------------- measures


def measure(document: HtmlElement, headline: str | None, told: Sequence[str]) -> Measured:
    """Running text and other text of every element. `told`: what the head says of the text.

    Raises UnreadablePage past `MOST_LINES`.
    """
    measured = Measured(list(_lines(document)), headline_of(document, headline))
    if len(measured.lines) > MOST_LINES:
        raise UnreadablePage(f"it shows {len(measured.lines):,} lines; no article's page has more than {MOST_LINES:,}")
    lines, head = measured.lines, measured.headline
    for line in lines:
        line.prose = len(line.text) if _is_text(line) else 0
    _take_out_what_is_not_the_articles(document, lines, head)
    marks = [" ".join(words[:_TOLD_WORDS]) for text in told if len(words := _words(text)) >= _HEADLINE_WORDS]
    has_begun = False
    for line in lines:
        has_begun |= line.prose > 0
        is_subhead = has_begun and not line.linked and line.home.tag in HEADINGS
        other = (
            0 if line.prose or is_subhead else len(line.text) // (2 if line.is_foreign else 1)
        )  # which can be dropped
        is_told = bool(line.prose) and any(mark in " ".join(_words(line.text)) for mark in marks)
        for element in (line.home, *line.home.iterancestors()):
            measured.prose[element] += line.prose
            measured.other[element] += other
            measured.told[element] += is_told
    return measured


def _is_text(line: Line) -> bool:
    """Whether a line is running text: long or in a list, mostly not linked, no heading, no byline, no time, no furniture."""
    own, around = len(line.text) - line.linked, {e.tag for e in (line.home, *islice(line.home.iterancestors(), 2))}
    if own <= line.linked or not around.isdisjoint(HEADINGS):
        return False
    if len(line.text) < SHORT:
        if (_TIME.search(line.text) and visible_time(line.text)) or not without_furniture([line.text])[0]:
            return False
    return own >= _PROSE or not around.isdisjoint(_SHORT_LINES)


def _take_out_what_is_not_the_articles(document: HtmlElement, lines: Sequence[Line], head: HtmlElement | None) -> None:
    """No running text: what stands above the headline, in blocks of other stories, as summary or caption."""
    held = _held(lines)
    others = _others(document, held, head)
    foreign = others | _foreign(document, lines, held, head)
    order = {element: number for number, element in enumerate(document.iter())}
    start = order[head] if head is not None else -1
    if 2 * sum(line.prose for line in lines if order[line.home] > start) < sum(line.prose for line in lines):
        start = -1  # a headline below most of the text is no beginning
    for line in lines:
        above = (line.home, *line.home.iterancestors())
        line.is_foreign, line.is_others = not foreign.isdisjoint(above), not others.isdisjoint(above)
        line.prose *= order[line.home] >= start and not line.is_foreign
    for line in list(_above_the_text([line for line in lines if line.prose])):
        line.prose = 0


def _above_the_text(lines: Sequence[Line]) -> Iterator[Line]:
    """Summaries and captions: lines above the one with the dateline, and lines whose words a later one says again."""
    first = lines[:_FIRST_LINES]
    for number, line in enumerate(first):
        if (found := DATELINE.match(line.text)) and found.end() <= MAX_DATELINE:
            yield from first[:number]
            break
    said = [" ".join(_words(line.text)) for line in first]
    for number, line in enumerate(first):
        if len(line.text) >= _PROSE and any(said[number] in later for later in said[number + 1 :]):
            yield line


def headline_of(document: HtmlElement, headline: str | None) -> HtmlElement | None:
    """The first heading that says what the head says, an h1 before others; None when there is none."""
    for tag in _HEADS:
        for element in document.iter(tag):
            if (text := text_of(element)) and (agree(text, headline) if headline else tag == "h1"):
                return element
    return None


def _lines(document: HtmlElement) -> Iterator[Line]:
    """The lines of a page in reading order: what stands between the beginnings and ends of blocks."""
    pending: list[tuple[HtmlElement, str, bool]] = []
    links, body = 0, document.find("body")
    walk = etree.iterwalk(document if body is None else body, events=("start", "end"), tag=etree.Element)
    for event, element in walk:
        if element.tag in _BLOCKS:
            yield from _line_of(pending)
            pending = []
        if event == "start":
            links += element.tag == "a"
            if element.tag in SKIPPED or is_hidden(element):
                walk.skip_subtree()
            elif element.text:
                pending.append((element, element.text, links > 0))
        else:
            links -= element.tag == "a"
            if element.tail and element.getparent() is not None:
                pending.append((element.getparent(), element.tail, links > 0))
    yield from _line_of(pending)


def _line_of(pending: Sequence[tuple[HtmlElement, str, bool]]) -> Iterator[Line]:
    """The line that pieces of text make, if they hold any."""
    if text := squeezed("".join(text for _, text, _ in pending)):
        linked = len(squeezed("".join(text for _, text, is_link in pending if is_link)))
        yield Line(_holding([element for element, text, _ in pending if text.strip()]), text, linked)


def _holding(elements: Sequence[HtmlElement]) -> HtmlElement:
    """The innermost element that holds all of them."""
    home = elements[0]
    for element in elements[1:]:
        above = {home, *home.iterancestors()}
        home = next(e for e in (element, *element.iterancestors()) if e in above)
    return home


def is_hidden(element: HtmlElement) -> bool:
    """Whether the page itself says that the element is not shown."""
    return element.get("hidden") is not None or _HIDDEN.search(element.get("style") or "") is not None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


# ---------------------------------------------------------------------------------------------------------- other stories


def _held(lines: Sequence[Line]) -> dict[HtmlElement, int]:
    """Characters of running text in each element."""
    held: dict[HtmlElement, int] = defaultdict(int)
    for line in lines:
        for element in (line.home, *line.home.iterancestors()):
            held[element] += line.prose
    return held


def _foreign(
    document: HtmlElement, lines: Sequence[Line], held: Mapping[HtmlElement, int], head: HtmlElement | None
) -> set[HtmlElement]:
    """Elements whose text is not this article's: by their names, or as cards of other stories."""
    around = {head, *head.iterancestors()} if head is not None else set()
    under: dict[str, int] = defaultdict(int)  # characters of running text in elements of a name
    for line in lines:
        for name in {name for element in (line.home, *line.home.iterancestors()) for name in names(element)}:
            under[name] += line.prose
    most = (
        sum(line.prose for line in lines) / 2
    )  # what holds half of a page's text is its article, whatever it is called

    def is_named_so(element: HtmlElement) -> bool:
        if element.tag in ("aside", "footer") and held.get(element, 0) <= most:
            return True
        named = (junk_name(name) and (under[name] <= most or is_never_text(name)) for name in names(element))
        return any(named) and junk(element) is not None

    return ({e for e in document.iter(etree.Element) if is_named_so(e)} | set(_cards(document))) - around


def _others(document: HtmlElement, held: Mapping[HtmlElement, int], head: HtmlElement | None) -> set[HtmlElement]:
    """Other articles on the page, whole or in part: inside this one, or beside it."""
    around = {head, *head.iterancestors()} if head is not None else set()
    return (set(_nested(document)) - around) | set(_beside(around, held))


def _cards(document: HtmlElement) -> Iterator[HtmlElement]:
    """Elements of a kind, side by side, each with the linked headline of another story."""
    for parent in document.iter(etree.Element):
        alike: dict[tuple[str, str], list[HtmlElement]] = defaultdict(list)
        for child in parent.iterchildren("div", "li", "article", "section"):
            alike[child.tag, child.get("class") or ""].append(child)
        for children in alike.values():
            if len(children) >= _CARDS and all(map(_is_card, children)):
                yield from children


def _nested(document: HtmlElement) -> Iterator[HtmlElement]:
    """Articles inside an article, each with a heading that leads to its own page."""
    inside: dict[HtmlElement, list[HtmlElement]] = defaultdict(list)
    for article in document.iter("article"):
        around, heading = next(article.iterancestors("article"), None), next(article.iter(*HEADINGS), None)
        if around is not None and heading is not None and heading.find(".//a") is not None:
            inside[around].append(article)
    for articles in inside.values():
        if len(articles) >= _CARDS:
            yield from articles


def _is_card(element: HtmlElement) -> bool:
    """Whether a linked headline is a good part of what an element says; the rest may be a teaser."""
    linked = [words for a in element.iter("a") if len(words := text_of(a).split()) >= _HEADLINE_WORDS]
    return bool(linked) and 8 * sum(map(len, linked)) >= len(text_of(element).split())


def _beside(around: set[HtmlElement], held: Mapping[HtmlElement, int]) -> Iterator[HtmlElement]:
    """Whole articles of others on one page with this one: alike, and with a heading of their own."""
    for own in around:
        parent = own.getparent()
        if own.tag not in ("article", "section", "div", "main") or parent is None or held.get(own, 0) < LEAST_TEXT:
            continue
        for other in parent.iterchildren(own.tag):
            is_alike = other is not own and other.get("class") == own.get("class")
            # If it holds much more, the headline stands apart from its own text.
            if is_alike and next(other.iter(*_HEADS), None) is not None and held.get(other, 0) <= 4 * held[own]:
                yield other


# ---------------------------------------------------------------------------------------------------------------- choosing


def _best(measured: Measured) -> HtmlElement | None:
    """The smallest element that holds most of the running text: what is gained by going up must be text, not links."""
    candidates = [e for e in measured.prose if e.tag in _HOLDERS and measured.prose[e] >= LEAST_TEXT]

    def worth(element: HtmlElement) -> tuple[int, int]:
        told = _DESCRIBED if measured.told[element] else 0
        return measured.prose[element] - measured.other[element] + told, sum(1 for _ in element.iterancestors())

    return max(candidates, key=worth, default=None)


def _named(best: HtmlElement, document: HtmlElement, measured: Measured) -> Iterator[tuple[Named, tuple[int, int]]]:
    """Selectors for the best element, and for those around and in it that hold nearly the same: a good name is worth a little.

    What is lost or brought along by taking another element lowers the name's quality.
    """
    text, other = measured.prose[best], measured.other[best]
    near = [(best, 0.0)]
    for around in best.iterancestors(*_HOLDERS):
        more = measured.other[around] - other
        if is_stated(around) or (measured.prose[around] <= 1.05 * text and more <= _WRAPPED):
            near.append((around, more / 2))
    for inside in best.iterdescendants(*_HOLDERS):
        less = text - measured.prose[inside]
        if less <= (0.3 if is_stated(inside) else 0.12) * text:
            near.append((inside, less / 2))
    for element, cost in near:
        if (named := name_of(element, document)) is not None:
            yield Named(named.css, named.quality - cost + (_STATED if is_stated(element) else 0)), (1, 1)
    yield from _parts(best, document, measured)


def _parts(best: HtmlElement, document: HtmlElement, measured: Measured) -> Iterator[tuple[Named, tuple[int, int]]]:
    """A selector of the blocks that the text is parted in, where they have a name in common: pages of one article.

    Those that are hidden until somebody clicks are read only when the body selector itself matches them.
    """
    scope = next((e for e in (best, *islice(best.iterancestors(), 3)) if _hides_text(e)), None)
    blocks = best.iterchildren("div", "section") if scope is None else (best, *best.iterdescendants("div", "section"))
    tried = {named for block in blocks if measured.prose[block] for named in simple_names(block)}
    for named in sorted(tried, key=lambda n: (-n.quality, n.css)):
        matched = select(document, named.css)
        hidden = [e for e in matched if is_hidden(e) and len(text_of(e)) >= LEAST_TEXT]
        shown = outermost(e for e in matched if e not in hidden)
        own = [e for e in shown if best in (e, *e.iterancestors())]
        is_whole = sum(measured.prose[e] for e in own) >= 0.97 * measured.prose[best]
        if is_whole and len(shown) + len(hidden) > 1 and not any(measured.prose[e] for e in shown if e not in own):
            yield Named(named.css, named.quality + (_STATED if hidden else -15)), (1, max(12, 2 * len(matched)))
            return


def _hides_text(element: HtmlElement) -> bool:
    return any(is_hidden(e) and len(text_of(e)) >= LEAST_TEXT for e in element.iterdescendants("div", "section"))
