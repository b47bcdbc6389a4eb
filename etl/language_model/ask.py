"""An extractor that asks a language model behind an OpenAI-compatible endpoint, and the rules where it gives no answer.

Off unless the settings name an endpoint. Every wait has a limit, and the key leaves this process only in the header of the
request to that endpoint: never in a redirected one, a message, a log or a `repr`.
"""

from __future__ import annotations

import json
import logging
import time
from dataclasses import dataclass, field
from datetime import date
from http.client import HTTPException
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from pydantic import SecretStr

from etl.extract import extract
from etl.language_model import answer
from etl.language_model.answer import NoAnswer, Nonsense
from etl.model import AwardMention, Extractor, InPlace, UsageError
from etl.read import code
from etl.settings import Settings

MAX_TEXT = 60_000  # characters; what is longer is no article, and beyond what a model reads with care
MAX_REPLY = 2_000_000  # bytes; the longest winner list takes a tenth
ATTEMPTS = 2
PAUSE = 0.5  # seconds between them
GIVE_UP = 5  # texts in a row without an answer, after which the endpoint is left alone ...
REST = 300.0  # ... for so many seconds, or an endpoint that hangs would hold up a run for hours

log = logging.getLogger("awards.ask")


def configured(settings: Settings) -> Extractor:
    """What the settings ask to read with: the rules, unless they name a model. Raises UsageError naming what is wrong."""
    if not settings.model_url:
        return extract
    key = settings.model_key
    if settings.model_key_file != Path():
        if key.get_secret_value():
            raise UsageError("model_key and model_key_file are both set: keep one (AWARDS_MODEL_KEY_FILE is the safer)")
        key = _key_in(settings.model_key_file)
    return ModelExtractor(settings.model_url, settings.model_name, key, settings.model_timeout)


def _key_in(file: Path) -> SecretStr:
    try:
        key = file.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = (isinstance(error, OSError) and error.strerror) or "it is no text"
        raise UsageError(f"the file of model_key_file, {file}, cannot be read ({reason})") from None
    if not key:
        raise UsageError(f"the file of model_key_file, {file}, is empty: write the key into it")
    return SecretStr(key)


