"""What is asked of the papers by the river: written queries, drawn ones, and filters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from itertools import cycle, islice

from hanoiwatch.text import fold
from tests.elastic_newsroom import OFFICIAL
from tests.riverside import COPIER, PAPER, WORD

WRITTEN = (
    # from one paragraph into the next: nothing is found
    '"hôm bộ máy"~2', '"rẻ hơn ngành điện"~3', '"hom bo may"~6', '"sau mười giờ xoá xong"~20',
    "", "sap xep bo may", '"sap xep bo may"', '"sắp xếp bộ máy"', '"sắp xếp bộ máy"~3',
    '"sắp xếp tổ chức bộ máy" OR "tinh gọn bộ máy"~4', '"tinh gọn bộ máy"~4', "sắp xếp -bộ",
    "uỷ ban", "ủy ban", "uy ban", "thuỷ", "thủy", "hoà giải", "hòa giải", '"hoa giai"', "hoạ",
    "họa", "kì họp", "kỳ họp", "ky hop", "quí III", "quý iii", "Mỹ Lệ", "Mĩ Lệ", "byline:Tỵ", "Tị",
    "Lí Quỳnh", "15-NQ/TW", "15 NQ TW", "nq-tw", "E-15", "TP.Hà Nội", "1.250,5", "1250", "m3",
    "m³", "8.000 đồng", "ma", "mả", "má", "mạ", "~mả", "đá", "da", "đã", "~đã", "title:đá",
    "caption:(nước OR bùn)", "caption:khuê", "bạch khuê", "lead:(cầu -gỗ)",
    "tag:hdnd OR tag:phường", "text:phường -title:phường", '"neo thuyền" "đổ dầu"',
    '"hai sải không"', '"hai sải không"~3', '"dọn rác trên miệng cống"', '"bơm nước dọn rác"~9',
    '"cống cắm"~1', '"trứ danh" OR "con nước"', "(bến OR cầu) (gỗ OR cát) -xe", "-nước",
    "-(nước OR cầu)", "bến -(lên OR xuống) thanh tra", '"nước lên"~2 "đò ngang"',
    "ngạc đình thuần", '"ủy viên ban thường vụ thành ủy"', "container", "kwh", "đọc sách ~thứ",
    '"đò đầy chớ chở"', "không có từ này", "khong co tu nay", "thuyên", "bẹn", '~"ban tin" ~nuoc',
    "tag:(con nước) -tứ -bạc", "ban tin con nuoc", '"mực nước lên"', "NOT", '"or"', "năm", "nam",
    "y", "i", "q", "xem thêm", "cháy",
)  # fmt: skip
DRAWN = 120


def drawn(phrases: tuple[str, ...]) -> Iterator[str]:
    """Queries that somebody would type who has just read the papers, well or badly."""
    chance = random.Random(7)
    lines = [words for line in phrases if len(words := WORD.findall(line)) > 3]

    def some() -> list[str]:
        line = chance.choice(lines)
        start = chance.randrange(len(line) - 2)
        return line[start : start + chance.randrange(1, 5)]

    def two() -> tuple[str, str]:
        first, second = some(), some()
        return first[0], second[-1]

    makers = (
        lambda: " ".join(some()),
        lambda: fold(" ".join(some())),
        lambda: f'"{" ".join(some())}"',
        lambda: fold(f'"{" ".join(some())}"'),
        lambda: '"{} {}"~{}'.format(*(some()[0], some()[-1]), chance.randrange(9)),
        lambda: f'"{" ".join(some()[::2])}"~{chance.randrange(1, 4)}',
        lambda: "{} OR {}".format(*two()),
        lambda: "{} -{}".format(*two()),
        lambda: f"title:{some()[0]} OR caption:{some()[0]}",
        lambda: f"({' OR '.join(some())}) -({' '.join(some())})",
        lambda: " ".join(some()).upper(),
        lambda: f"~{some()[0]} {some()[-1]}",
    )
    for maker in islice(cycle(makers), DRAWN):
        yield maker()


FILTERS = (
    ("--official", OFFICIAL), ("--official", "Ngạc Đình Thuần", "--section", "Chính trị"),
    ("--post", "uv-btv-thanh-uy"), ("--body", "so-xay-dung"),
    ("--body", "ubnd", "--source", "tin-ven-de"),
    ("--topic", "sap-xep-bo-may"), ("--body", "so-noi-vu", "--body", "so-xay-dung"),
    ("--source", "Tin Ven Đê"), ("--source", PAPER, "--source", COPIER),
    ("--section", "Đô thị", "--section", "Văn hóa"), ("--section", "Do thi"),
    ("--since", "2026-03-09", "--until", "2026-04-20"), ("--since", "2026-05-18T16:45:00+07:00"),
    ("--until", "2026-02-01"), ("--since", "2026-04-01", "--section", "Xã hội", "--body", "ubnd"),
)  # fmt: skip
