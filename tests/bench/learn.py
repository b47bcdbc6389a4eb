"""`make learn`: learns the weights of etl/extract/weights.json from labelled articles, and prints cross-validated scores.

Learned from: ../shared/eval (retold articles and real prose), the tune part of tests/bench/corpus, and two thirds of a day's
general news as articles without records. Never from the corpus' held-out part. Needs scikit-learn (the dependency group
`learn`) and ../shared; what ships needs neither. The same input gives the same weights.

An article becomes examples for each model:

    article     what it is about: focus, background, nominated as the most of its labels that may be news, or none
    receives    a name at a sentence: none, focus, background or nominated, as the record whose evidence stands there says
    reread      the same places, by what the first look makes of them all
    award       an award that may be meant there: is it the record's
    person      an office: is its holder the recipient, not its government
    year        an earlier year of the sentence: is the record told of it
    name        a phrase: is it the name of an award (those that the tables know are phrases too)
    rank ...    the candidates of a field (etl.extract.fields.roles): which of them is the record's value, or none
    right       a record as read by models that have not seen the article: does it match a label; one that does not counts
                two thirds more, so that what is said to be sure is sure in articles of other kinds, too
"""

from __future__ import annotations

import gzip
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

from etl import gazetteer
from etl.articles import published_day
from etl.extract import claims_in, is_award_article, judge, stance
from etl.extract import records as reading
from etl.extract.document import Document, document_of
from etl.extract.fields import roles
from etl.extract.names import award_names
from etl.extract.names.entities import award_candidates
from etl.extract.places import receivers, second_look
from etl.extract.places.receivers import Receiver
from etl.extract.places.survey import survey
from etl.extract.places.ties import Choice
from etl.output import show
from tests.bench import constructions, corpus
from tests.bench.extraction import EVAL
from tests.clean.test_sample import lines
from tests.sample import build as sample

Example = tuple[list[str], int]  # clues, class; -1: not to learn from
Pick = tuple[list[list[str]], list[bool]]  # the clues of each candidate of a field, and which of them are the value
Examples = dict[str, list[Any]]  # by model: of a field Picks, of any other Examples
Label = dict[str, Any]

DECISIONS = ("article", "receives", "award", "person", "year")
STRENGTHS = {
    "article": 0.3,
    "receives": 0.05,
    "reread": 0.01,
    "award": 0.1,
    "person": 0.1,
    "year": 0.1,
    "name": 0.3,
    "right": 0.1,
}  # C of the logistic regression
ROLE_STRENGTH = 0.15
FREE = ("article", "receives", "name", "category", "place")  # models that read better with `_leeway`; others read worse
OTHERS_LABELS = 3  # times that labels count which are not our own
NAMES_OF_OTHERS = 2
ENOUGH = 4  # winners of one award in an article from whom it is learned which it is: a list of thirty says one thing
FOLDS = 5
MATCH = 0.82, 0.6  # likeness of recipients, of awards, from which a label and a reading are one (score.py)


@dataclass(frozen=True)
class Labelled:
    """An article with its label; `part` is the set it comes from."""

    part: str
    label: Label
    text: str

    def document(self) -> Document:
        """The article taken apart, as `awards read --jsonl` would."""
        return document_of(self.text, published_day(self.label.get("published_on")), self.label.get("outlet"))


# ---------------------------------------------------------------------------------------------------------------- labels


def labelled() -> list[Labelled]:
    """Every article that may be learned from."""
    found = []
    for part in ("dev", "dev_real"):
        for line in (EVAL / f"{part}.jsonl").read_text(encoding="utf-8").splitlines():
            label = json.loads(line)
            text = (EVAL / f"{part}_texts" / f"{label['id']}.txt").read_text(encoding="utf-8")
            found.append(Labelled(part, label, text.rstrip("\n")))
    found += [Labelled("sample", *article) for article in _sample()]
    return found + [Labelled("corpus", label, corpus.text(label["id"]).rstrip("\n")) for label in corpus.labels("tune")]


