"""An article's address, and the links of its page -> patterns that know a site's articles. Proposes; reads no page.

What stays and what varies is told from links of the same shape; where the page has none, from words that news sites use.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import SplitResult, parse_qsl, urljoin, urlsplit

Kind = Literal["word", "date", "number", "numbered", "code", "slug"]

# Parts of a path that stand in every article's address of a site, and name no channel.
_CONSTANT = frozenset(
    "read baca artikel article articles berita news post posts detail view story publikasi warta kabar content konten id "
    "index.php web home blog".split()
)
# Parts below which lists, pictures and films lie.
_NO_CHANNELS = ("tags?", "topi[ck]", "author", "penulis", "category", "kategori", "page", "search", "inde(?:ks|x)", "arsip",
                "foto", "galeri", "video", "tv")  # fmt: skip
_HOUSE = "|pedoman-|kode-etik|tentang-kami|kebijakan-privasi|syarat-dan-"  # pages with as many words as a headline
_SECOND_LEVEL = frozenset("co go or ac web sch my biz desa net mil ponpes com org gov".split())
_HOSTS = ("www", "m", "amp")  # of one article
_AMP = ("amp", "amp_version")
_FEW_WORDS = 4  # of a slug: a page about the house has fewer
_LEAST_DIGITS = 5  # of a number at a slug's end: others are years and counts of the headline
_MANY = 3  # links that are evidence
_SURELY = 30  # links in one channel that are evidence of no other: those beside an article are often of its channel
_QUERY_IDS = ("p", "id", "nid", "berita", "news", "artikel", "post", "idberita", "id_berita")

_HOST = re.compile(rf"^(?:{'|'.join(_HOSTS)})\.(?=[^.]+\.)")
_SUFFIX = re.compile(r"\.(?:[sx]?html?|php|aspx?)$", re.IGNORECASE)
_YEAR = r"(?:19|20)\d\d"
_MONTH, _DAY = r"(?:0?[1-9]|1[0-2])", r"(?:0?[1-9]|[12]\d|3[01])"
_DATES = tuple(  # over so many parts
    (count, re.compile(form))
    for count, form in (
        (3, rf"{_YEAR}/{_MONTH}/{_DAY}"),
        (3, rf"\d\d/{_MONTH}/{_DAY}"),
        (2, rf"{_YEAR}/{_MONTH}"),
        (1, rf"{_YEAR}-{_MONTH}-{_DAY}"),
        (1, rf"{_YEAR}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"),
    )
)
_CLOCK = re.compile(r"(?:[01]\d|2[0-3])[0-5]\d(?:[0-5]\d(?:\d{2,3})?)?")  # a number that is a time: 101533, 154207778
_CODE = r"(?=[a-z]*\d)[a-z0-9]{6,14}"  # sy24g3512
_MIXED_CODE = r"(?=[a-z0-9]*[A-Z])[A-Za-z0-9]{8,14}"  # 27oRU1T1EYV
_IS_CODE = re.compile(r"[a-z]\d+[a-z]|\d[a-z]+\d")  # and no 'covid19', 'pemilu2024'
_IS_MIXED = re.compile(r"[a-z0-9][A-Z]")


@dataclass(frozen=True, slots=True)
class Patterns:
    """What a site declares of its addresses, and in words what speaks for it."""

    article_url: str
    article_id: str
    url_because: str
    id_because: str


@dataclass(frozen=True, slots=True)
class _Part:
    """One part of a path, or a date over several: `plain` is its pattern, `grouped` the same with the id as a group."""

    kind: Kind
    text: str
    plain: str
    grouped: str
    digits: str = ""


@dataclass(frozen=True, slots=True)
class _Path:
    """A path as the words it begins with and the parts that follow; 'amp' and the suffix are left out."""

    words: tuple[str, ...]
    parts: tuple[_Part, ...]
    suffix: str

    @property
    def shape(self) -> tuple[Kind, ...]:
        """What tells an article's address from others: the kinds of what follows the channels."""
        return tuple(part.kind for part in self.parts)


