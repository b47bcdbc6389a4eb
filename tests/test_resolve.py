"""etl.resolve: what a name means, what stays open, and the reason in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from etl import gazetteer, resolve
from etl.model import AwardMention, Decision, Evidence
from etl.output import show
from etl.resolve import level, level_words, namesakes, only, organization, region, series

MOJOKERTO = ("35.16", "35.76")  # Kabupaten, Kota
GORONTALO = ("75", "75.01", "75.71")
MURA = ("16.05", "62.12")  # Musi Rawas, Murung Raya
BANJAR = ("32.79", "63.03")  # Kota in Jawa Barat, Kabupaten in Kalimantan Selatan
NOTHING: dict[str, str | None] = {"said": None, "heading": None, "elsewhere": None, "only": None, "on": None}


def meant(codes: tuple[str, ...], **evidence: str) -> Decision:
    return region(codes, **(NOTHING | evidence))


# codes, evidence -> code, words of the reason
REGIONS: dict[str, tuple[tuple[str, ...], dict[str, str], str | None, str]] = {
    "one of that name": (("35.15",), {}, "35.15", "the only region of that name"),
    "a wrong word": (("35.09",), {"said": "kota"}, "35.09", "Kabupaten Jember: the only region of that name; though the text"),
    "a right word": (("35.09",), {"said": "Kabupaten"}, "35.09", "Kabupaten Jember: the only region of that name"),
    "nothing named": ((), {"said": "kota"}, None, "no region is named"),
    "bare": (MOJOKERTO, {}, None, "ambiguous, Kabupaten Mojokerto (35.16) or Kota Mojokerto (35.76): nothing in the text"),
    "bare, three": (GORONTALO, {}, None, "ambiguous, Provinsi Gorontalo (75) or Kabupaten"),
    "bare, with a date": (MOJOKERTO, {"on": "2021-03-31"}, None, "ambiguous"),
    "kota": (MOJOKERTO, {"said": "kota"}, "35.76", "Kota Mojokerto: the word before the name says kota"),
    "KOTA": (MOJOKERTO, {"said": "KOTA"}, "35.76", "the word before the name says kota"),
    "kabupaten": (MOJOKERTO, {"said": "kabupaten"}, "35.16", "the word before the name says kabupaten"),
    "two provinces": (BANJAR, {"said": "kota"}, "32.79", "the word before the name says kota"),
    "provinsi": (GORONTALO, {"said": "provinsi"}, "75", "the word before the name says provinsi"),
    "no such province": (MOJOKERTO, {"said": "provinsi"}, None, "no region of that name fits: the word before the name"),
    "no such province, but a heading": (
        MOJOKERTO, {"said": "provinsi", "heading": "kota"}, "35.76", "its category or heading says kota; no region of that name",
    ),
    "heading": (MOJOKERTO, {"heading": "kota"}, "35.76", "its category or heading says kota"),
    "elsewhere": (MOJOKERTO, {"elsewhere": "35.16"}, "35.16", "the article elsewhere means Kabupaten Mojokerto"),
    "elsewhere, another name": (MOJOKERTO, {"elsewhere": "35.15"}, None, "no region of that name fits: the article"),
    "cities only": (MOJOKERTO, {"only": "kota"}, "35.76", "the award goes to one kind, kota"),
    "the word is stronger": (
        MOJOKERTO, {"said": "kabupaten", "heading": "kota", "only": "kota", "elsewhere": "35.76"}, "35.16",
        "says kabupaten; although its category or heading says kota; although the award goes to one kind, kota; although the",
    ),
    "the heading is stronger than elsewhere": (
        MOJOKERTO, {"heading": "kota", "elsewhere": "35.16"}, "35.76",
        "its category or heading says kota; although the article elsewhere means Kabupaten Mojokerto",
    ),
    "so is the award": (MOJOKERTO, {"only": "kota", "elsewhere": "35.16"}, "35.76", "goes to one kind, kota; although"),
    "heading against award": (
        MOJOKERTO, {"heading": "kabupaten", "only": "kota"}, None,
        "ambiguous, Kabupaten Mojokerto (35.16) or Kota Mojokerto (35.76): its category or heading says kabupaten, but the award",
    ),
    "a kind is not enough": (MURA, {"said": "kabupaten"}, None, "ambiguous, Kabupaten Musi Rawas (16.05) or Kabupaten Murung"),
    "narrowed": (GORONTALO[1:] + MURA, {"said": "kabupaten", "elsewhere": "16.05"}, "16.05", "kabupaten and the article"),
    "narrowed, still open": (GORONTALO[1:] + MURA, {"said": "kabupaten"}, None, "says kabupaten, and no more"),
}  # fmt: skip


@pytest.mark.parametrize(("codes", "evidence", "code", "reason"), REGIONS.values(), ids=REGIONS)
def test_region(codes: tuple[str, ...], evidence: dict[str, str], code: str | None, reason: str) -> None:
    decision = meant(codes, **evidence)
    assert (decision.field, decision.value) == ("region_code", code)
    assert reason in decision.reason


def test_what_stays_open_names_its_candidates_and_what_is_decided_what_it_was_chosen_from() -> None:
    assert meant(MOJOKERTO).candidates == MOJOKERTO
    assert meant(MOJOKERTO, said="kota").candidates == MOJOKERTO
    assert meant(GORONTALO[1:] + MURA, said="kabupaten").candidates == ("75.01", *MURA)
    assert meant(("35.76",)).candidates == ()


# code, day of the event -> what the reason says, what it does not
HISTORY = {
    "Merauke, years before": (
        "93.01",
        "2019",
        ["province Papua until 2022 (UU 14/2022)", "code 91.01 until 2022"],
        ["called"],
    ),
    "Merauke, the day before": ("93.01", "2022-07-24", ["province Papua until 2022 (UU 14/2022)"], []),
    "Merauke, on the day": ("93.01", "2022-07-25", [], ["province"]),
    "Merauke, a year only": (
        "93.01",
        "2022",
        ["the day is not known: province Papua until 25 Juli 2022 (UU 14/2022)"],
        [],
    ),
    "Merauke, in that month": ("93.01", "2022-07", ["the day is not known"], []),
    "Merauke, in June": ("93.01", "2022-06", ["province Papua until 2022"], ["not known"]),
    "Merauke, after": ("93.01", "2023-01-02", [], ["until"]),
    "Merauke, no day": ("93.01", None, [], ["until"]),
    "Merauke by its old code": ("91.01", "2019", ["Kabupaten Merauke", "province Papua until 2022"], []),
    "Nabire": ("94.01", "2021-08-17", ["province Papua until 2022 (UU 15/2022)", "code 91.04 until 2022"], []),
    "Jayawijaya": ("95.01", "2020", ["province Papua until 2022 (UU 16/2022)", "code 91.02 until 2022"], []),
    "Raja Ampat": ("96.03", "2022-10-01", ["province Papua Barat until 2022 (UU 29/2022)"], []),
    "Raja Ampat, its province made": ("96.03", "2022-12-08", [], ["province"]),
    "Papua Selatan before it was": (
        "93",
        "2020",
        ["a province only since 2022; province Papua until 2022 (UU 14/2022)"],
        [],
    ),
    "Papua": (
        "91",
        "2020",
        ["until 2022 it held what is now Papua Selatan (93, UU 14/2022), Papua Tengah (94"],
        ["called"],
    ),
    "Papua Barat": ("92", "2019", ["it held what is now Papua Barat Daya (96, UU 29/2022)"], []),
    "Papua today": ("91", "2025", [], ["until"]),
    "Irian Jaya": ("91", "1999", ["called Provinsi Irian Jaya until 2001"], []),
    "Jayapura stayed": ("91.71", "2019", [], ["until"]),
    "Toba": ("12.12", "2019-04-01", ["called Kabupaten Toba Samosir until 2020"], ["code", "province"]),
    "Toba, that year": ("12.12", "2020-09-01", ["called Kabupaten Toba Samosir until some day of 2020"], []),
    "Toba, after": ("12.12", "2021", [], ["Samosir"]),
    "Tarakan": ("65.71", "2010", ["province Kalimantan Timur until 2012 (UU 20/2012)", "code 64.73 until 2012"], []),
    "Makassar": ("73.71", "1998", ["called Kota Ujung Pandang until 1999"], []),
}


@pytest.mark.parametrize(("code", "on", "says", "says_not"), HISTORY.values(), ids=HISTORY)
def test_renames_and_new_provinces_by_date(code: str, on: str | None, says: list[str], says_not: list[str]) -> None:
    decision = region((code,), **(NOTHING | {"on": on}))
    assert decision.value in gazetteer.regions()
    assert [words for words in says if words not in decision.reason] == []
    assert [words for words in says_not if words in decision.reason] == []


def test_old_codes_become_the_codes_of_today() -> None:
    for row in gazetteer.rows("regions_history"):
        decision = region((row["old_code"],), **(NOTHING | {"on": "1990"}))
        assert decision.value == row["code"], row
        assert row["code"] == row["old_code"] or f"code {row['old_code']} until {row['until_year']}" in decision.reason


def test_an_event_of_before_does_not_tell_homonyms_apart() -> None:
    assert meant(("96.01", "96.71"), on="2019").value is None
    assert meant(("96.01", "96.71"), on="2019", said="kota").value == "96.71"


@given(
    st.lists(st.sampled_from(sorted(gazetteer.regions())), max_size=4),
    *(st.sampled_from([None, "kota", "kabupaten", "provinsi"]) for _ in range(3)),
    st.sampled_from([None, "2018", "2020-02", "2022", "2022-07-25", "2026-11-20"]),
)
def test_a_region_is_one_of_its_candidates_or_open(
    codes: list[str], said: str | None, heading: str | None, kind: str | None, on: str | None
) -> None:
    decision = region(tuple(codes), said=said, heading=heading, elsewhere=None, only=kind, on=on)
    assert decision.value is None or decision.value in codes
    assert (decision.value is None) == (not codes or decision.reason.startswith("ambiguous"))
    assert set(decision.candidates) <= set(codes)
    assert decision.value or not codes or len(decision.candidates) > 1


@pytest.mark.parametrize(
    ("codes", "written", "all_of_them"),
    [
        (("35.76",), "Kota Mojokerto", MOJOKERTO),
        (("35.16",), "PEMKAB MOJOKERTO", MOJOKERTO),
        (("35.16",), "Mojosari", ("35.16",)),  # a capital town
        (("75.71",), "Gorontalo", GORONTALO),
        (("35.15",), "Sidoarjo", ("35.15",)),
        (("34.71",), "Kota Jogja", ("34", "34.71")),
        (MURA, "Mura", MURA),
        (("91.01",), "Merauke", ("93.01",)),
        ((), "Mojokerto", ()),
    ],
)
def test_namesakes(codes: tuple[str, ...], written: str, all_of_them: tuple[str, ...]) -> None:
    assert namesakes(codes, written) == all_of_them


def test_only() -> None:
    assert only("ikt") == "kota"
    assert only("adinata-syariah") == "provinsi"
    assert [only(other) for other in ("kabupaten-kota-layak-anak", "adipura", "swasti-saba", "no such", None)] == [
        None
    ] * 5


# ----------------------------------------------------------------------------------------------------------- organizations

KOMINFO, KOMDIGI = "Kementerian Komunikasi dan Informatika", "Kementerian Komunikasi dan Digital"
KLHK, KLH = "Kementerian Lingkungan Hidup dan Kehutanan", "Kementerian Lingkungan Hidup"

# written, day of the event -> the name recorded, words of the reason
ORGANIZATIONS: dict[str, tuple[str, str | None, str, str]] = {
    "in full": (KOMDIGI, "2025", KOMDIGI, "its full name"),
    "an alias": ("Komdigi", "2025", KOMDIGI, f"Komdigi is {KOMDIGI}"),
    "any case": ("KOMDIGI", None, KOMDIGI, f"KOMDIGI is {KOMDIGI}"),
    "its short name behind": (f"{KLHK} (KLHK)", "2020", KLHK, f"is {KLHK}"),
    "of the republic": ("Kementerian Dalam Negeri Republik Indonesia", "2020", "Kementerian Dalam Negeri", "is Kementerian"),
    "before its time": ("Kementerian Komdigi", "2019", KOMDIGI, f"in 2019 it was {KOMINFO}"),
    "after its time": ("Kominfo", "2025-01-15", KOMINFO, f"it ended on 2024-10-21; in 2025-01-15 {KOMDIGI}"),
    "in its time": ("Kominfo", "2019", KOMINFO, f"Kominfo is {KOMINFO}"),
    "no day": ("Kominfo", None, KOMINFO, f"Kominfo is {KOMINFO}"),
    "the last day": ("Kominfo", "2024-10-20", KOMINFO, f"Kominfo is {KOMINFO}"),
    "the first day of the next": ("Kominfo", "2024-10-21", KOMINFO, "it ended on 2024-10-21"),
    "in the year of the change": (KLHK, "2024", KLHK, f"the day is not known: it ended on 2024-10-21, then {KLH} or Kementerian"),
    "in its first year": (KLH, "2024", KLH, f"the day is not known: {KLHK} until 2024-10-21"),
    "several successors": (
        "Kemenkumham", "2025", "Kementerian Hukum dan Hak Asasi Manusia",
        "in 2025 Kementerian Hukum or Kementerian Hak Asasi Manusia or Kementerian Imigrasi dan Pemasyarakatan",
    ),
    "two steps on": ("Depdiknas", "2022", "Kementerian Pendidikan Nasional", "in 2022 Kementerian Pendidikan, Kebudayaan, Riset"),
    "two steps back": ("Kemendikdasmen", "2018", "Kementerian Pendidikan Dasar dan Menengah", "in 2018 it was Kementerian"),
    "a name used twice": (KLH, "2010", KLH, "the table has it since 2024-10-21 only, nothing of 2010"),
    "without a successor": ("Satgas Covid-19", "2024", "Satgas Penanganan Covid-19", "it ended on 2023-08-04, without a succ"),
    "in no table": ("Pemerintah Kota  Mojokerto", "2021", "Pemerintah Kota Mojokerto", "in no table of organizations"),
    "never by spelling": ("Kementrian Kominfoo", "2021", "Kementrian Kominfoo", "as written"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "on", "recorded", "reason"), ORGANIZATIONS.values(), ids=ORGANIZATIONS)
def test_organization(name: str, on: str | None, recorded: str, reason: str) -> None:
    decision = organization(name, on)
    assert (decision.field, decision.value) == ("giver", recorded)
    assert reason in decision.reason


def test_in_its_time_there_is_nothing_to_say() -> None:
    for on in ("2019", "2024-10-20", None):
        assert ";" not in organization("Kominfo", on).reason


def test_every_organization_is_found_by_its_names_and_every_successor_exists() -> None:
    for row in gazetteer.rows("organizations"):
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            assert organization(name, None).value == row["name"], name
        for after in filter(None, row["successor"].split(";")):
            assert after in gazetteer.organizations()


def test_a_name_of_two_organizations_is_kept_as_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(resolve, "_called", lambda: {"Badan X": ("a", "b")})
    assert organization("Badan X", None) == Decision("giver", "Badan X", "ambiguous, a or b: as written", ("a", "b"))


# ------------------------------------------------------------------------------------------------------------------ series

SERIES: dict[str, str | None] = {
    # exact
    "Adipura": "adipura",
    "adipura": "adipura",
    "Penghargaan Adipura": "adipura",
    "Innovative Government Award 2021": "innovative-government-award",
    "Penghargaan Innovative Government Award tahun 2021": "innovative-government-award",
    "IGA": "innovative-government-award",
    "iga": None,  # a short name in capitals holds in capitals only
    # one or two slips
    "Inovative Goverment Award": "innovative-government-award",
    "Innovative Governmnt Award": "innovative-government-award",
    "Innovative Govermnet Awards": None,  # three letters, in the nearest spelling of the catalogue
    "Paritranna Award": "paritrana",
    "Paritrrana Award 2022": "paritrana",
    "Penghargaan Paritranna Award": "paritrana",
    "Anugerah Parahita Ekapraia": "anugerah-parahita-ekapraya",
    "Satyalencanna Pembangunan": "satyalancana-pembangunan",
    "Nirwasitta Tantra": "nirwasita-tantra",
    # apart and together
    "Adi Wiyata": "adiwiyata",
    "Nirwasitatantra": "nirwasita-tantra",
    # not fuzzy: short words, the first letter, right words, more slips, another number of words
    "Sakit Award": None,
    "Xdipura": None,
    "Padaritna Awrad": None,
    "Paritranna": "paritrana",
    "Paritranna Award Jawa Timur": None,
    "Desa Wisata Indah": None,
    # levels
    "Padappa": None,
    "Paratama": None,  # Pratama, not Parasamya
    "Ganaprawara": None,
    "Anugerah Parahitta Ekapraya": None,  # Parahita is a level of another series
    "Adipura Kencna": None,
    "Adippura Kencana": "adipura-kencana",
    "": None,
    "   ": None,
    "—": None,
    "2021": None,
}


@pytest.mark.parametrize(("name", "meant"), SERIES.items())
def test_series(name: str, meant: str | None) -> None:
    decision = series(name)
    assert decision.value == meant, decision
    assert decision.field == "series" and decision.reason


def test_the_reason_tells_a_slip_from_a_name() -> None:
    assert series("Adipura").reason == "Adipura is a name of it"
    assert series("Paritranna Award").reason == "Paritranna Award is Paritrana Award but for 1 letter"
    assert series("Inovative Goverment Award").reason.endswith("but for 1 letter")
    assert series("Nirwasitatantra").reason == "Nirwasitatantra is Nirwasita Tantra, written apart or together"
    assert series("Piala Bergilir Camat").reason == "no name of the catalogue, not even misspelt"


def test_every_name_of_the_catalogue_is_its_own_series() -> None:
    for row in gazetteer.rows("award_series"):
        for name in (row["name"], *filter(None, row["aliases"].split(";"))):
            assert series(name).value == row["id"], name


def test_no_slip_turns_one_series_into_another() -> None:
    """Take a name out of the catalogue: what then lies nearest may be its own series or none, hardly ever another."""
    near: dict[str, set[str]] = {}
    for alias in resolve._aliases():
        found = {a.series for a in resolve._alike().get((len(alias.words), alias.words[0][0]), ())
                 if resolve._slips(alias.words, a.words, 2) is not None} - {alias.series}  # fmt: skip
        if found:
            near[alias.name] = found
    assert near == {}


def test_equally_near_series_stay_open(monkeypatch: pytest.MonkeyPatch) -> None:
    two = tuple(resolve._Alias(i, n, (n.lower(),), len(n)) for i, n in (("a", "Parimanta"), ("b", "Parimanda")))
    monkeypatch.setattr(resolve, "_alike", lambda: {(1, "p"): two})
    decision = series("Parimansa")
    assert (decision.value, decision.candidates) == (None, ("a", "b"))
    assert decision.reason.startswith("ambiguous, a or b: Parimansa is Parimanta but for 1 letter")


@given(st.data())
def test_a_misspelt_level_is_no_series(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(sorted(w for w in level_words() if len(w) >= 6 and w.isalpha())))
    at = data.draw(st.integers(1, len(word) - 1))
    letter = data.draw(st.sampled_from("aeiours"))
    wrong = word[:at] + letter + word[at:]
    if wrong not in resolve._right_words():
        assert series(wrong.capitalize()).value is None
        assert series(f"Adipura {wrong.capitalize()}").value is None


@pytest.mark.parametrize(
    ("one", "other", "apart"),
    [("", "", 0), ("a", "", 1), ("", "abc", 3), ("padapa", "papada", 2), ("goverment", "government", 1), ("abc", "abc", 0),
     ("granapavara", "ganapravara", 2), ("satyalencana", "satyalancana", 1), ("ab", "ba", 2), ("kitten", "sitting", 3)],
)  # fmt: skip
def test_distance(one: str, other: str, apart: int) -> None:
    assert resolve._distance(one, other) == resolve._distance(other, one) == apart


@given(*(st.text("abc", max_size=8) for _ in range(3)))
def test_distance_is_one(a: str, b: str, c: str) -> None:
    assert (resolve._distance(a, b) == 0) == (a == b)
    assert resolve._distance(a, c) <= resolve._distance(a, b) + resolve._distance(b, c)


def test_only_a_few_names_are_compared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 3,500 names the first letter and the number of words leave some dozens, few of which are measured."""
    asked: list[str] = []

    def counted(function: Callable[..., Any]) -> Callable[..., Any]:
        def ask(*given: Any) -> Any:
            asked.append(function.__name__)
            return function(*given)

        return ask

    for function in (resolve._slips, resolve._distance):
        monkeypatch.setattr(resolve, function.__name__, counted(function))
    for a in ("Innovatif", "Satyalencanna", "Penghargaan", "Kabupaten"):
        for b in ("Goverment Award", "Bakti Award", "Pembangunan", ""):
            asked.clear()
            series(f"{a} {b}")
            assert len(asked) < 800, (a, b)