def _sample() -> Iterator[tuple[Label, str]]:
    """The sample's invented articles, and the article that the project started from."""
    texts = {(a.site, a.id): "\n".join((a.title, *lines(a))) for a in sample.read_articles(sample.HERE / "articles")}
    for row in (sample.HERE / "labels.jsonl").read_text(encoding="utf-8").splitlines():
        label = json.loads(row)
        text = texts.get((label["site"], label["id"]))  # None: an earlier version of an article that changed
        if text is not None:
            yield {**label, "id": f"{label['site']}-{label['id']}", "published_on": "2026-11-20"}, text
    seed = json.loads((EVAL.parent / "seed" / "expected.json").read_text(encoding="utf-8"))
    text = "\n".join((seed["title"], *seed["paragraphs"]))
    yield {**seed, "id": "seed", "published_on": seed["published_at"][:10]}, text


def general_news() -> Iterator[Labelled]:
    """Two of three articles of general news: none holds a record, but for those that the real prose set labels."""
    known = [a.text.split("\n")[0] for a in labelled() if a.part == "dev_real"]
    with gzip.open(EVAL / "general_news_2025-06-18.jsonl.gz", "rt", encoding="utf-8") as file:
        for number, line in enumerate(file):
            article = json.loads(line)
            title = (article.get("title") or "").strip()
            if number % 3 != 2 and not any(title and title in other for other in known):
                label = {"id": f"G{number}", "published_on": "2025-06-18", "is_award_article": False, "records": []}
                yield Labelled("general", label, f"{title}\n{article.get('text') or ''}")


def _scorer() -> Any:
    sys.path.insert(0, str(EVAL))
    import score  # type: ignore[import-not-found]

    return score


# -------------------------------------------------------------------------------------------------------------- examples


def examples(article: Labelled, score: Any, matcher: Any) -> Examples:
    """What one article teaches each model."""
    document = article.document()
    claims = claims_in(document)
    places = list(receivers.receivers(survey(document, claims)))
    labels = article.label["records"]
    told = [_sentence_of(document, label.get("evidence")) for label in labels]
    leads = _leads(places, labels, told, matcher)
    made: Examples = defaultdict(list)
    winners: Counter[frozenset[str]] = Counter()
    made["article"].append((_names(stance.clues(document, claims)), _stance_of(labels)))
    for number, place in enumerate(places):
        own = [i for i, numbers in enumerate(leads) if number in numbers]
        made["receives"].append((_names(place.clues), _standing(place, own, labels, matcher)))
        for i in own[:1]:
            won = frozenset(labels[k]["award"] for k in own)
            winners[won] += 1
            if winners[won] <= ENOUGH:
                _teach_award(made, place, [labels[k] for k in own], matcher)
            _teach_choices(made, place, [labels[k] for k in own], labels[i])
    if article.label.get("fields_told", True):
        _teach_roles(made, roles.Cast(document, claims), places, labels, told, leads, score, matcher)
    return made


def examples_of_a_second_look(article: Labelled, matcher: Any) -> list[Example]:
    """What one article teaches the model `reread`, as read by the present models, which have not seen it."""
    document = article.document()
    claims = claims_in(document)
    about = stance.chances(document, claims)
    found = reading.first_look(survey(document, claims), about)
    if not second_look.is_worth_it(found):
        return []
    places, labels = [place for place, _ in found], article.label["records"]
    leads = _leads(places, labels, [_sentence_of(document, label.get("evidence")) for label in labels], matcher)
    return [
        (
            _names(clues),
            _standing(place, [i for i, numbers in enumerate(leads) if number in numbers], labels, matcher),
        )
        for number, (place, clues) in enumerate(zip(places, second_look.clues(found, about), strict=True))
    ]


