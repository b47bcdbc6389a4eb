"""What class names and ids say, and CSS selectors of elements that are likely to match on a site's other pages too."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, islice

from lxml.html import HtmlElement

from etl.clean.selectors import select, text_of

# Words of names of what stands beside an article, or in it and is none, by what a developer is told of it.
_JUNK = {
    word: what
    for what, words in {
        "an ad": "ad ads adv advert advertisement adsbygoogle adsense iklan banner gpt dfp sponsor skyscraper billboard "
        "leaderboard parallax promo promosi",
        "other stories": "bacajuga related relatedpost terkait lainnya recommend recommended recommendation rekomendasi popular "
        "populer terpopuler trending linksisip sisip inject lihatjuga simak toc next previous navigation others another",
        "to share or follow": "share sharing shares sharedaddy social sosial sosmed follow whatsapp telegram newsletter "
        "subscribe langganan addtoany",
        "author or date": "author penulis byline reporter editor redaksi meta date tanggal waktu",
        "tags": "tag tags tagging tagcloud keywords",
        "a caption": "caption keterangan credit copyright",
        "a film or a post of others": "video jwplayer videoplayer youtube instagram twitter tweet tiktok facebook",
        "pages of the article": "pagination paging pager",
        "comments": "comment comments komentar disqus",
        "furniture": "breadcrumb breadcrumbs sidebar widget menu navbar footer cookie consent modal popup login noprint",
    }.items()
    for word in words.split()
}
_POSTS = (_JUNK["twitter"], _JUNK["social"])
_NEVER_TEXT = frozenset(
    "footer breadcrumb breadcrumbs cookie consent modal popup navbar comments komentar disqus".split()
)
_READ_ALSO = re.compile(r"(?:baca|lihat|simak)[-_ ]?juga|read[-_]?(?:also|others|more)", re.IGNORECASE)

# Names that say what an element holds; that only say where it is; that come and go; that say how it looks; of one page only.
_SAYS_TEXT = frozenset("content konten body isi text teks naskah paragraph paragraf entry prose desc artikel".split())
_SAYS_ARTICLE = frozenset("article artikel berita news post detail read story single".split())
_SAYS_AROUND = frozenset("wrapper wrap container page main area".split())
_SAYS_LITTLE = frozenset(
    "container row wrapper wrap inner outer left right main page box block section col column columns content-area site-content "
    "clearfix group area layout panel card item hentry type-post status-publish format-standard has-post-thumbnail center "
    "desktop mobile primary center-block default base site app root".split()
)
_STATES = frozenset(
    "active show open collapse collapsed hidden visible loaded lazyload fade in on first last even odd".split()
)
_LOOKS = re.compile(
    r"-?(?:[a-z]{1,3}:)*(?:[mp][trblxyse]?\d*|w|h|min|max|gap|space|text|font|bg|border|rounded|shadow|flex|grid|items|justify|self"
    r"|order|leading|tracking|inset|z|top|bottom|left|right|overflow|float|d|col|row|offset|align|clear|pull|push|fs|fw|lh|wp"
    r"|elementor-element|vc|et)(?:-[\w/.]+)*|(?:block|inline|relative|absolute|fixed|sticky|static|uppercase|italic|bold)"
)
_OF_ONE_PAGE = re.compile(
    r"(?:category|tag|author|postid|post|page|id|item|article|news)[-_]\w*\d|(?:category|tag|author)-.*"
)
_BUILT = re.compile(r"(?:css|sc|jsx|svelte|emotion|styled|ng|ember|data-v)-|_ng")
_MODULE = re.compile(r"[A-Za-z]+(?:[A-Z_-][a-z]+)+__(?=[\w-]{5,}$)")  # CSS modules: Article_body__x1Y2z
_MARKS = ("data-qa-id", "data-qa", "data-testid", "data-test-id", "data-component", "data-module")  # written by people
_GROUPED = re.compile(r"div-gpt-ad|[A-Za-z][A-Za-z_]*(?:-[A-Za-z_]+)*")  # what a numbered name begins with

BODY_STATED = 95.0  # the quality of schema.org's own word for the text
_AROUND_QUOTE = 60  # characters that frame a quoted post: a label, a link to it
_OUTER = 6  # elements around that may lend a name


@dataclass(frozen=True, slots=True)
class Named:
    """A selector, and how likely it is to mean the same on other pages: 0 (a position) to 100."""

    css: str
    quality: float


def names(element: HtmlElement) -> list[str]:
    """An element's classes and its id."""
    return [*(element.get("class") or "").split(), *([own] if (own := element.get("id")) else [])]


