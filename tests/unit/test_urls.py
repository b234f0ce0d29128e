"""One article has one address, however it was listed."""

from __future__ import annotations

import hashlib

import pytest

from hanoiwatch.urls import article_id, canonical_url, host_of, same_site

PLAIN = "https://hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.html"


@pytest.mark.parametrize(
    "twin",
    [
        "HTTPS://HanoiMoi.VN/cau-vuot-mai-dong-thong-xe-1214595.html",
        "http://hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://hanoimoi.vn:443/cau-vuot-mai-dong-thong-xe-1214595.html",
        "http://hanoimoi.vn:80/cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://hanoimoi.vn./cau-vuot-mai-dong-thong-xe-1214595.html",
        " \n" + PLAIN + "\t",
        PLAIN + "#binh-luan",
        PLAIN + "?",
        PLAIN + "/",
        PLAIN + "?utm_source=rss&utm_medium=home",
        PLAIN + "?fbclid=IwAR0&gidzl=x&zarsrc=31",
        PLAIN + "?UTM_Source=rss&&_gl=1*x&vn_source=rss&vn_campaign=p",
        PLAIN + "?%75tm_source=rss",
        PLAIN + "?amp=1",
        PLAIN + "?amp",
        PLAIN + "?outputType=amp",
        PLAIN + "/amp",
        PLAIN + "/amp/",
        PLAIN + ".amp",
        "https://hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.amp.html",
        "https://hanoimoi.vn/amp/cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://amp.hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.html",
        "http://m.hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://mobile.hanoimoi.vn/cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://hanoimoi.vn/./tin/../cau-vuot-mai-dong-thong-xe-1214595.html",
        "https://hanoimoi.vn/%63au-vuot-mai-dong-thong-xe-%31214595.html",
        "//cau-vuot-mai-dong-thong-xe-1214595.html".replace("//", "/"),
        "cau-vuot-mai-dong-thong-xe-1214595.html?ref=home",
    ],
)
def test_twins_have_one_canonical_url(twin: str) -> None:
    assert canonical_url(twin, "https://hanoimoi.vn/chinh-tri") == PLAIN


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("https://bao.vn", "https://bao.vn/"),
        ("https://bao.vn?id=7", "https://bao.vn/?id=7"),
        ("https://bao.vn/?id=7&p=2", "https://bao.vn/?id=7&p=2"),
        ("https://bao.vn/?p=2&id=7", "https://bao.vn/?p=2&id=7"),  # order may mean something
        ("https://bao.vn/?q=", "https://bao.vn/?q="),
        ("https://bao.vn/a%2fb", "https://bao.vn/a%2Fb"),
        ("https://bao.vn/%7Elan/a%zz", "https://bao.vn/~lan/a%25zz"),
        ("https://bao.vn/a/%2e%2e/b", "https://bao.vn/b"),
        ("https://bao.vn/a/..", "https://bao.vn/"),
        ("https://bao.vn/phố-cổ", "https://bao.vn/ph%E1%BB%91-c%E1%BB%95"),
        ("https://bao.vn/pho\u0302\u0301", "https://bao.vn/ph%E1%BB%91"),
        ("https://bao.vn/a b?c d", "https://bao.vn/a%20b?c%20d"),
        ("https://bao.vn/a//b", "https://bao.vn/a//b"),
        ("https://báo.vn/", "https://xn--bo-mia.vn/"),
        ("https://www.bao.vn/x", "https://www.bao.vn/x"),
        ("https://bao.vn/amp", "https://bao.vn/amp"),
        ("https://bao.vn/amp/", "https://bao.vn/amp"),
        ("https://bao.vn/.amp", "https://bao.vn/.amp"),
        ("https://bao.vn/ampe-ke", "https://bao.vn/ampe-ke"),
        ("https://m.com.vn/x", "https://m.com.vn/x"),
        ("https://m.vn/x", "https://m.vn/x"),
        ("https://m.bao.com.vn/x", "https://bao.com.vn/x"),
        ("https://m.10.0.0.1/x", None),
        ("http://bao.vn:8080/x", "http://bao.vn:8080/x"),
        ("http://bao.vn:443/x", "http://bao.vn:443/x"),
        ("http://127.0.0.1/x", "http://127.0.0.1/x"),
        ("http://127.0.0.1:8000/x/", "http://127.0.0.1:8000/x"),
        ("http://m.localhost:8000/x", "http://m.localhost:8000/x"),
        ("http://localhost/x", "http://localhost/x"),
        ("http://[::1]/x", "http://[::1]/x"),
        ("http://[2001:DB8::0:1]:81/x", "http://[2001:db8::1]:81/x"),
        ("http://192.0.2.7/x", "https://192.0.2.7/x"),
    ],
)
def test_what_is_dropped_and_what_is_kept(url: str, canonical: str | None) -> None:
    assert canonical_url(url) == canonical


@pytest.mark.parametrize(
    "url",
    [
        "",
        "/only/a/path",
        "mailto:toasoan@bao.vn",
        "javascript:void(0)",
        "ftp://bao.vn/x",
        "https://",
        "https:///x",
        "https://lan:mat-khau@bao.vn/",
        "https://lan@bao.vn/",
        "https://bao.vn:0/",
        "https://bao.vn:70000/",
        "https://bao.vn:cong/",
        "https://[::1/",
        "https://[xyz]/",
        "https://bao vn/",
        "https://-bao.vn/",
        "https://bao..vn/",
        "https://" + "a" * 64 + ".vn/",
        "https://" + "bao." * 70 + "vn/",
        "https://\u2024.vn/",
        "http://2130706433/",
        "http://127.1/",
        "http://0x7f.0.0.1/",
        "https://bao.vn/" + "a" * 4096,
    ],
)
def test_what_is_no_address_is_none(url: str) -> None:
    assert canonical_url(url) is None


def test_the_id_is_made_of_the_canonical_url() -> None:
    assert article_id(PLAIN) == hashlib.sha256(PLAIN.encode()).hexdigest()[:16]


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Bao.VN/x", "bao.vn"),
        ("https://bao.vn:443/x", "bao.vn"),
        ("http://bao.vn:443/x", "bao.vn:443"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("mailto:x@bao.vn", ""),
        ("https://bao.vn:cong/", ""),
        ("https://bao vn/", ""),
    ],
)
def test_the_host_has_its_port_where_it_is_not_the_usual_one(url: str, host: str) -> None:
    assert host_of(url) == host


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.bao.vn/", "http://m.bao.vn/x", True),
        ("https://bao.vn/", "https://thethao.bao.vn/x", True),
        ("https://thethao.bao.vn/", "https://www.bao.vn/x", True),
        ("https://bao.com.vn/", "https://khac.com.vn/", False),
        ("https://com.vn/", "https://khac.com.vn/", False),
        ("https://bao.vn/", "https://baobao.vn/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8001/", False),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000/x", True),
        ("https://bao.vn/", "mailto:x", False),
    ],
)
def test_one_outlet_is_one_site(one: str, other: str, same: bool) -> None:
    assert same_site(one, other) is same