def patterns(url: str, links: Sequence[str] = (), amp: str | None = None) -> Patterns:
    """Patterns for the site of an article at `url`. `links`: where its page leads; `amp`: the article's AMP address."""
    split = urlsplit(url)
    others = [
        s.path
        for link in links
        if (s := _split(link)) is not None and _base(s) == _base(split) and s.path != split.path
    ]
    ends = [part for path in others for part in path.rstrip("/").rsplit("/", 2)[-2:]]
    path = _path(split.path, ends)
    if (queried := _in_query(split, path)) is not None:
        return queried
    key, id_because = _identified(path.parts)
    siblings = [p for other in others if (p := _path(other, ends)).shape == path.shape and _has_words(p, key)]
    channels, stays, url_because = _channels(path, siblings)
    if channels.startswith(("[", "(")) or (not channels and path.parts[0].kind == "slug"):
        own = (*path.words, *(part.text for part in path.parts))
        lists = (name for name in _NO_CHANNELS if not any(re.fullmatch(name, word) for word in own))
        house = _HOUSE if path.parts[key].kind == "slug" else ""
        channels = rf"(?!(?:{'|'.join(lists)})/{house}){channels}"
    before = "".join(f"{part.plain}/" for part in path.parts[:key])
    front, inside = ("", "(?:amp/)?") if amp and re.search(r"//[^/]+/[^/]+.*/amp/.", amp) else ("(?:amp/)?", "")
    address = (
        f"https?://{_host_pattern(split)}/{front}{channels}{inside}{before}{path.parts[key].plain}{_end(path, key)}"
    )
    return Patterns(address, _id_pattern(path, key, stays), url_because, id_because)


def variants(url: str, amp: str | None = None) -> tuple[str, ...]:
    """Addresses at which the same article may be served: other hosts, the AMP page, a further page."""
    split = urlsplit(url)
    found = [url]
    if not _is_bare(split):
        base = _base(split)
        found += [split._replace(netloc=host).geturl() for host in (base, *(f"{name}.{base}" for name in _HOSTS))]
        found.append(split._replace(path=f"/amp{split.path}").geturl())
    if not _SUFFIX.search(split.path):
        found.append(split._replace(path=f"{split.path.rstrip('/')}/amp").geturl())
    found += [url + ("&" if split.query else "?") + "page=2", *([amp] if amp else [])]
    return tuple(dict.fromkeys(found))


def neighbours(url: str, links: Sequence[str]) -> dict[str, str]:
    """Other hosts of the same domain at which addresses of the same shape lie, with one of them each."""
    split = urlsplit(url)
    shape, domain = _path(split.path, ()).shape, _domain(split)
    found: dict[str, str] = {}
    for link in links:
        s = _split(link)
        if s is not None and _domain(s) == domain and _base(s) != _base(split) and _path(s.path, ()).shape == shape:
            found.setdefault(_base(s), link)
    return found


def home_of(url: str) -> str:
    """The front page of an address's host."""
    split = urlsplit(url)
    return f"{split.scheme}://{split.netloc}/"


def is_front(url: str) -> bool:
    """Whether an address names no page of its host: neither a path nor an id in its query."""
    split = urlsplit(url)
    return not _path(split.path, ()).parts and _in_query(split, _path(split.path, ())) is None


def is_same_host(url: str, other: str) -> bool:
    """Whether two addresses are of one host, www., m. and amp. apart."""
    return _base(urlsplit(url)) == _base(urlsplit(other))


def joined(base: str, link: str) -> str:
    """A link as an absolute address without fragment; empty when it is none of the web."""
    try:
        found = urljoin(base, link.strip()).partition("#")[0]
        return found if urlsplit(found).scheme in ("http", "https") else ""
    except ValueError:  # 'http://['
        return ""


def slug_of(url: str) -> str:
    """A file name for the article: the words of its address, without number and suffix; 'article' when it has none."""
    parts = [_SUFFIX.sub("", part).lower() for part in urlsplit(url).path.split("/")]
    plain = [
        re.sub(r"^\d+-|-\d{5,}(?:-[a-z]{2,4})?$", "", re.sub(r"[^a-z0-9]+", "-", part).strip("-")) for part in parts
    ]
    longest = max(plain, key=lambda part: part.count("-"))[:60].rstrip("-")
    return longest if "-" in longest else "article"


# ------------------------------------------------------------------------------------------------------------------ hosts


def _split(link: str) -> SplitResult | None:
    try:
        return urlsplit(link)
    except ValueError:
        return None


