r"""Patterns that are searched fast. Knows no words of its own.

`re` runs over a text several times as fast when a pattern begins with a letter or a set of letters as when it begins with a
look around (`\b`, `(?<!\w)`): so the first letter comes first, and the look behind it after.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_FIRST = re.compile(r"\[[^]]+\]|\\d|\w")


def one_of(*alternatives: str, not_after: Sequence[str] = ()) -> str:
    r"""The pattern `\b(?:one|other)`, for alternatives that begin with a letter, a set of letters or `\d`.

    Those that begin alike are tried one after the other, in their order.
    """
    rests: dict[str, list[str]] = {}
    for alternative in alternatives:
        first = _FIRST.match(alternative)[0]  # type: ignore[index]  # without one it is a slip
        rests.setdefault(first, []).append(alternative[len(first) :])
    letters = "".join(first.strip("[]") for first in rests)
    behind = "".join(f"(?<!{before}.)" for before in (r"\w", *not_after))
    tried = "|".join(f"(?<={first})(?:{'|'.join(some)})" for first, some in rests.items())
    return f"[{letters}]{behind}(?:{tried})"


def any_case(*words: str) -> list[str]:
    """Each word in any case, for `one_of`."""
    return [f"[{word[0].upper()}{word[0].lower()}](?i:{word[1:]})" for word in words]


def either(*words: str) -> list[str]:
    """Each word with its first letter small or capital, for `one_of`."""
    return [f"[{word[0].upper()}{word[0]}]{word[1:]}" for word in words]
