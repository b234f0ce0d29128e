"""Small outlets in the markup of several systems, as a stranger finds them: a front page with a
menu, feeds and sitemaps somewhere, articles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from hanoiwatch.sample.articles import TemplateName
from hanoiwatch.sample.render.articles import article_page
from hanoiwatch.sample.synthetic import synthetic_outlet
from tests.crawling import Reply, Site, site

SECTIONS = {"thoi-su": "Thời sự", "do-thi": "Đô thị", "van-hoa": "Văn hóa"}
STORIES = (
    ("xuong-det-lang-trieu-khuc-mo-lai-sau-lu", "Xưởng dệt làng Triều Khúc mở lại sau lũ"),
    ("cau-go-qua-kenh-duoc-thay-bang-cau-thep", "Cầu gỗ qua kênh được thay bằng cầu thép"),
    ("to-dan-pho-hop-qua-man-hinh-chung-cu", "Tổ dân phố họp qua màn hình chung cư"),
    ("doi-bong-nu-phuong-tap-duoi-gam-cau", "Đội bóng nữ phường tập dưới gầm cầu"),
    ("vuon-rau-tren-mai-truong-cho-bua-trua", "Vườn rau trên mái trường cho bữa trưa"),
    ("nguoi-giu-chia-khoa-dinh-lang-ven-song", "Người giữ chìa khóa đình làng ven sông"),
)
PROSE = (
    "Bảy giờ sáng, cánh cổng sắt kéo lên và tiếng máy vang ra tận đầu ngõ, như mười năm trước.",
    "Những người thợ lớn tuổi đứng cạnh nhau, chỉ cho lớp trẻ cách nối sợi mà không đứt nhịp thoi.",
    "Theo ban quản lý, ba tháng qua có mười hai hộ quay lại nghề sau khi được vay vốn không lãi.",
    "Mỗi hộ nhận một khung dệt cũ đã sửa, trả dần bằng sản phẩm trong hai năm, không tính lãi.",
    "Kế hoạch năm tới là mở một gian trưng bày cạnh đình để khách đi bộ từ bến xe vào xem.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranger:
    """A running outlet, and the addresses of its articles."""

    site: Site
    articles: tuple[str, ...]

    @property
    def url(self) -> str:
        return self.site.url


def front(feed_link: str, paths: tuple[str, ...], head: str = "") -> str:
    menu = "".join(f'<li><a href="/{slug}">{name}</a></li>' for slug, name in SECTIONS.items())
    links = "".join(f'<h3><a href="{path}">Tin {path[1:20]}</a></h3>' for path in paths)
    return (
        f"<html><head><title>Báo Người Lạ | Tin tức</title>{head}</head><body><nav><ul>"
        f'<li><a href="/">Trang chủ</a></li>{menu}<li><a href="/lien-he">Liên hệ</a></li>'
        "</ul></nav>"
        f'<div class="tin">{links}</div><footer>{feed_link}</footer></body></html>'
    )


@contextmanager
def of_system(template: TemplateName) -> Iterator[Stranger]:
    """An outlet of one family: its feeds stand on a page of their own, no sitemap."""
    outlet = synthetic_outlet(9, template=template)
    pages = {entry.path: article_page(entry, outlet.edition) for entry in outlet.edition.entries}
    with site() as served:
        paths = tuple(pages)
        served.pages |= {path: Reply(body=html) for path, html in pages.items()}
        served.pages["/"] = Reply(body=front('<a href="/rss.html">RSS</a>', paths))
        served.pages |= {f"/{slug}": Reply(body=front("", paths)) for slug in SECTIONS}
        served.pages["/rss.html"] = Reply(
            body='<h1>Kênh RSS</h1><a href="/rss/thoi-su.rss">Thời sự</a>'
            '<a href="/rss/rong.rss">Rỗng</a>'
        )
        served.feed(*paths, at="/rss/thoi-su.rss")
        served.pages["/rss/rong.rss"] = Reply(body=served.feed_of(), type="application/rss+xml")
        yield Stranger(site=served, articles=paths)


@contextmanager
def of_no_system(*, feed: bool = True) -> Iterator[Stranger]:
    """An outlet with a markup of its own, and addresses without a number."""
    with site() as served:
        paths = tuple(f"/doi-song/{slug}.html" for slug, _ in STORIES)
        for (_, title), path in zip(STORIES, paths, strict=True):
            body = "".join(f"<p>{text}</p>" for text in PROSE)
            served.pages[path] = Reply(
                body=f"<html><head><title>{title} - Báo Người Lạ</title></head><body>"
                f"<h1>{title}</h1>"
                f'<time datetime="2026-11-20T08:15:00+07:00">20/11/2026 08:15</time>'
                f"<article>{body}</article></body></html>"
            )
        head = '<link rel="alternate" type="application/rss+xml" href="/kenh/moi.rss">'
        served.pages["/"] = Reply(body=front("", paths, head if feed else ""))
        served.pages |= {f"/{slug}": Reply(body=front("", paths)) for slug in SECTIONS}
        if feed:
            served.feed(*paths, at="/kenh/moi.rss")
        yield Stranger(site=served, articles=paths)