def junk(element: HtmlElement) -> str | None:
    """What an element's names say that it is, when that is no part of an article: 'an ad', 'other stories' ..."""
    said = next((what for name in names(element) if (what := junk_name(name))), None)
    return None if said in _POSTS and is_quote(element) else said


def is_quote(element: HtmlElement) -> bool:
    """Whether what an element says, but for a few words, it quotes: posts of others, which an article is often about."""
    quotes = [element] if element.tag == "blockquote" else list(element.iter("blockquote"))
    quoted = sum(len(text_of(quote)) for quote in quotes)
    return quoted > 0 and len(text_of(element)) <= quoted + _AROUND_QUOTE


def junk_name(name: str) -> str | None:
    """The same of one class or id."""
    if _READ_ALSO.search(name):
        return _JUNK["related"]
    if name.startswith("elementor"):  # WordPress's page builder: whatever it holds is a widget
        return None
    return next((_JUNK[word] for word in _words(name) if word in _JUNK), None)


def is_never_text(name: str) -> bool:
    """Whether what is named so is no article, however much text it holds."""
    return not _NEVER_TEXT.isdisjoint(_words(name))


def tag_of(element: HtmlElement) -> str:
    """An element's tag for a selector; '*' for what broken markup made of one."""
    return element.tag if re.fullmatch(r"[a-z][a-z0-9-]*", element.tag) else "*"


def is_stated(element: HtmlElement) -> bool:
    """Whether the page says in schema.org's words that this is the article's text."""
    return bool(element.get("itemprop") == "articleBody")


def name_of(element: HtmlElement, document: HtmlElement) -> Named | None:
    """The best selector that matches this element alone; None when nothing about it or around it has a name that lasts."""
    simple = sorted(simple_names(element), key=lambda named: -named.quality)
    return next((named for named in _candidates(element, simple) if _is_alone(named.css, element, document)), None)


def _candidates(element: HtmlElement, simple: Sequence[Named]) -> Iterator[Named]:
    """Selectors to try: by its own names, by two of them, by a name around it, by a name of what it holds."""
    yield from simple
    classes = [name for name in (element.get("class") or "").split() if lasts(name)]
    yield from (Named(f"{tag_of(element)}.{one}.{other}", 55) for one, other in combinations(classes[:4], 2))
    own = [*simple, Named(tag_of(element), 20)]
    for depth, around in enumerate(islice(element.iterancestors(), _OUTER)):
        for outer in sorted(simple_names(around), key=lambda named: -named.quality):
            for inner in own:
                quality = 0.5 * min(inner.quality, 70) + 0.4 * outer.quality - 2 * depth
                yield Named(f"{outer.css} {inner.css}", quality)
                if not depth:
                    yield Named(f"{outer.css} > {inner.css}", quality)
    for child in element.iterchildren("p"):
        yield from (Named(f"{tag_of(element)}:has(> {n.css})", 15) for n in simple_names(child))


def simple_names(element: HtmlElement) -> list[Named]:
    """Selectors by the element's own attributes."""
    tag, found = tag_of(element), list[Named]()
    if re.fullmatch(r"\w+", what := element.get("itemprop") or ""):
        found.append(Named(f"{tag}[itemprop={what}]", BODY_STATED if is_stated(element) else 50))
    if lasts(own := element.get("id") or ""):
        found.append(Named(f"{tag}#{own}", _quality(own) - 5))
    for name in (element.get("class") or "").split():
        if lasts(name):
            found.append(Named(f"{tag}.{name}", _quality(name)))
        elif module := _MODULE.match(name):
            found.append(Named(f"{tag}[class*={module[0]}]", 45))
    for mark in _MARKS:
        if lasts(value := element.get(mark) or ""):
            found.append(Named(f"{tag}[{mark}={value}]", min(_quality(value), 60)))
    return [*found, Named(tag, 40)] if tag in ("article", "main") else found


