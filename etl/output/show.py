"""What the command prints: tables, an article with its records, progress. Data goes to stdout, all else to stderr."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from etl.output import marks

if TYPE_CHECKING:  # what is printed; who prints a table need not load what crawls and reads
    from db.questions import Question
    from db.search import Hit
    from etl.model import Article, AwardMention
    from etl.newsite import NewSite
    from etl.operate.site_health import SiteHealth
    from etl.run.backfill import Unit
    from etl.run.imports import Import
    from etl.run.known import Checked
    from etl.run.order import Progress as Report
    from etl.run.order import SiteResult
    from etl.run.reading import Processed

# No markup: '[itemprop=articleBody]' in a reason is no style, and ':key:' in a headline no picture.
out = Console(highlight=False, markup=False, emoji=False)
err = Console(stderr=True, highlight=False, markup=False, emoji=False)

_ZONE = ZoneInfo("Asia/Jakarta")
_PLAIN_WIDTH = 160  # columns of a table that no terminal limits


def table(rows: Sequence[Mapping[str, Any]], columns: Sequence[str], title: str | None = None) -> None:
    """Rows as a table on stdout; empty cells for None, numbers to the right."""
    console = out if out.is_terminal else Console(width=_PLAIN_WIDTH, highlight=False, markup=False, emoji=False)
    made = Table(title=title, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for column in columns:
        numeric = bool(rows) and all(isinstance(row.get(column), int | float) for row in rows)
        made.add_column(column.replace("_", " "), justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        made.add_row(*(Text("" if row.get(c) is None else str(row[c])) for c in columns))
    console.print(made)


@contextmanager
def progress() -> Iterator[Report]:
    """Bars on a terminal, a plain line a site elsewhere; both on stderr."""
    if not err.is_terminal:
        yield lambda site, step, done, total: None
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:<24}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=err, transient=True) as bars:
        tasks: dict[tuple[str, str], TaskID] = {}

        def report(site: str, step: str, done: int, total: int) -> None:
            key = site, step
            if key not in tasks:
                tasks[key] = bars.add_task(f"{site}: {step}", total=total or None)
            bars.update(tasks[key], completed=done, total=total or None)

        yield report


def result_json(result: SiteResult) -> dict[str, Any]:
    """What a run did for one site, for machines."""
    seconds = (result.ended_at - result.started_at).total_seconds() if result.ended_at else None
    return {
        "site": result.site, **asdict(result.report), "read": result.read, "misfits": result.misfits,
        "others": result.others, "mentions": result.mentions, "verdict": result.verdict and str(result.verdict),
        "error": result.problem,
        "seconds": seconds,
        "bad_pages": [{"url": url, "reason": reason} for url, reason in result.bad_pages],
    }  # fmt: skip


def counted(number: int, noun: str) -> str:
    """'1 row', '2 rows'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def site_done(result: SiteResult) -> None:
    """A plain line when a site is done, where no bars are shown."""
    if not err.is_terminal:
        did = f"{result.report.fetched} fetched, {result.read} read, {counted(result.mentions, 'mention')}"
        err.print(f"{result.site}: {'failed, ' if result.problem else ''}{did}", soft_wrap=True)


def results(found: Sequence[SiteResult]) -> None:
    """The table a run ends with; every page and every site that went wrong goes to stderr."""
    columns = {
        "fetched": "fetched",
        "new": "stored",
        "unchanged": "unchanged",
        "not modified": "not_modified",
        "known": "known",
        "passed over": "passed_over",
    }
    rows = []
    for result in sorted(found, key=lambda r: r.site):
        counts = result_json(result)
        row = {"site": result.site, **{shown: counts[name] for shown, name in columns.items()}}
        row |= {name: counts[name] for name in ("read", "misfits", "mentions", "verdict")}
        row["verdict"] = row["verdict"] or ("failed" if result.problem else None)
        rows.append(row | {"seconds": f"{counts['seconds']:.1f}"})
    table(rows, list(rows[0]) if rows else ["site"])
    for result in sorted(found, key=lambda r: r.site):
        for url, reason in result.bad_pages:
            err.print(f"misfit: {url}\n        {reason}", soft_wrap=True)
        if result.others:
            err.print(f"{result.site}: no articles: {_counted(result.others)}", soft_wrap=True)
        if result.report.failures:
            err.print(f"{result.site}: not fetched: {_counted(result.report.failures)}", soft_wrap=True)
    if found and all(r.report.finished and r.report.fetched and not r.report.stored and not r.read for r in found):
        out.print("\nUnchanged: nothing new was stored and no page was read again.")