def _stance_of(labels: Sequence[Label]) -> int:
    """What an article is about by its labels: news of awards won, else of nominees, else what it recalls."""
    told = {_class_of(label) for label in labels}
    return next(
        (
            reading.STANDINGS.index(s)
            for s in ("focus", "nominated", "background")
            if reading.STANDINGS.index(s) in told
        ),
        0,
    )


def _sentence_of(document: Document, quote: str | None) -> int | None:
    if not quote:
        return None
    match = re.search(r"\s+".join(map(re.escape, quote.split())), document.text)
    spans = enumerate(document.sentences)
    return next((n for n, s in spans if match and s.start <= match.start() < s.end), None)


def _is_same(place: Receiver, label: Label, matcher: Any) -> bool:
    """Whether a place names a label's recipient, under the reading of its office that the label has."""
    recipient = place.recipient
    names = [(recipient.name, recipient.type)]
    if recipient.office is not None:
        names.append((recipient.person or recipient.office, "official"))
    return any(
        matcher.recipient(label["recipient"], name) >= MATCH[0]
        and (recipient.office is None or type_ == label["recipient_type"])
        for name, type_ in names
    )


def _likeness(label: Label, choice: Choice, matcher: Any) -> float:
    """How like a label's award an award is that may be meant; 0 for another."""
    if choice.award is None:
        return 0.7 if _is_nameless(label, matcher) else 0.0
    likeness: float = matcher.award(label["award"], choice.award.name)
    return likeness if likeness >= MATCH[1] else 0.0


def _is_nameless(label: Label, matcher: Any) -> bool:
    """Whether a label's award has no name but its giver's: 'Penghargaan Kementerian Keuangan', not 'Penghargaan PBB-P2'."""
    noun, _, rest = label["award"].partition(" ")
    if noun != "Penghargaan" or gazetteer.series_names().find(label["award"]):
        return False
    return not label["giver"] or any(matcher.recipient(g, rest) >= _SAME_GIVER for g in label["giver"].split("; "))


_SAME_GIVER = 0.6  # likeness from which 'Kapolri' is the giver 'Polri'


def _best(label: Label, place: Receiver, matcher: Any) -> float:
    return max((_likeness(label, choice, matcher) for choice in place.choices), default=0.0)


def _leads(
    places: Sequence[Receiver], labels: Sequence[Label], told: Sequence[int | None], matcher: Any
) -> list[list[int]]:
    """For each label the places that tell it: those in the sentence of its evidence, else the first that could.

    Where no place could, because its award was not found, its recipient receives something in that sentence all the same.
    """
    leads = []
    for label, sentence in zip(labels, told, strict=True):
        same = [n for n, p in enumerate(places) if _is_same(p, label, matcher) and p.choices]
        able = [n for n in same if _best(label, places[n], matcher) > 0]
        if not able:
            leads.append([n for n in same if places[n].sentence == sentence and not places[n].implied])
            continue
        here = [n for n in able if places[n].sentence == sentence] or able[:1]
        leads.append([n for n in here if not places[n].implied] or here)
    return leads


def _standing(place: Receiver, own: Sequence[int], labels: Sequence[Label], matcher: Any) -> int:
    """The class of 'receives'; a place that tells again what another place told teaches nothing."""
    classes = [_class_of(labels[i]) for i in own if not labels[i].get("optional")]
    if own:
        return 1 if 1 in classes else min(classes, default=-1)
    again = any(_is_same(place, label, matcher) and _best(label, place, matcher) > 0 for label in labels)
    return -1 if again else 0


def _class_of(label: Label) -> int:
    if label["status"] == "nominated":
        return reading.STANDINGS.index("nominated")
    return reading.STANDINGS.index("focus" if label["in_focus"] else "background")


def _teach_award(made: Examples, place: Receiver, own: Sequence[Label], matcher: Any) -> None:
    for choice in place.choices:
        meant = any(_likeness(label, choice, matcher) > 0 for label in own)
        made["award"].append((_names(choice.clues), int(meant)))


