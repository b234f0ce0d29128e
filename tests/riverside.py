"""Two small papers by the river for tests of whole answers: see `riverside.yaml`.

Their markup is their own. On the second day the first paper edits three articles and takes one
away; the second paper copies it from the first day on.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from tests.crawling import Reply, Site, site
from tests.elastic_newsroom import REGISTRY

PAPER, COPIER = "bao-bai-giua", "tin-ven-de"
SOURCE = """\
name = "{name}"
title = "{title}"
home = "{url}/"
rights = "full"
[discover]
feeds = ["{url}/{name}.xml"]
article_url = '/{name}/[a-z0-9-]+/$'
[fetch]
delay_seconds = 0.0
[[layout]]
when = "main.trang-bai"
title = "main .tua"
lead = "main .dan-nhap"
text = "main .noi-dung"
byline = "main .nguoi-viet b"
published = "main .gio-dang"
published_formats = ["%Hh%M ngày %d/%m/%Y"]
section = "main .chuyen-muc"
tags = "main .tu-khoa li"
caption = "figure .chu-anh"
drop = [".xem-them"]
"""
EDITED: dict[str, Callable[[Piece], Piece]] = {
    "xe-buyt-dien-chay-tren-de": lambda one: replace(one, title=one.title + ", thêm hai điểm dừng"),
    "thu-vien-trong-container": lambda one: replace(
        one, text=(*one.text, "Chiều qua, Sở Nội vụ tặng thêm một tủ sách về sắp xếp bộ máy.")
    ),
    "hoi-thao-ve-nuoc-song-hong": lambda one: replace(one, text=one.text[:2]),
}  # fmt: skip
GONE = "mua-da-o-vuon-quat"
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    slug: str
    when: datetime | None
    section: str
    title: str
    lead: str
    text: tuple[str, ...]
    captions: tuple[tuple[str, str], ...] = ()
    byline: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


_TABLE = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text("utf-8"))


def _piece(said: dict[str, Any]) -> Piece:
    return Piece(
        slug=said["slug"],
        when=datetime.fromisoformat(said["when"]) if said["when"] else None,
        section=said["section"],
        title=said["title"],
        lead=said["lead"],
        text=tuple(said["text"]),
        captions=tuple((text, credit) for text, credit in said.get("captions", ())),
        byline=tuple(said["byline"]),
        tags=tuple(said["tags"]),
    )


def _bulletins(said: dict[str, Any]) -> Iterator[Piece]:
    """Notices of the same few words, one every second day: what near-copies are not."""
    first = datetime.fromisoformat(said["first"])

    def of(name: str, number: int) -> str:
        return said[name][number % len(said[name])]

    for number in range(said["count"]):
        when = first + timedelta(days=2 * number, hours=number % 5)
        words = {
            "place": of("places", number), "trend": of("trends", number // 3),
            "ferry": of("ferries", number), "advice": of("advice", number // 2),
            "level": 3 + number * 7 % 40, "hour": when.hour, "day": f"{when:%d/%m}",
        }  # fmt: skip
        yield Piece(
            slug=f"ban-tin-con-nuoc-so-{number + 1}",
            when=when,
            section=of("sections", number),
            title=said["title"].format(**words),
            lead=said["lead"].format(**words),
            text=tuple(line.format(**words) for line in said["text"]),
            byline=("Trạm trưởng Tạ Quý",) if number % 4 == 0 else (),
            tags=("con nước", words["place"]),
        )


def first_day() -> dict[str, list[Piece]]:
    """What each paper publishes, newest first, as its feed lists it."""
    own = [*map(_piece, _TABLE["articles"]), *_bulletins(_TABLE["bulletins"])]
    by_slug = {one.slug: one for one in own}
    copies = [
        replace(
            by_slug[said["of"]],
            title=said["title"],
            when=by_slug[said["of"]].when + timedelta(hours=6),
            byline=("Tổng hợp",),
        )
        for said in _TABLE["copies"]
    ]
    return {PAPER: own, COPIER: copies}


def page(piece: Piece) -> str:
    def told(text: str) -> str:
        return html.escape(text).replace("\n", "<br>")

    body = "".join(
        f"<h4>{told(line[2:])}</h4>" if line.startswith("# ") else f"<p>{told(line)}</p>"
        for line in piece.text
    )
    figures = "".join(
        f'<figure><img src="/anh/{piece.slug}-{number}.jpg" alt="">'
        f'<figcaption class="chu-anh">{told(text)}{f" {told(credit)}" if credit else ""}'
        "</figcaption></figure>"
        for number, (text, credit) in enumerate(piece.captions)
    )
    when = f'<i class="gio-dang">{piece.when:%Hh%M ngày %d/%m/%Y}</i>' if piece.when else ""
    return (
        f"<!doctype html><html lang=vi><head><meta charset=utf-8><title>{told(piece.title)}"
        f'</title></head><body><header>Mặt nước, bờ đê</header><main class="trang-bai">'
        f'<a class="chuyen-muc" href="/">{told(piece.section)}</a><h2 class="tua">'
        f'{told(piece.title)}</h2>{when}<div class="dan-nhap">{told(piece.lead)}</div>'
        f'<div class="noi-dung">{body}{figures}<div class="xem-them">Xem thêm: con nước</div></div>'
        f'<div class="nguoi-viet">{"".join(f"<b>{told(name)}</b>" for name in piece.byline)}</div>'
        f'<ul class="tu-khoa">{"".join(f"<li>{told(tag)}</li>" for tag in piece.tags)}</ul>'
        "</main></body></html>"
    )


@dataclass
class Riverside:
    """Both papers on one site; `second_day` is what changes."""

    site: Site
    papers: dict[str, list[Piece]] = field(default_factory=first_day)

    def __post_init__(self) -> None:
        for name, pieces in self.papers.items():
            paths = [f"/{name}/{one.slug}/" for one in pieces]
            served = {path: Reply(body=page(one)) for path, one in zip(paths, pieces, strict=True)}
            self.site.pages |= served
            self.site.feed(*paths, at=f"/{name}.xml")

    def second_day(self) -> None:
        for one in self.papers[PAPER]:
            if change := EDITED.get(one.slug):
                self.site.pages[f"/{PAPER}/{one.slug}/"] = Reply(body=page(change(one)))
        self.site.pages[f"/{PAPER}/{GONE}/"] = Reply(status=410, body="Bài đã gỡ.")

    def write_desk(self, folder: Path) -> None:
        """Source files of both papers, and a registry that knows the official they name."""
        (folder / "sources").mkdir(parents=True)
        (folder / "registry").mkdir()
        (folder / "registry" / "own.yaml").write_text(REGISTRY, "utf-8")
        for name, title in ((PAPER, "Báo Bãi Giữa"), (COPIER, "Tin Ven Đê")):
            source = SOURCE.format(name=name, title=title, url=self.site.url)
            (folder / "sources" / f"{name}.toml").write_text(source, "utf-8")

    def phrases(self) -> Iterator[str]:
        """Every line of every article, for queries that are drawn from them."""
        for pieces in self.papers.values():
            for one in pieces:
                captions = (text for text, _ in one.captions)
                yield from (one.title, one.lead, *one.text, *captions, *one.byline, *one.tags)


@contextmanager
def riverside() -> Iterator[Riverside]:
    with site() as served:
        yield Riverside(served)
