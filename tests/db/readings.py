"""Invented readings: few words make a page, an article and its mentions, with evidence that holds."""

import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

from etl.model import Article, AwardMention, Evidence, PageRef, Reading, Unread, short_hash

WIB = timezone(timedelta(hours=7))
FIRST = datetime(2021, 4, 1, 15, 0, tzinfo=UTC)
OUTLETS = {"detik": "detikcom", "kompas": "Kompas.com", "antaranews": "ANTARA"}


def page(site: str = "detik", path: str = "d-1", body: str = "a", seen: int = 0, last: int | None = None) -> PageRef:
    """`seen` and `last` are hours after FIRST of the first and last visit."""
    return PageRef(
        site=site,
        url=f"https://{site}.example/{path}",
        digest=f"sha1:{short_hash(path, body).upper()}",
        warc=f"{site}/2021-04.warc.gz",
        offset=1000 * seen,
        length=999,
        first_fetched_at=FIRST + timedelta(hours=seen),
        last_fetched_at=FIRST + timedelta(hours=seen if last is None else last),
    )


def claim(recipient: str = "Kota Mojokerto", award: str = "Natamukti Award", **more: Any) -> AwardMention:
    """A mention without evidence; `reading` finds the words."""
    given: dict[str, Any] = {
        "recipient_type": "region",
        "region": "Kota Mojokerto",
        "region_code": "35.76",
        "series": "natamukti",
        "giver": "ICSB",
        "awarded_on": "2021-03-31",
    }
    return AwardMention(recipient=recipient, award=award, evidence=(), **(given | more))


def reading(
    of: PageRef | None = None,
    mentions: Sequence[AwardMention] = (),
    article_id: str | None = None,
    title: str = "Kota Mojokerto Raih Penghargaan",
    fingerprint: str = "f1",
    published_at: datetime | None = datetime(2021, 4, 1, 21, 40, tzinfo=WIB),
    **more: Any,
) -> Reading:
    """An article that says its mentions in one paragraph each."""
    of = of or page()
    paragraphs = tuple(f"{m.recipient} meraih {m.award} dari {m.giver}." for m in mentions) or ("Tanpa kabar.",)
    article = Article(
        site=of.site,
        outlet=OUTLETS.get(of.site, of.site),
        article_id=article_id or of.url.rsplit("/", 1)[1],
        url=of.url,
        canonical_url=None,
        layout="2021",
        title=title,
        author="Enggran Eko Budianto",
        editors=("fat", "iwd"),
        published_at=published_at,
        dateline="Mojokerto",
        tags=("kota mojokerto", "penghargaan"),
        photo_caption=None,
        paragraphs=paragraphs,
    )
    proven, start = [], len(title) + 1
    for mention, paragraph in zip(mentions, paragraphs, strict=False):
        words = [Evidence("recipient", start, start + len(mention.recipient), mention.recipient)]
        at = article.text.index(mention.award, start + len(mention.recipient))
        words.append(Evidence("award", at, at + len(mention.award), mention.award))
        proven.append(replace_evidence(mention, tuple(words)))
        start += len(paragraph) + 1
    return Reading(
        of, fingerprint, article, tuple(proven), is_award_article=any(m.status != "nominated" for m in mentions), **more
    )


def replace_evidence(mention: AwardMention, evidence: tuple[Evidence, ...]) -> AwardMention:
    values = {name: getattr(mention, name) for name in AwardMention.__dataclass_fields__}
    return AwardMention(**(values | {"evidence": evidence}))


def misfit(of: PageRef, *reasons: str) -> Reading:
    return Reading(of, "f1", Unread(reasons or ("2021: 'div.detail__body-text' matches nothing",)))


_CODES = tuple(f"{province}.{number:02}" for province in (32, 33, 35) for number in (71, 72, 73, 74, 75, 76))
Award = tuple[str | None, str]
_SERIES: tuple[Award, ...] = (
    ("natamukti", "Natamukti Award"),
    ("kla", "Kota Layak Anak"),
    (None, "Anugerah Kota Hijau"),
    ("wtp", "WTP"),
)


def many(number: int, seed: int = 1, codes: Sequence[str] = _CODES, awards: Sequence[Award] = _SERIES) -> list[Reading]:
    """That many readings of three outlets: one in ten a misfit, some articles with several pages and versions.

    They speak of few regions and awards, so that many of them meet in a conferral; give more to have it as in life.
    """
    chance = random.Random(seed)
    made = []
    for n in range(number):
        site = chance.choice(tuple(OUTLETS))
        of = page(site, f"d-{n // 4 if n % 4 == 0 else n}", body=str(n), seen=chance.randrange(500))
        if n % 10 == 9:
            made.append(misfit(of, f"2021: {n % 3} matches"))
            continue
        year = chance.randrange(2019, 2024)
        mentions = [_some_claim(chance, year, codes, awards) for _ in range(chance.choice((0, 1, 1, 2, 5)))]
        published = datetime(year, chance.randrange(1, 13), 15, 21, 40, tzinfo=WIB)
        made.append(reading(of, mentions, article_id=f"d-{n // 3}", title=f"Berita {n}", published_at=published))
    return made


def _some_claim(chance: random.Random, year: int, codes: Sequence[str], awards: Sequence[Award]) -> AwardMention:
    code = chance.choice(codes)
    series, award = chance.choice(awards)
    return claim(
        f"Kota {code}",
        award,
        region=f"Kota {code}",
        region_code=code,
        series=series,
        category=chance.choice((None, None, "Inovasi", "Layanan", "inovasi")),
        rank=chance.choice((None, "Utama", "Nindya")),
        giver=chance.choice(("ICSB", "Kementerian PPPA")),
        awarded_on=chance.choice((None, str(year), f"{year}-03-31", f"{year}-04-01")),
        edition_year=chance.choice((None, None, year - 1)),
        status=chance.choice(("won", "won", "won", "nominated", "record")),
        in_focus=chance.random() < 0.8,
        confidence=chance.choice((0.4, 0.7, 0.9)),
        partners=("Kadin", "BPS") if chance.random() < 0.2 else (),
    )