def _counted(names: Mapping[str, int]) -> str:
    return ", ".join(f"{name} ({count})" for name, count in names.items())


_CONFERRAL_COLUMNS = (
    "id",
    "year",
    "recipient",
    "award",
    "rank",
    "category",
    "giver",
    "awarded_on",
    "outlets",
    "confidence",
)
SHOWN = 12  # conferrals that a run prints
ROWS = 500  # conferrals in a table that nobody limited


def conferrals(rows: Sequence[Mapping[str, Any]], total: int) -> None:
    """Conferrals as a table of the columns people look at; `total` is how many there are."""
    table([_short(row) for row in rows], _CONFERRAL_COLUMNS)
    more = f"{len(rows)} of {total} conferrals (--limit N or --out FILE for more)" if total > len(rows) else None
    then = "`awards why ID` shows the words behind a line" if rows else "ask for less at once, or `awards search WORDS`"
    err.print(f"{more or counted(total, 'conferral')}; {then}", soft_wrap=True)


def written(number: int, noun: str, to: Path | None) -> None:
    """How much a file holds; of what went to stdout nothing is said."""
    if to is not None:
        err.print(f"{counted(number, noun)} written to {to}", soft_wrap=True)


DOUBTFUL, CITEABLE = (
    0.5,
    0.9,
)  # confidence: below the one rather wrong than right; from the other on README.md says what


def sureness(least: float | None, less: int, limited: bool) -> None:
    """How many conferrals are less sure than was asked for and left out, or are doubtful and were not, because nobody asked.

    `limited`: not all that were found were shown.
    """
    if less and least is not None:
        err.print(f"{less} more are less sure than {least:g} and were left out", soft_wrap=True)
    elif less:
        keep = f"`--confidence {CITEABLE}` keeps those to cite"
        of = "all that were found" if limited else "them"
        err.print(f"{less} of {of} are rather wrong than right (confidence under {DOUBTFUL}); {keep}", soft_wrap=True)


def questions(asked: Mapping[str, Question]) -> None:
    """Which questions there are, and what may be given with each."""
    for one in asked.values():
        given = ", ".join(
            f"{name}{f' ({value})' if value not in ('', None) else ''}" for name, value in one.values.items()
        )
        out.print(Text(f"{one.id}  {one.asked}", style="bold"), soft_wrap=True)
        out.print(f"     {one.told}", soft_wrap=True)
        out.print(Text(f"     {given}", style="dim"), soft_wrap=True)
    err.print("`awards ask Q04 --region 35 --year 2021..2025` answers one; the SQL is db/questions.sql")


