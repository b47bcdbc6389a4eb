"""Lines that stand in an article's body and are not the article. Tables of what real sites print, on any site.

Blocks with a class of their own are dropped by the site's layout; here is what comes as plain text. A pattern must be too
narrow rather than too wide: a plug left in is noise, a paragraph taken out is a loss nobody sees.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Tags that never hold an article's words.
NEVER_TEXT = ("script", "style", "noscript", "iframe", "form", "button", "nav", "figure", "figcaption", "svg", "video",
              "audio", "select", "input", "ins", "template", "amp-ad", "amp-iframe", "amp-embed", "amp-img")  # fmt: skip

# A line that is furniture from its first word to its last. Bullets and arrows may stand before it, quotation marks not.
FURNITURE = re.compile(
    r"[^\w\s\"“”‘'\[©]*\s*(?:"
    + "|".join(
        (
            r"scroll (?:down |ke bawah )?(?:to (?:continue|resume)|untuk (?:melanjutkan|lanjut))\b.{0,40}",
            r"advertisement|iklan|lanjutkan membaca\W*|loading\W*|perbesar|lihat foto",
            r"klik (?:gambar )?untuk perbesar|hide ads|infografis|foto|video|ilustrasi",
            r"(?:baca|lihat|simak|tonton)(?: (?:juga|pula|artikel|berita|selanjutnya))?"
            r"(?: (?:video|foto|selengkapnya|di sini))?\s*[:：].*",
            r"(?:baca|lihat|simak|tonton) (?:juga|pula)\b.*",
            r"(?:simak|tonton|saksikan) (?:juga )?(?:video|foto|breaking news)\b.*",
            r"\[baca(?: juga)?\s*:[^\]]*\]|\[(?:gambas|video|foto|blockquote|ad_\d)[^\]]*\]",
            r"\d+ dari \d+(?: halaman)?|halaman\s*:?(?:\s*\d+)*(?:\s*(?:selanjutnya|sebelumnya|show all|semua))*",
            r"(?:selanjutnya|sebelumnya|selengkapnya|share|bagikan|mari berbagi|komentar)\W*",
            # 'Simak breaking news ... di WhatsApp Channel Kompas.com: ...', 'Ikuti kami di Google News'
            r"(?:simak|ikuti|dapatkan|gabung|bergabung|mari bergabung|cek|kabar lain|silakan|silahkan)\b.{0,200}?"
            r"\b(?:whatsapp|google news|telegram|kompas\.com\+).{0,240}",
            r"(?:unduh|download) aplikasi .{2,80}",
            r"(?:silakan|silahkan) baca (?:konten|berita|artikel)\b.*",
            r"baca berita (?:tanpa|dengan sedikit) iklan.*|baca di app.*",
            r"[^.!?:]{2,80}©\s*\d{4}\s?\w+(?:\.\w+)+",
            r"(?:copyright|©)[^.]{0,80}(?:\.\w[^.]{0,80})*\.?|hak cipta (?:©|antara|dilindungi|\d{4}).*",
            r"berita (?:terkait|lainnya)|artikel terkait|tag(?:s|ar)?\s*:?|topik(?: terkait)?\s*:?|terpopuler|rekomendasi",
            r"dilihat \d+ kali|\d[\d.]* (?:total )?views.*",
            r"dilarang (?:keras )?(?:mengambil|menyalin|mengutip)\b.*",
            r"sumber\s*:.{2,60}",
            # 'Simak selengkapnya di halaman berikutnya.', 'Baca halaman selanjutnya', 'Halaman Berikutnya: Kota Lain'
            r"(?:(?:baca|simak|lihat) )?(?:selengkapnya )?(?:di )?halaman (?:berikutnya|selanjutnya)\s*(?:\W{0,3}|:.{2,120})",
            r"(?:baca|lihat|simak) (?:selengkapnya|lebih banyak)\W*|klik (?:di ?sini|link ini)(?: untuk .{2,60})?\W*",
            r"gulir (?:ke bawah )?untuk .{2,60}|-+ ?advertisement ?-+|advertorial|adv|trending|terkini lainnya|google news",
            r"(?:anda mungkin suka|mungkin anda suka|rekomendasi untuk anda|berita (?:populer|terpopuler|terkini|pilihan))\W*",
            r"(?:bagikan|share) (?:artikel|berita|this) ?(?:ini|article|story)?\W*",
            r"next article|kirim masukan|video terpopuler\b.{0,40}",
            r"artikel kompas\.id|konten ini diproduksi oleh .{2,40}|berlangganan newsletter\W*|tags?\s*:.{2,160}",
            r"(?:foto|dok)\s?[:.]\s?(?:dok\. ?)?[^.!?]{2,60}|\(foto\s?:[^()]{2,60}\)",
            r"(?:laporan|sumber berita|publisher)\s*:.{2,60}",
            r"(?:temukan|follow|baca|update|cek|ikuti|simak)\b.{0,80}\b(?:berita|artikel|kabar)\b.{0,80}\bgoogle news\b.{0,60}",
            r"(?:ikuti|simak) terus (?:berita|informasi|kabar)\b.{2,100}\b(?:kanal|aplikasi|channel|situs|laman)\b.{0,40}",
            r"dapatkan berita up to date\b.*|fakta atau hoaks\? untuk mengetahui kebenaran\b.*",
            r"\(\w+\.(?:com|co\.id|id|co)\)|\(\*?/?(?:adv|ads|advertorial)\)|[\w.]+ : redaktur (?:&|dan) reporter .*",
            r"pilihan editor\s*:.*|scroll ke bawah untuk .{2,60}|(?:klik|follow)\W+.{0,40}\bchannel\b.{2,120}",
            r"pastikan whatsapp\b.{2,60}|artikel ini telah tayang di .{2,200}|laporan wartawan .{2,80}",
            r"[^.!?:]{2,60}\((?:sumber|foto|dok)\.?\s*:[^()]{2,60}\)",
            r"jangan lewatkan\W*|rating\W*\(?\s*(?:\d+ )?voters?\)?|vote photo|form rating|more photos|fotografer\s*:.{2,60}",
            r"yuk,? simak (?:juga )?video.*|jangan sampai ketinggalan video.*",
        )
    )
    + ")",
    re.IGNORECASE,
)

# 'Editor: Nama', 'Pewarta : Nama'. What follows the colon goes to the author or the editors.
BYLINE = re.compile(
    r"\b(?P<role>redaktur (?:&|dan) reporter"
    r"|penulis|pewarta|reporter|wartawan|kontributor|rep|editor|penyunting|redaktur|red|uploader)\s*:\s*"
    r"(?P<name>[^:|]{2,80}?)"
    r"(?=\s*(?:\||/|$|(?:penulis|pewarta|reporter|editor|redaktur|uploader|sumber|copyright)\b\s*:?))",
    re.IGNORECASE,
)
AUTHOR_ROLES = frozenset(
    {"redaktur & reporter", "redaktur dan reporter", "penulis", "pewarta", "reporter", "wartawan", "kontributor", "rep"}
)
_MAX_BYLINE = 200  # characters
# 'Oleh X', 'X - detikHealth', 'X, Jurnalis'
_BESIDE_NAME = re.compile(r"^\s*oleh\b\s*:?|\s+[-–|]\s.*$|\s*jurnalis$", re.IGNORECASE)
_BETWEEN_NAMES = re.compile(r"\s*(?:,|/|&|\bdan\b)\s*")

# Closing initials: (akd/ega), (Cas/Isk), (din), [bdp where a sentence has ended; (H-2), (UK/N-2), (*) anywhere.
# Without the full stop it is an abbreviation: 'dari Museum Rekor Dunia-Indonesia (MURI)'.
INITIALS = re.compile(
    r"\s*[(\[](?P<code>(?:[A-Z]{1,5}/)*[A-Z]{1,3}-\d{1,2}|\*{1,3})[)\]]\s*$|\s*\*{3}\s*$"
    r"|^\s*[(](?:[A-Z][\w'’.]* ){1,3}[A-Z][\w'’.]*\s*[)]\s*$"  # okezone: a line that is its writer's name
    r"|(?<=[.!?…\"”’)])\s*[(](?:[a-z]{2,8}\d{1,3}|\*)/[a-z]{2,8}[)]\s*$"
    r"|(?:^|(?<=[.!?…\"”’)]))\s*[(\[](?P<signed>[A-Za-z]{1,6}(?:/[A-Za-z]{1,12}){0,3})[)\]]?\s*$"
)
# 'DINI TEJA': the writer, in capitals, below the last sentence.
_CLOSING_NAME = re.compile(r"[A-Z][A-Z.']+(?: [A-Z][A-Z.']*){1,3}")
_BEHIND_SIGNATURE = 3  # lines, at most, that stand behind a signature and are the outlet's
_MAX_BEHIND = 300  # ... and their characters
_PERSONS_INITIALS = re.compile(r"[a-z]{2,5}")  # desks (N-2), houses (mdk) and customers (ADV/DISKOMINFO) are no persons
_HOUSES = frozenset({"mdk"})

# 'Jakarta -', 'KOMPAS.com -', 'SURABAYA, KOMPAS.com –', 'Liputan6.com, Jakarta -', 'Kudus (ANTARA) -', 'PURBALINGGA--'.
_OUTLET = (
    r"(?:[A-Za-z0-9]+\.(?:com|co\.id|or\.id|id|net|co|COM|CO\.ID|ID|NET|CO)|ANTARA(?: News)?|KP|KBRN"
    r"|[A-Za-z]+-[A-Za-z]+\.(?:com|COM)|[A-Za-z]+\.[a-z]+\.com"
    r"|Kompas[A-Z][a-z]+|CNN Indonesia|CNBC Indonesia|IDN Times|VIVA(?: [A-Z][a-z]+)?|InfoPublik|TIMES ?INDONESIA|TIMES [A-Z]{4,}"
    r"|PIKIRAN RAKYAT|SINDOnews|JPNN|(?:Jawa Pos )?(?:RADAR|Radar) [A-Z][A-Za-z]+|GALAMEDIANEWS|KABAR [A-Z]{4,})\b"
)
# No town: an office, a body, a day. 'Wali Kota Batu - Nurochman - hadir' is a sentence.
_NO_TOWN = (
    r"(?!(?:Wakil|Wali|Walikota|Bupati|Gubernur|Pj|Plt|Pemkot|Pemkab|Pemprov|Pemda|Pemerintah|Menteri|Presiden|Ketua|Kepala"
    r"|Dinas|Badan|Sekda|Direktur|Polres|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|Minggu)\b)"
)
_TOWN = rf"{_NO_TOWN}[A-Z][\w.'’]*(?:[ /-](?!\(?{_OUTLET})[A-Z(][\w.'’)]*){{0,3}}"
# A dash with a space beside it, or two; 'PURBALINGGA-Pemkab' too, but not 'Bau-Bau'. What follows begins a sentence, and
# no second dash closes what would then be an insertion.
_DASH = r"(?:(?:\s*(?:--|—)|\s+[-–])+\s*|[-–]\s+|(?<=[A-Z]{3})-(?=[A-Z][a-z]))"
DATELINE = re.compile(
    rf"^(?:(?:{_OUTLET}\s*,\s*)?(?P<town>(?!{_OUTLET}){_TOWN}(?:\s*,\s*(?!{_OUTLET}){_TOWN})?)"
    rf"(?:\s*,\s*{_OUTLET})?(?:\s*\({_OUTLET}\))?|{_OUTLET}){_DASH}(?=[A-Z0-9\"“‘'(*]|\s*$)(?![^.\n]{{0,60}}?\s[-–]\s)"
)
# 'KBRN, Tarakan: Pemerintah ...'
_WITH_COLON = re.compile(rf"^{_OUTLET}\s*,\s*(?P<town>{_TOWN})\s*:\s+(?=[A-Z0-9\"“])")
OUTLET_AND_TOWN = re.compile(rf"{_OUTLET}\s*,\s*{_TOWN}")
MAX_DATELINE = 70  # characters; longer is a sentence with a dash in it
_ABBREVIATED = 3  # letters: NTT, DIY stay in capitals


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
        if len(line) < _MAX_BYLINE and (roles := people_of(line)) and BYLINE.match(line.lstrip("(- ")):
            author = author or next((name for role, name in roles if role in AUTHOR_ROLES), None)
            editors += [name for role, name in roles if role not in AUTHOR_ROLES]
        elif not FURNITURE.fullmatch(line):
            kept.append(line)
    if len(kept) > 1 and _CLOSING_NAME.fullmatch(kept[-1]):
        writer = kept.pop().title()
        author = author or writer
    kept = _until_signed(kept)
    kept = [line for line in kept[:-1] if not _is_signature(line)] + kept[-1:]  # of an article's earlier pages
    if kept and (closing := INITIALS.search(kept[-1])):
        kept[-1] = kept[-1][: closing.start()]
        editors += _signed_by(closing["signed"] or "")
    dateline, kept = _without_dateline([line for line in kept if line])
    return kept, Ends(dateline, author, tuple(editors))


def _until_signed(lines: list[str]) -> list[str]:
    """The lines up to one that is nothing but initials, where what follows is short: promos, not the article."""
    for number in range(max(1, len(lines) - 1 - _BEHIND_SIGNATURE), len(lines) - 1):
        if _is_signature(lines[number]) and sum(map(len, lines[number + 1 :])) <= _MAX_BEHIND:
            return lines[: number + 1]
    return lines


def _is_signature(line: str) -> bool:
    """Whether a line is nothing but initials; in capitals, as '(DIY)', it may be a list's."""
    found = INITIALS.fullmatch(line)
    return found is not None and bool(found["code"] or (found["signed"] or "").islower())


