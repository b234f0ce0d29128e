"""Content codings are undone whole or not at all, and never past the limit."""

from __future__ import annotations

import gzip
import sys
import time
import zlib
from collections.abc import Callable

import brotli
import pytest

from hanoiwatch.archive import decode_body
from hanoiwatch.errors import PageError

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

TEXT = ("Kỳ họp thứ 20, HĐND thành phố thông qua 15 nghị quyết. " * 40).encode()
LIMIT = 1_000_000


def raw_deflate(data: bytes) -> bytes:
    return zlib.compress(data, wbits=-15)


ENCODERS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "x-gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstd.compress,
}


def headers(*codings: str) -> list[tuple[str, str]]:
    return [("Content-Type", "text/html"), *(("Content-Encoding", one) for one in codings)]


@pytest.mark.parametrize("coding", ENCODERS)
def test_each_coding_is_undone(coding: str) -> None:
    assert decode_body(headers(coding.upper()), ENCODERS[coding](TEXT), LIMIT) == TEXT


def test_a_body_without_a_coding_is_itself() -> None:
    assert decode_body([], TEXT, LIMIT) == TEXT
    assert decode_body(headers("identity", ""), TEXT, LIMIT) == TEXT


def test_raw_deflate_is_undone_too() -> None:
    assert decode_body(headers("deflate"), raw_deflate(TEXT), LIMIT) == TEXT


@pytest.mark.parametrize("coding", ["gzip", "zstd"])
def test_all_members_are_read(coding: str) -> None:
    body = ENCODERS[coding](TEXT[:1000]) + ENCODERS[coding](b"") + ENCODERS[coding](TEXT[1000:])
    assert decode_body(headers(coding), body, LIMIT) == TEXT


@pytest.mark.parametrize("chain", [("gzip, br",), ("gzip", "br"), ("zstd, deflate , gzip",)])
def test_chains_are_undone_from_the_last_on(chain: tuple[str, ...]) -> None:
    body = TEXT
    for coding in ",".join(chain).split(","):
        body = ENCODERS[coding.strip()](body)
    assert decode_body(headers(*chain), body, LIMIT) == TEXT


def test_an_empty_body_stays_empty_whatever_it_is_said_to_be() -> None:
    assert decode_body(headers("gzip"), b"", LIMIT) == b""


def test_padding_after_a_gzip_stream_is_left_out() -> None:
    assert decode_body(headers("gzip"), gzip.compress(TEXT) + bytes(100), LIMIT) == TEXT


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_cut_body_is_an_error_at_every_length(coding: str) -> None:
    body = ENCODERS[coding](TEXT)
    for length in range(1, len(body), max(1, len(body) // 40)):
        with pytest.raises(PageError, match=r"truncated|broken"):
            decode_body(headers(coding), body[:length], LIMIT)
    with pytest.raises(PageError, match="truncated"):
        decode_body(headers(coding), body[: len(body) // 2], LIMIT)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_body_in_another_coding_than_said_is_an_error(coding: str) -> None:
    with pytest.raises(PageError, match=f"broken: its {coding} coding"):
        decode_body(headers(coding), b"<!doctype html><html><body>not compressed</body>", LIMIT)


def test_a_wrong_checksum_is_an_error() -> None:
    body = bytearray(gzip.compress(TEXT))
    body[-6] ^= 1
    with pytest.raises(PageError, match="broken"):
        decode_body(headers("gzip"), bytes(body), LIMIT)


def test_an_unknown_coding_is_an_error_that_names_it() -> None:
    with pytest.raises(PageError, match="not known: 'compress'"):
        decode_body(headers("compress"), TEXT, LIMIT)


@pytest.mark.parametrize("coding", ENCODERS)
def test_the_limit_is_exact(coding: str) -> None:
    body = ENCODERS[coding](TEXT)
    assert decode_body(headers(coding), body, len(TEXT)) == TEXT
    with pytest.raises(PageError, match=f"decoded size is over {len(TEXT) - 1} bytes"):
        decode_body(headers(coding), body, len(TEXT) - 1)


def test_a_coding_that_undoes_to_more_than_the_limit_in_two_steps_is_an_error() -> None:
    body = gzip.compress(gzip.compress(bytes(5000)))
    with pytest.raises(PageError, match="decoded size is over 4999 bytes"):
        decode_body(headers("gzip, gzip"), body, 4999)


def test_a_plain_body_over_the_limit_is_an_error() -> None:
    with pytest.raises(PageError, match="decoded size is over 10 bytes"):
        decode_body([], TEXT, 10)


@pytest.mark.parametrize("coding", ENCODERS)
def test_a_bomb_is_stopped_early(coding: str) -> None:
    bomb = ENCODERS[coding](bytes(30_000_000))
    began = time.process_time()
    with pytest.raises(PageError, match="decoded size is over"):
        decode_body(headers(coding), bomb, LIMIT)
    assert time.process_time() - began < 0.1


def test_a_chain_of_bombs_is_stopped_at_the_first_step() -> None:
    body = bytes(30_000_000)
    for _ in range(3):
        body = gzip.compress(body)
    with pytest.raises(PageError, match="decoded size is over"):
        decode_body(headers("gzip, gzip, gzip"), body, LIMIT)