def answer(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> None:
    """The rows that answer a question, ids cut to what `awards why` takes."""
    ids = ("id", "conferral_id", "mention_id")
    table([{n: _cell(v)[:8] if n in ids else _cell(v) for n, v in row.items()} for row in rows], columns)
    err.print(counted(len(rows), "row"))


def _cell(value: Any) -> Any:
    return f"{value:.2f}" if isinstance(value, float) else when(value) if isinstance(value, datetime) else value


def hits(found: Sequence[Hit], as_json: bool) -> None:
    """Articles that say what was searched for: bold on a terminal, elsewhere between ‹ and ›."""
    if as_json:
        json_out([asdict(hit) for hit in found])
        return
    for hit in found:
        when = hit.published_at.isoformat(sep=" ", timespec="minutes") if hit.published_at else "no time"
        out.print(Text(f"{hit.outlet} · {when} · {hit.title}", style="bold"), soft_wrap=True)
        out.print(f"   {hit.url}", soft_wrap=True)
        out.print(
            Padding(_marked(hit), (0, 0, 0, 3), expand=False) if out.is_terminal else f"   {_marked(hit)}",
            soft_wrap=True,
        )
        out.print(f"   conferrals: {' '.join(id_[:8] for id_ in hit.conferrals)}\n", soft_wrap=True)
    err.print(f"{counted(len(found), 'article')}; `awards why ID` shows the words behind a conferral")


def _marked(hit: Hit) -> Text | str:
    text = " ".join(marks.harmless(hit.text).split("\n"))
    if out.is_terminal:
        shown = Text(text)
        for start, end in hit.marks:
            shown.stylize("bold reverse", start, end)
        return shown
    parts, at = [], 0
    for start, end in hit.marks:
        parts += [text[at:start], "‹", text[start:end], "›"]
        at = end
    return "".join([*parts, text[at:]])


def changes(rows: Sequence[Mapping[str, Any]]) -> None:
    """What became of conferrals: the last to change first."""
    columns = ("id", "change", "changed_at", "year", "recipient", "award", "corrections", "reason")
    shown = [
        {**row, "changed_at": when(row["changed_at"]), "corrections": "; ".join(row["corrections"])} for row in rows
    ]
    table([{**row, "id": str(row["id"])[:8]} for row in shown], columns)
    err.print(counted(len(rows), "change"))


def notes(said: Sequence[str]) -> None:
    """What was read in another way than it was typed."""
    for line in said:
        err.print(line, soft_wrap=True)


def _short(row: Mapping[str, Any]) -> dict[str, Any]:
    return {**row, "id": str(row["id"])[:8], "outlets": row["outlet_count"]}


def found(best: Sequence[Mapping[str, Any]], stored: int, replay: str | None) -> None:
    """What the database now holds, the most reported and surest first, and commands to try next."""
    out.print(f"\n{stored} conferrals are stored; some of them:")
    table([_short(row) for row in best], _CONFERRAL_COLUMNS)
    if not best:
        return
    region = next((row["region_code"] for row in best if row["region_code"]), "35")
    out.print("\nTry next:")
    for command, what in (
        (f"awards find --region {region[:2]}", "everything below one province"),
        (f"awards why {str(best[0]['id'])[:8]}", "the words, the article and the bytes behind one line"),
        ("awards find --format csv --out awards.csv", "all of it for a spreadsheet"),
        *((("awards run detik", "the same with the live site"),) if replay else ()),
    ):
        out.print(f"  {_command()}{command.removeprefix('awards')}   # {what}", soft_wrap=True)


def _command() -> str:
    """What to type so that this command runs: its name where the shell finds it, else where it lies."""
    script = Path(sys.executable).with_name("awards")
    on_path = shutil.which("awards")
    if on_path is not None and Path(on_path).resolve() == script.resolve():
        return "awards"
    called = [str(script)] if script.exists() else [sys.executable, "-m", "etl"]
    return shlex.join([os.path.relpath(called[0]), *called[1:]])


def imported(done: Mapping[str, Import], read: Sequence[Processed]) -> None:
    """What each file brought, by site, and what reading it gave."""
    rows = [
        {
            "file": file,
            "site": c.site,
            "new": c.new,
            "known": c.known,
            "passed over": c.passed_over,
            "taken down": c.taken_down,
        }
        for file, one in done.items()
        for c in one.by_site.values()
    ]
    table(rows, ("file", "site", "new", "known", "passed over", "taken down"))
    for file, one in done.items():
        if one.no_pages:
            err.print(f"{file}: {one.no_pages} records hold no page that can be read", soft_wrap=True)
    if read:
        out.print()
        processed(read, dry_run=False)


def processed(done: Sequence[Processed], dry_run: bool) -> None:
    """What was read again and what that changed; misfits and, of a dry run, losses to stderr."""
    rows = [
        {
            "site": p.site, "already read": p.known, "would read" if dry_run else "read": len(p.readings),
            "misfits": len(p.misfits), "mentions": p.mentions, "mentions lost": len(p.losses.lost),
        }
        for p in done
    ]  # fmt: skip
    table(rows, list(rows[0]) if rows else ["site"])
    for one in done:
        for url, reason in one.misfits:
            err.print(f"misfit: {url}\n        {reason}", soft_wrap=True)
        for loss in one.losses.lost if dry_run else ():
            err.print(f"lost: {loss.recipient} · {loss.award}\n      {loss.url}", soft_wrap=True)


_RUN_COLUMNS = (
    "started_at",
    "site",
    "command",
    "fetched",
    "stored",
    "unchanged",
    "not_modified",
    "misfits",
    "mentions",
    "verdict",
    "due_at",
    "error",
)


def runs(rows: Sequence[Mapping[str, Any]], as_json: bool, logs: bool = False) -> None:
    """History of runs; `logs`: each with the end of its crawl's log."""
    if as_json:
        json_out(list(rows))
        return
    times = ("started_at", "due_at")
    shown = [{**row, **{name: row[name] and when(row[name]) for name in times}} for row in rows]
    table(shown, [name for name in _RUN_COLUMNS if name != "due_at" or any(row["due_at"] for row in rows)])
    for row in rows if logs else ():
        said = row["log"] or "its crawl said nothing"
        out.print(f"\n{row['site']} {when(row['started_at'])}\n{said}", soft_wrap=True, markup=False, highlight=False)


def health(sites: Sequence[SiteHealth], as_json: bool) -> None:
    """Each site's last verdict and canary, since when it is silent, and what is not sure about how it is declared."""
    rows: list[dict[str, Any]] = [
        {
            **(site.last or {}), "site": site.site, "silent_since": site.silent_since, "unverified": site.unverified,
            "canary": site.canary_verdict, "canary_at": site.canary[0]["checked_at"] if site.canary else None,
            "canary_differs": {row["url"]: row["differs"] for row in site.canary if row["verdict"] == "red"},
        }
        for site in sites
    ]  # fmt: skip
    if as_json:
        json_out(rows)
        return
    for row in rows:
        row["last_run"] = when(row["started_at"]) if "started_at" in row else None
        row["silent_since"] = row["silent_since"] and when(row["silent_since"])
        fields = sorted({str(name) for differs in row["canary_differs"].values() for name in differs})
        row["canary"] = f"{row['canary']}: {', '.join(fields)}" if fields else row["canary"]
    table(rows, ("site", "verdict", "last_run", "silent_since", "canary", "unverified", "error"))


def canaries(checks: Sequence[Checked], as_json: bool) -> None:
    """Each known article that was fetched again, with the fields that differ; sites without any to stderr."""
    rows: list[dict[str, Any]] = [
        {
            "site": row.site,
            "verdict": row.verdict,
            "differs": list(row.differs),
            "url": row.url,
            "checked_at": row.checked_at,
        }
        for check in checks
        for row in check.sights
    ]
    if as_json:
        json_out(rows)
    else:
        table([{**row, "differs": ", ".join(row["differs"])} for row in rows], ("site", "verdict", "differs", "url"))
    none = [check.site for check in checks if not check.sights]
    if none:
        err.print(f"no article that may be fetched was read well: {', '.join(none)}", soft_wrap=True)


def unit_done(unit: Unit) -> None:
    """A plain line when a day was done or given up, where no bars are shown."""
    if not err.is_terminal and unit.result is not None:
        did = (
            f"{unit.result.report.fetched} fetched, {unit.result.read} read, {counted(unit.result.mentions, 'mention')}"
        )
        err.print(f"{unit.site} {unit.day}: {unit.problem or did}", soft_wrap=True)


def units(done: Sequence[Unit]) -> None:
    """What a backfill did, a row a day; the days that were done before are counted on stderr."""
    rows = [
        {
            "day": unit.day, "fetched": r.report.fetched, "new": r.report.stored, "articles": r.report.articles,
            "read": r.read, "misfits": r.misfits, "mentions": r.mentions, "done": "no" if unit.problem else "yes",
        }
        for unit in done
        if (r := unit.result) is not None
    ]  # fmt: skip
    if rows:
        table(rows, list(rows[0]))
    skipped = len(done) - len(rows)
    if skipped:
        err.print(f"{skipped} of {len(done)} days were done before and skipped; --again repeats them")


def new_site(made: NewSite, written: bool) -> None:
    """What is proposed for a site with its evidence, how the page reads by it, and what to do next; '?' marks doubts."""
    for clue in made.proposal.clues:
        out.print(
            Text(f"{'?' if clue.doubt else ' '} {clue.field:<13}{marks.harmless(clue.value)}".rstrip()), soft_wrap=True
        )
        out.print(Text(f"{'':<15}{marks.harmless(clue.because)}", style="dim"), soft_wrap=True)
    read = made.proposal.article
    first, last = marks.harmless(read.paragraphs[0][:100]), marks.harmless(read.paragraphs[-1][-100:])
    out.print(Text(f"\nThe page by it: {marks.harmless(read.title)}"), soft_wrap=True)
    when = read.published_at.isoformat() if read.published_at else "no time"
    out.print(
        Text(f"  {when} · {marks.harmless(read.author or 'no author')} · {len(read.paragraphs)} paragraphs"),
        soft_wrap=True,
    )
    out.print(Text(f"  begins: {first}\n  ends:   {last}"), soft_wrap=True)
    out.print(f"\n{'Written' if written else 'Would be written'}:")
    for path in made.files:
        copy = "   # a copy of the outlet's page: keep it out of a public repository" if path == made.page else ""
        out.print(f"  {os.path.relpath(path)}{copy}", soft_wrap=True)
    if written:
        out.print("\nNext:")
        for number, step in enumerate(_new_site_steps(made), 1):
            out.print(f"  {number}. {step}", soft_wrap=True)


def _new_site_steps(made: NewSite) -> list[str]:
    """What a developer does with the files of a new site."""
    look = f"look at {os.path.relpath(made.spider)}, the lines marked ? above first; `region` when it covers one region only"
    if not made.in_source:
        return [
            look,
            'name the class in your package\'s entry points: [project.entry-points."awards.sites"]; see scraper/README.md',
            f"install the package, then {_command()} read {os.path.relpath(made.page)} --url {made.url}",
        ]
    python = shlex.quote(os.path.relpath(sys.executable))
    test = f"{python} -m pytest tests/pages tests/scraper/test_spider.py -k {made.name}"
    needed = () if find_spec("pytest") else ("make .venv/.test   # once: what tests need",)
    return [
        look,
        *needed,
        f"{test}   # writes {os.path.relpath(made.page.parent)}/*.json and fails: review it, then run again",
        f"{test}   # green",
        f"{_command()} crawl {made.name} --limit 3   # live; then delete `unverified`",
    ]


def new_site_json(made: NewSite, written: bool) -> dict[str, Any]:
    """What is proposed for a site, for machines."""
    proposal = made.proposal
    return {
        "name": made.name, "url": made.url, "written": written, "files": [str(path) for path in made.files],
        "page": str(made.page), "spider": made.files[made.spider].decode(),
        "evidence": [asdict(clue) for clue in proposal.clues],
        "addresses": {"articles": [list(proposal.addresses)], "no_articles": list(proposal.no_articles)},
        "article": article_json(proposal.article, (), False)["article"],
    }  # fmt: skip


def json_out(value: Any) -> None:
    """One JSON value on stdout."""
    json.dump(value, sys.stdout, ensure_ascii=False, indent=1, default=_plain)
    sys.stdout.write("\n")


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def article_json(article: Article | None, mentions: Sequence[AwardMention], is_award: bool) -> dict[str, Any]:
    """One page as `awards read --json` prints it."""
    return {
        "article": None if article is None else {
            "url": article.url or None, "canonical_url": article.canonical_url, "article_id": article.article_id or None,
            "outlet": article.outlet or None, "site": article.site or None, "layout": article.layout, "title": article.title,
            "author": article.author, "editors": list(article.editors),
            "published_at": article.published_at.isoformat() if article.published_at else None,
            "dateline": article.dateline, "tags": list(article.tags), "photo_caption": article.photo_caption,
            "paragraphs": list(article.paragraphs), "text": article.text,
        },
        "is_award_article": is_award,
        "records": [record_json(m) for m in mentions],
    }  # fmt: skip


def record_json(mention: AwardMention) -> dict[str, Any]:
    """A mention with its evidence, in the keys of every JSON this project writes."""
    return {
        **asdict(mention),
        "partners": list(mention.partners),
        "evidence": [asdict(e) for e in mention.evidence],
        "decisions": [{**asdict(d), "candidates": list(d.candidates)} for d in mention.decisions],
    }


def article(read: Article, mentions: Sequence[AwardMention], in_characters: bool = False) -> None:
    """An article, then its records. On a terminal the words behind them are coloured, and a record is two lines.

    `in_characters`: the words are marked like ‹recipient 1: Kota Bogor›, as on a terminal without colours (NO_COLOR).
    """
    when = read.published_at.isoformat(sep=" ", timespec="minutes") if read.published_at else "no time"
    about = (read.outlet, read.author or "no author", when, read.url)
    out.print(Text(marks.harmless(" · ".join(part for part in about if part)), style="dim"))
    marked = marks.spans(mentions)
    if in_characters or (out.is_terminal and out.no_color):
        out.print(Text(marks.in_characters(read.text, marked)))
    elif out.is_terminal:
        _in_colours(read, marked)
    else:
        out.print(Text(marks.harmless(read.text)))
    for number, mention in enumerate(mentions, 1):
        if out.is_terminal:
            _brief(number, mention)
        else:
            record(number, mention)
    if not mentions:
        out.print("\nNo award record.")


def _in_colours(read: Article, marked: Sequence[marks.Span]) -> None:
    if marked:
        out.print(marks.legend(marked))
    headline, *paragraphs = marks.coloured(read.text, marked)
    headline.stylize_before("bold")
    for line in (headline, *paragraphs):
        out.print()
        out.print(line)


def _brief(number: int, mention: AwardMention) -> None:
    """One record on a terminal, where the words behind it stand above in colours: a line, and one with all other fields."""
    focus = "" if mention.in_focus else ", recalled"
    head = Text(f"{number}. ")
    head.append(mention.recipient, marks.STYLES["recipient"]).append(" · ").append(mention.award, marks.STYLES["award"])
    head.append(f"  ({mention.status}{focus}, confidence {mention.confidence})", "dim")
    out.print()
    out.print(head)
    fields = []
    for name, value in asdict(mention).items():
        if value not in (None, (), []) and name not in _IN_HEAD:
            shown = "; ".join(value) if isinstance(value, list | tuple) else str(value)
            fields.append(Text.assemble((f"{name.replace('_', ' ')} ", "dim"), (shown, marks.STYLES.get(name, ""))))
    out.print(Padding(Text.assemble((" · ", "dim")).join(fields), (0, 0, 0, 3), expand=False))


_IN_HEAD = ("evidence", "recipient", "award", "status", "in_focus", "confidence", "decisions")


def record(number: int, mention: AwardMention) -> None:
    """One record with the words behind each field."""
    focus = "" if mention.in_focus else ", recalled"
    out.print(
        f"\n{number}. {mention.recipient} · {mention.award}  ({mention.status}{focus}, confidence {mention.confidence})"
    )
    quotes: dict[str, str] = {}
    for evidence in mention.evidence:
        quotes.setdefault(evidence.field, evidence.quote)
    for name, value in asdict(mention).items():
        if value not in (None, (), []) and name not in _IN_HEAD:
            said = f'   "{quotes[name]}"' if name in quotes else ""
            shown = "; ".join(value) if isinstance(value, list | tuple) else value
            out.print(Text(f"   {name.replace('_', ' '):<15}{shown}") + Text(said, style="dim"))
    for name in ("recipient", "award"):
        if name in quotes:
            out.print(Text(f"   {name + ' in text':<15}") + Text(f'"{quotes[name]}"', style="dim"))


def chain(found: Mapping[str, Any]) -> None:
    """`awards why`: a conferral, then each mention with its quotes, article and capture."""
    if conferral := found.get("conferral"):
        out.print(Text(f"conferral {conferral['id']}", style="bold"))
        for name, value in conferral.items():
            if value is not None and name != "id":
                out.print(f"   {name.replace('_', ' '):<20}{when(value)}")
    for mention in found["mentions"]:
        out.print(Text(f"\nmention {mention['id']}", style="bold"))
        for evidence in mention["evidence"]:
            out.print(
                f'   {evidence["field"]:<15}[{evidence["start"]}:{evidence["end"]}] "{evidence["quote"]}"',
                soft_wrap=True,
            )
        for part, values in (("article", mention["article"]), *(("page", page) for page in mention["pages"])):
            out.print(Text(f"   {part}", style="bold"))
            for name, value in values.items():
                if value is not None:
                    out.print(f"      {name.replace('_', ' '):<20}{when(value)}", soft_wrap=True)


def when(value: Any) -> str:
    """A time as people read it: all of them in one zone, that of the press and of the jobs."""
    at = value.astimezone(_ZONE) if isinstance(value, datetime) else None
    return at.isoformat(sep=" ", timespec="seconds") if at else str(value)
