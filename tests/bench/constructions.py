"""Plain constructions, one a row, filled with names: what every reader must get right, taught beside real articles.

A row is a text (headline | paragraph | ...) and its records, one a line: `recipient; award; what else`. Names in braces are
filled from the lists below, each row a few times; which names is decided by the row's place, so that nothing is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.bench import recollections, standings

KOTA = ("Madiun", "Salatiga", "Pontianak", "Kupang", "Ambon", "Bitung", "Padang", "Palopo")
KABUPATEN = ("Banyuwangi", "Sleman", "Ciamis", "Kubu Raya", "Wajo", "Lahat", "Sikka", "Boyolali", "Klaten", "Tapin")
AWARDS = (
    "Adipura",
    "Innovative Government Award",
    "Swasti Saba",
    "UHC Award",
    "Paritrana Award",
    "Proklim",
    "TPID Award",
)
DESA = ("Sukamaju", "Karangrejo", "Tanjungsari", "Banjarwangi", "Muara Jaya", "Wonokerto", "Pulau Sapi", "Rantau Alai")
PEOPLE = ("Arya Wibowo", "Rian Saputra", "Siti Rahma", "Bagas Prakoso", "Markus Heriyadi", "Dewi Lestari")
MINISTRIES = ("Kementerian Lingkungan Hidup", "Kementerian Dalam Negeri", "Kementerian Kesehatan", "BPJS Kesehatan")
DAYS = (("Rabu (18/11/2026)", "2026-11-18"), ("Kamis (12/11/2026)", "2026-11-12"), ("Selasa (3/11/2026)", "2026-11-03"))

# text -> records 'recipient; award; field=value; ...'; '!' before a record: not in focus, '?': nominated
ROWS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Kabar Daerah|Pemkot {k} meraih {a} dari {m}.", ("Kota {k}; {a}; giver={m}",)),
    ("Kota {k} Raih {a}|Kota {k} meraih {a} dari {m} di Jakarta, {day}.", ("Kota {k}; {a}; giver={m}; place=Jakarta; awarded_on={date}",)),
    ("Tiga Daerah Diganjar|Kabupaten {b}, Kota {k}, dan Kabupaten {c} menerima {a}.",
     ("Kabupaten {b}; {a}", "Kota {k}; {a}", "Kabupaten {c}; {a}")),
    ("Kabar Daerah|Bupati {b} {p} menerima {a}.", ("Kabupaten {b}; {a}; received_by={p}",)),
    ("Kabar Daerah|Kota {k} dianugerahi {a} oleh {m}.", ("Kota {k}; {a}; giver={m}",)),
    ("Kabar Daerah|{a} diraih Kabupaten {b}.", ("Kabupaten {b}; {a}",)),
    ("Kabar Daerah|Piala {a} jatuh kepada Kabupaten {b}.", ("Kabupaten {b}; {a}",)),
    ("Kabar Daerah|{m} menganugerahkan {a} kepada Kota {k} dan Kota {l}.", ("Kota {k}; {a}; giver={m}", "Kota {l}; {a}; giver={m}")),
    ("Kabar Daerah|{a} diterima langsung oleh Bupati {b} {p}.", ("Kabupaten {b}; {a}; received_by={p}",)),
    ("Kabar Daerah|{a} diserahkan Menteri Dalam Negeri {q} kepada Wali Kota {k} {p}.", ("Kota {k}; {a}; presented_by={q}; received_by={p}",)),
    ("Kabar Daerah|Ada pula {a} untuk Kabupaten {b}.", ("Kabupaten {b}; {a}",)),
    ("Kabar Daerah|Dua daerah mendapat {a}, yakni Kota {k} dan Kabupaten {b}.", ("Kota {k}; {a}", "Kabupaten {b}; {a}")),
    ("Kabar Daerah|Warga iri kepada Kabupaten {b} dan Kabupaten {c} yang tahun ini mendapat {a}.", ("Kabupaten {b}; {a}", "Kabupaten {c}; {a}")),
    ("Kabar Daerah|Bupati {b} {p} dianugerahi Satyalancana Pembangunan.", ("{p}; Satyalancana Pembangunan; recipient_type=official",)),
    ("Kabar Daerah|Kota {k} menyabet {a}, sedangkan Kabupaten {b} menerima sertifikat Adipura.",
     ("Kota {k}; {a}", "Kabupaten {b}; Sertifikat Adipura")),
    ("Kabar Daerah|Kota {k} meraih {a} 2026.|Sebelumnya, Kota {k} juga meraih {a} pada 2018 dan 2023.",
     ("Kota {k}; {a}", "!Kota {k}; {a}; awarded_on=2018", "!Kota {k}; {a}; awarded_on=2023")),
    ("Kabar Daerah|Pemkab {b} meraih opini WTP dari BPK untuk kesembilan kalinya, sembilan tahun berturut-turut.",
     ("Kabupaten {b}; Opini WTP; giver=BPK",)),
    ("Kabar Daerah|Pemkot {k} memberikan penghargaan kepada RW 07 Kelurahan Sukajadi dan SMPN 2 {k} atas kebersihannya.",
     ("RW 07 Kelurahan Sukajadi; Penghargaan Pemerintah Kota {k}; recipient_type=community; giver=Pemerintah Kota {k}",
      "SMPN 2 {k}; Penghargaan Pemerintah Kota {k}; recipient_type=school; giver=Pemerintah Kota {k}")),
    ("Kabar Daerah|{a} 2026 diumumkan {m}.|Berikut pemenang kategori kabupaten terinovatif:|1. Kabupaten {b}|2. Kabupaten {c}",
     ("Kabupaten {b}; {a}; category=kabupaten terinovatif; giver={m}", "Kabupaten {c}; {a}; category=kabupaten terinovatif; giver={m}")),
    ("Kabar Daerah|Berikut daftar pemenang {a} 2026:|Kategori , Peringkat , Penerima|Kota , 1 , Kota {k}|Kota , 2 , Kota {l}",
     ("Kota {k}; {a}; category=Kota; rank=1", "Kota {l}; {a}; category=Kota; rank=2")),
    ("Kabar Daerah|Peringkat pertama {a} diraih Kota {k}, disusul Kota {l} dan Kabupaten {b}.",
     ("Kota {k}; {a}; rank=1", "Kota {l}; {a}; rank=2", "Kabupaten {b}; {a}; rank=3")),
    ("{b} Masuk Nominasi {a}|Kabupaten {b} masuk nominasi {a} 2026.", ("?Kabupaten {b}; {a}",)),
    ("Kabar Daerah|Kabupaten {b} menjadi finalis {a}.", ("?Kabupaten {b}; {a}",)),
    ('Kabar Daerah|Kota {k} meraih {a}. "Kami bersyukur," ujar Wali Kota {k} {p} dalam keterangan tertulis, Jumat (20/11/2026). Piala itu diterima '
     "di Jakarta, {day}.", ("Kota {k}; {a}; awarded_on={date}; place=Jakarta",)),
    ("Kabar Daerah|Kota {k} meraih {a} dari {m}. Piala diserahkan oleh Menteri Dalam Negeri {q} dan diterima langsung oleh Wali Kota {k} {p} di "
     "Hotel Sahid, Jakarta, {day}.",
     ("Kota {k}; {a}; giver={m}; presented_by={q}; received_by={p}; place=Hotel Sahid, Jakarta; awarded_on={date}",)),
    ("Penghargaan untuk Polres {b}|{a} 2026 diraih Polres {b}.|{p} hadir dalam acara itu.", ("Polres {b}; {a}; recipient_type=police",)),
    ("Kabar Daerah|Pemkot {k} akan menerima {a} tahun depan.", ()),
    ("Kabar Daerah|Pemkab {b} menargetkan meraih {a} pada 2027.", ()),
    ("Kabar Daerah|Kabupaten {b} gagal meraih {a}.", ()),
    ("Kabar Daerah|Kota {k} tidak mendapat {a} tahun ini.", ()),
    ("Kabar Daerah|Kami memberi penghargaan setinggi-tingginya kepada warga Kota {k}.", ()),
    ("Kabar Daerah|Warga Kota {k} menerima bantuan beras dari {m}.", ()),
    ("Kabar Daerah|{a} adalah penghargaan bagi kota yang bersih.", ()),
    ("Kabar Daerah|Wali Kota {k} {p} menghadiri penyerahan {a} di Jakarta.", ()),
    ("Kabar Daerah|Kabupaten {b} kalah dari Kota {k} yang meraih {a}.", ("Kota {k}; {a}",)),
)  # fmt: skip
TIMES = 5


def articles() -> Iterator[tuple[dict[str, Any], str]]:
    """(label, text) of every row, filled `TIMES` times."""
    for number, (text, records) in enumerate((*ROWS, *standings.ROWS, *recollections.ROWS)):
        for time in range(TIMES):
            names = _names(number * TIMES + time)
            body = text.replace(" , ", " \0 ").replace("|", "\n").replace("\0", "|").format_map(names)
            made = [_told(_record(record.format_map(names)), body) for record in records]
            yield (
                {
                    "id": f"X{number}-{time}",
                    "published_on": "2026-11-20",
                    "is_award_article": bool(made),
                    "records": made,
                    "fields_told": number < len(ROWS),
                },
                body,
            )


def _names(seed: int) -> dict[str, str]:
    def pick(names: tuple[str, ...], step: int) -> str:
        return names[(seed * 3 + step) % len(names)]

    day, date = DAYS[seed % len(DAYS)]
    return {
        **{letter: pick(KABUPATEN, step) for letter, step in (("d", 2), ("e", 4), ("f", 6))},
        **{letter: pick(DESA, step) for letter, step in (("v", 0), ("u", 1), ("t", 2))},
        "g": pick(AWARDS, seed + 3), "r": pick(PEOPLE, 3),
        "k": pick(KOTA, 0), "l": pick(KOTA, 1), "b": pick(KABUPATEN, 0), "c": pick(KABUPATEN, 1), "a": pick(AWARDS, seed), "p": pick(PEOPLE, 0),
        "s": pick(PEOPLE, 0).split()[0], "q": pick(PEOPLE, 1), "m": pick(MINISTRIES, seed), "day": day, "date": date,
    }  # fmt: skip


def _told(record: dict[str, Any], text: str) -> dict[str, Any]:
    """The record with the sentence that tells it where the same award is told of several years: the first that names its year."""
    year = record["awarded_on"]
    if record["in_focus"] or not year or record["evidence"]:
        return record
    return record | {"evidence": next((s for s in re.split(r"(?<=[.])\s|\n", text) if year[:4] in s), "")}


def _record(row: str) -> dict[str, Any]:
    standing, row = (row[0], row[1:]) if row[0] in "!?" else ("", row)
    recipient, award, *more = row.split("; ")
    fields = ("category", "rank", "giver", "presented_by", "received_by", "awarded_on", "place")
    record: dict[str, Any] = {
        "recipient": recipient, "recipient_type": "region", "award": award, **dict.fromkeys(fields), "status": "nominated" if standing == "?" else "won",
        "in_focus": standing != "!", "optional": False, "evidence": "",
    }  # fmt: skip
    return record | dict(part.split("=", 1) for part in more)
