"""An article's subtree -> its lines of text, in reading order: paragraphs, subheads, list items, table rows, stray text.

lxml finds and drops, BeautifulSoup reads what is left: bs4 needs 12-16 ms for a whole page, under 1 for an article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from bs4 import BeautifulSoup
from bs4.element import NavigableString, Tag
from lxml import etree
from lxml.html import HtmlElement, tostring

from etl.clean.boilerplate import NEVER_TEXT, OUTLET_AND_TOWN
from etl.clean.selectors import select, squeezed
from etl.model import UnreadablePage

_BLOCKS = frozenset(
    (
        "address article aside blockquote body center dd details div dl dt footer h1 h2 h3 h4 h5 h6 header html li "
        "main ol p pre section table tbody td tfoot th thead tr ul"
    ).split()
)
_CELLS = ("td", "th")
_MAX_CELL = 200  # characters of a cell in several lines
_HIDDEN = etree.XPath(".//*[@hidden or contains(translate(@style, 'DISPLAYNOE ', 'displaynoe'), 'display:none')]")
# What the address of a story holds, and that of a tag or a search page does not.
_LEADS_TO_STORY = re.compile(r"/read/|/berita/|\.html?\b|\d{5}")
_OWN_NUMBER = re.compile(r"\d{1,3}[.)]\s")
_DROPPED = "template"
CELL = " | "  # between the cells of a table row
MAX_ARTICLE = 400_000  # characters of HTML, ads dropped; the longest article seen has 30,000


def lines_of(block: HtmlElement, body: str, drop: tuple[str, ...]) -> list[str]:
    """The lines of one block. `drop` are CSS selectors of what is not the article; what is hidden is dropped too, unless
    it is itself a `body` block, as the later pages of an article that shows them one by one.

    Items of a numbered list keep their number ('2. Kota X'), table rows their cells ('2 | Kota X'). A line that is one
    link to another story is left out. The block itself is not changed. Raises UnreadablePage past `MAX_ARTICLE`.
    """
    copy = deepcopy(block)
    copy.tail = None
    pages = set(select(copy, body))
    dropped = select(copy, ", ".join(drop)) if drop else []
    for element in (*dropped, *(e for e in _HIDDEN(copy) if e not in pages)):
        if element is not copy:
            element.tag = _DROPPED  # removed below with what never holds text, all in one pass
    etree.strip_elements(copy, etree.Comment, etree.ProcessingInstruction, *NEVER_TEXT, with_tail=False)
    html = tostring(copy, encoding="unicode")
    if len(html) > MAX_ARTICLE:
        raise UnreadablePage(f"it holds {len(html):,} characters of HTML; no article has more than {MAX_ARTICLE:,}")
    return _Lines().read(BeautifulSoup(html, "lxml", multi_valued_attributes=None))


class _Lines:
    """Walks a tree once, gathering inline text until a block begins or ends. Not by recursion: real pages nest deep."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pending: list[str] = []
        self.linked = 0  # characters of the pending text that stand inside <a>
        self.targets: list[str] = []  # of its links
        self.items = 0  # open <li>
        self.number = ""  # of a list item whose text has not come yet
        self.counts: dict[int, int] = {}  # last number given in each <ol>, by its identity
        self.rows: list[list[list[str]]] = []  # open <tr>, the cells of each, the lines of each cell

    def read(self, root: Tag) -> list[str]:
        """The lines, none of them empty."""
        path: list[tuple[Tag, Iterator[object]]] = [(root, iter(root.children))]
        links = 0
        while path:
            tag, children = path[-1]
            child = next(children, None)
            if child is None:
                path.pop()
                links -= tag.name == "a"
                self._close(tag)
            elif isinstance(child, Tag):
                self._open(child)
                links += child.name == "a"
                path.append((child, iter(child.children)))
            elif isinstance(child, NavigableString):
                self.pending.append(child)
                self.linked += len(squeezed(child)) if links else 0
        self._flush()
        return self.lines

    def _open(self, tag: Tag) -> None:
        if tag.name in _BLOCKS or tag.name == "br":
            self._flush()
        if tag.name == "li":
            self.items += 1
            if tag.parent is not None and tag.parent.name == "ol":
                self.number = f"{self._number(tag, tag.parent)}. "
        elif tag.name == "a":
            self.targets.append(str(tag.get("href") or ""))
        elif tag.name == "tr":
            self.rows.append([])
        elif tag.name in _CELLS and self.rows:
            self.rows[-1].append([])

    def _close(self, tag: Tag) -> None:
        if tag.name in _BLOCKS:
            self._flush()
        if tag.name == "li":
            self.items -= 1
            self.number = ""
        elif tag.name == "tr" and self.rows:
            for line in _row_lines(self.rows.pop()):
                self._add(line)
        elif not self.lines and tag.name in ("b", "strong"):
            # '<b>Liputan6.com, Jakarta</b> Sepekan': nothing but the tag ends the dateline
            if OUTLET_AND_TOWN.fullmatch(squeezed("".join(self.pending))):
                self.pending.append(" - ")

    def _number(self, item: Tag, numbered: Tag) -> int:
        """The number a browser shows before an <li> of an <ol>."""
        start, own = str(numbered.get("start")), str(item.get("value"))
        following = self.counts.get(id(numbered), (int(start) if start.isdecimal() else 1) - 1) + 1
        self.counts[id(numbered)] = int(own) if own.isdecimal() else following
        return self.counts[id(numbered)]

    def _flush(self) -> None:
        if not self.pending:
            return
        text, linked, targets = squeezed("".join(self.pending)), self.linked, self.targets
        self.pending, self.linked, self.targets = [], 0, []
        if text and not (linked >= len(text) - 2 and self._is_other_story(text, targets)):
            self._add(text if _OWN_NUMBER.match(text) else self.number + text)
            self.number = ""

    def _add(self, line: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1].append(line)
        else:
            self.lines.append(line)

    def _is_other_story(self, text: str, targets: list[str]) -> bool:
        """Whether a line that is all link leads away: by its address, or outside of lists and tables by its length."""
        is_story = any(_LEADS_TO_STORY.search(target) for target in targets)
        return not self.rows and text.count(" ") >= 4 and (is_story or not self.items)


def _row_lines(cells: list[list[str]]) -> list[str]:
    """A table row as one line; where a cell holds paragraphs, the table only lays them out, and each is a line."""
    if any(len(cell) > 1 and sum(map(len, cell)) > _MAX_CELL for cell in cells):
        return [line for cell in cells for line in cell]
    row = CELL.join(" ".join(cell) for cell in cells if cell)
    return [row] if row else []
