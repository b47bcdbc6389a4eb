"""Names of awards that no table lists (behind 'penghargaan', in quotes, before 'terbaik', in capitals), and how likely they are.

Every phrase that could be such a name is a candidate; the model `name` weighs where it stands and of which words it is made.
Knows the spans of other names; never looks at who received anything.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from etl import gazetteer
from etl.extract import judge
from etl.extract.names.award_forms import Form
from etl.gazetteer import lowered

LEAST = 0.1  # the chance from which a phrase is looked at as a name
_LONGEST = 9  # words of a name


# The next three are made hundreds of times an article, and a named tuple is made in a third of a dataclass' time.
class Candidate(NamedTuple):
    """A phrase that may be an award's name, with what speaks for and against it."""

    start: int
    end: int
    clues: tuple[str, ...]
    phrase: str  # in small letters
    listed: bool = False  # in a table: then it is a name, and the clues tell how it is spoken of


class Known(NamedTuple):
    """Another name of the text and what it is ('region', 'agency', 'giver', 'award')."""

    start: int
    end: int
    kind: str


class _Token(NamedTuple):
    word: str  # in small letters
    start: int
    end: int
    capital: bool
    line: int


_TOKEN = re.compile(r"[^\W\d_][\w'’]*(?:[-/][\w'’]+)*|\d[\w.,/%-]*|\n|[^\w\s]")
_FORMED = 3  # words of a name that its noun holds together
_STEM = 4  # letters that words of one kind share: 'desa', 'desaku'; 'pembina', 'pembinaan'
_OPEN = "\"“”'‘«"
_CLOSE = "\"”“'’»"
_SENTENCE = frozenset("^.\n")
_BY_FORM = frozenset(("line", "capitals", "acronym"))
_ROMAN = re.compile(r"[IVX]{1,5}|\d[\w.,/%-]*")
_YEAR = re.compile(r"(?:19|20)\d\d")
_ITEM = re.compile(r"\s*(?:\(?(?:\d{1,3}|[a-h])[.)]|[-•–*|])\s")
_SHORT = re.compile(r"\s*\([A-Z][\w-]{1,14}\)")


def candidates(
    text: str, headline: int, known: Sequence[Known], forms: Sequence[Form], listed: Sequence[tuple[int, int, str]] = ()
) -> list[Candidate]:
    """Every phrase that may be an award's name, none across lines, other awards or names that it begins inside; `forms`
    are those that look like one by their words alone, `listed` the spans and names of awards that the tables know, which
    come last.
    """
    tokens = _tokens(text)
    covering = _covered(tokens, known)
    found: dict[tuple[int, int], set[str]] = {}
    begins: dict[int, set[str]] = {}
    table = _table()
    speaking = {t.line for t in tokens if t.word in table.speaks}
    for at, origin in _starts(tokens, covering, text):
        begins.setdefault(at, set()).add(origin)
        if origin in _BY_FORM and at < len(tokens) and speaking.isdisjoint((tokens[at].line, tokens[at].line - 1)):
            continue  # nothing near by speaks of awards
        if at and tokens[at - 1].word in table.announces:
            continue
        for end in _ends(tokens, covering, at, origin == "quote"):
            if origin == "line" and not any(t.word in table.title for t in tokens[at:end]):
                continue
            if (
                tokens[end - 1].word not in table.joint
                and tokens[at].word not in table.begins_none
                and not _is_bare(tokens[at:end])
            ):
                found.setdefault((at, end), set()).add(origin)
    for at, end, kind in _formed(tokens, covering, forms):
        found.setdefault((at, end), set()).add(f"form:{kind}")
    found = {span: origins for span, origins in found.items() if not _is_about_one(tokens[slice(*span)])}
    words = [t.word for t in tokens]
    often = Counter(lowered(text[tokens[s].start : tokens[e - 1].end]) for s, e in found)
    title = lowered(text[:headline])

    def candidate(
        span: tuple[int, int], origins: Collection[str], covers: list[Known | None], is_listed: bool
    ) -> Candidate:
        at, end = span
        clues = _clues(text, tokens, words, covers, at, end, origins, title, often)
        beside = _beside(tokens, at, end, origins, in_order, names)
        start, stop = tokens[at].start, tokens[end - 1].end
        return Candidate(start, stop, (*clues, *beside), lowered(text[start:stop]), is_listed)

    in_order = sorted(listed)
    names = len({name for _, _, name in listed})
    starts = [t.start for t in tokens]
    others = _covered(tokens, [k for k in known if k.kind != "award"]) if listed else covering
    spans = ((bisect_left(starts, first), bisect_left(starts, last)) for first, last, _ in listed)
    return [
        *(candidate(span, origins, covering, False) for span, origins in found.items()),
        *(candidate((at, end), begins.get(at, {"listed"}), others, True) for at, end in spans if end > at),
    ]


