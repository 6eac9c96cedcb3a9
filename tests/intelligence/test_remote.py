from __future__ import annotations

import json
import threading
import tomllib
import urllib.error
import urllib.request
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets.measure_grounded import texts
from kefu.intelligence.grounded import GroundedBot, shop_library
from kefu.intelligence.inventor import SLIPS
from kefu.intelligence.remote import (
    ADDRESS,
    KEY,
    MODEL,
    ORDERS,
    Remote,
    from_environment,
    prompt,
    record,
    transcripts,
)

SECRET = "sk-not-a-real-key"
SOURCES, ASKED = texts()


def answer(text: Any) -> bytes:
    return json.dumps({"choices": [{"message": {"content": text}}]}).encode()


def model(said: Any = "满88元包邮。", key: str = SECRET, seen: list[Any] | None = None) -> Remote:
    def send(request: urllib.request.Request, timeout: float) -> bytes:
        if seen is not None:
            seen.append((request, timeout))
        return said if isinstance(said, bytes) else answer(said)

    return Remote("https://model.example/v1/", "one", key, send=send)


# Off by default


def test_it_is_off_unless_a_reader_sets_it() -> None:
    assert from_environment({}) is None
    assert from_environment({KEY: SECRET}) is None
    one = from_environment({ADDRESS: "http://localhost:11434/v1", MODEL: "qwen3:8b"})
    assert one == Remote("http://localhost:11434/v1", "qwen3:8b")
    for name in (ADDRESS, MODEL):
        with pytest.raises(ValueError, match="KEFU_LLM"):
            from_environment({name: "https://model.example/v1"})


@pytest.mark.parametrize(
    "address",
    [
        "http://model.example/v1",
        "ftp://a",
        "model.example",
        "https://a:b@model.example",
        "https://",
    ],
)
def test_a_key_goes_over_no_open_line(address: str) -> None:
    with pytest.raises(ValueError, match="address"):
        Remote(address, "one", SECRET)


# What goes out and what comes back


def test_the_request_is_of_openai_s_form() -> None:
    seen: list[Any] = []
    assert model("好的。", seen=seen)("包邮吗", "满88元包邮。") == "好的。"
    request, timeout = seen[0]
    assert request.full_url == "https://model.example/v1/chat/completions"
    assert timeout == 60
    assert request.get_header("Authorization") == f"Bearer {SECRET}"
    body = json.loads(request.data)
    assert body["model"] == "one"
    assert body["temperature"] == 0
    assert [one["role"] for one in body["messages"]] == ["system", "user"]
    assert body["messages"][0]["content"] == ORDERS
    assert "满88元包邮" in body["messages"][1]["content"]
    model("好的。", "", seen)("问", "答")
    assert seen[1][0].get_header("Authorization") is None


def test_phone_and_card_do_not_go_out() -> None:
    told = prompt("我的电话13800001111，卡4539148803436467，退款几天", "两天内退。")[1]["content"]
    assert "13800001111" not in told
    assert "4539148803436467" not in told
    assert "退款几天" in told


@pytest.mark.parametrize(
    "odd", [b"", b"no json", b"{}", b'{"choices": []}', answer(""), answer(None), b"[1]"]
)
def test_an_answer_of_another_form_is_an_error(odd: bytes) -> None:
    with pytest.raises(ValueError, match="address"):
        model(odd)("问", "答")


@given(st.text(min_size=8, max_size=30).filter(lambda text: text.strip() == text))
def test_the_key_stands_in_no_repr(key: str) -> None:
    one = Remote("https://model.example/v1", "one", f"sk-{key}")
    assert f"sk-{key}" not in repr(one)
    assert f"sk-{key}" not in str(one)


@pytest.mark.parametrize("code", [401, 404, 429, 500])
def test_errors_do_not_tell_the_key(code: int) -> None:
    def send(request: urllib.request.Request, timeout: float) -> bytes:
        raise urllib.error.HTTPError(request.full_url, code, SECRET, Message(), None)

    with pytest.raises(ValueError, match=str(code)) as caught:
        Remote("https://model.example/v1", "one", SECRET, send=send)("问", "答")
    assert SECRET not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_address_that_nobody_answers() -> None:
    with pytest.raises(OSError, match="address"):
        Remote("http://127.0.0.1:9/v1", "one", SECRET, seconds=2)("问", "答")


class _Server(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        body = json.loads(self.rfile.read(length))
        if self.path.startswith("/moved"):
            self.send_response(307)
            self.send_header("Location", "https://elsewhere.example/")
            self.end_headers()
            return
        said = answer(f"{body['model']}说：{body['messages'][1]['content'][-3:]}")
        self.send_response(200)
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


def test_over_a_real_line_and_no_redirect_is_followed() -> None:
    server = HTTPServer(("127.0.0.1", 0), _Server)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    place = f"http://127.0.0.1:{server.server_port}"
    try:
        assert Remote(f"{place}/v1", "小模型")("包邮吗", "满88元") == "小模型说：包邮吗"
        with pytest.raises(ValueError, match="307"):
            Remote(f"{place}/moved", "小模型", SECRET)("包邮吗", "满88元")
    finally:
        server.shutdown()
        server.server_close()


# Records


def test_a_record_holds_the_model_s_name_and_no_key(tmp_path: Path) -> None:
    place = tmp_path / "mine.toml"
    told = record(
        place, model('他说："满88元包邮"。\n'), [("电话13800001111包邮吗", "K206", "满88元包邮。")]
    )
    text = place.read_text(encoding="utf-8")
    assert SECRET not in text
    assert "model.example" not in text
    assert "13800001111" not in text
    assert told == transcripts(place)
    assert told[0].by == "one"
    assert tomllib.loads(text)["by"] == "one"
    with pytest.raises(FileExistsError):
        record(place, model(), [])


def test_the_written_examples_rest_on_entries_and_say_that_no_model_said_them() -> None:
    told = transcripts()
    assert len(told) == 20
    assert {one.by for one in told} == {"手写的样例，不是哪个模型的原话"}
    assert {one.fault for one in told} <= {"", *SLIPS}
    assert {one.source for one in told} <= {*SOURCES}


def test_the_lamps_over_the_written_examples() -> None:
    red = {"bad": 0, "good": 0}
    for one in transcripts():
        red["bad" if one.fault else "good"] += not one.lamps(
            SOURCES[one.source], ASKED[one.source]
        ).green
    bad = sum(bool(one.fault) for one in transcripts())
    assert (bad, red) == (11, {"bad": 6, "good": 2})


def test_a_model_writes_for_the_bot_and_the_lamps_hold_it() -> None:
    lying = GroundedBot(shop_library(10), writer=model("亲，满66元包邮。"))
    assert lying.answer("满多少包邮").way == "改写没过"
    true = GroundedBot(shop_library(10), writer=model("亲，满八十八元包邮。"))
    assert true.answer("满多少包邮").way == "改写"
