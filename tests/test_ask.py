"""A model as the extractor, against a server on this machine that answers well, badly, late or not at all."""

from __future__ import annotations

import json
import logging
import pickle
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from etl.extract import extract
from etl.language_model import answer, ask
from etl.language_model.ask import ModelExtractor
from etl.model import AwardMention, InPlace, Site, UsageError
from etl.output.show import record_json
from etl.read import code, fingerprint
from etl.settings import Settings
from tests.awards import Awards

KEY = "sk-test-4f1d-never-to-be-seen"
DAY = date(2026, 11, 19)
TEXT = (
    "Kota Bogor Raih Adipura\n"
    "BOGOR - Pemerintah Kota Bogor meraih Adipura Kirana dari Kementerian Lingkungan Hidup, Rabu (18/11/2026).\n"
    "Piala diserahkan Menteri Hanif kepada Wali Kota Dedie di Jakarta. Kota Bogor juga meraih Paritrana Award."
)
SITE = Site("detik", "detik", "detik", "d-(1)")


def record(**changes: Any) -> dict[str, Any]:
    """One good record, with changes; a field that is ... is left out."""
    made = {
        "recipient": "Kota Bogor", "recipient_type": "region", "region": "Kota Bogor", "award": "Adipura Kirana",
        "category": None, "rank": None, "giver": "Kementerian Lingkungan Hidup", "presented_by": "Hanif",
        "received_by": "Dedie", "awarded_on": "2026-11-18", "place": "Jakarta", "status": "won", "in_focus": True,
        "evidence": quotes(
            recipient="Pemerintah Kota Bogor", award="Adipura Kirana", giver="Kementerian Lingkungan Hidup",
            presented_by="Menteri Hanif", received_by="Wali Kota Dedie", awarded_on="Rabu (18/11/2026)", place="Jakarta",
        ),
        **changes,
    }  # fmt: skip
    return {name: value for name, value in made.items() if value is not ...}


def quotes(**words: str) -> list[dict[str, str]]:
    return [{"field": name, "quote": quote} for name, quote in words.items()]


def completion(content: str | None) -> bytes:
    return json.dumps({"choices": [{"index": 0, "message": {"role": "assistant", "content": content}}]}).encode()


def records(*claimed: Any) -> bytes:
    return completion(json.dumps({"records": claimed}))


# ---------------------------------------------------------------------------------------------------------- the answers


def said(*claimed: Any) -> tuple[AwardMention, ...]:
    return answer.mentions(records(*claimed), TEXT)


def test_a_good_record_has_codes_and_words() -> None:
    (mention,) = said(record())
    assert (mention.recipient, mention.region, mention.region_code) == ("Kota Bogor", "Kota Bogor", "32.71")
    assert (mention.award, mention.series, mention.confidence) == ("Adipura Kirana", "adipura-kirana", 0.6)
    assert (mention.awarded_on, mention.received_by, mention.status) == ("2026-11-18", "Dedie", "won")
    assert [{"field": e.field, "quote": e.quote} for e in mention.evidence] == record()["evidence"][:2] + sorted(
        record()["evidence"][2:], key=lambda q: answer._TOLD.index(q["field"])
    )
    assert all(TEXT[e.start : e.end] == e.quote for e in mention.evidence)


def test_words_that_stand_twice_are_those_nearest_to_the_recipient() -> None:
    words = quotes(recipient="Pemerintah Kota Bogor", award="Adipura", giver="Kota")
    (mention,) = said(record(evidence=words))
    starts = {e.field: e.start for e in mention.evidence}
    assert starts["recipient"] == TEXT.index("Pemerintah Kota Bogor")
    assert starts["award"] == TEXT.index("Adipura Kirana") != TEXT.index("Adipura")