# ------------------------------------------------------------------------------------------------------------------ levels

LEVELS: dict[tuple[str, str], tuple[str | None, str]] = {
    ("kabupaten-kota-layak-anak", "Nindya"): ("Nindya", "third of five of Kabupaten/Kota Layak Anak, lowest first"),
    ("natamukti", "Nindya"): ("Nindya", "third of three of Natamukti, lowest first"),
    ("kabupaten-kota-layak-anak", "nindya"): ("Nindya", "third of five"),
    ("kabupaten-kota-layak-anak", " PRATAMA "): ("Pratama", "first of five"),
    ("uhc-award", "Utama"): ("Utama", "third of three"),
    ("kabupaten-kota-layak-anak", "Utama"): ("Utama", "fourth of five"),
    ("kabupaten-kota-layak-anak", "Muda"): (
        None,
        "Muda is no level of Kabupaten/Kota Layak Anak, which has Pratama, Madya",
    ),
    ("kabupaten-kota-layak-anak", "Nindia"): (None, "Nindia is no level"),
    ("swasti-saba", "papada"): (None, "papada is no level of Swasti Saba, which has Padapa, Wiwerda, Wistara"),
    ("swasti-saba", "Padapa"): ("Padapa", "first of three"),
    ("sakip", "bb"): ("BB", "fifth of seven"),
    ("ista", "Gold"): ("Gold", "one of three of ISTA, which have no order"),
    ("adipura", "Kencana"): (None, "Kencana is no level of Adipura, which has no levels"),
    ("sakip", ""): (None, "is no level"),
}


