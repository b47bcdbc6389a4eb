"""Whether a value fits a record at all: a step of the award's own scale, the giver that the catalogue knows, the head of the
recipient's government, a category that speaks of its kind. What names and tables tell, wherever they stand.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache

from etl import gazetteer
from etl.extract.fields import categories, details
from etl.extract.fields.candidates import Anchor, Cast
from etl.extract.fields.surroundings import NOTHING, PLAIN_WORD, Candidate
from etl.extract.judge import Clues, shared
from etl.extract.names.entities import Recipient


def _nothing(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    return NOTHING


def _fits_giver(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    value = candidate.found.value
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    known = series.giver if series else None
    publisher = _publishers().get(value)
    return _giver(
        value in known.split("; ") if known else None,
        candidate.kind,
        value == f"Pemerintah {anchor.name}",
        bool(publisher and cast.document.outlet and publisher in cast.document.outlet),
        min(4, cast.named("giver")[value]),
        value in cast.winners,
    )


@shared
def _giver(
    of_the_series: bool | None, kind: str, own_region: bool, publishes: bool, named: int, wins: bool
) -> Iterator[str]:
    yield "no catalogue giver" if of_the_series is None else f"catalogue giver:{of_the_series}"
    yield f"catalogue giver:{bool(of_the_series)}|{kind}"
    yield f"own region:{own_region}"
    if publishes:
        yield "publisher"
    yield f"named:{named}"
    if wins:
        yield "a winner"
        yield f"a winner|{kind}"


@cache
def _publishers() -> dict[str, str]:
    """The site of each organization that publishes one."""
    return {o.name: o.publisher for o in gazetteer.organizations().values() if o.publisher}


def _fits_person(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    found = candidate.found
    office = next(
        (
            e
            for e in cast.document.within(candidate.sentence)
            if isinstance(e, Recipient) and e.person_span == (found.start, found.end)
        ),
        None,
    )
    return _person(
        found.value == anchor.name,
        bool(anchor.person) and found.value in (anchor.name, anchor.person),
        office.codes == anchor.codes if office is not None and office.codes else None,
        anchor.type,
    )


@shared
def _person(is_winner: bool, is_head: bool, of_the_region: bool | None, type_: str) -> Iterator[str]:
    if is_winner:
        yield "the winner himself"
    if is_head:
        yield "head of the recipient"
    if of_the_region is not None:
        yield f"office of the region:{of_the_region}"
        yield f"office of the region:{of_the_region}|{type_}"


def _fits_category(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    """Whether a category speaks of recipients of another kind, and whether it only says again what the award's name says."""
    words = _words_of(candidate.found.value)
    kinds = {categories.KIND_OF_WORD[w] for w in words & categories.KIND_OF_WORD.keys()}
    own = {anchor.type} | (
        {gazetteer.regions()[anchor.codes[0]].kind} if anchor.type == "region" and anchor.codes else set()
    )
    share = None
    if anchor.award is not None and words:
        name = _words_of(anchor.award.name)
        share = "all" if words <= name else "some" if words & name else "none"
    if candidate.kind == "own kind":
        said = cast.named("category")
        return _own_kind(
            candidate.found.value, anchor.series, anchor.type, share or "none",
            min(2, said[candidate.found.value] + said[candidate.found.value.capitalize()]),
            min(3, sum(said[kind] > 0 for kind in categories.KIND_OF_WORD)),
        )  # fmt: skip
    return _category(candidate.kind, bool(kinds & own) if kinds else None, share, anchor.series)


@shared
def _own_kind(kind: str, series: str | None, type_: str, share: str, said: int, kinds: int) -> Iterator[str]:
    """The series has a prize for each kind; the text speaks of this kind, and of others."""
    yield from (f"own kind:{kind}", f"own kind of series:{series}", f"own kind, {type_}")
    yield from (f"own kind said:{said}", f"own kind, kinds said:{kinds}", f"own kind said:{said} of {kinds}")
    yield f"own kind in the award's name:{share}"


@shared
def beside_rank(value: str, kind: str, rank: str | None) -> Iterator[str]:
    """A category says something else than the rank does; one of a record that has a place is more likely a level or group."""
    what = "none" if rank is None else "place" if details.PLACE_RANK.fullmatch(rank) or rank.isdigit() else "level"
    yield f"rank:{what}|{kind}"
    if rank is not None:
        own, said = set(rank.lower().split()), set(value.lower().split())
        yield f"{what} said:{'all' if own <= said else 'some' if own & said else 'none'}"


@lru_cache(maxsize=4096)
def _words_of(phrase: str) -> frozenset[str]:
    return frozenset(PLAIN_WORD.findall(phrase.lower()))


@shared
def _category(kind: str, of_its_kind: bool | None, share: str | None, series: str | None) -> Iterator[str]:
    """It speaks of the recipient's kind; says what the award's name says; an award without a name is told by what it is for."""
    yield f"speaks of its kind:{of_its_kind}"
    if share is None:
        yield from ("of a nameless award", f"of a nameless award|{kind}")
    else:
        yield f"words in the award's name:{share}"
        yield from (f"series:{series}", f"series:{series}|{kind}")


def _fits_level(cast: Cast, candidate: Candidate, anchor: Anchor) -> Clues:
    if candidate.kind == "level":
        value = candidate.found.value
        return _level(
            anchor.series is not None and details.has_level(value, (0, len(value)), anchor.series),
            anchor.award is not None and value.lower() in anchor.award.name.lower(),
            anchor.series,
            value.lower(),
        )
    series = gazetteer.series().get(anchor.series) if anchor.series else None
    return _rank(candidate.kind, series.kind if series else None, anchor.series, anchor.award is not None)


@shared
def _level(fits: bool, named: bool, series: str | None, value: str) -> Iterator[str]:
    yield from (f"level|of series:{series}", f"level of {series}:{value}", f"of series:{series}")
    yield f"level of the series:{fits}"
    if named:
        yield "level in the award's own name"


@shared
def _rank(kind: str, series: str | None, id_: str | None, named: bool) -> Iterator[str]:
    yield from (f"{kind}|of series:{id_}", f"of series:{id_}", f"named:{named}", f"named:{named}|{kind}")
    yield f"{kind}|series:{series}"


FITS = {
    "rank": _fits_level, "category": _fits_category, "awarded_on": _nothing, "place": _nothing, "giver": _fits_giver,
    "presented_by": _fits_person, "received_by": _fits_person,
}  # fmt: skip