@pytest.mark.parametrize("name", ["recipient", "award"])
@pytest.mark.parametrize("quote", ["Kabupaten Bogor", "pemerintah kota bogor", "", " ", None, ...])
def test_no_true_quote_for_recipient_or_award_is_no_record(name: str, quote: Any) -> None:
    others = [q for q in record()["evidence"] if q["field"] != name]
    false = record(evidence=others if quote is ... else [*others, {"field": name, "quote": quote}])
    (mention,) = said(
        false, record(award="Paritrana Award", evidence=quotes(recipient="Bogor", award="Paritrana Award"))
    )
    assert mention.award == "Paritrana Award"
    with pytest.raises(answer.Nonsense, match="none of its 1 records"):
        said(false)


def test_a_field_without_a_true_quote_goes_unless_its_value_stands_in_the_text() -> None:
    words = quotes(
        recipient="Kota Bogor", award="Adipura", presented_by="Menteri Siti", place="di Bandung", rank="Juara I"
    )
    (mention,) = said(
        record(
            presented_by="Siti",
            place="Jakarta",
            rank="I",
            category="Kota",
            giver="KLH",
            edition_year=26,
            evidence=words,
        )
    )
    assert (mention.presented_by, mention.giver, mention.awarded_on, mention.edition_year) == (None, None, None, None)
    assert mention.rank is None  # the letter is only part of words
    assert (mention.place, mention.category) == ("Jakarta", "Kota")
    assert {e.field for e in mention.evidence} == {"recipient", "award", "place", "category", "received_by"}


@pytest.mark.parametrize(
    "wrong",
    [
        {"status": "lost"}, {"status": None}, {"status": ...}, {"recipient_type": "ministry"}, {"recipient_type": ...},
        {"recipient": ""}, {"recipient": ["Kota Bogor"]}, {"award": None}, {"recipient": "Kota \x07"},
        {"recipient": "x" * 401}, {"in_focus": "perhaps"}, {"evidence": "Kota Bogor"}, {"evidence": ...},
    ],
    ids=str,
)  # fmt: skip
def test_a_record_of_the_wrong_form_is_none(wrong: dict[str, Any]) -> None:
    assert [m.recipient for m in said(record(**wrong), record())] == ["Kota Bogor"]
    assert len(said(record(**wrong), record())) == 1


def test_a_field_of_the_wrong_form_is_none() -> None:
    for wrong in ("18 November 2026", "2026-13-01", "2026-1-1", 7.5, ["2026"], "٢٠٢٦"):
        (mention,) = said(record(awarded_on=wrong, giver={"name": "x"}, edition_year="tahun", partners="x"))
        assert (mention.awarded_on, mention.giver, mention.edition_year, mention.partners) == (None, None, None, ())


def test_names_that_are_not_official_get_no_code() -> None:
    words = quotes(recipient="Kota Bogor", award="Adipura", region="Kota Bogor")
    (mention,) = said(record(recipient="Bogor", region="Bogor", award="Adipura Bersinar", evidence=words))
    assert (mention.region, mention.region_code, mention.series, mention.kind) == ("Bogor", None, None, "award")


def test_partners_are_those_the_text_names_and_records_told_twice_are_one() -> None:
    claimed = record(partners=["Menteri Hanif", "BPJS", None])
    (mention,) = said(claimed, claimed)
    assert mention.partners == ("Menteri Hanif",)


NONSENSE = {
    "a refusal": completion("I'm sorry, I can't help with that."),
    "a null content": completion(None),
    "cut short": completion('{"records": [{"recipient": "Kota Bo'),
    "a list": completion("[]"),
    "another key": completion('{"awards": []}'),
    "no list": completion('{"records": {"recipient": "Kota Bogor"}}'),
    "records that are none": records("Kota Bogor", 7, None, []),
    "more records than there are": records(*[record()] * (answer.MAX_RECORDS + 1)),
    "half a sign": completion('{"records": [{"recipient": "\\ud83d"}]}'),
    "nested": completion('{"records": ' + "[" * 100_000),
}


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_is_called_so_and_not_repeated(case: str) -> None:
    with pytest.raises(answer.Nonsense) as raised:
        answer.mentions(NONSENSE[case], TEXT)
    assert "Bogor" not in str(raised.value) and "sorry" not in str(raised.value) and len(str(raised.value)) < 200