def _teach_choices(made: Examples, place: Receiver, own: Sequence[Label], first: Label) -> None:
    if place.person is not None:
        made["person"].append((list(place.person.names), int(first["recipient_type"] == "official")))
    for year, clues in place.years:
        recalled = any((label["awarded_on"] or "")[:4] == str(year) and not label["in_focus"] for label in own)
        made["year"].append((_names(clues), int(recalled)))


def _teach_roles(
    made: Examples, cast: roles.Cast, places: Sequence[Receiver], labels: Sequence[Label], told: Sequence[int | None],
    leads: Sequence[Sequence[int]], score: Any, matcher: Any,
) -> None:  # fmt: skip
    chosen = {
        i: max((places[n] for n in numbers), key=lambda p: p.sentence == told[i])
        for i, numbers in enumerate(leads)
        if numbers
    }
    document = cast.document
    others = sorted({p.recipient.start for p in chosen.values()})
    for number, (i, place) in enumerate(sorted(chosen.items(), key=lambda pair: pair[1].recipient.start)):
        label, recipient = labels[i], place.recipient
        if not _best(label, place, matcher):
            continue  # its award was not found
        award = max(place.choices, key=lambda c: _likeness(label, c, matcher)).award
        is_person = label["recipient_type"] == "official" and recipient.office
        name = (recipient.person or recipient.office or "") if is_person else recipient.name
        series = award.series if award else None
        anchor = reading.anchor_at(document, place, award, series, name, label["recipient_type"], number)
        for field in (
            roles.FIELDS if label["in_focus"] and label["status"] != "nominated" else ("rank", "category", "giver")
        ):
            near = roles.near(cast, anchor, field)
            fits = [bool(label[field]) and score.same_field(field, label[field], c.found.value) for c in near]
            if near and (any(fits) or not label[field]):  # a value that no candidate has teaches nothing
                clues = [
                    _names((c.clues, *roles.relation(cast, c, anchor, others, field, label["rank"]))) for c in near
                ]
                made[field].append((clues, fits))


def _names(groups: Iterable[judge.Clues]) -> list[str]:
    return [name for group in groups for name in group.names]


# -------------------------------------------------------------------------------------------------------------- learning


def name_examples(article: Labelled, listed: bool = True) -> list[Example]:
    """Every phrase that may be an award's name, and whether a label has it; one that is like a label's teaches nothing."""
    if not article.label["records"] and article.part != "general":
        return []  # its awards have names, but no label tells them
    matcher = _scorer().Matcher({})
    named = (label["award"] for label in article.label["records"] if not _is_nameless(label, matcher))
    names = {" ".join(_award_words(name)) for name in named}
    made = []
    for candidate in award_candidates(article.text, listed):
        phrase = " ".join(_award_words(award_names.written(article.text[candidate.start : candidate.end])))
        likeness = max((SequenceMatcher(None, name, phrase).ratio() for name in names), default=0.0)
        made.append((list(candidate.clues), int(likeness >= 0.85) if likeness >= 0.85 or likeness < 0.6 else -1))
    return made


def _award_words(name: str) -> list[str]:
    words: list[str] = _scorer().award_words(name)
    return words


def learned_name(taught: Iterable[Sequence[Example]]) -> judge.Weights:
    """The weights of the model 'name'."""
    return fitted([e for one in taught for e in one if e[1] >= 0], 2, STRENGTHS["name"], "name" in FREE)


def _names_of_folds(
    articles: Sequence[Labelled], order: Sequence[int], others: Sequence[Labelled]
) -> list[judge.Weights]:
    """The model 'name' of each fold, which has not seen the fold's articles, and last the one that has seen all.

    What the other models learn from is read with the names of a model that has not seen the article: as it will be.
    """
    taught = [name_examples(article) for article in articles]
    plain = [name_examples(article) for article in others]
    times = [1 if article.part == "corpus" else NAMES_OF_OTHERS for article in articles]
    return [
        learned_name([*(t for n, t in enumerate(taught) for _ in range(times[n]) if n not in unseen), *plain])
        for unseen in (*(set(order[fold::FOLDS]) for fold in range(FOLDS)), set[int]())
    ]