def people_of(byline: str) -> list[tuple[str, str]]:
    """(role, name) of everybody in 'Pewarta: X | Editor: Y, Z'; roles in small letters. [] when it names no role."""
    return [(m["role"].lower(), name) for m in BYLINE.finditer(byline) for name in names_in(m["name"])]


def names_in(text: str) -> list[str]:
    """The names in 'A, B dan C'; where one comes from ('Kontributor Lhokseumawe, Masriadi') is no name."""
    names = [_BESIDE_NAME.sub("", name).strip(" .-()") for name in _BETWEEN_NAMES.split(text)]
    return [name for name in names if len(name) > 1 and not name.lower().startswith(("kontributor", "koresponden"))]


def _signed_by(initials: str) -> list[str]:
    return [part for part in initials.split("/") if _PERSONS_INITIALS.fullmatch(part) and part not in _HOUSES]


def _without_dateline(lines: list[str]) -> tuple[str | None, list[str]]:
    found = (DATELINE.match(lines[0]) or _WITH_COLON.match(lines[0])) if lines else None
    if found is None or found.end() > MAX_DATELINE:
        return None, lines
    rest = lines[0][found.end() :].lstrip()
    return _as_name(found["town"]), ([rest] if rest else []) + lines[1:]


def _as_name(town: str | None) -> str | None:
    """'LOMBOK TENGAH' -> 'Lombok Tengah': capitals are how a newsroom sets its datelines."""
    if town is None or not town.isupper():
        return town
    first, *more = town.split(", ")  # 'MATARAM, NTB': what stands alone and is short is an abbreviation
    names = [first if len(first) <= _ABBREVIATED else first.title()]
    return ", ".join([*names, *(name if len(name) <= _ABBREVIATED else name.title() for name in more)])