@pytest.mark.parametrize(
    "reply", [b"", b"<html>Log in</html>", b"[]", b'{"choices": []}', b'{"error": "x"}', b"\xff{}"]
)
def test_what_is_no_completion_is_no_answer(reply: bytes) -> None:
    with pytest.raises(answer.NoAnswer, match="no chat completion"):
        answer.mentions(reply, TEXT)


# ----------------------------------------------------------------------------------------------------------- the endpoint


@dataclass
class Endpoint:
    """A server with one way to answer, and what it was asked."""

    answers: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]
    asked: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    url: str = ""

    def extractor(self, timeout: float = 5.0) -> ModelExtractor:
        return ModelExtractor(self.url, "small", SecretStr(KEY), timeout)


def replying(
    body: bytes, status: int = 200, **headers: str
) -> Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]:
    def answers(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
        request.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(body)

    return answers


Serve = Callable[..., Endpoint]


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch) -> Iterator[Serve]:
    """Starts endpoints; all end with the test."""
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    monkeypatch.setattr(ask, "PAUSE", 0.01)
    monkeypatch.setattr(ask, "_silences", {})
    servers: list[ThreadingHTTPServer] = []

    def started(answers: Callable[[BaseHTTPRequestHandler, dict[str, Any]], None]) -> Endpoint:
        endpoint = Endpoint(answers)

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                endpoint.asked.append((dict(self.headers), body | {"path": self.path}))
                with suppress(OSError):  # who asked may have gone
                    endpoint.answers(self, body)

            def do_GET(self) -> None:
                endpoint.asked.append((dict(self.headers), {"path": self.path}))

            def log_message(self, *_: Any) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        server.block_on_close = False
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        servers.append(server)
        endpoint.url = f"http://127.0.0.1:{server.server_port}/v1"
        return endpoint

    yield started
    for server in servers:
        server.shutdown()
        server.server_close()


