"""Names -> region codes, organizations, award series, levels; each with the reason in words. Pure; finds no names itself.

What the evidence leaves open stays open: a `Decision` without a value names its candidates. It never guesses. Papua: UU 14,
15 and 16/2022 (in force 25 July 2022: Papua Selatan, Tengah, Pegunungan) and UU 29/2022 (8 December 2022: Papua Barat Daya).
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from etl import gazetteer
from etl.dates import MONTHS
from etl.gazetteer import Region, lowered
from etl.model import Decision

# ---------------------------------------------------------------------------------------------------------------- regions


@dataclass(frozen=True, slots=True)
class _Law:
    """The law that made a province, the day it came into force, the province it was cut from."""

    name: str
    day: str
    parent: str


_LAWS = {
    "65": _Law("UU 20/2012", "2012-11-16", "64"),
    "93": _Law("UU 14/2022", "2022-07-25", "91"),
    "94": _Law("UU 15/2022", "2022-07-25", "91"),
    "95": _Law("UU 16/2022", "2022-07-25", "91"),
    "96": _Law("UU 29/2022", "2022-12-08", "92"),
}
"""Provinces made since 2012, by today's code. Dates of the laws: general knowledge, as regions_history.csv."""


def region(
    codes: tuple[str, ...],
    *,
    said: str | None,
    heading: str | None,
    elsewhere: str | None,
    only: str | None,
    on: str | None,
) -> Decision:
    """Which region a name means, by today's code; None when nothing tells, or when what tells disagrees.

    `codes`: all that the name can mean. Evidence, the strongest first: `said`, the kind right before the name; `heading`, the
    kind that its category or list heading names; `only`, the kind that its award is restricted to; `elsewhere`, the code that
    the same bare name has elsewhere in the article. `on`: ISO date of the event; it never changes the value, only the reason.
    """
    known = gazetteer.regions()
    left = list(dict.fromkeys(_today(code) for code in codes))
    weighed = tuple(left) if len(left) > 1 else ()
    if not left:
        return Decision("region_code", None, "no region is named")
    notes: list[str] = []
    if len(left) == 1:
        if said and lowered(said) != known[left[0]].kind:
            notes.append(f"though the text says {lowered(said)}")
        return _decided(left[0], "the only region of that name", notes, on, weighed)
    reasons: dict[str, str] = {}  # what narrowed the choice
    for source, reason, fits in _told(left, said, heading, only, elsewhere):
        if not fits:
            notes.append(f"no region of that name fits: {reason}")
        elif fits.isdisjoint(left):
            if source == "only" and list(reasons) == ["heading"]:
                return _open(weighed, f"{reasons['heading']}, but {reason}")
            notes.append(f"although {reason}")
        elif not fits.issuperset(left):
            left = [code for code in left if code in fits]
            reasons[source] = reason
    if len(left) == 1:
        return _decided(left[0], " and ".join(reasons.values()), notes, on, weighed)
    unsettled = f"{' and '.join(reasons.values())}, and no more" if reasons else "nothing in the text tells which"
    return _open(left, "; ".join((unsettled, *notes)))


def _told(
    codes: Sequence[str], said: str | None, heading: str | None, only: str | None, elsewhere: str | None
) -> Iterator[tuple[str, str, set[str]]]:
    """What speaks, the strongest first: its name, its words, and those of the codes that it speaks for."""
    known = gazetteer.regions()
    for source, words, kind in (
        ("said", "the word before the name says", said),
        ("heading", "its category or heading says", heading),
        ("only", "the award goes to one kind,", only),
    ):
        if kind:
            yield source, f"{words} {lowered(kind)}", {c for c in codes if known[c].kind == lowered(kind)}
    if elsewhere:
        code = _today(elsewhere)
        yield "elsewhere", f"the article elsewhere means {known[code].name}", {code} & set(codes)


def namesakes(codes: Iterable[str], written: str) -> tuple[str, ...]:
    """These regions and all others that bear the name written: of 'Kota Mojokerto' also the Kabupaten.

    Whoever found the name may have chosen already; this is what there was to choose from. A capital town has no namesakes.
    """
    words = lowered(written)
    found = dict.fromkeys(_today(code) for code in codes)
    for code in tuple(found):
        for name in _names_of().get(code, ()):
            if name in words:
                found.update(dict.fromkeys(_bearers()[name]))
    return tuple(sorted(found))


