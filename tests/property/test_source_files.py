"""Whatever stands in a source file, it loads or is refused with a sentence: nothing else."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hanoiwatch.errors import SourceFileError
from hanoiwatch.sources.loader import (
    BUNDLED_FAMILIES,
    BUNDLED_SOURCES,
    load_families,
    read_family,
    read_source,
)

LONGEST_SECONDS = 10.0
FAMILIES = load_families()
SOURCES = tuple(path.read_bytes() for path in sorted(BUNDLED_SOURCES.glob("*.toml")))
FAMILY_FILES = tuple(path.read_bytes() for path in sorted(BUNDLED_FAMILIES.glob("*.toml")))
TOKENS = (
    b'"', b"'", b"'''", b'"""', b"[", b"]", b"[[", b"{", b"}", b"=", b",", b".", b"\n", b"\r",
    b"\\", b"#", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\xcc\xb8", b"(?:a+)+$", b"\\u0000",
    b"\\ud800", b"inf", b"nan", b"1e999", b"-1", b"0x" + b"f" * 40, b"9" * 5000, b"1979-05-27",
    b"true", b"[[layout]]\n", b"[discover]\n", b"a.b.c = 1\n", b"{section}", b"{page}", b"{0}",
    b"{page!r}", b"https://[::1", b"https://a@b:0/", b":not(" * 50, b"(" * 200, b"[" * 2000,
    b"{a=" * 300, b"a." * 2000, b"*/0 * * * *", b"@bodies", "Ộ̣".encode(),
)  # fmt: skip


def mutated(data: bytes, chance: random.Random) -> bytes:
    """``data`` with one to six pieces cut, doubled, swapped, flipped or put in."""
    for _ in range(chance.randint(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((0, 1, 1, 2, 8, 40)))
        piece = chance.choice(
            (
                b"",
                data[start:end] * 2,
                data[start:end][::-1],
                bytes([chance.randrange(256)]),
                chance.choice(TOKENS),
                chance.choice(data.split(b"\n") or [b""]) + b"\n",
            )
        )
        data = data[:start] + piece + data[end:]
    return data


def own_name(data: bytes) -> str:
    """What the file of this text must be called."""
    return re.findall(rb'(?m)^name = "(.*)"$', data)[0].decode() + ".toml"


def outcome(path: Path, data: bytes, *, family: bool) -> str:
    path.write_bytes(data)
    try:
        if family:
            read_family(path)
        else:
            read_source(path, FAMILIES)
    except SourceFileError as error:
        refusal = error
    else:
        return "loaded"
    assert refusal.path == path
    assert refusal.reason
    assert refusal.line is None or 1 <= refusal.line <= data.count(b"\n") + 1
    return "refused"


def test_a_thousand_mutated_source_files_load_or_are_refused(tmp_path: Path) -> None:
    ends: Counter[str] = Counter()
    for seed in range(1000):
        chance = random.Random(seed)
        data = chance.choice(SOURCES)
        path = tmp_path / own_name(data)
        began = time.process_time()
        ends[outcome(path, mutated(data, chance), family=False)] += 1
        assert time.process_time() - began < LONGEST_SECONDS, seed
    assert min(ends["refused"], ends["loaded"]) > 100, ends


def test_mutated_family_files_load_or_are_refused(tmp_path: Path) -> None:
    for seed in range(100):
        chance = random.Random(seed)
        data = chance.choice(FAMILY_FILES)
        assert outcome(tmp_path / own_name(data), mutated(data, chance), family=True)


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_bytes_are_refused_as_a_source(tmp_path: Path, data: bytes) -> None:
    assert outcome(tmp_path / "demo.toml", data, family=False) == "refused"


WORDS = st.sampled_from(
    ["", "a", "h1", "Hà Nội", "full", "auto", "0 1 * * *", "{section}/{page}", "(", "a[", "%d/%m",
     "https://bao.example/", "http://127.0.0.1:1/", "@bodies", "\x7f", "\ud7ff", "a\u0338"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(), st.floats(), st.booleans(), st.dates(), st.times()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(WORDS, inner, max_size=2)),
    max_leaves=6,
)
KEYS = (
    "name", "title", "home", "family", "rights", "enabled", "verified", "scope.sections",
    "scope.any", "discover.feeds", "discover.sitemaps", "discover.sections",
    "discover.section_pages", "discover.page_url", "discover.article_url", "discover.exclude_url",
    "fetch.delay_seconds", "fetch.render", "schedule.crawl", "scope", "discover", "fetch", "layout",
)  # fmt: skip
GOOD = {
    "name": "demo",
    "title": "Báo Thử",
    "home": "https://bao.example/",
    "discover.feeds": ["https://bao.example/rss"],
}


@given(st.dictionaries(st.sampled_from(KEYS), VALUES, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_value_at_any_key_loads_or_is_refused(
    tmp_path: Path, changes: dict[str, object]
) -> None:
    text = "".join(f"{key} = {toml_value(value)}\n" for key, value in (GOOD | changes).items())
    end = outcome(tmp_path / "demo.toml", text.encode(), family=False)
    assert changes or end == "loaded"


def toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(letter):08x}" for letter in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_value, value)) + "]"
    if isinstance(value, dict):
        pairs = (f"{toml_value(key)} = {toml_value(one)}" for key, one in value.items())
        return "{" + ", ".join(pairs) + "}"
    return str(value)