@dataclass(frozen=True, slots=True)
class ModelExtractor:
    """Award mentions as a model finds them and the text bears them out; stands where `etl.extract.extract` stands.

    `endpoint` is the address that ends before '/chat/completions'; `timeout` holds for one text, all attempts together.
    Raises UsageError when made of what cannot work.
    """

    endpoint: str
    model: str
    key: SecretStr = field(default=SecretStr(""), repr=False)
    timeout: float = 60.0

    def __post_init__(self) -> None:
        parts = urlsplit(self.endpoint)
        if parts.username or parts.password or parts.query or parts.fragment:
            raise UsageError(
                "model_url holds a user, a password or a query: give the bare address, the key as model_key"
            )
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise UsageError(f"model_url is {self.endpoint!r}, no address such as http://127.0.0.1:8000/v1")
        if not self.model:
            raise UsageError("model_url is set and model_name is not: name the model (AWARDS_MODEL_NAME)")
        if not all("!" <= c <= "~" for c in self.key.get_secret_value()):
            raise UsageError("model_key (or the file of model_key_file) holds blanks or letters that no key has")

    @property
    def identity(self) -> str:
        """Names whoever reads with this, without the key: another endpoint, model, prompt or check reads differently."""
        return f"{self.endpoint} {self.model} {code(('language_model/answer.py', 'language_model/ask.py'))}"

    def __call__(self, text: str, published: date | None = None, outlet: str | None = None) -> tuple[AwardMention, ...]:
        """The award records of a text; the rules' where the model gives none, and then one warning that says why.

        They are InPlace where it was not reached, so that the page is read again when it is.
        """
        if len(text) > MAX_TEXT:
            log.info("a text of %d characters is too long for the model: the rules read it", len(text))
            return extract(text, published, outlet)
        silence = _silences.setdefault(self.endpoint, _Silence())
        if time.monotonic() < silence.until:
            return InPlace(extract(text, published, outlet))
        body = json.dumps(answer.request(self.model, text, published, outlet)).encode()
        try:
            found = answer.mentions(self._reply(body), text)
        except Nonsense as error:
            silence.texts = 0
            self._warn(text, str(error))
            return extract(text, published, outlet)
        except NoAnswer as error:
            silence.texts += 1
            rest = silence.texts >= GIVE_UP
            if rest:
                silence.until = time.monotonic() + REST
            self._warn(text, str(error) + (f"; it is left alone for {REST:.0f} s" if rest else ""))
            return InPlace(extract(text, published, outlet))
        silence.texts = 0
        return found

    def _warn(self, text: str, reason: str) -> None:
        host = urlsplit(self.endpoint).netloc
        log.warning("the model at %s did not read %a (%s): the rules did", host, text.split("\n", 1)[0][:80], reason)

    def _reply(self, body: bytes) -> bytes:
        """The endpoint's reply. Raises NoAnswer, at the latest when the time is over.

        In a thread of its own, because looking up a name and slow headers heed no timeout; what hangs in it is left there.
        """
        replies: SimpleQueue[bytes | NoAnswer] = SimpleQueue()
        end = time.monotonic() + self.timeout
        Thread(target=lambda: replies.put(self._attempts(body, end)), name="awards.ask", daemon=True).start()
        try:
            reply = replies.get(timeout=self.timeout)
        except Empty:
            raise NoAnswer(f"it did not answer within {self.timeout:g} s") from None
        if isinstance(reply, NoAnswer):
            raise reply
        return reply

    def _attempts(self, body: bytes, end: float) -> bytes | NoAnswer:
        """The reply, or why there is none after some attempts."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                return self._post(body, end)
            except HTTPError as error:
                error.close()
                failure = NoAnswer(_meaning(error.code))
                if error.code != 429 and error.code < 500:
                    break
            except NoAnswer as error:
                return error
            except (OSError, HTTPException) as error:
                failure = NoAnswer(_fault(error))
            except Exception as error:  # noqa: BLE001  # a fault of ours must not make the caller wait for its time limit
                return NoAnswer(f"asking it failed: {type(error).__name__}")
            if attempt == ATTEMPTS or time.monotonic() + PAUSE > end:
                break
            time.sleep(PAUSE)
        return failure

    def _post(self, body: bytes, end: float) -> bytes:
        """One attempt. Raises HTTPError, OSError, HTTPException, NoAnswer."""
        url = self.endpoint.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        request = Request(url, body, {"Content-Type": "application/json", "Accept": "application/json"})
        if key := self.key.get_secret_value():
            request.add_unredirected_header("Authorization", f"Bearer {key}")
        reply = bytearray()
        with build_opener(_NoRedirect).open(request, timeout=max(0.01, end - time.monotonic())) as response:
            while chunk := response.read1(65536):
                reply += chunk
                if len(reply) > MAX_REPLY:
                    raise NoAnswer(f"its reply is longer than {MAX_REPLY} bytes")
                if time.monotonic() > end:
                    raise NoAnswer(f"its reply did not end within {self.timeout:g} s")
        return bytes(reply)


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing: another address must not get the text, and the key still less."""

    def redirect_request(self, *_: Any, **__: Any) -> None:
        return None


@dataclass(slots=True)
class _Silence:
    """How many texts in a row an endpoint has left without an answer, and until when it is not asked."""

    texts: int = 0
    until: float = 0.0


_silences: dict[str, _Silence] = {}  # by endpoint, for as long as this process lives


def _meaning(status: int) -> str:
    if 300 <= status < 400:
        return f"http {status}: it redirects, which is not followed; set model_url to the address it leads to"
    if status in (401, 403):
        return f"http {status}: it refuses the key; set model_key"
    return f"http {status}"


def _fault(error: OSError | HTTPException) -> str:
    """Why a connection failed, in few words that are ours or the system's."""
    cause = error.reason if isinstance(error, URLError) and isinstance(error.reason, Exception) else error
    if isinstance(cause, TimeoutError):
        return "it did not answer in time"
    return str(getattr(cause, "strerror", None) or type(cause).__name__).lower()