def lasts(name: str) -> bool:
    """Whether a class or an id is likely to be on the site's other pages: no number, no hash, no state, no look."""
    is_plain = re.fullmatch(r"[A-Za-z][A-Za-z_-]*(?:[A-Za-z]|_?\d)", name) is not None and name.lower() not in _STATES
    return is_plain and not _LOOKS.fullmatch(name) and not _OF_ONE_PAGE.fullmatch(name) and not _is_generated(name)


def _is_generated(name: str) -> bool:
    """'css-kxyzq', 'sc-bdVaJa', 'Article_body__xYzWv': names that a build makes."""
    last = re.split(r"__|-", name)[-1]
    pieces = re.findall(r"[A-Z]?[a-z]+|[A-Z]+", last)
    is_random = len(pieces) > 2 and sum(len(piece) <= 2 for piece in pieces) >= 2
    return bool(_BUILT.match(name)) or is_random or (len(last) >= 5 and not re.search(r"[aeiouy]", last, re.IGNORECASE))


def _quality(name: str) -> float:
    if name.lower() in _SAYS_LITTLE:
        return 25
    words = set(_words(name))
    good = 20 * bool(words & _SAYS_TEXT) + 10 * bool(words & _SAYS_ARTICLE)
    return 55 + good - 30 * bool(re.search(r"\d", name)) - 10 * bool(words & _SAYS_AROUND)


def _words(name: str) -> list[str]:
    return [word.lower() for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)]


def _is_alone(css: str, element: HtmlElement, document: HtmlElement) -> bool:
    """Whether a selector matches the element and nothing outside of it."""
    return outermost(select(document, css)) == [element]


def outermost(elements: Iterable[HtmlElement]) -> list[HtmlElement]:
    """Those of the elements that are in no other of them."""
    matched = dict.fromkeys(elements)
    return [e for e in matched if matched.keys().isdisjoint(e.iterancestors())]


def path_of(element: HtmlElement, document: HtmlElement) -> str:
    """A selector by position, from the nearest element that has a name: right on this page, and on others by luck."""
    steps: list[str] = []
    for around in (element, *element.iterancestors()):
        if around.tag in ("body", "html"):
            return " > ".join(["body", *reversed(steps)])
        if steps and (named := name_of(around, document)) is not None:
            if _is_alone(path := " > ".join([named.css, *reversed(steps)]), element, document):
                return path
        steps.append(f"{tag_of(around)}:nth-child({1 + sum(1 for _ in around.itersiblings(preceding=True))})")
    return " > ".join(reversed(steps))


def group_names(element: HtmlElement, only_junk: bool) -> Iterator[str]:
    """Selectors by which an element is one of its kind, the most telling first: '.baca-juga', '[id^=div-gpt-ad]'.

    Of a numbered name, what it begins with. `only_junk`: only by names that say that it is no part of an article.
    """
    given = [(f".{name}", name, "class") for name in (element.get("class") or "").split()]
    given += [(f"#{own}", own, "id")] if (own := element.get("id")) else []
    for css, name, attribute in sorted(given, key=lambda g: junk_name(g[1]) is None):
        is_junk = junk_name(name) is not None
        if only_junk and not is_junk:
            continue
        start = _GROUPED.match(name)
        if start and start[0] != name and junk_name(start[0]) and lasts(start[0]):
            yield f"[{attribute}^={start[0]}]"  # 'inject-baca-juga-3', 'div-gpt-ad-1234-0'
        elif lasts(name) or (is_junk and re.fullmatch(r"[A-Za-z_-]+", name)):
            yield css