def only(series_id: str | None) -> str | None:
    """The one kind of region that a series goes to, where the catalogue's notes say so ('Hanya kota', 'Provinsi saja')."""
    said = _ONLY.search(_notes().get(series_id or "", ""))
    return lowered(said[1] or said[2]) if said else None


_ONLY = re.compile(r"\bhanya (kota|kabupaten|provinsi)\b|\b(kota|kabupaten|provinsi) saja\b", re.IGNORECASE)


@cache
def _notes() -> dict[str, str]:
    return {row["id"]: row["notes"] for row in gazetteer.rows("award_series")}


@cache
def _bearers() -> dict[str, tuple[str, ...]]:
    """Base name or alias in small letters -> the codes of all that bear it."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in gazetteer.rows("regions"):
        for name in (row["base"], *_parts(row["aliases"])):
            found[lowered(name)][row["code"]] = None
    return {name: tuple(codes) for name, codes in found.items()}


@cache
def _names_of() -> dict[str, tuple[str, ...]]:
    """Code -> its base name and aliases in small letters."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for name, codes in _bearers().items():
        for code in codes:
            found[code].append(name)
    return {code: tuple(names) for code, names in found.items()}


def _open(left: Sequence[str], why: str) -> Decision:
    known = gazetteer.regions()
    names = " or ".join(f"{known[code].name} ({code})" for code in left)
    return Decision("region_code", None, f"ambiguous, {names}: {why}", tuple(left))


def _decided(code: str, why: str, notes: Sequence[str], on: str | None, weighed: tuple[str, ...]) -> Decision:
    parts = (f"{gazetteer.regions()[code].name}: {why}", *notes, *_then(gazetteer.regions()[code], on))
    return Decision("region_code", code, "; ".join(parts), weighed)


def _today(code: str) -> str:
    """A code of before 2022 as the one that took its place; any other as it is."""
    if code in gazetteer.regions():
        return code
    return next((now for now, then in _history().items() for h in then if h.code == code), code)


@dataclass(frozen=True, slots=True)
class _Then:
    """What a region was until a year: its code and its name."""

    code: str
    name: str
    until: str


@cache
def _history() -> dict[str, tuple[_Then, ...]]:
    """Today's code -> what it was before, the latest first."""
    found: defaultdict[str, list[_Then]] = defaultdict(list)
    for row in gazetteer.rows("regions_history"):
        found[row["code"]].append(_Then(row["old_code"], row["name_then"], row["until_year"]))
    return {code: tuple(sorted(then, key=lambda t: t.until, reverse=True)) for code, then in found.items()}


def _then(place: Region, on: str | None) -> Iterator[str]:
    """What was otherwise on the day of the event: the region's province, its code, its name, what a province held."""
    if on is None:
        return
    known, law = gazetteer.regions(), _LAWS.get(place.province)
    if law is not None:
        before = _is_before(on, law.day)
        former, year = known[law.parent].base, law.day[:4]
        if before is None:
            yield f"the day is not known: province {former} until {_in_words(law.day)} ({law.name})"
        elif before and place.code == place.province:
            yield f"a province only since {year}; province {former} until {year} ({law.name})"
        elif before:
            yield f"province {former} until {year} ({law.name})"
    for then in _history().get(place.code, ()):
        before = _is_before(on, then.until)
        if before is False:
            continue
        when = f"until {then.until}" if before else f"until some day of {then.until}"
        if then.code != place.code:
            yield f"code {then.code} {when}"
        if then.name != place.name:
            yield f"called {then.name} {when}"
    cut: defaultdict[str, list[str]] = defaultdict(list)  # what a province lost, by year
    for code, made in _LAWS.items():
        if place.code == made.parent and _is_before(on, made.day):
            cut[made.day[:4]].append(f"{known[code].base} ({code}, {made.name})")
    for year, lost in cut.items():
        yield f"until {year} it held what is now {', '.join(lost)}"