def learned(taught: Sequence[Examples]) -> dict[str, judge.Weights]:
    """The weights of every model but 'reread' and 'right', which weigh what these say."""
    models = {
        field: fitted_choice([pick for one in taught for pick in one.get(field, [])], ROLE_STRENGTH)
        for field in roles.FIELDS
    }
    for model in DECISIONS:
        pairs = [example for one in taught for example in one.get(model, []) if example[1] >= 0]
        classes = len(reading.STANDINGS) if model in ("article", "receives") else 2
        models[model] = fitted(pairs, classes, STRENGTHS[model], model in FREE)
    return models


def with_second_looks(
    articles: Sequence[Labelled], order: Sequence[int], models: Sequence[dict[str, judge.Weights]], matcher: Any
) -> list[dict[str, judge.Weights]]:
    """The models of each fold, which has not seen the fold's articles, and last of all, with `reread` beside the others.

    It is learned from articles as the models of their own fold see them at first: as it will be.
    """
    unseen = [*(set(order[fold::FOLDS]) for fold in range(FOLDS)), set[int]()]
    taught: list[Examples] = [{}] * len(articles)
    for fold in range(FOLDS):
        _use(models[fold])
        for n in sorted(unseen[fold]):
            taught[n] = {"reread": examples_of_a_second_look(articles[n], matcher)}
    whole = []
    for kept_aside, others in zip(unseen, models, strict=True):
        pairs = [e for one in _weighted(articles, taught, kept_aside) for e in one["reread"] if e[1] >= 0]
        whole.append(others | {"reread": fitted(pairs, len(reading.STANDINGS), STRENGTHS["reread"])})
    return whole


def fitted(pairs: Sequence[Example], classes: int, strength: float, free: bool = False) -> judge.Weights:
    """A logistic regression over clues that occur at least twice; `free`: each with as much room as `_leeway` gives it."""
    import numpy as np
    from scipy.sparse import csr_matrix, diags
    from sklearn.linear_model import LogisticRegression

    counts = Counter(clue for clues, _ in pairs for clue in set(clues))
    places = {clue: n for n, clue in enumerate(sorted(clue for clue, count in counts.items() if count > 1))}
    rows: list[int] = []
    ends = [0]
    for clues, _ in pairs:
        rows += [places[clue] for clue in clues if clue in places]
        ends.append(len(rows))
    table = csr_matrix((np.ones(len(rows)), rows, ends), shape=(len(pairs), len(places)))
    said = np.array([y for _, y in pairs])
    leeway = _leeway(table, said) if free else np.ones(len(places))
    model = LogisticRegression(C=strength, max_iter=400, tol=1e-3)
    model.fit(table @ diags(leeway), said)
    learned = model.coef_ * leeway
    if classes == 2:
        weights = {clue: [0.0, round(float(learned[0, n]), 2)] for clue, n in places.items()}
        return {"": [0.0, round(float(model.intercept_[0]), 3)], **{c: w for c, w in weights.items() if w[1]}}
    found: dict[str, list[float]] = {"": [-20.0] * classes}
    for k, class_ in enumerate(model.classes_):
        found[""][class_] = round(float(model.intercept_[k]), 3)
    for clue, n in places.items():
        row = [0.0] * classes
        for k, class_ in enumerate(model.classes_):
            row[class_] = round(float(learned[k, n]), 2)
        if any(row):
            found[clue] = row
    return found


