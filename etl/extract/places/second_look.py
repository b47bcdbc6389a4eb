"""A second look at whoever may have received something, now that all are known who may: what became of the names beside it.

The first look sees a name and the words around it. Whether it is one of the winners also hangs on the others: names of one run
or one column stand or fall together, the region beside a village that wins only says where it is, and in an article of one
winner a second one is rarer than in one of ten. The clues of the model `reread`; nothing here knows the text.
"""

from __future__ import annotations

from bisect import bisect
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from etl.extract import judge
from etl.extract.judge import Clues, shared
from etl.extract.places.receivers import Receiver
from etl.extract.places.standing import FINENESS

Looked = tuple[Receiver, list[float]]
"""A place with its chances of etl.extract.records.STANDINGS, the first of which is 'none'."""

NOTHING = 0.1  # where no place is likelier than that, nobody is looked at again
_NEAR = 90  # characters within which the finer of two names is the winner, and the other its address
_WINS = 0.5
_STEPS = (0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98)
_COARSE = (0.1, 0.3, 0.5, 0.7, 0.9)
_OWN = "abccde"  # how likely a name was itself, in five steps, by the coarse ones
_COUNTS = (1, 2, 3, 6)


def look_again(places: Sequence[Looked], about: Sequence[float]) -> list[Looked]:
    """Places with their chances in the light of one another's and of what the article is about."""
    rated = zip(places, clues(places, about), strict=True)
    return [(place, judge.chances("reread", own)) for (place, _), own in rated]


def is_worth_it(places: Sequence[Looked]) -> bool:
    """Whether the first look found anybody."""
    return any(1 - chances[0] > NOTHING for _, chances in places)


def clues(places: Sequence[Looked], about: Sequence[float]) -> Iterator[tuple[Clues, ...]]:
    """What is said of each place by its own chances, by the others' and by the article's."""
    everybody = _Everybody.of(places)
    news = [bisect(_COARSE, chance) for chance in about]
    for place, chances in places:
        own, kind = _OWN[bisect(_COARSE, 1 - chances[0])], _kind(place)
        yield (
            *(_first(standing, bisect(_STEPS, chance)) for standing, chance in enumerate(chances)),
            _likeliest(max(range(1, len(chances)), key=chances.__getitem__), own),
            _is(kind, place.line.article.document.sentences[place.sentence].kind, min(8, place.sentence), own),
            *(_of_article(standing, level, own, kind) for standing, level in enumerate(news) if standing != _RECALLED),
            *(_beside(what, level, own, kind) for what, level in everybody.around(place, chances)),
        )


_RECALLED = 2  # the standing that no article as a whole need have: it follows from the others


def _kind(place: Receiver) -> str:
    if place.implied:
        return "implied"
    return "office" if place.recipient.office else place.recipient.type


def _level(chance: float | None) -> int | None:
    return None if chance is None else bisect(_COARSE, chance)


@dataclass(slots=True)
class _Best:
    """The two likeliest of different owners."""

    first: tuple[float, Hashable] | None = None
    second: tuple[float, Hashable] | None = None

    def add(self, owner: Hashable, chance: float) -> None:
        if self.first is not None and self.first[1] == owner:
            self.first = max(chance, self.first[0]), owner
        elif self.first is None or chance > self.first[0]:
            self.first, self.second = (chance, owner), self.first
        elif self.second is None or chance > self.second[0]:
            self.second = chance, owner

    def without(self, owner: Hashable) -> float | None:
        """The likeliest that is another's."""
        found = self.second if self.first is not None and self.first[1] == owner else self.first
        return None if found is None else found[0]


def _bests() -> defaultdict[Hashable, _Best]:
    return defaultdict(_Best)