def _is_before(on: str, day: str) -> bool | None:
    """Whether an event came before a day; None when the shorter of the two dates leaves that open."""
    size = min(len(on), len(day))
    if on[:size] != day[:size]:
        return on[:size] < day[:size]
    return False if len(on) >= len(day) > 4 else None


_MONTH_NAMES = {number: name for name, number in reversed(MONTHS.items()) if len(name) > 2}


def _in_words(day: str) -> str:
    """'2022-07-25' -> '25 Juli 2022'."""
    year, month, number = day.split("-")
    return f"{int(number)} {_MONTH_NAMES[int(month)].capitalize()} {year}"


# ----------------------------------------------------------------------------------------------------------- organizations


@dataclass(frozen=True, slots=True)
class _Body:
    """An organization and when it bears its name: from the first day to the day before `until`."""

    id: str
    name: str
    since: str
    until: str
    successors: tuple[str, ...]


@cache
def _bodies() -> dict[str, _Body]:
    return {
        row["id"]: _Body(row["id"], row["name"], row["valid_from"], row["valid_to"], tuple(_parts(row["successor"])))
        for row in gazetteer.rows("organizations")
    }


@cache
def _called() -> dict[str, tuple[str, ...]]:
    """Name or alias, as written and in small letters -> ids."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in gazetteer.rows("organizations"):
        for name in (row["name"], *_parts(row["aliases"])):
            for form in (name, lowered(name)):
                found[form][row["id"]] = None
    return {name: tuple(ids) for name, ids in found.items()}


_BEHIND_NAME = re.compile(r"\s*\([^)]*\)$|\s+(?:RI|Republik Indonesia)$")


def organization(name: str, on: str | None) -> Decision:
    """The organization named, under its full name; the reason says what it was called on the day, where that differs.

    The value is never another organization than the one the text names: a predecessor named after its end, or a successor
    named before its beginning, stays. A name of no table stays as written.
    """
    written = " ".join(name.split())
    short = _BEHIND_NAME.sub("", written)
    forms = (written, lowered(written), short, lowered(short))
    ids = next((_called()[form] for form in forms if form in _called()), ())
    if not ids:
        return Decision("giver", written or None, "in no table of organizations: as written")
    if len(ids) > 1:
        return Decision("giver", written, f"ambiguous, {' or '.join(ids)}: as written", ids)
    body = _bodies()[ids[0]]
    named = "its full name" if body.name == written else f"{written} is {body.name}"
    return Decision("giver", body.name, "; ".join((named, *_at_the_time(body, on))))


def _at_the_time(body: _Body, on: str | None) -> Iterator[str]:
    """What the table says of an organization on a day that lies outside of its time, or perhaps does."""
    if on is None:
        return
    if body.since and (before := _is_before(on, body.since)) is not False:
        former = _names(_line(body, on, back=True) if before else _before(body))
        if before:
            yield f"in {on} it was {former}" if former else f"the table has it since {body.since} only, nothing of {on}"
        elif former:
            yield f"the day is not known: {former} until {body.since}"
        return
    if body.until and (before := _is_before(on, body.until)) is not True:
        later = _names(_line(body, on, back=False) if before is False else _after(body))
        if before is None:
            yield f"the day is not known: it ended on {body.until}" + (f", then {later}" if later else "")
        else:
            yield f"it ended on {body.until}" + (f"; in {on} {later}" if later else ", without a successor")


def _before(body: _Body) -> list[_Body]:
    return [b for b in _bodies().values() if body.id in b.successors]


def _after(body: _Body) -> list[_Body]:
    return [_bodies()[i] for i in body.successors]


def _line(body: _Body, on: str, back: bool) -> list[_Body]:
    """Predecessors (or successors) of a body that bore their names on a day, however many steps away."""
    found: dict[str, _Body] = {}
    seen = {body.id}
    near = _before(body) if back else _after(body)
    while near:
        beyond: list[_Body] = []
        for one in near:
            if one.id in seen:
                continue
            seen.add(one.id)
            begun = not one.since or _is_before(on, one.since) is not True
            ended = bool(one.until) and _is_before(on, one.until) is False
            if begun and not ended:
                found[one.id] = one
            else:
                beyond += _before(one) if back else _after(one)
        near = beyond
    return list(found.values())


def _names(bodies: Iterable[_Body]) -> str:
    return " or ".join(body.name for body in bodies)


# ----------------------------------------------------------------------------------------------------------- award series

_LEAST = 6  # letters of a word that may be misspelt
_LONG = 9  # letters of a word that may have two slips
_SLIPS = 2  # in all words of a name together
_CAPITALS = 8  # up to so many letters a name in capitals holds in capitals only (gazetteer/README.md)
_WORD = re.compile(r"[^\W_]+")
_YEAR = re.compile(r"\s+(?:tahun\s+)?(?:19|20)\d\d$", re.IGNORECASE)
_NOUNS = frozenset(
    "penghargaan anugerah piala trofi predikat apresiasi ajang gelar".split()
)  # before a name, not of it


@dataclass(frozen=True, slots=True)
class _Alias:
    """A name of a series: its words in small letters, and how many letters they have."""

    series: str
    name: str
    words: tuple[str, ...]
    size: int


@cache
def _aliases() -> tuple[_Alias, ...]:
    found = []
    for row in gazetteer.rows("award_series"):
        for name in (row["name"], *_parts(row["aliases"])):
            words = tuple(_WORD.findall(lowered(name)))
            found.append(_Alias(row["id"], name, words, sum(map(len, words))))
    return tuple(found)


@cache
def _exact() -> dict[str, tuple[str, ...]]:
    """Name or alias -> ids: as written and, but for short ones in capitals, in small letters."""
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for alias in _aliases():
        found[alias.name][alias.series] = None
        if not (alias.name.isupper() and len(alias.name) <= _CAPITALS):
            found[lowered(alias.name)][alias.series] = None
    return {name: tuple(ids) for name, ids in found.items()}


@cache
def _joined() -> dict[str, tuple[_Alias, ...]]:
    """The letters of a name without its spaces -> aliases: 'Adi Wiyata' is 'Adiwiyata'."""
    found: defaultdict[str, list[_Alias]] = defaultdict(list)
    for alias in _aliases():
        if alias.size >= _LEAST and not alias.name.isupper():
            found["".join(alias.words)].append(alias)
    return {letters: tuple(same) for letters, same in found.items()}


@cache
def _alike() -> dict[tuple[int, str], tuple[_Alias, ...]]:
    """(Number of words, first letter) -> the aliases that a misspelt name can mean."""
    found: defaultdict[tuple[int, str], list[_Alias]] = defaultdict(list)
    for alias in _aliases():
        if any(len(word) >= _LEAST and word not in level_words() for word in alias.words):
            found[len(alias.words), alias.words[0][0]].append(alias)
    return {key: tuple(same) for key, same in found.items()}


@cache
def level_words() -> frozenset[str]:
    """Every word of a level of any series, and of levels.csv: these are read letter by letter or not at all."""
    levels = [level for one in gazetteer.series().values() for level in one.levels]
    levels += [row["form"] for row in gazetteer.rows("levels")]
    return frozenset(word for level in levels for word in _WORD.findall(lowered(level)))


@cache
def _right_words() -> frozenset[str]:
    """Words that are no slips: those of the language, and those of the catalogue's own names."""
    common = (row["word"] for table in ("common_words", "function_words") for row in gazetteer.rows(table))
    names = (word for one in gazetteer.series().values() for word in _WORD.findall(lowered(one.name)))
    return frozenset((*common, *names))