def _is_bare(split: SplitResult) -> bool:
    """Whether the host is a number or has a port: a machine, not a site's name."""
    return ":" in split.netloc or re.fullmatch(r"[\d.]+|localhost", split.netloc) is not None


def _base(split: SplitResult) -> str:
    return split.netloc.lower() if _is_bare(split) else _HOST.sub("", split.netloc.lower(), count=1)


def _domain(split: SplitResult) -> str:
    labels = _base(split).split(".")
    return ".".join(labels[-3 if len(labels) > 2 and labels[-2] in _SECOND_LEVEL else -2 :])


def _host_pattern(split: SplitResult) -> str:
    others = "" if _is_bare(split) else "(?:" + "|".join(rf"{name}\." for name in _HOSTS) + ")?"
    return others + _base(split).replace(".", r"\.")


# ------------------------------------------------------------------------------------------------------------ parts of it


def _path(path: str, ends: Sequence[str]) -> _Path:
    """A path taken apart. `ends`: last parts of other paths, which tell an id's number from one of the headline."""
    texts = [text for text in path.split("/") if text and text not in _AMP]
    suffix = _SUFFIX.search(texts[-1]) if texts else None
    if suffix:
        texts[-1] = texts[-1][: suffix.start()]
    parts: list[_Part] = []
    while texts:
        count, part = _date(texts) or (1, _part(texts[0], len(texts) == 1, ends))
        parts.append(part)
        texts = texts[count:]
    if any(part.kind == "date" for part in parts):  # with its date, an address is an article's however short the slug
        parts = [
            replace(part, plain=r"[^/?#]+", grouped=r"([^/?#]+)") if part.kind == "slug" else part for part in parts
        ]
    first = next((i for i, part in enumerate(parts) if part.kind != "word"), len(parts))
    return _Path(tuple(part.text for part in parts[:first]), tuple(parts[first:]), suffix[0] if suffix else "")


def _date(texts: Sequence[str]) -> tuple[int, _Part] | None:
    """The date that the parts begin with, and over how many it goes."""
    for count, form in _DATES:
        text = "/".join(texts[:count])
        if len(texts) >= count and form.fullmatch(text):
            plain = re.sub(r"\d+", _digits, text)
            return count, _Part("date", text, plain, f"({plain})")
    return None


def _digits(found: re.Match[str]) -> str:
    """A pattern for a number of a date; a month of one digit is one of two in other months."""
    return {1: r"\d{1,2}", 2: r"\d\d"}.get(len(found[0]), rf"\d{{{len(found[0])}}}")


def _part(text: str, is_last: bool, ends: Sequence[str]) -> _Part:
    letters = "A-Za-z" if re.search("[A-Z]", text) else "a-z"
    if re.fullmatch(r"\d+(?:-\d+)*", text):
        plain = r"\d+(?:-\d+)+" if "-" in text else r"\d+"
        return _Part("number", text, plain, f"({plain})", max(text.split("-"), key=len))
    if found := re.match(r"(\d{4,})-(?=[A-Za-z0-9])", text):
        return _Part("numbered", text, rf"\d+-[{letters}0-9]", r"(\d+)-", found[1])
    if (found := re.fullmatch(r"([a-z]{1,8}-?)(\d{4,})", text)) and not re.fullmatch(_YEAR, found[2]):
        return _Part("numbered", text, rf"{found[1]}\d+", rf"{found[1]}(\d+)", found[2])
    if (found := re.search(r"-(\d{2,})(-[a-z]{2,4})?$", text)) and _is_id(
        found[1], bool(found[2]), text[: found.start()], ends
    ):
        least = max(_LEAST_DIGITS if len(found[1]) >= _LEAST_DIGITS else 1, len(found[1]) - 3)
        number, mark = rf"-(\d{{{least},}})", found[2] or ""
        return _Part("numbered", text, rf"[^/?#]+-\d{{{least},}}{mark}", f"{number}{mark}", found[1])
    if code := _code(text):
        return code
    if not is_last and text.count("-") < _FEW_WORDS:
        return _Part("word", text, "[a-z0-9-]+", "")
    if not re.fullmatch(r"[A-Za-z0-9-]+", text):
        return _Part("slug", text, r"[^/?#]+", r"([^/?#]+)")
    word, more = rf"[{letters}0-9]+", min(_FEW_WORDS - 1, text.count("-"))
    plain = rf"{word}(?:-{word}){{{more},}}"
    if not more or not re.fullmatch(plain, text):  # one word; 'a--b', 'a-'
        plain = rf"[{letters}0-9-]+"
    return _Part("slug", text, plain, f"({plain})")


