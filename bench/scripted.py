"""Pages that only their own scripts finish, and articles for them to bring. All invented."""

from __future__ import annotations

import json
from dataclasses import dataclass

PLACES = ("Khương Hạ", "Nghĩa Tân", "Đồng Tâm", "Phú Lương", "Vĩnh Tuy", "Láng Thượng")


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One article: what its shell promises and its script brings."""

    number: int
    edit: str = ""

    @property
    def place(self) -> str:
        return PLACES[self.number % len(PLACES)]

    @property
    def path(self) -> str:
        return f"/phuong-mo-phong-doc-sach-ven-ho-{100000 + self.number}.html"

    @property
    def title(self) -> str:
        return f"Phường {self.place} mở phòng đọc sách ven hồ lần thứ {self.number + 1}"

    @property
    def paragraphs(self) -> tuple[str, ...]:
        first = (
            f"Sáng cuối tuần, UBND phường {self.place} mở cửa phòng đọc sách trong dãy nhà cũ bên "
            "hồ, nơi trước đây là kho của hợp tác xã. Người dân mang theo hơn ba trăm cuốn."
        )
        second = (
            f"Theo tổ trưởng tổ dân phố số {self.number + 3}, phòng đọc mở từ bảy giờ sáng đến "
            "chín giờ tối, có người trông coi và không thu tiền. Trẻ em được mượn sách về nhà."
        )
        third = (
            "Phường dự kiến đặt thêm hai kệ sách ở nhà văn hóa và kê bàn dưới tán cây để người cao "
            "tuổi đọc báo buổi chiều. Kinh phí do các hộ trong phường tự nguyện đóng góp."
        )
        return first, second, third + self.edit

    @property
    def markup(self) -> str:
        text = "".join(f"<p>{one}</p>" for one in self.paragraphs)
        return (
            f"<article><h1>{self.title}</h1><time datetime='2026-11-20T08:15:00+07:00'>20/11/2026 "
            f"08:15</time><div class='noi-dung'>{text}</div></article>"
        )


def whole(piece: Piece, more: str = "") -> str:
    """The page as a server would send it that needs no script."""
    return _page(piece, piece.markup + more)


def shell(piece: Piece, script: str = "", head: str = "", more: str = "") -> str:
    """An app's shell: it promises the article, and fetches it."""
    fetches = (
        f'fetch("/api{piece.path}").then(a => a.json()).then(a => {{ app.innerHTML = a.html }});'
    )
    body = (
        "<header><a href='/'>Báo Thử</a></header><div id='app'></div>"
        "<noscript>Vui lòng bật JavaScript.</noscript>"
        f"{more}<script>const app = document.getElementById('app');{fetches}{script}</script>"
    )
    return _page(piece, body, head)


def _page(piece: Piece, body: str, head: str = "") -> str:
    return (
        "<!doctype html><html lang='vi'><head><meta charset='utf-8'>"
        f"<title>{piece.title}</title><meta property='og:type' content='article'>"
        f"<meta property='og:title' content='{piece.title}'>"
        "<meta property='article:published_time' content='2026-11-20T08:15:00+07:00'>"
        f"{head}</head><body>{body}</body></html>"
    )


def answer(piece: Piece) -> str:
    """What the shell's script is told."""
    return json.dumps({"html": piece.markup})


COOKIE_PAGE = (
    '<html><body><script>document.cookie="D1N=4f1a77"+"; expires=Fri, 31-Dec-2027 23:55:55 GMT; '
    'path=/";window.location.reload(true);</script></body></html>'
)
CHALLENGE_PAGE = (
    "<html><head><title>Just a moment...</title></head><body><div id='cf-chl-widget'></div>"
    "<script>window._cf_chl_opt={cvId:'3'};document.cookie='x=1';location.reload()</script>"
    "</body></html>"
)
AES_PAGE = (
    "<html><body><script src='/aes.js'></script><script>function toNumbers(d){return d}"
    "document.cookie='__test='+slowAES.decrypt(toNumbers('aa'));location.href='/'</script>"
    "</body></html>"
)
DEADLY = "const all = []; for (;;) all.push(new Array(3e7).fill(0.5));"
"""Takes memory until the page's process ends."""
