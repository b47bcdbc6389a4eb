"""Lines that stand in an article's body and are not the article. Tables of what real sites print; see shared notes in README.

Blocks with a class of their own are dropped by the site's layout; here is what comes as plain text on any site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Tags that never hold an article's words.
NEVER_TEXT = ("script", "style", "noscript", "iframe", "form", "button", "nav", "figure", "figcaption", "svg", "video",
              "audio", "select", "input", "ins", "template", "amp-ad", "amp-iframe", "amp-embed", "amp-img")  # fmt: skip

# A line that is furniture from its first word to its last.
FURNITURE = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"advertisement|iklan|scroll to continue with content|lanjutkan membaca.*|loading\.*",
        r"\W*(?:baca|lihat|simak|tonton)(?: juga| artikel| berita)?(?: (?:video|foto|selengkapnya))?\s*[:：].*",
        r"\W*(?:baca|lihat|simak) juga\b.*",
        r"\W*(?:simak|tonton|saksikan|lihat) (?:juga )?(?:video|foto|breaking news).*",
        r"\[(?:gambas|video|foto|blockquote|ad_\d)[^\]]*\]",
        r"(?:halaman\s*:?\s*)?\d+ dari \d+(?: halaman)?",
        r"(?:halaman\s*:?)(?:\s*\d+)*(?:\s*(?:selanjutnya|sebelumnya|show all|semua))*",
        r"(?:selanjutnya|sebelumnya|selengkapnya|share|bagikan|mari berbagi)\W*",
        r".*(?:ikuti|dapatkan|gabung|bergabung|simak)\b.*(?:whatsapp|google news|telegram|aplikasi|kompas\.com\+).*",
        r"(?:silakan|silahkan) baca (?:konten|berita|artikel).*",
        r"baca berita (?:tanpa|dengan sedikit) iklan.*|baca di app.*",
        r"(?:hak cipta|copyright|©).*",
        r"berita terkait|artikel terkait|tag(?:s|ar)?\s*:?|topik\s*:?|terpopuler",
        r"dilihat \d+ kali|\d[\d.]* total views.*",
        r"dilarang keras mengambil konten.*",
    )
)

# 'Editor: Nama', 'Pewarta : Nama'. What follows the colon goes to the author or the editors.
BYLINE = re.compile(
    r"(?P<role>penulis|pewarta|reporter|wartawan|kontributor|rep|editor|penyunting|redaktur|red|uploader)\s*:\s*"
    r"(?P<name>[^:|]{2,80}?)(?=\s*(?:\||/|$|(?:penulis|pewarta|reporter|editor|redaktur|uploader|copyright)\b\s*:?))",
    re.IGNORECASE,
)
AUTHOR_ROLES = frozenset({"penulis", "pewarta", "reporter", "wartawan", "kontributor", "rep"})

# Closing initials: (akd/ega), (nvl/rvk), [bdp], (H-2), (ADV/AZS/DISKOMINFO).
INITIALS = re.compile(
    r"\s*[(\[](?P<initials>[A-Za-z]{2,5}(?:/[A-Za-z]{2,12}){0,3}|[A-Z]{1,3}-\d{1,2}|\*{1,3})[)\]]\s*$"
)

# 'Jakarta -', 'KOMPAS.com -', 'SURABAYA, KOMPAS.com –', 'Liputan6.com, Jakarta -', 'Kudus (ANTARA) -', 'PURBALINGGA--'.
_OUTLET = r"[A-Za-z0-9]+\.(?:com|co\.id|id|net|co)|ANTARA|KP"
_TOWN = r"[A-Z][\w.'’]*(?:[ /-][A-Z(][\w.'’)]*){0,3}"
DATELINE = re.compile(
    rf"^(?:(?P<bare>{_OUTLET})|(?:(?:{_OUTLET})\s*,\s*)?(?P<town>{_TOWN})(?:\s*,\s*(?:{_OUTLET}|{_TOWN}))?(?:\s*\((?:ANTARA|{_OUTLET})\))?)"
    r"\s*(?:--|[-–—])(?:\s*|$)"
)
MAX_DATELINE = 70  # characters; longer is a sentence with a dash in it


@dataclass(frozen=True, slots=True)
class Ends:
    """What stood around the text and is not text: dateline, author, editors."""

    dateline: str | None
    author: str | None
    editors: tuple[str, ...]


def without_furniture(lines: list[str]) -> tuple[list[str], Ends]:
    """The article's paragraphs, and what the first and last lines said beside them."""
    kept: list[str] = []
    author: str | None = None
    editors: list[str] = []
    for line in lines:
        names = list(BYLINE.finditer(line))
        if names and names[0].start() <= 2 and len(line) < 200:
            for found in names:
                if found["role"].lower() in AUTHOR_ROLES:
                    author = author or found["name"].strip()
                else:
                    editors.append(found["name"].strip())
        elif not any(pattern.fullmatch(line) for pattern in FURNITURE):
            kept.append(line)
    if kept and (closing := INITIALS.search(kept[-1])):
        kept[-1] = kept[-1][: closing.start()]
        if "-" not in closing["initials"] and "*" not in closing["initials"]:
            editors += closing["initials"].split("/")
    dateline, kept = _without_dateline([line for line in kept if line])
    return kept, Ends(dateline, author, tuple(editors))


def _without_dateline(lines: list[str]) -> tuple[str | None, list[str]]:
    if not lines or not (found := DATELINE.match(lines[0])) or found.end() > MAX_DATELINE:
        return None, lines
    rest = lines[0][found.end() :].lstrip()
    return found["town"], ([rest] if rest else []) + lines[1:]