def _is_id(digits: str, has_mark: bool, words: str, ends: Sequence[str]) -> bool:
    """Whether a number at a slug's end is the article's: long, marked, or as most other links of the page have it."""
    if len(digits) >= _LEAST_DIGITS or (has_mark and len(digits) == _LEAST_DIGITS - 1):
        return True
    slugs = [part for part in ends if part.count("-") >= _MANY]
    numbers = {found[1] for part in slugs if (found := re.search(rf"-(\d{{{len(digits)}}})(?:\.\w+)?$", part))}
    return "-" in words and not re.fullmatch(_YEAR, digits) and len(numbers) >= _MANY and 2 * len(numbers) > len(slugs)


def _code(text: str) -> _Part | None:
    """A part that is a code, begins with one ('sy24g3512-slug') or ends with one ('slug-27oRU1T1EYV')."""
    if re.fullmatch(_CODE, text) and _IS_CODE.search(text):
        return _Part("code", text, _CODE, f"({_CODE})")
    if re.fullmatch(_MIXED_CODE, text) and _IS_MIXED.search(text):
        return _Part("code", text, _MIXED_CODE, f"({_MIXED_CODE})")
    first, last = text.partition("-")[0], text.rpartition("-")[2]
    if re.fullmatch(_CODE, first) and _IS_CODE.search(first):
        return _Part("code", text, rf"{_CODE}-[a-z0-9]", f"({_CODE})-")
    if re.fullmatch(_MIXED_CODE, last) and _IS_MIXED.search(last) and text.rpartition("-")[0].islower():
        return _Part("code", text, rf"[a-z0-9-]+-{_MIXED_CODE}", f"-({_MIXED_CODE})")
    return None


# ------------------------------------------------------------------------------------------------------------ what varies


def _has_words(path: _Path, key: int) -> bool:
    """Whether what would be an id of words has enough of them to be a headline's."""
    return path.parts[key].kind != "slug" or path.parts[key].text.count("-") >= _FEW_WORDS - 1


def _channels(path: _Path, siblings: Sequence[_Path]) -> tuple[str, bool, str]:
    """The pattern of the words that a path begins with, whether its last one stays, and why."""
    own = path.words
    runs = [sibling.words for sibling in siblings]
    seen = f"{len(runs)} other link{'s' if len(runs) != 1 else ''} of this shape on the page"
    shortest = min(map(len, (own, *runs)))
    first = next((i for i in range(shortest) if not _stays(own[i], [run[i] for run in runs])), shortest)
    room = shortest - first
    last = next((i for i in range(room) if not _stays(own[-1 - i], [run[-1 - i] for run in runs])), room)
    counts = {len(run) - first - last for run in (own, *runs)}
    front, back = own[:first], own[len(own) - last :]
    staying = "/".join((*front, *back))
    kept = f"{staying!r} is taken to stay" if staying else "no part is taken to stay"
    fewest, most = min(counts), max(counts)
    if most == 0:
        return "".join(map(_as_word, own)), bool(own), f"{seen}; {kept}"
    varying = list(dict.fromkeys(run[first] for run in (own, *runs) if len(run) > first + last))
    word = r"[a-z0-9-]+/" if all(re.fullmatch(r"[a-z0-9-]+", w) for run in (own, *runs) for w in run) else r"[^/?#]+/"
    middle = word * most if fewest == most else rf"(?:{word}){{{fewest},{max(most, 2)}}}"
    named = ", ".join(varying[:4]) + (" ..." if len(varying) > 4 else "")
    because = f"{seen}, in {len(varying)} channel{'s' if len(varying) != 1 else ''} ({named}); {kept}"
    return "".join(map(_as_word, front)) + middle + "".join(map(_as_word, back)), last > 0, because


def _stays(word: str, others: Sequence[str]) -> bool:
    """Whether a word stands in every article's address: by itself when it is one of those, else only if many links say so."""
    return set(others) <= {word} and (word.lower() in _CONSTANT or len(others) >= _SURELY)


