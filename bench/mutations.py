"""Bytes spoilt at random, in the ways in which pages and feeds are spoilt, and in worse ones."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

LARGEST = 1_000_000
"""Bytes of a spoilt input; a size limit of the crawler keeps larger ones out."""

MOST_STEPS = 6
"""Changes made to one input: a few leave most of it as it was."""

TOKENS = tuple(
    token.encode("utf-8", "surrogatepass")
    for token in (
        "\x00", "\x1b[2J", "\ufeff", "\ud800", "\u202e", "]]>", "<![CDATA[", "-->", "<!--",
        "<?xml ?>",
        "&amp;amp;", "&#0;", "&#x110000;", "&nosuch;", "&#xD800;", "%00", "%", "%zz",
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
        '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>', "&c;", "&f;",
        '<base href="http://[::1">', '<base href="//">', '<link rel="canonical" href="http://[">',
        '<meta charset="utf-7">', '<meta charset="nosuch">',
        '<meta http-equiv="refresh" content="">',
        '<a href="http://a:b@[/">', '<a href="javascript:alert(1)">', '<a href="//\\x">',
        '<a href="http://127.0.0.1:99999999/a-1200001.html">x</a>', "http://[",
        "http://a:99999999/",
        "<svg><title>", "<math><mi>", "<table><tr><td>", "</p></div></article></body></html>",
        "<script>", "</script>", "<style>", "<template>", "<noscript>", "<textarea>", "<plaintext>",
        '<time datetime="0000-00-00T99:99:99+99:99">', "99/99/9999 99:99", "31/02/2026 25:61",
        "-999999999999999999999", "1e999", "NaN", "Infinity", "9" * 400,
        "9999-12-31T23:59:59+00:00", "0001-01-01T00:00:00+14:00",
        "Mon, 32 Foo 99999 99:99:99 +9999",
        '{"@type": "NewsArticle", "datePublished": {"a": [1]}, "author": [[], {}, null, 3]}',
        '<script type="application/ld+json">{"@graph": [null, 1, {"@type": ["NewsArticle", 1]}]}',
        '<script type="application/ld+json">' + "[" * 3000,
        "<loc></loc>", "<link/>", "<item>", "</item>", "<guid>", "<pubDate>", "<lastmod>",
        "Crawl-delay: -1", "Crawl-delay: 1e400", "Crawl-delay: nan", "Disallow: /*$*$*",
        "User-agent:",
        "Allow: " + "*a" * 60, "Request-rate: 1/0", "Sitemap: http://[",
        "'''", '"""', "[[", "]]", " = ", "\\u0000", "[[layout]]", "[discover]", "(?P<", "(a+)+$",
        "*" * 30,
        "🙂", "e\u0301\u0302\u0303" * 50, "Ǆ", "ﬃ", "İ", "ß", "ſ",
    )
)  # fmt: skip
"""What parsers stumble over."""

Mutation = Callable[[bytes, random.Random], bytes]


def spoilt(seed: bytes, dealer: random.Random, others: Sequence[bytes]) -> bytes:
    """``seed`` after a few random changes; ``others`` may lend it a part of theirs."""
    data = seed
    for _ in range(dealer.randint(1, MOST_STEPS)):
        if dealer.random() < 0.1:
            data = _splice(data, dealer.choice(others), dealer)
        else:
            data = dealer.choice(MUTATIONS)(data, dealer)
        data = data[:LARGEST]
    return data


def _place(data: bytes, dealer: random.Random) -> int:
    return dealer.randint(0, len(data))


def _slice(data: bytes, dealer: random.Random, longest: int = 2000) -> tuple[int, int]:
    start = _place(data, dealer)
    return start, min(len(data), start + dealer.randint(0, longest))


def _splice(data: bytes, other: bytes, dealer: random.Random) -> bytes:
    return data[: _place(data, dealer)] + other[_place(other, dealer) :]


def flip(data: bytes, dealer: random.Random) -> bytes:
    """Up to forty single bits."""
    changed = bytearray(data)
    for _ in range(dealer.randint(1, 40) if changed else 0):
        changed[dealer.randrange(len(changed))] ^= 1 << dealer.randrange(8)
    return bytes(changed)


def noise(data: bytes, dealer: random.Random) -> bytes:
    at = _place(data, dealer)
    return data[:at] + dealer.randbytes(dealer.randint(1, 200)) + data[at:]


def cut(data: bytes, dealer: random.Random) -> bytes:
    start, end = _slice(data, dealer)
    return data[:start] + data[end:]


def end_early(data: bytes, dealer: random.Random) -> bytes:
    return data[: _place(data, dealer)]


def repeat(data: bytes, dealer: random.Random) -> bytes:
    """A part of it, up to a few hundred times."""
    start, end = _slice(data, dealer, 400)
    return data[:end] + data[start:end] * dealer.choice((1, 2, 10, 300)) + data[end:]


def swap(data: bytes, dealer: random.Random) -> bytes:
    a, b, c = sorted(_place(data, dealer) for _ in range(3))
    return data[:a] + data[b:c] + data[a:b] + data[c:]


def put_token(data: bytes, dealer: random.Random) -> bytes:
    at = _place(data, dealer)
    return data[:at] + dealer.choice(TOKENS) + data[at:]


def put_token_at_tag(data: bytes, dealer: random.Random) -> bytes:
    """Where it is most likely to be read: before or after an angle bracket or a quote."""
    marks = [at for at, byte in enumerate(data[:60_000]) if byte in b'<>"=']
    at = dealer.choice(marks) + dealer.randint(0, 1) if marks else 0
    return data[:at] + dealer.choice(TOKENS) + data[at:]


def change_digits(data: bytes, dealer: random.Random) -> bytes:
    share = dealer.random() * 0.2
    return bytes(
        dealer.choice(b"0123456789-") if byte in b"0123456789" and dealer.random() < share else byte
        for byte in data
    )


def drop_ends(data: bytes, dealer: random.Random) -> bytes:
    """Some closing tags: what follows nests ever deeper."""
    parts = data.split(b"</")
    kept = [part if dealer.random() < 0.7 else part.partition(b">")[2] for part in parts[1:]]
    return b"</".join([parts[0], *kept]) if parts else data


def nest(data: bytes, dealer: random.Random) -> bytes:
    at = _place(data, dealer)
    tag = dealer.choice(
        (b"<div>", b"<b>", b"<ul><li>", b"<table><tr><td>", b"<p><span>", b"(", b"[")
    )
    return data[:at] + tag * dealer.choice((50, 500, 5000)) + data[at:]


def lengthen(data: bytes, dealer: random.Random) -> bytes:
    """One very long word, address or run of spaces."""
    at = _place(data, dealer)
    return data[:at] + dealer.choice((b"a", b" ", b"\n", b"/", b"\xc3\xa1")) * 50_000 + data[at:]


def recode(data: bytes, dealer: random.Random) -> bytes:
    """The same characters in another encoding, whatever the page goes on to declare."""
    encoding = dealer.choice(("utf-16", "utf-16-be", "utf-8-sig", "cp1258", "latin-1", "utf-7"))
    return data.decode("utf-8", "replace").encode(encoding, "replace")


MUTATIONS: tuple[Mutation, ...] = (
    flip, noise, cut, end_early, repeat, swap, put_token, put_token_at_tag, put_token_at_tag,
    change_digits, drop_ends, nest, lengthen, recode,
)  # fmt: skip
