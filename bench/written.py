"""Inputs made by hypothesis from the parts of each grammar, in any order and number."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

_ODD = st.text(max_size=30)
"""Any characters, unpaired surrogates apart: those never come out of a decoder."""

_WORDS = st.sampled_from(
    ("Hà Nội", "hồ", "Đống Đa", "15-NQ/TW", "16/07/2026 - 17:14", "9/5/2026 10:17:01 PM",
     "Ảnh: Mai",
     "Theo TTXVN", "", " ", "\u00a0", "&amp;", "]]>", "NaN", "e\u0301", "TP.HCM")
) | _ODD  # fmt: skip

_DATES = st.sampled_from(
    ("Sun, 22 Nov 2026 07:15:00 +0700", "11/22/2026 7:15:00 AM", "2026-11-22T07:15:00+07:00",
     "2026-11-22", "22/11/2026", "0", "-1", "9999-12-31T23:59:60Z", "32/13/99999", "Thứ Bảy")
) | _ODD  # fmt: skip

_ADDRESSES = st.sampled_from(
    ("http://127.0.0.1/a-1200001.html", "/b-1200002.html", "//127.0.0.1/c-1200003.html", "http://[",
     "http://127.0.0.1:99999/d-1200004.html", "https://127.0.0.1/e-1200005.html?utm_source=rss#x",
     "javascript:void(0)", "mailto:a@b", "http://xn--/", "http://a..b/", "file:///etc/passwd", "",
     "http://127.0.0.1/%zz/%C3%A1-1200006.html", "http://user:pw@127.0.0.1/f-1200007.html")
) | _ODD  # fmt: skip


def anything() -> SearchStrategy[bytes]:
    return st.binary(max_size=400)


def _joined(parts: SearchStrategy[str], most: int) -> SearchStrategy[bytes]:
    lines = st.lists(parts, max_size=most).map("\n".join)
    return lines.map(lambda text: text.encode("utf-8", "replace")) | anything()


def _element(tag: SearchStrategy[str], inner: SearchStrategy[str]) -> SearchStrategy[str]:
    attribute = st.sampled_from(("class", "id", "href", "src", "content", "property", "datetime"))
    values = st.sampled_from(
        ("entry", "sc-longform-header", "sc-longform-header-title block-sc-title",
         "c-detail-head__title",
         "sc-longform-header-date block-sc-publish-time", "detail-content",
         "article:published_time",
         "og:title", "article__body", "post-content __MASTERCMS_CONTENT", "expNoEdit", "c-box")
    )  # fmt: skip
    attributes = st.dictionaries(attribute, values | _ADDRESSES | _WORDS, max_size=3).map(
        lambda found: "".join(f' {name}="{value}"' for name, value in found.items())
    )
    return st.builds("<{0}{1}>{2}</{3}>".format, tag, attributes, inner, tag)


def pages() -> SearchStrategy[bytes]:
    """Elements in each other, with the classes of the families we read."""
    tags = st.sampled_from(
        ("html", "head", "body", "title", "meta", "div", "article", "p", "h1", "h2", "figure",
         "img",
         "figcaption", "ul", "li", "table", "tr", "td", "span", "b", "i", "blockquote", "script",
         "style", "a", "time", "link", "base", "svg", "br", "form", "iframe")
    )  # fmt: skip
    leaf = _WORDS | _DATES
    trees = st.recursive(
        leaf,
        lambda inner: _element(tags, st.lists(inner, max_size=4).map("".join)),
        max_leaves=25,
    )
    return _joined(trees, 6)


def feeds() -> SearchStrategy[bytes]:
    """Items of RSS, Atom and RDF, inside each other's roots or none."""
    tags = st.sampled_from(
        ["title", "link", "guid", "pubDate", "description", "id", "updated", "published", "author"]
    )
    parts = _element(tags, _WORDS | _ADDRESSES | _DATES)
    items = _element(st.sampled_from(("item", "entry")), st.lists(parts, max_size=5).map("".join))
    opening = st.sampled_from(
        ('<?xml version="1.0"?><rss version="2.0"><channel>', "<rdf:RDF>", "<channel>",
         '<feed xmlns="http://www.w3.org/2005/Atom">', "<?xml version='1.0' encoding='nosuch'?>",
         "</rss>")
    )  # fmt: skip
    return _joined(opening | items | parts, 8)


def sitemaps() -> SearchStrategy[bytes]:
    tags = st.sampled_from(("loc", "lastmod", "image:image", "image:loc", "news:title"))
    parts = _element(tags, _ADDRESSES | _DATES | _WORDS)
    items = _element(st.sampled_from(("url", "sitemap")), st.lists(parts, max_size=4).map("".join))
    opening = st.sampled_from(
        ('<?xml version="1.0"?>', '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">',
         "<sitemapindex>", "</urlset>", "</sitemapindex>", "<html>")
    )  # fmt: skip
    return _joined(opening | items | parts, 8)


def robots() -> SearchStrategy[bytes]:
    keys = st.sampled_from(
        (
            "User-agent",
            "Disallow",
            "Allow",
            "Crawl-delay",
            "Request-rate",
            "Visit-time",
            "Sitemap",
            "Host",
        )
    )
    values = (
        st.sampled_from(
            ("*", "hanoiwatch", "/", "/*$", "/a*b$", "1", "-1", "1e9", "nan", "1/0", "0/0s")
        )
        | _ADDRESSES
        | _ODD
    )
    return _joined(st.builds("{}: {}".format, keys, values) | _ODD, 12)


def source_files() -> SearchStrategy[bytes]:
    keys = st.sampled_from(
        ("name", "title", "home", "family", "rights", "enabled", "feeds", "sitemaps", "sections",
         "any",
         "section_pages", "page_url", "article_url", "exclude_url", "delay_seconds", "render",
         "crawl",
         "when", "text", "published", "published_formats", "drop", "valid_until", "nosuch")
    )  # fmt: skip
    values = st.sampled_from(
        ('"a"', "''", "1", "-1", "0.0", "nan", "inf", "true", "[]", '["a", 1]', "{}",
         "1979-05-27", '"[" ',
         '"http://127.0.0.1/"', '["http://127.0.0.1/rss"]', '"onecms"', '"full"', "'(a+)+$'", "'('",
         '"div >"', '"{section}/{page}"', '"{nosuch}"', '"*/30 * * * *"', '"61 * * * *"', '"%Q"')
    )  # fmt: skip
    tables = st.sampled_from(
        (
            "[scope]",
            "[discover]",
            "[fetch]",
            "[schedule]",
            "[[layout]]",
            "[layout]",
            "[nosuch]",
            "[",
            "#",
        )
    )
    lines = st.builds("{} = {}".format, keys, values) | tables | _ODD
    return _joined(lines, 15)


def queries() -> SearchStrategy[bytes]:
    parts = st.sampled_from(
        ('"', "~", "~6", "~99999999999", "(", ")", "-", "--", "OR", "or", "title:", "caption:",
         "nosuch:",
         ":", "*", "hồ", "ho", "Hà Nội", "ngân sách", "15-NQ/TW", "ký", "kí", "thuỷ", "“", "”",
         "…", "\x00",
         "'", "a" * 300, "NEAR(", "AND", "NOT", "🙂")
    ) | _ODD  # fmt: skip
    return st.lists(parts, max_size=12).flatmap(
        lambda found: st.sampled_from((" ", "")).map(
            lambda between: between.join(found).encode("utf-8", "replace")
        )
    )