def chosen(found: Sequence[Candidate]) -> Iterator[tuple[Candidate, float]]:
    """The likely names with their chances, none overlapping a likelier one. A name is as likely as where it is likeliest."""
    weighed = [(chance_of(c), c) for c in found if not c.listed]
    best: dict[str, float] = {}
    for chance, candidate in weighed:
        best[candidate.phrase] = max(best.get(candidate.phrase, 0.0), chance)
    taken = gazetteer.Taken()
    for chance, candidate in sorted(
        ((best[c.phrase], c) for _, c in weighed), key=lambda w: (-w[0], w[1].start, w[1].end)
    ):
        if chance < LEAST:
            break
        if taken.take(candidate.start, candidate.end):
            yield candidate, chance


def chance_of(candidate: Candidate) -> float:
    """The chance that a phrase is the name of an award that somebody received."""
    return judge.chances("name", (judge.Clues(candidate.clues),))[1]


def written(phrase: str) -> str:
    """A name as it is shown: words in small letters with a capital, but for those that join others."""
    return " ".join(w if w[0].isupper() or w in _table().joint else w[0].upper() + w[1:] for w in phrase.split())


def is_formed(name: str) -> bool:
    """Whether a noun for awards begins or ends a name of several words: 'Festival Desa Kepri', 'Radar Bojonegoro Awards'."""
    words = lowered(name).split()
    return len(words) >= _FORMED and not _table().head.isdisjoint((words[0], words[-1]))


def is_title(name: str) -> bool:
    """Whether a name says who is honoured for what, as categories do, too: 'Petani Teladan', 'Pasar Terbersih'."""
    words = lowered(name).split()
    return words[-1] in _table().title and words[-1] not in _table().head


def _tokens(text: str) -> list[_Token]:
    tokens, line, lower = [], 0, lowered(text)  # as long as the text
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        tokens.append(_Token(lower[start:end], start, end, text[start].isupper(), line))
        line += text[start] == "\n"
    return tokens


def _covered(tokens: Sequence[_Token], known: Sequence[Known]) -> list[Known | None]:
    """The other name that each token is part of."""
    covering: list[Known | None] = [None] * len(tokens)
    position = 0
    for name in sorted(known, key=lambda k: (k.start, -k.end)):
        while position and tokens[position - 1].end > name.start:
            position -= 1
        while position < len(tokens) and tokens[position].start < name.start:
            position += 1
        at = position
        while at < len(tokens) and tokens[at].start < name.end:
            covering[at] = covering[at] or name
            at += 1
    return covering


def _is_bare(phrase: Sequence[_Token]) -> bool:
    """Whether a phrase is of words that name nothing: 'terbaik', 'Piagam', 'predikat terbaik'."""
    return _table().bare.issuperset([t.word for t in phrase]) or (len(phrase) == 1 and not phrase[0].capital)


def _is_about_one(phrase: Sequence[_Token]) -> bool:
    """Whether a phrase only speaks of an award: 'apresiasi bagi desa', 'piala dan piagam', 'piagam penghargaan selaku'."""
    table = _table()
    behind = next((t.word for t in phrase if t.word not in table.head), "")
    return phrase[0].word in table.head and behind in table.apart


