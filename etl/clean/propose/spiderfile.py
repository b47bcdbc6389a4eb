"""A proposal -> the text of the spider file that declares it, as `ruff format` leaves it."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

from etl.clean.propose import Proposal
from etl.model import Layout

WIDTH = 120  # of a line; pyproject.toml has the same
_INDENT = "    "


@dataclass(frozen=True, slots=True)
class _Raw:
    """A pattern: written as a raw string, in several where it is longer than a line."""

    text: str


@dataclass(frozen=True, slots=True)
class _Call:
    """A call with an argument without a name, and others with one."""

    function: str
    first: str
    named: tuple[tuple[str, object], ...]


def source_of(proposal: Proposal) -> str:
    """The whole file."""
    site, lists = proposal.site, proposal.lists
    declared: list[tuple[str, object]] = [("name", site.name), ("outlet", site.outlet)]
    declared += [(name, value) for name in ("feeds", "sitemaps") if (value := getattr(lists, name))]
    if lists.index is not None:
        declared.append(("indexes", (_Call("Index", lists.index[0], (("links", lists.index[1]), ("pages", 1))),)))
    declared += [("article_url", _Raw(site.article_url)), ("article_id", _Raw(site.article_id))]
    declared += [("page_query", site.whole)] if site.whole else []
    declared += [("page_number", _Raw(proposal.page_number))] if proposal.page_number else []
    declared.append(("layouts", tuple(_layout(layout) for layout in site.layouts)))
    declared.append(("unverified", "proposed from one page, which nobody has compared with others yet"))
    body = "\n".join(f"{_INDENT}{name} = {_written(value, 1, len(name) + 3)}" for name, value in declared)
    index = ", Index" if lists.index is not None else ""
    return (
        f'"""{site.outlet}: what `awards new-site` saw on one page; say here what is special about it."""\n\n'
        "from etl.model import Layout\n"
        f"from scraper.spider import ArticleSpider{index}\n\n\n"
        f"class {class_name(site.name, site.outlet)}(ArticleSpider):\n{body}\n"
    )


def class_name(name: str, outlet: str) -> str:
    """'balipost', 'Bali Post' -> 'BaliPostSpider': in the outlet's words where they are the site's name."""
    words = re.findall(r"[A-Za-z0-9]+", outlet)
    camel = "".join(word[0].upper() + word[1:] for word in words)
    return f"{camel if camel.lower() == name and camel.isascii() else name.capitalize()}Spider"


def _layout(layout: Layout) -> _Call:
    """What the layout says beyond its defaults."""
    given = (
        (field.name, getattr(layout, field.name), field.default) for field in fields(layout) if field.name != "name"
    )
    return _Call("Layout", layout.name, tuple((name, value) for name, value, default in given if value != default))


def _written(value: object, depth: int, before: int, after: int = 0) -> str:
    """A value as code: on one line when it fits between `before` and `after` characters of it, else taken apart."""
    inner, outer = _INDENT * (depth + 1), _INDENT * depth
    if len(flat := _flat(value)) <= WIDTH - len(outer) - before - after:
        return flat
    match value:
        case _Raw():
            pieces = _pieces(value.text, WIDTH - len(inner) - 3)
            return "(\n" + "".join(f'{inner}r"{piece}"\n' for piece in pieces) + f"{outer})"
        case tuple():
            lines = [_written(one, depth + 1, 0, 1) for one in value]
            return "(\n" + "".join(f"{inner}{line},\n" for line in lines) + f"{outer})"
        case _Call():
            lines = [_flat(value.first), *(f"{n}={_written(v, depth + 1, len(n) + 1, 1)}" for n, v in value.named)]
            return f"{value.function}(\n" + "".join(f"{inner}{line},\n" for line in lines) + f"{outer})"
    return flat


def _flat(value: object) -> str:
    """A value as code on one line."""
    match value:
        case str():
            return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
        case _Raw():
            return f'r"{value.text}"'
        case tuple():
            return "(" + ", ".join(map(_flat, value)) + (",)" if len(value) == 1 else ")")
        case _Call():
            return f"{value.function}({', '.join([_flat(value.first), *(f'{n}={_flat(v)}' for n, v in value.named)])})"
    return repr(value)


def _pieces(pattern: str, most: int) -> list[str]:
    """A pattern in pieces that fit on a line, parted behind a '/' or a group where there is one."""
    pieces = []
    while len(pattern) > most:
        ends = [found.end() for found in re.finditer(r"/|(?<!\\)\)[?+*]?", pattern[:most])]
        cut = max((end for end in ends if end > most // 3), default=most - (pattern[most - 1] == "\\"))
        pieces.append(pattern[:cut])
        pattern = pattern[cut:]
    return [*pieces, pattern]