@pytest.mark.parametrize(("asked", "answer"), LEVELS.items(), ids=map(" ".join, LEVELS))
def test_level(asked: tuple[str, str], answer: tuple[str | None, str]) -> None:
    decision = level(*asked)
    assert (decision.field, decision.value) == ("rank", answer[0])
    assert answer[1] in decision.reason


def test_every_level_of_every_series_has_its_place() -> None:
    for one in gazetteer.series().values():
        assert [level(one.id, step).value for step in one.levels] == list(one.levels)


def test_an_unknown_series_is_a_programming_error() -> None:
    with pytest.raises(KeyError):
        level("no such", "Utama")


# ------------------------------------------------------------------------------------------------------------ what is shown


def test_a_record_shows_its_decisions() -> None:
    decision = meant(MOJOKERTO)
    mention = AwardMention(
        "Mojokerto", "region", "Adipura", (Evidence("recipient", 0, 9, "Mojokerto"),), decisions=(decision,)
    )
    shown = show.record_json(mention)["decisions"]
    assert shown == [{"field": "region_code", "value": None, "reason": decision.reason, "candidates": list(MOJOKERTO)}]
    assert asdict(decision).keys() == shown[0].keys()
    assert show.record_json(AwardMention("x", "region", "y", ()))["decisions"] == []
    show.record(1, mention)  # prints the record, and does not stumble over them
    show._brief(1, mention)
