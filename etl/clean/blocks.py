"""An article's subtree -> its lines of text, in reading order: paragraphs, subheads, list items, table rows, stray text.

lxml finds and drops, BeautifulSoup reads what is left: bs4 needs 12-16 ms for a whole page, under 1 for an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from bs4 import BeautifulSoup, NavigableString, Tag
from lxml import etree
from lxml.html import HtmlElement, tostring

from etl.clean.boilerplate import NEVER_TEXT, OUTLET_AND_TOWN
from etl.clean.selectors import select, squeezed

_BLOCKS = frozenset(
    (
        "address article aside blockquote body center dd details div dl dt footer h1 h2 h3 h4 h5 h6 header html li "
        "main ol p pre section table tbody td tfoot th thead tr ul"
    ).split()
)
_PARAGRAPHS = ("p", "ul", "ol", "table", "div", "br")
_HIDDEN = etree.XPath(".//*[@hidden or contains(translate(@style, ' ', ''), 'display:none')]")
_LEADS_TO_STORY = re.compile(r"/read/|/berita/|\.html?\b|\d{5}")  # in an address; a tag or search page has none of these
_OWN_NUMBER = re.compile(r"\d{1,3}[.)]\s")
CELL = " | "  # between the cells of a table row


def lines_of(block: HtmlElement, body: str, drop: tuple[str, ...]) -> list[str]:
    """The lines of one block. `drop` are CSS selectors of what is not the article; what is hidden is dropped too, unless
    it is itself a `body` block, as the later pages of an article that shows them one by one.

    Items of a numbered list keep their number ('2. Kota X'), table rows their cells ('2 | Kota X'). A line that is one
    link to another story is left out. The block itself is not changed.
    """
    copy = deepcopy(block)
    copy.tail = None
    etree.strip_elements(copy, etree.Comment, etree.ProcessingInstruction, *NEVER_TEXT, with_tail=False)
    pages = set(select(copy, body))
    dropped = select(copy, ", ".join(drop)) if drop else []
    for element in (*dropped, *(e for e in _HIDDEN(copy) if e not in pages)):
        if element.getparent() is not None:
            element.drop_tree()
    soup = BeautifulSoup(tostring(copy, encoding="unicode"), "lxml")
    return list(_Lines().read(soup))


class _Lines:
    """Walks a tree once, gathering inline text until a block begins or ends. No recursion: real pages nest without end."""

    def __init__(self, in_cell: bool = False) -> None:
        self.in_cell = in_cell
        self.number = ""  # of a list item whose text has not come yet
        self.pending: list[str] = []
        self.linked = 0  # characters of the pending text that stand inside <a>
        self.targets: list[str] = []
        self.first = True
        self.items = 0  # open <li>
        self.counts: dict[int, int] = {}  # last number given in each <ol>, by its identity

    def read(self, root: Tag) -> Iterator[str]:
        """The lines, none of them empty."""
        path: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.children))]
        links = 0
        while path:
            tag, children = path[-1]
            child = next(children, None)
            if child is None:
                path.pop()
                links -= tag.name == "a"
                yield from self._closed(tag)
            elif isinstance(child, Tag):
                if child.name == "tr" and _is_row(child):
                    yield from self._row(child)
                    continue
                yield from self._opened(child)
                links += child.name == "a"
                path.append((child, iter(child.children)))
            elif isinstance(child, NavigableString):
                self.pending.append(child)
                self.linked += len(squeezed(child)) if links else 0
        yield from self._flush()

    def _opened(self, tag: Tag) -> Iterator[str]:
        if tag.name in _BLOCKS or tag.name == "br":
            yield from self._flush()
        if tag.name == "li":
            self.items += 1
            if tag.parent is not None and tag.parent.name == "ol":
                self.number = f"{self._number(tag, tag.parent)}. "
        elif tag.name == "a":
            self.targets.append(str(tag.get("href") or ""))

    def _closed(self, tag: Tag) -> Iterator[str]:
        if tag.name in _BLOCKS:
            yield from self._flush()
        if tag.name == "li":
            self.items -= 1
            self.number = ""
        elif self.first and tag.name in ("b", "strong"):
            text = squeezed("".join(self.pending))
            if OUTLET_AND_TOWN.fullmatch(text):  # '<b>Liputan6.com, Jakarta</b> Sepekan': only the tag ends the dateline
                self.pending.append(" - ")

    def _number(self, item: Tag, numbered: Tag) -> int:
        """The number a browser shows before an <li> of an <ol>."""
        start, own = str(numbered.get("start")), str(item.get("value"))
        following = self.counts.get(id(numbered), (int(start) if start.isdecimal() else 1) - 1) + 1
        self.counts[id(numbered)] = int(own) if own.isdecimal() else following
        return self.counts[id(numbered)]

    def _row(self, row: Tag) -> Iterator[str]:
        yield from self._flush()
        cells = (" ".join(_Lines(in_cell=True).read(cell)) for cell in _cells(row))
        if line := CELL.join(cell for cell in cells if cell):
            yield line

    def _flush(self) -> Iterator[str]:
        text, linked, targets = squeezed("".join(self.pending)), self.linked, self.targets
        self.pending, self.linked, self.targets = [], 0, []
        if text and not (linked >= len(text) - 2 and self._is_other_story(text, targets)):
            self.first = False
            yield text if _OWN_NUMBER.match(text) else self.number + text
            self.number = ""

    def _is_other_story(self, text: str, targets: list[str]) -> bool:
        """Whether a line that is all link leads away: to a story's address, or, outside of lists and tables, by its length."""
        if self.in_cell:
            return False
        is_story = any(_LEADS_TO_STORY.search(target) for target in targets)
        return text.count(" ") >= 4 and (is_story or not self.items)


def _is_row(row: Tag) -> bool:
    """Whether a <tr> holds cells to be told in one line: not one cell, nor paragraphs laid out side by side."""
    cells = _cells(row)
    return len(cells) > 1 and all(len(cell.find_all(_PARAGRAPHS, limit=2)) < 2 for cell in cells)


def _cells(row: Tag) -> list[Tag]:
    return list(row.find_all(("td", "th"), recursive=False))