def warnings(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What was warned of; nothing that was logged by anybody shows the key."""
    assert KEY not in caplog.text
    return [r.getMessage() for r in caplog.records if r.name == "awards.ask" and r.levelno == logging.WARNING]


def test_a_good_answer_is_the_result_and_the_request_is_as_promised(
    serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = serve(replying(records(record())))
    found = endpoint.extractor()(TEXT, DAY, "detik")
    assert found == said(record()) and not isinstance(found, InPlace)
    ((headers, body),) = endpoint.asked
    assert (headers["Authorization"], body["path"]) == (f"Bearer {KEY}", "/v1/chat/completions")
    assert (body["model"], body["temperature"], body["seed"]) == ("small", 0, 0)
    assert body["response_format"] == {"type": "json_object"}
    assert TEXT in body["messages"][1]["content"] and "2026-11-19" in body["messages"][1]["content"]
    assert KEY not in json.dumps(body) and warnings(caplog) == []


def test_an_address_may_end_as_it_likes_and_no_key_is_no_header(serve: Serve) -> None:
    endpoint = serve(replying(records()))
    for url in (endpoint.url + "/", endpoint.url + "/chat/completions"):
        assert ModelExtractor(url, "small")(TEXT) == ()
    assert {body["path"] for _, body in endpoint.asked} == {"/v1/chat/completions"}
    assert all("Authorization" not in headers for headers, _ in endpoint.asked)


def test_an_empty_list_is_an_answer(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    assert serve(replying(records())).extractor()(TEXT, DAY, None) == ()
    assert warnings(caplog) == []


def hang(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    time.sleep(10)


def drip(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    request.send_response(200)
    request.end_headers()
    for byte in records(record()):
        request.wfile.write(bytes((byte,)))
        time.sleep(0.05)


def drip_headers(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    request.wfile.write(b"HTTP/1.0 200 OK\r\n")
    for number in range(90):
        request.wfile.write(b"X-%d: x\r\n" % number)
        time.sleep(0.1)


def flood(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    request.send_response(200)
    request.end_headers()
    for _chunk in range(10 * ask.MAX_REPLY // 65536):
        request.wfile.write(b" " * 65536)


def hang_up(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    request.connection.close()


def talk_otherwise(request: BaseHTTPRequestHandler, _: dict[str, Any]) -> None:
    request.wfile.write(b"SSH-2.0-OpenSSH_9.6\r\n")


# case -> (how it answers, what the warning says, how often it is asked)
UNREACHED = {
    "an error of the server": (replying(b"{}", 500), "http 500", 2),
    "too many": (replying(b"{}", 429), "http 429", 2),
    "a key that is refused": (
        replying(f'{{"error": "wrong key {KEY}"}}'.encode(), 401),
        "http 401: it refuses the key",
        1,
    ),
    "nothing there": (replying(b"", 404), "http 404", 1),
    "a hang": (hang, "did not answer within 0.3 s|did not answer in time", 1),
    "a slow drip": (drip, "within 0.3 s", 1),
    "a slow drip of headers": (drip_headers, "within 0.3 s", 1),
    "a flood": (flood, "longer than 2000000 bytes", 1),
    "a hang-up": (hang_up, "remotedisconnected|connection reset", 2),
    "no HTTP": (talk_otherwise, "badstatusline", 2),
    "a page for people": (replying(b"<html>Log in</html>"), "no chat completion", 1),
    "a reply cut short": (replying(records(record())[:60], 200), "no chat completion", 1),
}


@pytest.mark.parametrize("case", UNREACHED)
def test_an_endpoint_that_does_not_answer_leaves_it_to_the_rules(
    case: str, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    answers, reason, times = UNREACHED[case]
    endpoint = serve(answers)
    start = time.monotonic()
    found = endpoint.extractor(timeout=0.3 if "slow" in case or "hang" in case else 5.0)(TEXT, DAY, None)
    assert time.monotonic() - start < 4
    assert found == extract(TEXT, DAY, None) and isinstance(found, InPlace)
    (warning,) = warnings(caplog)
    assert any(part in warning for part in reason.split("|")) and "Kota Bogor Raih Adipura" in warning
    assert len(endpoint.asked) == times


@pytest.mark.parametrize("case", NONSENSE)
def test_nonsense_leaves_it_to_the_rules_and_is_not_asked_for_again(
    case: str, serve: Serve, caplog: pytest.LogCaptureFixture
) -> None:
    endpoint = serve(replying(NONSENSE[case]))
    found = endpoint.extractor()(TEXT, DAY, None)
    assert found == extract(TEXT, DAY, None) and not isinstance(found, InPlace)
    assert len(warnings(caplog)) == len(endpoint.asked) == 1


def test_connection_refused(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    url = serve(replying(b"")).url.replace("127.0.0.1", "127.0.0.2")  # nobody listens on this address
    monkey = ModelExtractor(url, "small", SecretStr(KEY), 5.0)
    assert monkey(TEXT, DAY, None) == extract(TEXT, DAY, None)
    assert "connection refused" in warnings(caplog)[0]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_nobody_else_gets_the_key(status: int, serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    other = serve(replying(records(record())))
    moved = other.url.replace("127.0.0.1", "localhost") + "/chat/completions"
    endpoint = serve(replying(b"", status, Location=moved))
    assert endpoint.extractor()(TEXT, DAY, None) == extract(TEXT, DAY, None)
    assert other.asked == [] and len(endpoint.asked) == 1
    assert "not followed" in warnings(caplog)[0]


def test_a_text_that_is_too_long_is_not_sent(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    endpoint = serve(replying(records()))
    text = TEXT + "\nKalimat biasa saja." * 3500
    assert endpoint.extractor()(text, DAY, None) == extract(text, DAY, None) != ()
    assert endpoint.asked == [] and warnings(caplog) == []


def test_an_endpoint_that_never_answers_is_left_alone_for_a_while(
    serve: Serve, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    endpoint = serve(replying(b"", 401))
    for _ in range(ask.GIVE_UP + 3):
        assert isinstance(endpoint.extractor()(TEXT, DAY, None), InPlace)
    assert len(endpoint.asked) == len(warnings(caplog)) == ask.GIVE_UP
    assert "left alone for 300 s" in warnings(caplog)[-1]
    ask._silences[endpoint.url].until = 0.0  # the time is over
    endpoint.answers = replying(records(record()))
    assert endpoint.extractor()(TEXT, DAY, None) == said(record())


# ------------------------------------------------------------------------------------------------------- key and settings


def test_the_key_shows_nowhere_and_travels_to_other_processes() -> None:
    extractor = ModelExtractor("http://127.0.0.1:9/v1", "small", SecretStr(KEY))
    assert KEY not in f"{extractor!r} {extractor} {extractor.identity}"
    again = pickle.loads(pickle.dumps(extractor))
    assert again == extractor and again.key.get_secret_value() == KEY
    with pytest.raises(AttributeError):
        extractor.model = "large"  # type: ignore[misc]


def test_the_fingerprint_names_who_reads() -> None:
    one = ModelExtractor("http://127.0.0.1:9/v1", "small", SecretStr(KEY))
    assert fingerprint(SITE) == fingerprint(SITE, extract) != fingerprint(SITE, one)
    assert fingerprint(SITE, one) == fingerprint(SITE, replace(one, key=SecretStr(""), timeout=1.0))
    others = [replace(one, model="large"), replace(one, endpoint="http://127.0.0.1:8/v1")]
    assert len({fingerprint(SITE, x) for x in (one, *others)} | {fingerprint(SITE, one, in_place=True)}) == 4
    assert (
        code(("language_model/answer.py", "language_model/ask.py")) in one.identity
    )  # the prompt and the checks, letter by letter


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"model_name": ""}, "model_name"),
    "no address": ({"model_url": "127.0.0.1:8000"}, "no address such as"),
    "a key in the address": ({"model_url": f"https://user:{KEY}@example.org/v1"}, "bare address"),
    "a key in the query": ({"model_url": f"https://example.org/v1?key={KEY}"}, "bare address"),
    "a key of two lines": ({"model_key": SecretStr(f"{KEY}\nX-More: y")}, "no key has"),
    "two keys": ({"model_key_file": Path("key")}, "keep one"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_settings_are_named_without_the_key(case: str) -> None:
    changes, said = WRONG[case]
    given: dict[str, Any] = {"model_url": "http://127.0.0.1:9/v1", "model_name": "small", "model_key": SecretStr(KEY)}
    with pytest.raises(UsageError) as raised:
        ask.configured(Settings(**(given | changes)))
    assert said in str(raised.value) and KEY not in str(raised.value)


def test_the_key_may_lie_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "key"
    settings = Settings(model_url="http://127.0.0.1:9/v1", model_name="small", model_key_file=file)
    for content, said in ((None, "cannot be read"), (b"\n", "is empty"), (b"\xff", "no text")):
        if content is not None:
            file.write_bytes(content)
        with pytest.raises(UsageError, match=said):
            ask.configured(settings)
    file.write_text(KEY + "\n", encoding="utf-8")
    made = ask.configured(settings)
    assert isinstance(made, ModelExtractor) and made.key.get_secret_value() == KEY
    assert ask.configured(Settings()) is extract


# ------------------------------------------------------------------------------------------------------------ the command


def from_rules(request: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
    """A model that finds what the rules find."""
    facts, text = body["messages"][1]["content"].split("\n\n", 1)
    day, outlet = facts.removeprefix("Published on ").removesuffix(". The article:").split(" by ")
    replying(records(*map(record_json, extract(text, date.fromisoformat(day), outlet))))(request, body)


def with_model(awards: Awards, url: str, **more: str) -> Awards:
    own = {"AWARDS_MODEL_URL": url, "AWARDS_MODEL_NAME": "small", "AWARDS_MODEL_KEY": KEY, "AWARDS_MODEL_TIMEOUT": "5"}
    return replace(awards, settings={**awards.settings, **own, **more})


def assert_key_is_nowhere(awards: Awards, *said: str) -> None:
    assert KEY not in "".join(said)
    files = [path for path in awards.folder.rglob("*") if path.is_file()]
    assert [path for path in files if KEY.encode() in path.read_bytes()] == []


def test_every_command_that_reads_uses_the_model(sample: Awards, serve: Serve) -> None:
    endpoint = serve(from_rules)
    awards, by_rules = with_model(sample, endpoint.url), sample.rows()["mention"]
    ran = awards("run", "detik", "--replay", "sample")
    assert ran.code == 0, ran.err
    assert {headers["Authorization"] for headers, _ in endpoint.asked} == {f"Bearer {KEY}"}
    by_model = [m for m in awards.rows()["mention"] if m not in by_rules]
    assert by_model and {m["confidence"] for m in by_model} == {0.6}
    assert_key_is_nowhere(awards, ran.out, ran.err)
    asked = len(endpoint.asked)
    assert awards("process", "detik").code == 0 and len(endpoint.asked) == asked  # the same model has read it

    endpoint.answers = replying(b"", 401)
    down = with_model(sample, endpoint.url, AWARDS_MODEL_NAME="other")
    ran = down("process", "detik")
    assert ran.code == 0 and ran.err.count("the model at ") == ask.GIVE_UP
    assert down.rows()["mention"] == by_rules
    assert_key_is_nowhere(awards, ran.out, ran.err)
    # What the rules read in its place is read again when it is back, and does not close the gate.
    endpoint.answers = replying(records())
    ran = down("process", "detik")
    assert ran.code == 0, ran.err
    assert [p["is_award_article"] for p in down.rows()["page"] if p["site"] == "detik"].count(True) == 0
    # The gate guards against a model as against any change of code.
    ran = with_model(sample, endpoint.url)("process", "kompas")
    assert ran.code == 1 and "would lose" in ran.complaint


def test_read_uses_the_model_and_keeps_the_key(awards: Awards, serve: Serve) -> None:
    endpoint = serve(replying(records(record())))
    configured = with_model(awards, endpoint.url)
    (awards.folder / "in.jsonl").write_text(json.dumps({"id": 1, "text": TEXT}) + "\n", encoding="utf-8")
    (awards.folder / "text.txt").write_text(TEXT, encoding="utf-8")
    lines = configured("read", "--jsonl", "in.jsonl")
    page = configured("read", "text.txt", "--json", "--published", "2026-11-19")
    assert lines.code == page.code == 0 and lines.err == page.err == ""
    assert json.loads(lines.out)["records"] == json.loads(page.out)["records"] == [record_json(*said(record()))]
    endpoint.answers = replying(b"", 500)
    lines = configured("read", "--jsonl", "in.jsonl")
    assert lines.code == 0 and "the model at 127.0.0.1" in lines.err and "http 500" in lines.err
    assert json.loads(lines.out) == json.loads(awards("read", "--jsonl", "in.jsonl").out)
    assert_key_is_nowhere(configured, lines.out, lines.err, page.out)


def test_tracebacks_do_not_show_the_key(awards: Awards) -> None:
    given = with_model(awards, "http://127.0.0.1:9/v1")
    toml = awards.folder / "awards.toml"
    for case, content in (
        (replace(given, settings=given.settings | {"AWARDS_MODEL_NAME": ""}), ""),
        (replace(given, settings=given.settings | {"AWARDS_MODEL_KEY": f"{KEY} x"}), ""),
        (replace(given, settings=given.settings | {"AWARDS_MODEL_TIMEOUT": "0"}), ""),
        (awards, f"model_kye = '{KEY}'"),
        (awards, f"model_key = ['{KEY}']"),
        (awards, f"model_key = '{KEY}"),
    ):
        toml.write_text(content, encoding="utf-8")
        ran = case("read", "text.txt")
        assert ran.code == 2 and KEY not in ran.complaint
        ran = case("read", "text.txt", "--debug")
        assert "Traceback" in ran.err and KEY not in ran.err