def _leeway(table: Any, said: Any) -> Any:
    """How freely the weight of each clue may grow: more where it is rare, and where it stands by one answer only.

    A regression that holds all weights equally small believes many vague clues rather than the one that decides:
    'mengalahkan' before a name is seen a dozen times, 'a name of the right kind behind a comma' a thousand times.
    """
    import numpy as np

    often = np.asarray(table.sum(axis=0)).ravel()
    with_, without = (np.asarray(table[mask].sum(axis=0)).ravel() + 1 for mask in (said > 0, said == 0))
    tells = np.abs(np.log((with_ / with_.sum()) / (without / without.sum())))
    return np.clip((often / _OFTEN) ** -_RARE, 0.3, 3) * np.clip(tells, _VAGUE, 2) ** _TELLING


_OFTEN, _RARE = 60, 0.25  # a clue seen 60 times has the usual room; how much more a rarer one has
_VAGUE, _TELLING = 0.3, 0.5  # a clue that tells least, and how much more room one has that tells more


def fitted_choice(picks: Sequence[Pick], strength: float) -> judge.Weights:
    """Weights by which one of several candidates is chosen, or none: a candidate's odds are against there being none.

    Of several right ones any may be chosen.
    """
    import numpy as np
    from scipy.optimize import minimize
    from scipy.sparse import csr_matrix

    rows = [clues for candidates, _ in picks for clues in candidates]
    counts = Counter(clue for clues in rows for clue in set(clues))
    places = {clue: n for n, clue in enumerate(sorted(clue for clue, count in counts.items() if count > 1))}
    columns = [[places[clue] for clue in clues if clue in places] for clues in rows]
    ends = np.cumsum([0, *map(len, columns)])
    flat = [n for row in columns for n in row]
    table = csr_matrix((np.ones(len(flat)), flat, ends), shape=(len(rows), len(places)))
    first = np.cumsum([0, *(len(candidates) for candidates, _ in picks)])[:-1]
    pick_of = np.repeat(np.arange(len(picks)), [len(candidates) for candidates, _ in picks])
    right = np.array([fits for _, all_fits in picks for fits in all_fits], dtype=float)
    none = np.array([0.0 if any(fits) else 1.0 for _, fits in picks])

    def loss(weights: Any) -> tuple[float, Any]:
        odds = table @ weights[1:] + weights[0]
        top = np.maximum(np.maximum.reduceat(odds, first), 0)
        parts, without = np.exp(odds - top[pick_of]), np.exp(-top)
        all_, good = np.add.reduceat(parts, first) + without, np.add.reduceat(parts * right, first) + without * none
        slope = parts / all_[pick_of] - parts * right / good[pick_of]
        away = weights[1:]
        return (
            float(np.sum(np.log(all_) - np.log(good)) + away @ away / (2 * strength)),
            np.concatenate([[slope.sum()], table.T @ slope + away / strength]),
        )

    found = minimize(
        loss, np.zeros(len(places) + 1), jac=True, method="L-BFGS-B", options={"maxiter": 100, "ftol": 1e-5}
    ).x
    weights = {clue: [0.0, round(float(found[n + 1]), 2)] for clue, n in places.items()}
    return {"": [0.0, round(float(found[0]), 3)], **{c: w for c, w in weights.items() if w[1]}}


def _weighted(articles: Sequence[Labelled], taught: Sequence[Examples], unseen: set[int]) -> Iterator[Examples]:
    """What the seen articles teach; those whose labels are not our own count several times."""
    for number, (article, examples_) in enumerate(zip(articles, taught, strict=True)):
        if number not in unseen:
            yield from [examples_] * (1 if article.part == "corpus" else OTHERS_LABELS)


def _use(models: dict[str, judge.Weights]) -> None:
    used = {name: judge.Model(weights) for name, weights in models.items()}
    judge.models = lambda: used  # type: ignore[assignment]


def _unsure() -> judge.Weights:
    return {"": [0.0, 0.0]}


