"""Section pages, the home page and the pages that say no."""

from __future__ import annotations

from html import escape

from hanoiwatch.sample.edition import Edition, Entry
from hanoiwatch.sample.render import frame
from hanoiwatch.sample.render.frame import text

INTERNAL_PATH = "/noi-bo/lich-truc-toa-soan-1199999.html"
"""Looks like an article, is linked from lists, and robots.txt forbids it."""


def home_page(edition: Edition) -> str:
    """The newest articles of all sections; its page n is the whole paper's page n."""
    return _page(edition, name=edition.site.title, path="", page=1, entries=edition.entries)


def section_page(edition: Edition, section: str, page: int) -> str | None:
    """Page ``page`` (from 1) of a section; None where there is none so far back."""
    entries = edition.in_section(section)
    if page > 1 and (page - 1) * edition.page_size >= len(entries):
        return None
    name = edition.site.sections[section]
    return _page(edition, name=name, path=f"/{section}", page=page, entries=entries)


def not_found_page(edition: Edition) -> str:
    return _notice(edition, "Không tìm thấy trang", edition.site.not_found)


def internal_page(edition: Edition) -> str:
    return _notice(edition, "Lịch trực tòa soạn", edition.site.editor)


def _notice(edition: Edition, title: str, words: str) -> str:
    return frame.fill(
        "notice",
        {"site": escape(edition.site.title), "title": escape(title), "words": escape(words)},
    )


def _page(edition: Edition, *, name: str, path: str, page: int, entries: tuple[Entry, ...]) -> str:
    start = (page - 1) * edition.page_size
    shown = entries[start : start + edition.page_size]
    more = start + edition.page_size < len(entries) and bool(path)
    following = f"{path}/trang-{page + 1}"
    return frame.fill(
        "list",
        {
            "site": escape(edition.site.title),
            "name": escape(name),
            "url": edition.url(path if page == 1 else f"{path}/trang-{page}") or "/",
            "slogan": escape(edition.site.slogan),
            "menu": frame.menu(edition),
            "top": _top(shown),
            "cards": "\n".join(_card(entry, edition) for entry in shown),
            "next_head": f'<link rel="next" href="{following}">' if more else "",
            "paging": f'<a rel="next" href="{following}">Trang sau</a>' if more else "",
            "internal": INTERNAL_PATH,
            "most_read_title": text(edition.site.most_read_title),
            "most_read": _most_read(edition),
            "footer": frame.footer(edition),
        },
    )


def _top(shown: tuple[Entry, ...]) -> str:
    """The first article once more, as the big story, with a link to its comments."""
    if not shown:
        return ""
    first = shown[0]
    return (
        f'<div class="b-top"><h2><a href="{first.path}">{text(first.article.title)}</a></h2>'
        f'<a class="b-top__comments" href="{first.path}#binh-luan">2 bình luận</a></div>'
    )


def _card(entry: Entry, edition: Edition) -> str:
    title = escape(entry.article.title)
    return (
        f'<li class="b-grid" pid="{entry.number}">'
        f'<div class="b-grid__img"><a href="{entry.path}" title="{title}">'
        f'<img src="{frame.first_image(entry)}" alt="{title}"></a></div>'
        f'<div class="b-grid__content"><h3 class="b-grid__title"><a href="{entry.path}">{title}'
        f'</a></h3><span class="b-grid__cat">{text(edition.site.sections[entry.article.section])}'
        f'</span><span class="b-grid__time">{entry.published:%d/%m/%Y - %H:%M}</span>'
        f'<div class="b-grid__desc">{text(frame.full_lead(entry))}</div></div></li>'
    )


def _most_read(edition: Edition) -> str:
    """The oldest articles of the paper: lists also link to what is long known."""
    oldest = edition.entries[:-6:-1]
    return "".join(
        f'<li><a href="{entry.path}">{text(entry.article.title)}</a></li>' for entry in oldest
    )