@dataclass(frozen=True, slots=True)
class _Words:
    """The words of award_words.csv by class, and what follows from them."""

    head: frozenset[str]
    introduces: frozenset[str]
    link: frozenset[str]
    title: frozenset[str]
    joint: frozenset[str]
    ordinal: frozenset[str]
    number: frozenset[str]
    counted: frozenset[str]
    of_category: frozenset[str]
    goal: frozenset[str]
    apart: frozenset[str]  # behind a noun for awards they name nothing
    speaks: frozenset[str]  # of awards
    ends: frozenset[str]  # a phrase: verbs of receiving and giving, and what no name goes on with
    bare: frozenset[str]  # alone they name nothing
    announces: frozenset[str]  # what is behind these is no name
    begins_none: frozenset[str]


@cache
def _table() -> _Words:
    words: dict[str, set[str]] = {}
    for row in gazetteer.rows("award_words"):
        words.setdefault(row["class"], set()).add(row["word"])
    words.pop("another")
    verbs = {row["form"] for row in gazetteer.rows("cues") if " " not in row["form"]}
    ends = (verbs | words.pop("stop")) - words["head"] - words["title"] - words["joint"]
    words["speaks"] |= words["head"] | words["title"]
    words |= {
        "ends": ends,
        "bare": words["title"] | words["head"],
        "announces": words["of_category"] | words["goal"],
        "begins_none": words["joint"] | words["ordinal"] | words["number"],
    }
    return _Words(**{name: frozenset(found) for name, found in words.items()})


def _starts(tokens: Sequence[_Token], covering: Sequence[Known | None], text: str) -> Iterator[tuple[int, str]]:
    """Where a name may begin, and why it may. What a sentence counts ('tiga penghargaan') it, or the next, may list."""
    table = _table()
    counting = counted = False
    for at, token in enumerate(tokens):
        word = token.word
        if word in table.head:
            after = at + 1
            if after < len(tokens) and tokens[after].word not in table.link:
                yield at, f"head:{word}"
            while after < len(tokens) and tokens[after].word in table.link and after < at + 3:
                after += 1
            if after < len(tokens):
                if tokens[after].word in _OPEN:
                    yield after + 1, "quote"
                    yield after + 1, f"quote after:{word}"
                else:
                    yield after, f"after:{word}" if after == at + 1 else f"after:{word} {tokens[after - 1].word}"
        elif word in table.introduces:
            after = at + 1
            if after < len(tokens) and _ROMAN.fullmatch(text, tokens[after].start, tokens[after].end):
                after += 1
            yield after, f"as:{word}"
        elif word in _OPEN:
            yield at + 1, "quote"
        if word in table.title:
            first = _phrase_start(tokens, covering, at)
            if first < at:
                yield first, f"title:{word}"
                yield at - 1, f"title:{word}"
                if first < at - 2:
                    yield at - 2, f"title:{word}"
        if token.capital and covering[at] is None and (at == 0 or not tokens[at - 1].capital or covering[at - 1]):
            if at + 1 < len(tokens) and (tokens[at + 1].capital or tokens[at + 1].word in ("of", "the", "&")):
                yield at, "capitals"
            elif _SHORT.match(text, token.end) or (len(word) > 2 and text[token.start : token.end].isupper()):
                yield at, "acronym"
        if counting and word in (",", "dan", "serta", ":"):
            yield at + 1, "counted"
        if word in (".", "\n"):
            counting, counted = counted and word == ".", False
        elif word in table.number and at + 1 < len(tokens) and tokens[at + 1].word in table.counted:
            counting = counted = True
        if at == 0 or tokens[at - 1].word in ("\n", ".", "-", "•", ")", ":", ";"):
            yield at, "line"


def _formed(
    tokens: Sequence[_Token], covering: Sequence[Known | None], forms: Sequence[Form]
) -> Iterator[tuple[int, int, str]]:
    """The forms as spans of tokens, without those that hold a known award."""
    table = _table()
    starts = [t.start for t in tokens]
    for form in forms:
        at, end = bisect_left(starts, form.start), bisect_left(starts, form.end)
        if at and tokens[at - 1].word in table.goal:
            continue
        if end > at + 1 and all(c is None or c.kind != "award" for c in covering[at:end]):
            yield at, end, form.kind


