"""Who held which post on which day: a table read against the sources, not against the code."""

from __future__ import annotations

from datetime import date

import pytest

from hanoiwatch.registry import load_registry

NOBODY = ""
UNSURE = "?"
"""The dates that are known leave it open: nothing is resolved."""

TABLE = """
bi-thu-thanh-uy   2019-12-31 hoang-trung-hai
bi-thu-thanh-uy   2020-02-06 hoang-trung-hai
bi-thu-thanh-uy   2020-02-07 vuong-dinh-hue
bi-thu-thanh-uy   2020-03-01 vuong-dinh-hue
bi-thu-thanh-uy   2021-04-02 vuong-dinh-hue
bi-thu-thanh-uy   2021-04-03 dinh-tien-dung
bi-thu-thanh-uy   2024-04-10 dinh-tien-dung
bi-thu-thanh-uy   2024-06-18 dinh-tien-dung
bi-thu-thanh-uy   2024-06-25
bi-thu-thanh-uy   2024-07-16
bi-thu-thanh-uy   2024-07-17 bui-thi-minh-hoai
bi-thu-thanh-uy   2025-11-03 bui-thi-minh-hoai
bi-thu-thanh-uy   2025-11-04 nguyen-duy-ngoc
bi-thu-thanh-uy   2026-02-13 nguyen-duy-ngoc
bi-thu-thanh-uy   2026-02-14 ?
dieu-hanh-thanh-uy 2024-07-01 nguyen-thi-tuyen
dieu-hanh-thanh-uy 2024-07-17
ct-ubnd           2020-03-01 nguyen-duc-chung
ct-ubnd           2020-09-24 nguyen-duc-chung
ct-ubnd           2020-09-25 chu-ngoc-anh
ct-ubnd           2022-06-06 chu-ngoc-anh
ct-ubnd           2022-06-07
ct-ubnd           2022-06-20
ct-ubnd           2022-07-21
ct-ubnd           2022-07-22 tran-sy-thanh
ct-ubnd           2024-04-10 tran-sy-thanh
ct-ubnd           2025-11-12 tran-sy-thanh
ct-ubnd           2025-11-13 nguyen-duc-trung
ct-ubnd           2025-11-27 nguyen-duc-trung
ct-ubnd           2025-11-28 vu-dai-thang
ct-ubnd           2025-12-01 vu-dai-thang
ct-ubnd           2026-06-01 ?
dieu-hanh-ubnd    2020-09-01 nguyen-van-suu
dieu-hanh-ubnd    2022-06-20 le-hong-son
dieu-hanh-ubnd    2022-07-22
dieu-hanh-ubnd    2025-11-10 duong-duc-tuan
ct-hdnd           2020-06-01 nguyen-thi-bich-ngoc
ct-hdnd           2020-12-20 ?
ct-hdnd           2021-06-23 nguyen-ngoc-tuan
ct-hdnd           2024-04-10 nguyen-ngoc-tuan
ct-hdnd           2025-11-12 nguyen-ngoc-tuan
ct-hdnd           2025-11-13 phung-thi-hong-ha
pbt-thuong-truc   2022-01-15 nguyen-thi-tuyen
pbt-thuong-truc   2024-11-06
pbt-thuong-truc   2024-12-20 ?
pbt-thuong-truc   2025-02-25 nguyen-van-phong
pct-tt-ubnd       2022-01-15 le-hong-son
pct-tt-ubnd       2025-06-01 ?
pct-ubnd          2024-04-10 ?
tb-to-chuc        2024-04-10 vu-duc-bao
tb-to-chuc        2025-01-20 ?
tb-to-chuc        2025-10-17 ha-minh-hai
cn-ubkt           2023-05-05 hoang-trong-quyet
cn-ubkt           2025-10-25 nguyen-xuan-luu
cn-ubkt           2025-11-05 nguyen-xuan-luu
cn-ubkt           2025-11-12 do-anh-tuan
tb-noi-chinh      2025-05-05 ?
tb-noi-chinh      2025-12-15 tran-dinh-canh
ct-mttq           2025-10-20 ?
ct-mttq           2025-11-18 bui-huyen-mai
gd-so-gddt        2025-11-12 tran-the-cuong
gd-so-gddt        2025-11-13
gd-so-gddt        2026-01-12
gd-so-gddt        2026-01-13 nguyen-van-hien
gd-so-y-te        2025-01-01
gd-so-y-te        2025-12-24 nguyen-trong-dien
gd-so-tai-chinh   2024-04-10 nguyen-xuan-luu
gd-so-tai-chinh   2025-11-20
gd-so-xay-dung    2020-05-31 le-van-duc
gd-so-xay-dung    2020-06-01 vo-nguyen-phong
gd-so-xay-dung    2025-02-27 nguyen-phi-thuong
gd-so-xay-dung    2025-08-01 nguyen-phi-thuong
gd-so-khcn        2025-06-21 nguyen-hong-son
gd-so-khcn        2025-06-22 tran-anh-tuan
gd-so-khcn        2026-01-13 cu-ngoc-trang
gd-so-noi-vu      2026-01-13 nguyen-minh-long
gd-so-tu-phap     2023-05-05 ?
gd-cong-an        2020-07-31 ?
gd-cong-an        2020-08-01 nguyen-hai-trung
gd-cong-an        2025-02-26
gd-cong-an        2025-03-01 nguyen-thanh-tung
tu-lenh           2025-06-13 nguyen-quoc-duyet
tu-lenh           2025-06-14 dao-van-nhan
chanh-vp-ubnd     2025-12-24 nguyen-tien-thiet
truong-doan-dbqh  2024-04-10
gd-bao-ptth       2026-02-05 vu-minh-tuan
"""
ROWS = [(*line.split(), NOBODY)[:3] for line in TABLE.split("\n") if line]


def test_the_table_is_as_large_as_it_claims() -> None:
    assert len(ROWS) >= 60
    assert len({tuple(row) for row in ROWS}) == len(ROWS)


@pytest.mark.parametrize(("post", "day", "who"), ROWS)
def test_a_post_by_itself_means_its_holder_of_that_day(post: str, day: str, who: str) -> None:
    registry, on = load_registry(), date.fromisoformat(day)
    holder = registry.sole_holder(post, on)
    possible = registry.holders(post, on)
    if who == UNSURE:
        assert holder is None
        assert possible
    elif who == NOBODY:
        assert holder is None
        assert not possible
    else:
        assert holder is not None
        assert holder.official == who