def main() -> None:
    """Cross-validate, learn 'right' from what the folds read, learn the rest from everything, write the weights."""
    score = _scorer()
    matcher = score.Matcher(score.load_series(EVAL.parent / "domain" / "award_series.csv"))
    articles = labelled()
    order = sorted(range(len(articles)), key=lambda n: corpus.fold_key(articles[n].label["id"]))
    others = [*(Labelled("construction", label, text) for label, text in constructions.articles()), *general_news()]
    names = _names_of_folds(articles, order, others)
    taught: list[Examples] = [{}] * len(articles)
    for fold in range(FOLDS):
        _use({"name": names[fold]})
        for n in order[fold::FOLDS]:
            taught[n] = examples(articles[n], score, matcher)
    background = []
    for number, article in enumerate(others):
        _use({"name": names[number % FOLDS]})
        background.append(examples(article, score, matcher))
    right: list[Example] = []
    answers: dict[str, Label] = {}
    unseen = (*(set(order[fold::FOLDS]) for fold in range(FOLDS)), set[int]())
    folds = [learned([*_weighted(articles, taught, some), *background]) for some in unseen]
    folds = [models | {"name": name} for models, name in zip(folds, names, strict=True)]
    folds = with_second_looks(articles, order, folds, matcher)
    for fold in range(FOLDS):
        _use({**folds[fold], "right": _unsure()})
        for n in sorted(order[fold::FOLDS]):
            answers[articles[n].label["id"]], rated = _answer(articles[n], matcher)
            right += rated
    _report(articles, answers, score, matcher)
    models = folds[FOLDS]
    wrong = [example for example in right if not example[1]]
    models["right"] = fitted([*right, *wrong[::3], *wrong[1::3]], 2, STRENGTHS["right"])
    judge.MODELS.write_text(
        json.dumps(models, ensure_ascii=False, separators=(",", ":"), sort_keys=True) + "\n", encoding="utf-8"
    )
    print(f"{judge.MODELS}: {sum(map(len, models.values()))} weights, {judge.MODELS.stat().st_size / 1e6:.1f} MB")


def _answer(article: Labelled, matcher: Any) -> tuple[Label, list[Example]]:
    """What the present models read, and of each record whether a label says so."""
    document = article.document()
    claims = claims_in(document)
    drafts = reading.records(document, claims)
    mentions = [reading.mention(document, draft) for draft in drafts]
    records = [show.record_json(m) for m in mentions]
    labels = article.label["records"]
    matched = {j: i for i, j in matcher.pair(labels, records)}
    rated = [
        (
            _names(reading.confidence_clues(draft)),
            -1 if j in matched and labels[matched[j]].get("optional") else int(j in matched),
        )
        for j, draft in enumerate(drafts)
    ]
    answer = {
        "id": article.label["id"],
        "is_award_article": is_award_article(tuple(mentions)),
        "records": records,
        "read_no_further": stance.chances(document, claims)[0] >= reading.SURELY_NONE,
    }
    return answer, [pair for pair in rated if pair[1] >= 0]


def _report(articles: Sequence[Labelled], answers: dict[str, Label], score: Any, matcher: Any) -> None:
    for part in dict.fromkeys(article.part for article in articles):
        labels = {a.label["id"]: a.label for a in articles if a.part == part}
        result = score.evaluate(labels, answers, matcher)
        record, fields = result["record"], result["fields"]
        shown = "  ".join(f"{name} {field['accuracy']:.2f}" for name, field in fields.items() if field["n"])
        skipped = [len(label["records"]) for id_, label in labels.items() if answers[id_]["read_no_further"]]
        print(f"{part}, cross-validated: article {result['article']['f1']:.3f}  record P {record['p']:.3f} R {record['r']:.3f}"
              f" F1 {record['f1']:.3f}  focus {result['focus']['f1']:.3f}  strict {result['strict']['f1']:.3f}")  # fmt: skip
        print(f"    {shown}")
        print(f"    {len(skipped)} articles read no further, with {sum(skipped)} labelled records")


if __name__ == "__main__":
    main()