@lru_cache(maxsize=1024)  # an article says the same name again and again
def series(name: str) -> Decision:
    """The series that an award's name means: by an exact name or alias, else by one or two slips in its long words.

    Slips: in words of six letters and more one, of nine and more two, in a name two; the first letter is right; a word that
    is right elsewhere is no slip. A word of any series' levels never has one, and one as near to a level is no other word's
    slip. Equally near series leave it open.
    """
    written = " ".join(name.split())
    short = _YEAR.sub("", written)
    first, _, rest = short.partition(" ")
    forms = tuple(dict.fromkeys((written, short, rest if rest and lowered(first) in _NOUNS else short)))
    for form in forms:
        if ids := _exact().get(form) or _exact().get(lowered(form)):
            return _one_series(ids, f"{form} is a name of it")
    for form in forms:
        words = _WORD.findall(lowered(form))
        if apart := _joined().get("".join(words)):
            return _one_series((a.series for a in apart), f"{form} is {apart[0].name}, written apart or together")
    for form in forms:
        words = _WORD.findall(lowered(form))
        near = _nearest(words) if words else []
        if near:
            slips = _distance(" ".join(words), " ".join(near[0].words))
            how = f"{form} is {near[0].name} but for {slips} letter{'s' if slips > 1 else ''}"
            return _one_series((a.series for a in near), how)
    return Decision("series", None, "no name of the catalogue, not even misspelt")