def _phrase_start(tokens: Sequence[_Token], covering: Sequence[Known | None], at: int) -> int:
    table = _table()
    first = at
    while first and at - first < 7:
        before = tokens[first - 1]
        if (
            not before.word[0].isalpha()
            or before.word in table.ends
            or before.word in table.introduces
            or before.word in table.head
        ):
            break
        cover = covering[first - 1]
        if cover is not None and cover.kind != "region" and cover.end < tokens[at].start:
            break
        first -= 1
    return first


def _ends(tokens: Sequence[_Token], covering: Sequence[Known | None], start: int, quoted: bool) -> Iterator[int]:
    """Where a name that begins at a token may end: behind the last of its words."""
    table = _table()
    if start >= len(tokens) or not tokens[start].word[0].isalnum():
        return
    cover = covering[start]
    if cover is not None and (cover.kind == "award" or cover.start < tokens[start].start):
        return
    at = start
    while at < len(tokens) and at - start <= _LONGEST:
        token, cover = tokens[at], covering[at]
        if quoted:
            if token.word in _CLOSE:
                yield at
                return
            if token.word in "\n.":
                return
            at += 1
            continue
        if cover is not None and cover.kind == "award":
            break
        if not token.word[0].isalnum() and token.word not in "&/-":
            break
        if at > start and token.word in table.ends and not (token.capital and token.word in table.joint):
            break
        if at > start and _ROMAN.fullmatch(token.word.upper()):
            break
        begins_other = cover is not None and cover.start == token.start
        ends_capitals = at > start and tokens[start].capital and tokens[at - 1].capital and not token.capital
        if at > start and (token.word in table.joint or begins_other or ends_capitals):
            yield at
        if cover is not None and cover.kind == "region" and cover.end <= token.end:
            yield at + 1
        if token.word in table.title:
            yield at + 1
        at += 1
    if at > start:
        yield at


def _clues(
    text: str, tokens: Sequence[_Token], words: Sequence[str], covering: Sequence[Known | None], start: int, end: int,
    origins: Collection[str], title: str, often: Mapping[str, int],
) -> Iterator[str]:  # fmt: skip
    first, last = tokens[start], tokens[end - 1]
    own = words[start:end]
    for origin in origins:
        yield f"from {origin}"
        yield f"from {origin.split(':')[0]}"
    if len(origins) > 1:
        yield f"from {'+'.join(sorted({o.split(':')[0] for o in origins}))}"
    before = _counted(words[start - 1]) if start else "^"
    after = _counted(words[end]) if end < len(tokens) else "$"
    yield f"before:{before if _is_plain(before, tokens, start - 1) else 'W'}"
    yield f"before 2:{' '.join(words[max(0, start - 2) : start])}"
    yield f"after:{after if _is_plain(after, tokens, end) else 'W'}"
    yield f"first:{own[0]}"
    yield f"last:{own[-1]}"
    yield f"length:{min(7, end - start)}"
    for word in set(own):
        yield f"in:{word}"
    yield f"first begins:{own[0][:_STEM]}"
    yield f"last ends:{own[-1][-_STEM:]}"
    capitals = sum(t.capital for t in tokens[start:end])
    in_headline = first.start < len(title)
    shape = "headline" if in_headline else "all" if capitals == len(own) else "none" if not capitals else "some"
    yield f"shape:{shape}"
    yield f"shape:{shape}|length:{min(4, len(own))}"
    yield f"noun:{own[0] in _table().head}|title:{own[-1] in _table().title}|shape:{shape}|length:{min(4, len(own))}"
    yield f"shape:{shape}|before:{before if _is_plain(before, tokens, start - 1) else 'W'}"
    yield f"shape:{shape}|after:{after if _is_plain(after, tokens, end) else 'W'}"
    if shape == "some":
        yield f"shape ends:{first.capital}{last.capital}"
    for origin in origins:
        yield f"{origin.split(':')[0]}|shape:{shape}|{'title' if own[-1] in _table().title else ''}"
        if origin.startswith("form:"):
            noun = own[0] if own[0] in _table().head else own[-1]
            yield f"{origin}|{noun}|shape:{shape}"
            yield f"{origin}|shape:{shape}|length:{min(4, len(own))}"
    covers = {c.kind for c in covering[start:end] if c is not None}
    for kind in covers:
        whole = all(c is not None and c.kind == kind for c in covering[start:end])
        where = "whole" if whole else "first" if covering[start] else "last" if covering[end - 1] else "inside"
        yield f"holds {kind}:{where}"
    if end < len(tokens) and covering[end] is not None:
        yield f"then {covering[end].kind}"  # type: ignore[union-attr]
    if start and covering[start - 1] is not None:
        yield f"behind {covering[start - 1].kind}"  # type: ignore[union-attr]
    for side, reach in (
        ("before", range(start - 1, max(-1, start - 4), -1)),
        ("after", range(end, min(len(tokens), end + 4))),
    ):
        yield from _around(tokens, covering, side, reach, shape)
    yield f"begins a sentence:{before in _SENTENCE}|{shape}"
    vocabulary = [w in _vocabulary() for w in own if w[0].isalpha() and w not in _table().joint]
    share = 0 if not any(vocabulary) else 2 if all(vocabulary) else 1
    yield f"words of awards:{share}|{min(4, len(vocabulary))}"
    yield f"words of awards:{share}|{shape}"
    if own[0].startswith(("ter", "ber", "me", "di")) and own[0] not in _table().title:
        yield f"first is a verb:{shape}"
    begins = text.rfind("\n", 0, first.start) + 1
    listed = _ITEM.match(text, begins) is not None
    yield f"item:{listed}|{sorted({o.split(':')[0] for o in origins})[0]}"
    yield f"item:{listed}|begins:{first.start - begins < 6}"
    yield f"lines:{min(3, first.line)}"
    if _SHORT.match(text, last.end):
        yield "short name"
        yield f"short name|shape:{shape}"
    if after == "#" and _YEAR.match(words[end]):
        yield "then a year"
    if own[0] in _table().head:
        yield f"head|{shape}|{len(own) > 1 and own[1] in _table().joint}"
    phrase = text[first.start : last.end]
    if often[lowered(phrase)] > 1:
        yield "again"
        yield f"again|shape:{shape}"
    if lowered(phrase) in title:
        yield "in headline"
        yield f"in headline|shape:{shape}"


