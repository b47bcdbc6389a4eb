"""Sentences -> claims: who is said to have received (or to be nominated for) what. One frame a construction.

A frame is an order of roles around a cue word of etl/gazetteer/cues.csv:

    receive          R meraih A (dari G)                      R = recipient, A = award, G = giver
    receive_passive  R dinobatkan sebagai C / dianugerahi A
    award_subject    A diraih R; A jatuh kepada R
    give             G menganugerahkan A kepada R; G mengganjar R (dengan) A
    hand_over        A diserahkan (oleh) G kepada R
    accepted_by      A diterima langsung oleh Bupati X        (the region received)
    for              A untuk R                                (no verb)
    roll             penerima A antara lain R, R; Keempatnya ialah R, R
    others           R bersama 8 daerah lainnya seperti R, R
    following        ..., disusul R, lalu R
    list             a heading that announces winners, then one R a line

Nothing here knows the rest of the article: what a claim leaves open (recipient or award None) etl.extract.records resolves.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from etl.extract.claims.scene import (
    JOINT,
    Claim,
    Scene,
    first_group,
    is_governed,
    last_group,
    listed_after,
    scenes,
)
from etl.extract.names.entities import TITLES, Award, Entity, Organization, Recipient, is_named
from etl.extract.patterns import any_case, one_of
from etl.extract.text import Sentence
from etl.gazetteer import Name
from etl.model import Status

_SPEAKING = re.compile(
    r"[\"”\s,]*(?:\w+nya|kata|ujar|ucap|tutur|jelas|imbuh|ungkap|papar|sebut|tegas|tambah|lanjut)\b", re.IGNORECASE
)


def sentence_claims(
    text: str,
    sentence: Sentence,
    index: int,
    entities: Sequence[Entity],
    cues: Sequence[Name],
    previous: Sequence[Claim],
) -> list[Claim]:
    """Everything one sentence claims. `previous` are the claims of the sentence before, whose list may go on."""
    whole = Scene(text, sentence.start, sentence.end, index, tuple(entities), tuple(cues))
    if rolled := _roll(whole):
        return rolled
    if not cues and not whole.recipients():
        return []
    made: list[Claim] = []
    for clause in scenes(whole):
        goes_on = not made and bool(_GOES_ON.match(text, clause.start, clause.end))
        made += _clause_claims(clause, list(previous) if goes_on else made)
    return made


_GOES_ON = re.compile(
    r"\s*,?\s*(?:(?:daerah|kota|kabupaten|provinsi|desa|sekolah)\s(?:itu|tersebut|ini)\s+)?(?:disusul|diikuti|menyusul"
    r"|urutan berikutnya|selanjutnya|berikutnya|posisi berikutnya|(?:peringkat|posisi|terbaik|juara) (?:kedua"
    r"|ketiga))\b",
    re.IGNORECASE,
)


def _clause_claims(scene: Scene, before: list[Claim]) -> list[Claim]:
    """The claims of one clause; `before` are those that the sentence has made so far."""
    made: list[Claim] = []
    for cue in scene.cues:
        frame = _frame_of(scene, cue)
        if frame is None or _is_blocked(scene, cue):
            continue
        recipients, giver = FRAMES[frame](scene, cue, before)
        if not recipients and (frame in _ONLY_NAMED or _has_unknown_subject(scene, cue)):
            continue
        awards = _awards_for(scene, cue, frame)
        if awards or _speaks_of_award(scene):
            claim = Claim(None, None, scene.sentence, (cue.start, cue.end), frame, _status(scene), giver=giver)
            claim = replace(claim, recalled=_is_recalled(scene, cue))
            made += _spread(claim, recipients, awards)
    if not any(c.recipient for c in made) and scene.recipients():
        made += _others(scene) or _named_for(scene) or (_following(scene, before) if before else [])
    return made


def _spread(claim: Claim, recipients: Sequence[Recipient], awards: Sequence[Award]) -> list[Claim]:
    """One claim for each recipient and award."""
    listed = len(recipients) > 1
    return [
        replace(claim, recipient=recipient, award=award, place_in_list=place if listed else None)
        for place, recipient in enumerate(recipients or (None,))
        for award in awards or (None,)
    ]


# -------------------------------------------------------------------------------------------------- what a cue may claim

# 'penerima', 'juara' as nouns: who they are is said by a roll or a list, not by what stands before them.
_ROLL_NOUN = re.compile(r"(?:para\s+)?(?:penerima|peraih|pemenang|juara|jawara|daftar)(?:nya)?$", re.IGNORECASE)
_REACH = {"plan": 60, "negative": 25, "figurative": 5}  # characters over which a blocking cue governs a verb behind it
_STEP = re.compile(
    one_of(
        *any_case(
            "kategori", r"juara\w*", "terbaik", r"peringkat\w*", "posisi", "urutan", "tempat pertama", "predikat", "level",
            "opini", "gelar", "tingkat tertinggi",
        )
    )
    + r"\b"
)  # fmt: skip
_GRADED = re.compile(r"(?:raih|mendapat|memperoleh|dapat)\s+(?:AA|A|BB|B|CC)\b(?!\s+[A-Z][a-z])")
_UNKNOWN_SUBJECT = re.compile(r"(?<![.\"“”] )(?<!^)\b[A-Z][\w'’.-]{2,}(?:\s+(?:[a-z]{2,4}\s+)?[A-Z][\w'’.-]+)*")
_KNOWN_SUBJECT = re.compile(
    r"\b(?:ia|dia|beliau|kota|kabupaten|provinsi|daerah|pemkot|pemkab|pemprov|pemda|pemerintah|pihaknya|kami|kita"
    r"|bupati|wali kota|"
    r"gubernur|keduanya|ketiganya|keempatnya|perusahaan|desa|kelurahan|sekolah|polres|dinas|tim)\b|nya\b",
    re.IGNORECASE,
)


def _frame_of(scene: Scene, cue: Name) -> str | None:
    """The frame of a cue; 'pernah meraih' recalls, and still is a way to receive."""
    if _ROLL_NOUN.fullmatch(scene.text[cue.start : cue.end]) and not _RANK_FOLLOWS.match(scene.text, cue.end):
        return None
    direct = next((c for c in cue.ids if c in FRAMES), None)
    return direct or ("receive" if "recall" in cue.ids and cue.end - cue.start > 12 else None)


_RANK_FOLLOWS = re.compile(
    r"\s+(?:umum|I{1,3}\b|[1-9]\b|pertama|kedua|ketiga|harapan|nasional|tingkat|lomba)", re.IGNORECASE
)


def _is_blocked(scene: Scene, cue: Name) -> bool:
    """A plan, a failure or a figure of speech that governs the cue: it stands before it, near, in the same clause."""
    for other in scene.cues:
        reach = max((_REACH[c] for c in other.ids if c in _REACH), default=0)
        if reach and other.start <= cue.start and cue.start - other.end < reach:
            recalled = any("recall" in c.ids and other.end <= c.start <= cue.start for c in scene.cues)
            if not recalled:  # 'ingin mengulang Adipura yang pernah diraih'
                return True
    return False


def _is_recalled(scene: Scene, cue: Name) -> bool:
    """Whether the clause puts this earlier: a cue of recall stands before the verb."""
    return any("recall" in c.ids and c.start <= cue.start for c in scene.cues)


def _speaks_of_award(scene: Scene) -> bool:
    """Whether what is received is an award at all: an award noun, a place on a scale or a title in the clause."""
    named = any(isinstance(e, Award) for e in scene.entities)
    return named or bool(_STEP.search(scene.words) or _GRADED.search(scene.words))


def _has_unknown_subject(scene: Scene, cue: Name) -> bool:
    """Whether somebody stands before the verb whom no table knows: then nobody else is understood."""
    known = [e for e in scene.entities if e.end <= cue.start]
    begin = max((e.end for e in known), default=scene.start)
    subject = scene.text[begin : cue.start]
    if _numbered_subject(scene, cue):
        return True
    return bool(_UNKNOWN_SUBJECT.search(subject)) and not _KNOWN_SUBJECT.search(subject)


def _status(scene: Scene) -> Status:
    return "nominated" if scene.has("nominee") else "won"


# ---------------------------------------------------------------------------------------------------------------- frames

Roles = tuple[list[Recipient], Entity | None]

_AT = re.compile(r"\b(?:di|ke)\s+$")
_TO = re.compile(r"\b(?:kepada|bagi|untuk|pada|ke tangan|ke|oleh)\s*$", re.IGNORECASE)
_GIVER = re.compile(r"\b(?:dari|oleh|versi|besutan)\s+(?:\w+\s+){0,2}$")
_SET = (
    r"\b(?:\d{1,3}|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|sepuluh|sejumlah|beberapa|belasan"
    r"|puluhan)\s+(?:\w+\s+){0,2}?"
    r"(?:kabupaten/kota|kabupaten|kota|daerah|provinsi|pemda|pemerintah|kepala daerah|desa|kelurahan|sekolah"
    r"|pemenang|wilayah|polres"
    r"|satuan|kampung|pihak|lembaga|instansi)\b"
)
_SUBJECT_SET = re.compile(_SET, re.IGNORECASE)
_OTHERS = re.compile(_SET + r"\s+(?:lain|lainnya)\b", re.IGNORECASE)
_FOR = re.compile(r"[^.;:,]{0,60}?\b(?:untuk|bagi|kepada|milik|ke tangan)\s+", re.IGNORECASE)


def _receive(scene: Scene, cue: Name, before: Sequence[Claim]) -> Roles:
    left = [e for e in scene.entities if e.end <= cue.start]
    subject = _relative_group(scene, left, cue) or last_group(scene.text, left)
    numbered = _numbered_subject(scene, cue)
    if numbered and (not subject or numbered.start() > subject[-1].end):
        subject = listed_after(scene, cue.end)  # 'dua sekolah meraih A, yakni R dan R'
    elif not subject and before and not _SPEAKING.match(scene.text, scene.start, scene.end):
        subject = [c.recipient for c in before[-1:] if c.recipient]
    giver = next((e for e in scene.entities if e.start >= cue.end and is_governed(scene, e, _GIVER, 30)), None)
    return subject, giver


def _numbered_subject(scene: Scene, cue: Name) -> re.Match[str] | None:
    """The last 'dua sekolah', '14 daerah' before a verb."""
    return next(reversed(list(_SUBJECT_SET.finditer(scene.text, scene.start, cue.start))), None)


def _relative_group(scene: Scene, left: Sequence[Entity], cue: Name) -> list[Recipient]:
    """'kalah dari R dan R yang tahun ini mendapat A': the names right before 'yang', whatever governs them."""
    if not left or not _WHO.fullmatch(scene.text, left[-1].end, cue.start):
        return []
    group: list[Recipient] = []
    for entity in reversed(left):
        if not isinstance(entity, Recipient) or (group and not JOINT.fullmatch(scene.text, entity.end, group[0].start)):
            break
        group.insert(0, entity)
    return group


_WHO = re.compile(r"\s*,?\s*yang\b[^,;]{0,40}", re.IGNORECASE)


def _award_subject(scene: Scene, cue: Name, before: Sequence[Claim]) -> Roles:
    if people := _named_people(scene, cue.end):
        return people, None
    right = scene.recipients(cue.end)
    giver = next((e for e in scene.entities if isinstance(e, Organization) and e.start >= cue.end), None)
    right = [e for e in right if not is_governed(scene, e, _AT, 4)]
    to = [e for e in right if is_governed(scene, e, _TO, 12)]
    return first_group(scene.text, [e for e in right if not to or e.start >= to[0].start]), giver


def _named_people(scene: Scene, position: int) -> list[Recipient]:
    """Private persons right behind a verb: 'diraih Dahlia Zainun, juga dari Aceh Besar'; 'kepada Umi Hanik dan Siti Aminah'."""
    people: list[Recipient] = []
    while match := (_NEXT_PERSON if people else _FIRST_PERSON).match(scene.text, position, scene.end):
        if any(e.start < match.end("name") and match.start("name") < e.end for e in scene.entities):
            break
        home = next((r for r in scene.recipients(match.end()) if r.type == "region"), None)
        span = match.span("name")
        people.append(Recipient(*span, "person", match["name"], home.codes if home else ()))
        position = match.end()
    return people


_PERSON = (
    r"(?P<name>[A-Z][a-z'’]+(?:\s+[A-Z][a-z'’]+){1,3})(?:\s*\(\d+\))?"
    r"(?=\s*(?:,|\.|;|$|\s(?:dari|asal|selaku|yang|dan|serta|sebagai|untuk|di)\b))"
)
_FIRST_PERSON = re.compile(
    rf"\s+(?:(?:oleh|kepada|untuk|ialah|adalah|yakni|yaitu|antara lain)\s+)?(?:{TITLES}){_PERSON}"
)
_NEXT_PERSON = re.compile(rf"(?:\s*\([^)]*\))?\s*(?:,\s*(?:dan|serta)?|dan|serta|;)\s+(?:{TITLES}){_PERSON}")


def _give(scene: Scene, cue: Name, before: Sequence[Claim]) -> Roles:
    right = scene.recipients(cue.end)
    left = [e for e in scene.entities if e.end <= cue.start and isinstance(e, Recipient | Organization)]
    to = [e for e in right if is_governed(scene, e, _TO, 12)]
    near = to[:1] or [e for e in right[:1] if e.start - cue.end < 25]
    group = (
        first_group(scene.text, [e for e in right if e.start >= near[0].start])
        if near
        else listed_after(scene, cue.end)
    )
    return group, left[-1] if left else None


def _handed_over(scene: Scene, cue: Name, before: Sequence[Claim]) -> Roles:
    to = [e for e in scene.recipients(cue.end) if is_governed(scene, e, _TO_ONLY, 12)]
    return (
        first_group(scene.text, [e for e in scene.recipients(cue.end) if e.start >= to[0].start]) if to else []
    ), None


def _accepted(scene: Scene, cue: Name, before: Sequence[Claim]) -> Roles:
    return [e for e in scene.recipients(cue.end)[:1] if e.office and e.start - cue.end < 15], None


_TO_ONLY = re.compile(r"\b(?:kepada|bagi|untuk|ke tangan)\s*$", re.IGNORECASE)
FRAMES: dict[str, Callable[[Scene, Name, Sequence[Claim]], Roles]] = {
    "receive": _receive,
    "receive_passive": _receive,
    "award_subject": _award_subject,
    "give": _give,
    "hand_over": _handed_over,
    "accepted_by": _accepted,
    "nominee": _receive,
}
_ONLY_NAMED = ("give", "hand_over", "accepted_by", "nominee")  # whose recipient is never left to be understood


# ------------------------------------------------------------------------------------------- frames without a verb of winning

_ROLL = re.compile(
    r"(?:(?:para\s+)?(?:penerima|peraih|pemenang|juara)\w*|ke(?:dua|tiga|empat|lima|enam|tujuh|delapan|sembilan"
    r"|sepuluh)(?:nya|\s\w+\s(?:itu|tersebut|ini))|mereka"
    r"|daftar(?:nya)?)\b.{0,80}?(?:ialah|adalah|antara lain|yakni|yaitu|di antaranya|berlanjut dengan|meliputi|:)\s",
    re.IGNORECASE,
)
_ROLL_WORDS = (
    "penerima", "peraih", "pemenang", "juara", "mereka", "daftar",
    "kedua", "ketiga", "keempat", "kelima", "keenam", "ketujuh", "kedelapan", "kesembilan", "kesepuluh",
)  # fmt: skip
_ROLL_BEGINS = 25  # characters within which a sentence must begin to be a roll


def _roll(scene: Scene) -> list[Claim]:
    """'Penerima A itu antara lain R; R; dan R': every name behind is one, whatever stands between."""
    beginning = scene.text[scene.start : scene.start + _ROLL_BEGINS + 20].lower()
    if not any(word in beginning for word in _ROLL_WORDS):
        return []
    match = _ROLL.search(scene.text, scene.start, min(scene.end, scene.start + 120))
    if match is None or match.start() - scene.start > _ROLL_BEGINS or scene.has("plan", "negative"):
        return []
    recipients = scene.recipients(match.end())
    recipients = recipients if len(recipients) > 1 else _named_people(scene, match.end() - 1)
    if len(recipients) < 2:
        return []
    award = next((e for e in scene.entities if is_named(e) and e.start < match.end()), None)
    claim = Claim(None, award, scene.sentence, match.span(), "roll", _status(scene), scene.has("recall"))
    return _spread(claim, recipients, [award] if award else [])


def _others(scene: Scene) -> list[Claim]:
    """'... bersama 8 kabupaten/kota lainnya seperti R, R dan R': others who share the award of the text."""
    match = _OTHERS.search(scene.text, scene.start, scene.end) if "lain" in scene.words.lower() else None
    if match is None or scene.has("negative", "loser", "plan"):
        return []
    claim = Claim(None, None, scene.sentence, match.span(), "others", _status(scene))
    recipients = listed_after(scene, match.end())
    return _spread(claim, recipients, []) if recipients else []


def _named_for(scene: Scene) -> list[Claim]:
    """'Pandu Negeri 2018 untuk Bangka Barat', 'plakat Adipura untuk R dan R': no verb, an award and for whom."""
    if scene.has(*_REACH, "loser", "organizer", "statement"):
        return []
    for award in (e for e in scene.entities if is_named(e)):
        right = scene.recipients(award.end)
        if right and _FOR.fullmatch(scene.text, award.end, right[0].start):
            span = award.start, award.end
            claim = Claim(None, award, scene.sentence, span, "for", _status(scene), scene.has("recall"))
            return _spread(claim, first_group(scene.text, right), [award])
    return []


def _following(scene: Scene, before: Sequence[Claim]) -> list[Claim]:
    """', disusul R, lalu R', ', sedangkan R di kategori C': who follows in the same list."""
    recipients = scene.recipients()
    if not recipients or scene.has("negative", "loser", "plan", "recall", "statement", "companion"):
        return []
    at_once = not re.search(r"\b[a-z]{4,}\b", _FILLER.sub("", scene.text[scene.start : recipients[0].start]))
    if not at_once and not _STEP.search(scene.words):
        return []
    award = next((e for e in scene.entities if is_named(e)), None)
    place = (before[-1].place_in_list or 0) + 1 if at_once else None
    claim = Claim(None, award, scene.sentence, (recipients[0].start, recipients[0].end), "following", before[-1].status)
    group = _spread(
        replace(claim, recalled=before[-1].recalled), first_group(scene.text, recipients), [award] if award else []
    )
    return [replace(c, place_in_list=None if place is None else place + i) for i, c in enumerate(group)]


_FILLER = re.compile(
    r"\b(?:disusul|diikuti|lalu|kemudian|selanjutnya|adalah|oleh|secara|berurutan|berturut-turut|serta"
    r"|sementara|sedangkan|kota|"
    r"kabupaten|provinsi|pemkot|pemkab|peringkat|posisi|urutan|kedua|ketiga|keempat|kelima)\b",
    re.IGNORECASE,
)


def list_claims(text: str, sentences: Sequence[Sentence], index: int, entities: Sequence[Entity]) -> list[Claim]:
    """A list item or table row under a heading that announces winners: its first names, its own award if it has one."""
    sentence = sentences[index]
    inside = [e for e in entities if sentence.start <= e.start < sentence.end]
    recipients = [e for e in inside if isinstance(e, Recipient)]
    if person := _listed_person(text, sentence, recipients):
        recipients = [person]
    if not recipients:
        return []
    award = next((e for e in inside if is_named(e)), None)
    claim = Claim(None, award, index, (recipients[0].start, recipients[0].end), "list")
    return _spread(claim, first_group(text, recipients), [award] if award else [])


def _listed_person(text: str, sentence: Sentence, recipients: Sequence[Recipient]) -> Recipient | None:
    """The person an item begins with: '2. Siti Aminah, guru SMPN 3 Bogor'."""
    match = _ITEM_PERSON.match(text, sentence.start, sentence.end)
    if match is None or any(r.start < match.end("name") for r in recipients):
        return None
    codes = next((r.codes for r in recipients if r.codes), ())
    return Recipient(*match.span("name"), "person", match["name"], codes)


_ITEM_PERSON = re.compile(
    rf"\s*(?:\(?\d{{1,3}}[.)]\s+"
    rf"|[-•–]\s+)?(?:{TITLES})(?P<name>[A-Z][a-z'’]+(?:\s+[A-Z][a-z'’.]+){{1,4}})(?=\s*(?:,|\(|-|–|\s(?:dari"
    rf"|asal)\b))"
)


# ---------------------------------------------------------------------------------------------------------------- awards


def _awards_for(scene: Scene, cue: Name, frame: str) -> list[Award]:
    """Named awards on the side where the frame has them, else on the other; [] when the text says only 'penghargaan'."""
    named = [e for e in scene.entities if is_named(e)]
    right = [a for a in named if a.start >= cue.start]
    left = [a for a in named if a.end <= cue.start]
    first, second = (right, left) if frame in ("receive", "receive_passive", "give") else (left, right)
    if first:
        return _joined_awards(scene.text, first if first is right else first[::-1])
    return second[-1:] if second else []


def _joined_awards(text: str, awards: list[Award]) -> list[Award]:
    """The nearest award, and those that 'dan' or a comma joins to it."""
    joined = awards[:1]
    for award in awards[1:]:
        first, second = sorted((joined[-1], award), key=lambda e: e.start)
        same = award.name == joined[-1].name
        if same or not _AND_AWARD.fullmatch(text, first.end, second.start):
            break
        joined.append(award)
    return joined


_AND_AWARD = re.compile(
    r"[^.;:]{0,60}?(?:,|\bdan|\bserta|sekaligus)\s*(?:(?:penghargaan|predikat|piala|sertifikat)\s*)?", re.IGNORECASE
)