def _as_word(text: str) -> str:
    return text.replace(".", r"\.") + "/"


# ---------------------------------------------------------------------------------------------------------------- the id


def _identified(parts: Sequence[_Part]) -> tuple[int, str]:
    """Which part holds the id, and what it is in words."""
    numbers = [i for i, part in enumerate(parts) if part.digits]
    if numbers:
        # The longest; a long one that is a part of its own before one that ends a slug, which may be a time.
        best = max(
            numbers,
            key=lambda i: (
                parts[i].kind == "number" and len(parts[i].digits) >= _LEAST_DIGITS,
                len(parts[i].digits),
                i,
            ),
        )
        if _is_a_time(parts, best):
            return best, f"date and number, for {parts[best].digits} is a time of the day or as short"
        return best, f"the number {parts[best].digits}"
    codes = [i for i, part in enumerate(parts) if part.kind == "code"]
    if codes:
        return codes[-1], f"the code in {parts[codes[-1]].text}"
    dated = any(part.kind == "date" for part in parts)
    return len(
        parts
    ) - 1, f"{'date and words' if dated else 'the words'}: the address holds no number that could be one"


def _is_a_time(parts: Sequence[_Part], key: int) -> bool:
    """Whether the number is one of its day only: a time, or short, and a date stands before it."""
    is_dated, digits = any(part.kind == "date" for part in parts[:key]), parts[key].digits
    return is_dated and bool(digits) and (_CLOCK.fullmatch(digits) is not None or len(digits) < _LEAST_DIGITS)


def _id_pattern(path: _Path, key: int, stays: bool) -> str:
    """A pattern that finds the id in an address of the site, and nothing before it. `stays`: the last channel's name."""
    parts, is_time = path.parts, _is_a_time(path.parts, key)
    needs_date = is_time or parts[key].kind == "slug"
    first = next((i for i, part in enumerate(parts[:key]) if part.kind in ("date", "number")), key)
    before = "".join((p.grouped if needs_date and p.kind == "date" else p.plain) + "/" for p in parts[first:key])
    lead = "/" + (_as_word(path.words[-1]) if stays and first == 0 else "")
    grouped = parts[key].grouped
    if is_time and len(parts[key].digits) == len("101533") and key + 1 < len(parts):  # which two articles may share
        return f"{lead}{before}{grouped}/([^/?#]+)"
    if grouped.startswith("-"):
        return (f"{lead}{before}[^/?#]*" if before else "") + rf"{grouped}(?=[./?#]|$)"
    if parts[key].plain == r"\d+" and lead == "/" and not before:
        return rf"/(\d{{{min(3, len(parts[key].digits))},}})" + ("/" if key + 1 < len(parts) else r"(?=[./?#]|$)")
    return f"{lead}{before}{grouped}" + (_behind_words(path) if parts[key].kind == "slug" else "")


def _end(path: _Path, key: int) -> str:
    """What follows the id in an article's address."""
    if key + 1 < len(path.parts):
        return "/[^/?#]" if path.parts[key].kind in ("number", "code") else ""
    if path.parts[key].kind == "slug":
        return _behind_words(path)
    return "" if path.parts[key].grouped.endswith(")-") else r"(?=[./?#]|$)"


def _behind_words(path: _Path) -> str:
    """What follows an id of words: the suffix, or nothing but 'amp' and a page's number. Behind a date, anything may."""
    if path.suffix:
        return re.escape(path.suffix)
    return "" if any(part.kind == "date" for part in path.parts) else r"(?:/amp|/\d{1,2})?/?(?:[?#]|$)"


def _in_query(split: SplitResult, path: _Path) -> Patterns | None:
    """Patterns for an address whose id stands in its query: /?p=12, /detail?id=12."""
    given = dict(parse_qsl(split.query))
    name = next((name for name in _QUERY_IDS if given.get(name, "").isdecimal()), None)
    if path.parts and (name is None or any(part.digits or part.kind == "code" for part in path.parts)):
        return None
    if name is None:
        return None
    place = re.escape(split.path or "/").replace(r"\-", "-")
    return Patterns(
        rf"https?://{_host_pattern(split)}{place}\?(?:[^#]*&)?{name}=\d+",
        rf"[?&]{name}=(\d+)",
        "the path is taken to stay",
        f"the number {given[name]} in the query",
    )