def _one_series(ids: Iterable[str], why: str) -> Decision:
    found = tuple(dict.fromkeys(ids))
    if len(found) == 1:
        return Decision("series", found[0], why)
    return Decision("series", None, f"ambiguous, {' or '.join(found)}: {why}", found)


def _nearest(words: Sequence[str]) -> list[_Alias]:
    """The aliases with the fewest slips, if there are any within bounds."""
    size = sum(map(len, words))
    best = _SLIPS
    nearest: list[_Alias] = []
    for alias in _alike().get((len(words), words[0][0]), ()):
        if abs(alias.size - size) > best:
            continue
        slips = _slips(words, alias.words, best)
        if slips is None:
            continue
        if slips < best:
            best, nearest = slips, []
        nearest.append(alias)
    return [alias for alias in nearest if not _is_of_a_level(words, alias.words)]


def _slips(written: Sequence[str], right: Sequence[str], most: int) -> int | None:
    """How many slips of the pen lie between two names of as many words; None when more, or in a word that allows none."""
    apart = [(word, meant) for word, meant in zip(written, right, strict=True) if word != meant]
    for word, meant in apart:
        if min(len(word), len(meant)) < _LEAST or abs(len(word) - len(meant)) > most:
            return None
        if word in _right_words() or word in level_words() or meant in level_words():
            return None
    total = 0
    for word, meant in apart:
        slips = _distance(word, meant)
        total += slips
        if total > most or slips > (2 if max(len(word), len(meant)) >= _LONG else 1):
            return None
    return total


def _is_of_a_level(written: Sequence[str], right: Sequence[str]) -> bool:
    """Whether a misspelt word is as near to a level as to what it would be taken for: 'Paratama' is no Parasamya."""
    return any(
        _level_within(word, _distance(word, meant)) for word, meant in zip(written, right, strict=True) if word != meant
    )


@lru_cache(maxsize=1024)
def _level_within(word: str, slips: int) -> bool:
    return any(abs(len(word) - len(step)) <= slips and _distance(word, step) <= slips for step in level_words())


def _distance(one: str, other: str) -> int:
    """Levenshtein distance: letters put in, left out or exchanged."""
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        corner, row[0] = row[0], i
        for j, against in enumerate(other, 1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (letter != against))
    return row[-1]


# ------------------------------------------------------------------------------------------------------------------ levels

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth")
_NUMBERS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def level(series_id: str, word: str) -> Decision:
    """The level of that series that a word names, as the catalogue spells it, and its place in the order. Never fuzzy.

    Levels are local to a series: the same word can be the lowest of one and the highest of another.
    """
    one = gazetteer.series()[series_id]
    said = lowered(" ".join(word.split()))
    spelt = [lowered(step) for step in one.levels]
    if said not in spelt:
        has = f"has {', '.join(one.levels)}" if one.levels else "has no levels"
        return Decision("rank", None, f"{word} is no level of {one.name}, which {has}", one.levels)
    at, count = spelt.index(said), len(spelt)
    if series_id in _unordered():
        return Decision("rank", one.levels[at], f"one of {_NUMBERS[count - 1]} of {one.name}, which have no order")
    return Decision("rank", one.levels[at], f"{_ORDINALS[at]} of {_NUMBERS[count - 1]} of {one.name}, lowest first")


@cache
def _unordered() -> frozenset[str]:
    return frozenset(row["id"] for row in gazetteer.rows("award_series") if row["levels_ordered"] != "yes")


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split(";") if part.strip()]