@dataclass(slots=True)
class _Everybody:
    """All places of an article, by what they share."""

    company: defaultdict[Hashable, list[float]] = field(default_factory=lambda: defaultdict(list))
    lines: defaultdict[int, list[tuple[int, int, float]]] = field(default_factory=lambda: defaultdict(list))
    here: defaultdict[Hashable, _Best] = field(default_factory=_bests)  # by sentence and kind
    column: defaultdict[Hashable, list[float]] = field(default_factory=lambda: defaultdict(list))  # by list and kind
    name: defaultdict[Hashable, _Best] = field(default_factory=_bests)
    kinds: defaultdict[Hashable, _Best] = field(default_factory=_bests)  # of other names
    anybody: _Best = field(default_factory=_Best)
    region: defaultdict[Hashable, _Best] = field(default_factory=_bests)  # whoever else is of a region, by its code
    winners: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    @classmethod
    def of(cls, places: Sequence[Looked]) -> _Everybody:
        made = cls()
        for place, chances in places:
            made._add(place, 1 - chances[0])
            if not place.implied:
                made.lines[place.sentence].append((place.recipient.start, _fineness(place), 1 - chances[0]))
        return made

    def _add(self, place: Receiver, chance: float) -> None:
        recipient, me = place.recipient, id(place)
        name, type_ = recipient.name, recipient.type
        self.company[place.company].append(chance)
        self.here[place.sentence, type_].add(me, chance)
        self.column[_column(place)].append(chance)
        self.name[name].add(me, chance)
        self.kinds[type_].add(name, chance)
        self.anybody.add(name, chance)
        if len(recipient.codes) == 1:
            (code,) = recipient.codes
            if type_ != "region":
                self.region["in", code].add(me, chance)
            if "." in code:
                self.region["below", code[: code.rindex(".")]].add(me, chance)
        if chance > _WINS:
            self.winners[type_].add(name)

    def around(self, place: Receiver, chances: Sequence[float]) -> Iterator[tuple[str, int | None]]:
        """What became of those around a place, each in steps; None where there is nobody."""
        recipient, me, own = place.recipient, id(place), 1 - chances[0]
        name, type_ = recipient.name, recipient.type
        yield "company", _level(_mean_of_others(self.company[place.company], own) if place.company else None)
        yield "same kind here", _level(self.here[place.sentence, type_].without(me))
        finer, coarser = self._near(place)
        yield "finer near", _level(finer)
        yield "coarser near", _level(coarser)
        if place.line.article.document.sentences[place.sentence].kind in ("item", "row"):
            yield "its column", _level(_mean_of_others(self.column[_column(place)], own))
        yield "named elsewhere", _level(self.name[name].without(me))
        yield "likeliest of its kind", _level(self.kinds[type_].without(name))
        yield "likeliest", _level(self.anybody.without(name))
        of_kind = len(self.winners[type_]) - (name in self.winners[type_])
        yield "winners of its kind", bisect(_COUNTS, of_kind)
        others = sum(len(names) - (name in names) for kind, names in self.winners.items() if kind != type_)
        yield "winners of other kinds", bisect(_COUNTS, others)
        if type_ == "region" and len(recipient.codes) == 1:
            yield "of this region", _level(self.region["in", recipient.codes[0]].without(me))
            yield "below this region", _level(self.region["below", recipient.codes[0]].without(me))

    def _near(self, place: Receiver) -> tuple[float | None, float | None]:
        """The likeliest of the finer and of the coarser names next to one: a village's region, a bank's branch."""
        start, own, line = place.recipient.start, _fineness(place), self.lines[place.sentence]
        first, last = (bisect(line, (start + way * _NEAR,)) for way in (-1, 1))
        finer = [chance for _, fineness, chance in line[first:last] if fineness < own]
        coarser = [chance for _, fineness, chance in line[first:last] if fineness > own]
        return max(finer, default=None), max(coarser, default=None)


def _column(place: Receiver) -> tuple[Hashable, ...]:
    return place.line.article.document.sentences[place.sentence].heading, place.recipient.type


def _fineness(place: Receiver) -> int:
    return FINENESS.get(place.recipient.type, 1)


def _mean_of_others(chances: Sequence[float], own: float) -> float | None:
    return None if len(chances) < 2 else (sum(chances) - own) / (len(chances) - 1)


@shared
def _first(standing: int, reached: int) -> Iterator[str]:
    yield from (f"first {standing} over {step}" for step in range(reached))


@shared
def _likeliest(standing: int, own: str) -> Iterator[str]:
    yield f"first likeliest:{standing}|{own}"


@shared
def _is(kind: str, line: str, sentence: int, own: str) -> Iterator[str]:
    yield from (f"is:{kind}", f"is:{kind}|{own}", f"is:{kind}|{line}", f"line:{line}|{own}")
    yield from (f"sentence:{sentence}", f"sentence:{sentence}|{own}", f"sentence:{sentence}|{kind}")


@shared
def _of_article(standing: int, level: int, own: str, kind: str) -> Iterator[str]:
    yield from _reached(f"article {standing}", level, own, kind)


@shared
def _beside(what: str, level: int | None, own: str, kind: str) -> Iterator[str]:
    yield from _reached(what, level, own, kind)


def _reached(what: str, level: int | None, own: str, kind: str) -> Iterator[str]:
    """Each step that is reached, alone and by how likely the name was itself; where the last is, by its kind."""
    yield f"{what}:{level}|{kind}"
    if not level:
        yield from (f"{what}:{level}", f"{what}:{level}|{own}")
    for step in range(level or 0):
        yield from (f"{what} over {step}", f"{what} over {step}|{own}")
