from __future__ import annotations

import pytest

from indexer.extract.images import image_url
from tests.unit.extract.pages import opened

BASE = "https://bao.example/chinh-tri/mot-bai.html"


def url_of(html: str) -> str | None:
    return image_url(next(opened(html).root.iter("img")), BASE)


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="/a.jpg">', "https://bao.example/a.jpg"),
        ('<img src="a.jpg">', "https://bao.example/chinh-tri/a.jpg"),
        ('<img src="//cdn.example/a.jpg">', "https://cdn.example/a.jpg"),
        ('<img src="/t.jpg" data-src="/a.jpg">', "https://bao.example/a.jpg"),
        ('<img src="/images/blank.gif" data-original="/a.jpg">', "https://bao.example/a.jpg"),
        ('<img src="data:image/gif;base64,R0" srcset="/s.jpg 300w, /l.jpg 900w">', "https://bao.example/l.jpg"),
        ('<img data-srcset="/s.jpg 1x, /l.jpg 2x">', "https://bao.example/l.jpg"),
        ('<picture><source srcset="/p.webp"><img src="data:,"></picture>', "https://bao.example/p.webp"),
        ('<img src="/logo-truong-hoc.jpg" width="600">', "https://bao.example/logo-truong-hoc.jpg"),
        ('<img src="/icons/zalo.png">', None),
        ('<img src="/share.png" width="24">', None),
        ('<img src="/share.png" style="width:20px">', None),
        ('<img src="data:image/gif;base64,R0">', None),
        ('<img src="javascript:x()">', None),
        ('<img src="http://[::1">', None),
        ('<img src="">', None),
        ("<img>", None),
    ],
)  # fmt: skip
def test_the_address_of_a_picture_is_found_where_lazy_pages_keep_it(
    html: str, expected: str | None
) -> None:
    assert url_of(html) == expected
