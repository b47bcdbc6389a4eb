"""The apostrophe in front of a text that a spreadsheet would run as a formula, and what is behind it. Nothing else.

Dangerous beginnings are = + - @, tab, CR, LF, NUL and the full-width forms of the signs (OWASP, CSV injection). A text that
begins with apostrophes before such a sign gets one more, so that `unguarded` gives back exactly what was there.
"""

from __future__ import annotations

import re
from typing import Final

_DANGEROUS: Final = re.compile(r"'*[=+\-@\t\r\n\x00＝＋－＠]")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r\n\x00＝＋－＠]")


def guarded(text: str) -> str:
    """A cell's text that no spreadsheet takes for a formula."""
    return f"'{text}" if _DANGEROUS.match(text) else text


def unguarded(text: str) -> str:
    """What `guarded` was given: unguarded(guarded(x)) == x for every text."""
    return text[1:] if _GUARDED.match(text) else text