def _around(
    tokens: Sequence[_Token], covering: Sequence[Known | None], side: str, reach: range, shape: str
) -> Iterator[str]:
    """The first act of receiving or giving and the first other name within a few words of a phrase."""
    act = name = None
    for steps, at in enumerate(reach, 1):
        if tokens[at].word in ("\n", "."):
            break
        act = act or _acts().get(tokens[at].word)
        cover = covering[at]
        if name is None and cover is not None:
            name = f"{cover.kind}/{steps}"
    yield f"act {side}:{act}"
    yield f"act {side}:{act}|{shape}"
    yield f"name {side}:{name}"
    yield f"act {side}:{act}|name:{name.split('/')[0] if name else None}"


@cache
def _acts() -> dict[str, str]:
    """The class of each cue of one word."""
    return {row["form"]: row["class"] for row in gazetteer.rows("cues") if " " not in row["form"]}


@cache
def _vocabulary() -> frozenset[str]:
    """The words of the names that the tables know."""
    rows = gazetteer.rows("award_series")
    return frozenset(w for row in rows for w in lowered(f"{row['name']} {row['aliases']}").replace(";", " ").split())


def _beside(
    tokens: Sequence[_Token],
    start: int,
    end: int,
    origins: Collection[str],
    listed: Sequence[tuple[int, int, str]],
    names: int,
) -> Iterator[str]:
    """How many awards the tables know in the article, of `names` in all: where there is one, a title is a category of it."""
    first, last = tokens[start].start, tokens[end - 1].end
    at = bisect_left(listed, (last,))
    own = {name for a, b, name in listed[max(0, at - 4) : at] if first < b}
    others = min(2, names - len(own))
    is_title = tokens[end - 1].word in _table().title
    yield f"listed:{others}|title:{is_title}"
    for origin in {o.split(":")[0] for o in origins}:
        yield f"listed:{others}|{origin}"


def _counted(word: str) -> str:
    return "#" if word[0].isdigit() else word


def _is_plain(word: str, tokens: Sequence[_Token], at: int) -> bool:
    return not (0 <= at < len(tokens) and tokens[at].capital)
