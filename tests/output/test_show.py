"""An article with the words behind its records: colours on a terminal, characters where asked for, plain text elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from rich.text import Text

from etl.model import Article, AwardMention, Evidence
from etl.output import marks, show
from tests.awards import Awards

ARTICLE = Article(
    site="detik", outlet="detik", article_id="d-1", url="https://news.detik.com/berita/d-1/x", canonical_url=None,
    layout="2026", title="Kota Bogor Raih [bold]Adipura[/bold] :trophy:", author=None, editors=(), published_at=None,
    dateline=None, tags=(), photo_caption=None,
    paragraphs=(
        "Pemerintah Kota Bogor menerima Piala Adipura Kirana dari Kementerian Lingkungan Hidup di Jakarta, Rabu, bersama "
        "puluhan kabupaten dan kota lain yang dinilai bersih sepanjang tahun itu.",
        "Kabupaten Madiun dan Kabupaten Ngawi menerima Sertifikat Adipura.",
    ),
)  # fmt: skip


def words(field: str, quote: str, of: Article = ARTICLE) -> Evidence:
    start = of.text.rindex(quote)
    return Evidence(field, start, start + len(quote), quote)


def mention(recipient: str, award: str, *more: Evidence) -> AwardMention:
    evidence = (words("recipient", recipient), words("award", award), *more)
    return AwardMention(recipient, "region", award, evidence, giver="KLH", region_code="32.71", confidence=0.9)


MENTIONS = (
    mention(
        "Kota Bogor", "Piala Adipura Kirana", words("rank", "Kirana"), words("giver", "Kementerian Lingkungan Hidup")
    ),
    mention("Kabupaten Madiun", "Sertifikat Adipura", words("giver", "Kementerian Lingkungan Hidup")),
    mention("Kabupaten Ngawi", "Sertifikat Adipura", words("status", "menerima Sertifikat Adipura")),
)


@pytest.fixture(autouse=True)
def no_wish(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the tests' own terminal asks for does not count."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "TERM"):
        monkeypatch.delenv(name, raising=False)


def printed(monkeypatch: pytest.MonkeyPatch, console: Console, *flags: bool, mentions: tuple[AwardMention, ...]) -> str:
    monkeypatch.setattr(show, "out", console)
    show.article(ARTICLE, mentions, *flags)
    file = console.file
    assert isinstance(file, StringIO)
    return file.getvalue()


def terminal(no_color: bool = False) -> Console:
    return Console(
        file=StringIO(), force_terminal=True, width=100, color_system="truecolor", no_color=no_color, highlight=False,
        markup=False, emoji=False,
    )  # fmt: skip


def piped() -> Console:
    return Console(file=StringIO(), highlight=False, markup=False, emoji=False, width=80)


def without_escapes(shown: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", shown)


def style_at(shown: str, what: str) -> set[str]:
    """The codes in force where some words begin."""
    codes = re.findall(r"\x1b\[([0-9;]*)m", shown[: shown.index(what)])
    return set((codes or ["0"])[-1].split(";"))


# --------------------------------------------------------------------------------------------------------- on a terminal


def test_a_terminal_shows_the_whole_text_with_tags(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, terminal(), mentions=MENTIONS)
    text = " ".join(without_escapes(shown).split())
    tagged = ARTICLE.text
    for name, tag in (("Pemerintah Kota Bogor", "[1]"), ("Kabupaten Madiun", "[2]"), ("Kabupaten Ngawi", "[3]")):
        tagged = tagged.replace(name, name + tag)
    assert " ".join(tagged.split()) in text
    assert " ".join(ARTICLE.text.split()) in re.sub(r"\[\d\]", "", text)
    assert max(map(len, without_escapes(shown).splitlines())) <= 100


def test_every_field_has_its_colour_and_the_legend_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, terminal(), mentions=MENTIONS)
    about, legend, *_ = shown.splitlines()
    assert "detik · no author · no time" in about
    assert without_escapes(legend) == "recipient  award  rank  giver  status"
    body = shown[shown.index("Raih") :]
    for field, where in (("recipient", "Kota Bogor\x1b"), ("award", "Piala Adipura"), ("giver", "Kementerian Lingk")):
        assert style_at(legend, field) == style_at(body, where) != {"0"}
    # The shorter words lie on top, and keep what the longer ones say about weight.
    assert style_at(body, "Kirana") == {"1", "35"} and style_at(body, "Piala") == {"1", "33"}
    last = body[body.index("Kabupaten Ngawi") :]
    assert style_at(last, "menerima ") == {"4"} and style_at(last, "Sertifikat Adipura") == {"1", "4", "33"}
    assert style_at(body, "KLH") == style_at(body, "Kementerian Lingk")


def test_records_follow_in_two_lines_each(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = without_escapes(printed(monkeypatch, terminal(), mentions=MENTIONS))
    assert (
        "\n1. Kota Bogor · Piala Adipura Kirana  (won, confidence 0.9)\n   recipient type region · region code" in shown
    )
    assert "giver KLH" in shown


def test_no_record_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, terminal(), mentions=())
    assert "No award record." in shown and "recipient" not in shown
    assert " ".join(ARTICLE.text.split()) in " ".join(without_escapes(shown).split())


def test_a_terminal_without_colours_gets_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, terminal(no_color=True), mentions=MENTIONS)
    assert "‹recipient 1: Kota Bogor›" in " ".join(without_escapes(shown).split())


def test_a_text_cannot_command_the_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "Kota\x07 Bogor\x1b[2J Raih\r Adipura"
    start = text.index("Adipura")
    found = marks.coloured(text, [marks.Span("award", start, start + 7, (1,))])
    console = terminal()
    console.print(found[0])
    assert isinstance(console.file, StringIO)
    shown = console.file.getvalue()
    assert "\x1b[2J" not in shown and "\x07" not in shown and "\r" not in shown
    assert style_at(shown, "Adipura") == {"1", "33"}


# ------------------------------------------------------------------------------------------------------------- elsewhere


def test_without_a_terminal_the_text_is_plain_and_each_field_has_its_words(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = printed(monkeypatch, piped(), mentions=MENTIONS)
    assert "\x1b" not in shown and "‹" not in shown and "[1]" not in shown
    assert " ".join(ARTICLE.text.split()) in " ".join(shown.split())
    assert '   giver          KLH   "Kementerian Lingkungan Hidup"\n' in shown
    assert '   award in text  "Piala Adipura Kirana"\n' in shown


def test_marks_in_characters_are_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    shown = " ".join(printed(monkeypatch, piped(), True, mentions=MENTIONS).split())
    assert "\x1b" not in shown
    assert "‹recipient 1: Kota Bogor› menerima ‹award 1: Piala Adipura ‹rank 1: Kirana›› dari" in shown
    assert "‹giver 1-2: Kementerian Lingkungan Hidup›" in shown
    assert "‹status 3: menerima ‹award 2-3: Sertifikat Adipura››." in shown


def test_words_that_cross_are_marked_in_parts() -> None:
    text = "satu dua tiga empat"
    crossing = [
        AwardMention("x", "region", "y", (Evidence("recipient", 0, 8, text[:8]), Evidence("award", 5, 19, text[5:]))),
        AwardMention("x", "region", "y", (Evidence("giver", 5, 8, text[5:8]),)),
    ]
    marked = marks.in_characters(text, marks.spans(crossing))
    assert marked == "‹recipient 1: satu ›‹award 1: ‹recipient 1: ‹giver 2: dua›› tiga empat›"


SPANS = st.lists(
    st.tuples(st.sampled_from(["recipient", "award", "odd"]), st.integers(0, 9), st.integers(1, 10)), max_size=8
)


@given(SPANS)
def test_whatever_overlaps_the_text_stays(given_spans: list[tuple[str, int, int]]) -> None:
    text = "ab cd\nefgh"
    evidence = tuple(Evidence(f, a, min(10, a + n), text[a : a + n]) for f, a, n in given_spans)
    found = marks.spans([AwardMention("x", "region", "y", evidence), AwardMention("x", "region", "y", evidence)])
    marked = marks.in_characters(text, found)
    assert re.sub(r"‹\w+ 1-2: |›", "", marked) == text
    assert marked.count("‹") == marked.count("›")
    lines = marks.coloured(text, found)
    assert "\n".join(line.plain.replace("[1-2]", "") for line in lines) == text
    assert all(isinstance(line, Text) for line in lines)


# ----------------------------------------------------------------------------------------------------------- plain texts

TEXT = "Kota Bogor Raih Adipura\n\n  Kota Bogor meraih Adipura dari Kementerian Lingkungan Hidup, Rabu (18/11).\n"


def test_a_text_file_and_stdin_are_read_with_their_day(awards: Awards) -> None:
    (awards.folder / "berita.txt").write_text("\ufeff" + TEXT, encoding="utf-8")
    said = awards.json("read", "berita.txt", "--published", "2026-11-19")
    article = said["article"]
    assert (article["title"], len(article["paragraphs"])) == ("Kota Bogor Raih Adipura", 1)
    assert article["published_at"] == "2026-11-19T00:00:00+07:00"
    assert (article["url"], article["outlet"], article["site"], article["layout"]) == (None, None, None, "plain text")
    (record,) = said["records"]
    assert (record["recipient"], record["award"], record["awarded_on"]) == ("Kota Bogor", "Adipura", "2026-11-18")
    assert all(article["text"][e["start"] : e["end"]] == e["quote"] for e in record["evidence"])
    shown = awards("read", "berita.txt", "--marks", "--published", "2026-11-19")
    assert shown.code == 0 and "‹recipient 1: Kota Bogor›" in shown.out and "\x1b" not in shown.out
    assert shown.out.startswith("no author · 2026-11-19 00:00+07:00\n")
    process = replace(awards).start("read", "-", "--json")  # its input is empty
    assert process.communicate(timeout=30)[1].startswith("awards: - holds no text") and process.returncode == 1


def test_what_does_not_go_with_a_text_is_named(awards: Awards) -> None:
    (awards.folder / "a.txt").write_text(TEXT, encoding="utf-8")
    (awards.folder / "b.txt").write_bytes(b"Kota Bogor \xff")
    (awards.folder / "page.html").write_text("<html></html>", encoding="utf-8")
    for arguments, code, part in (
        (("a.txt", "--url", "https://x"), 2, "leave --url out"),
        (("a.txt", "--published", "kemarin"), 2, "2026-11-19"),
        (("page.html", "--published", "2026-11-19"), 2, "--published"),
        (("none.txt",), 1, "none.txt cannot be read"),
        (("b.txt",), 1, "UTF-8"),
        (("--jsonl", "a.txt", "--marks"), 2, "leave out"),
    ):
        ran = awards("read", *arguments)
        assert (ran.code, ran.out) == (code, "") and part in ran.complaint
