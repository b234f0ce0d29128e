"""Names and changes that the registry lacks: proposed from what sentences state."""

from __future__ import annotations

import pytest

from tests.unit.registry.linked import findings, officials


def test_a_name_with_a_post_of_hanoi_that_the_registry_lacks_is_collected() -> None:
    text = "Phó Giám đốc Sở Y tế Lê Văn Thử dự họp. Ông nói thêm. Lê Văn Thử ra về."
    (found,) = findings(text).unknown
    assert (found.name, found.post, found.post_id) == ("Lê Văn Thử", "Phó Giám đốc Sở Y tế", None)
    assert found.body_id == "so-y-te"
    assert [text[place.start : place.end] for place in found.places] == ["Lê Văn Thử"] * 2
    assert found.sentence == "Phó Giám đốc Sở Y tế Lê Văn Thử dự họp."


@pytest.mark.parametrize(
    ("text", "name", "post"),
    [
        ("Giám đốc Sở Y tế Hà Nội Lê Văn Thử báo cáo.", "Lê Văn Thử",
         "Giám đốc Sở Y tế Hà Nội"),
        ("Phó Giám đốc Sở Y tế TP Hà Nội Lê Văn Thử báo cáo.", "Lê Văn Thử",
         "Phó Giám đốc Sở Y tế TP Hà Nội"),
        ("Chủ tịch UBND phường Bạch Mai Lê Văn Thử báo cáo.", "Lê Văn Thử",
         "Chủ tịch UBND phường Bạch Mai"),
        ("Chủ tịch UBND thành phố Thào Xuân Thử báo cáo.", "Thào Xuân Thử",
         "Chủ tịch UBND thành phố"),
    ],
)  # fmt: skip
def test_a_stranger_right_after_an_office_has_its_title(text: str, name: str, post: str) -> None:
    """Also after a name in capitals, and with a surname that nobody has listed."""
    (found,) = findings(text).unknown
    assert (found.name, found.post) == (name, post)
    assert officials(text, "2025-11-14") == {}


@pytest.mark.parametrize(
    "text",
    [
        "Bí thư Thành ủy Đinh Tiến Dũng dự họp.",
        "Giám đốc Sở Y tế Nghệ An Lê Văn Thử dự họp.",
        "Nguyên Giám đốc Sở Y tế Lê Văn Thử dự họp.",
        "Ca sĩ Lê Văn Thử hát.",
        "Chủ tịch Quốc hội Lê Văn Thử dự họp.",
        "Ông Lê Văn Thử hát.",
    ],
)
def test_who_is_known_or_has_no_post_of_hanoi_is_not_collected(text: str) -> None:
    assert findings(text).unknown == ()


@pytest.mark.parametrize(
    ("text", "name", "post", "kind", "on", "stated"),
    [
        ("HĐND thành phố bầu ông Lê Văn Thử giữ chức Chủ tịch UBND thành phố.",
         "Lê Văn Thử", "ct-ubnd", "elected", "2025-11-13", False),
        ("Sáng 10-11, HĐND thành phố bầu ông Lê Văn Thử làm Chủ tịch UBND thành phố.",
         "Lê Văn Thử", "ct-ubnd", "elected", "2025-11-10", True),
        ("Bà Lê Thị Thử được bổ nhiệm giữ chức Giám đốc Sở Y tế Hà Nội từ ngày 1-12-2025.",
         "Lê Thị Thử", "gd-so-y-te", "appointed", "2025-12-01", True),
        ("Điều động, phân công đồng chí Lê Văn Thử giữ chức Trưởng ban Nội chính Thành ủy.",
         "Lê Văn Thử", "tb-noi-chinh", "appointed", "2025-11-13", False),
        ("Ông Lê Hồng Sơn thôi giữ chức Phó Chủ tịch UBND thành phố.",
         "Lê Hồng Sơn", "pct-ubnd", "removed", "2025-11-13", False),
        ("HĐND miễn nhiệm chức vụ Chủ tịch UBND thành phố đối với ông Trần Sỹ Thanh.",
         "Trần Sỹ Thanh", "ct-ubnd", "removed", "2025-11-13", False),
        ("Ông Lê Hồng Sơn, Phó Chủ tịch UBND thành phố, nghỉ hưu từ tháng 12/2025.",
         "Lê Hồng Sơn", "pct-ubnd", "retired", "2025-12", True),
    ],
)  # fmt: skip
def test_a_sentence_of_appointment_or_removal_is_a_dated_proposal(
    text: str, name: str, post: str, kind: str, on: str, stated: bool
) -> None:
    (change,) = findings(text).changes
    assert (change.name, change.post_id, change.kind) == (name, post, kind)
    assert (str(change.on), change.on_is_stated) == (on, stated)
    assert change.sentence == text
    assert text[change.place.start : change.place.end] == name


def test_several_people_of_one_sentence_are_several_proposals() -> None:
    text = (
        "HĐND thành phố miễn nhiệm chức vụ Phó Chủ tịch UBND thành phố đối với ông Lê Hồng Sơn "
        "và ông Nguyễn Trọng Đông."
    )
    assert [change.official_id for change in findings(text).changes] == [
        "le-hong-son",
        "nguyen-trong-dong",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Bí thư Thành ủy Bùi Thị Minh Hoài dự họp.",
        "Ông Lê Văn Thử từng giữ chức Giám đốc Sở Y tế Hà Nội.",
        "Trước đó, ông Lê Văn Thử được bổ nhiệm giữ chức Giám đốc Sở Y tế Hà Nội.",
        "Đề nghị bổ nhiệm ông Lê Văn Thử giữ chức Giám đốc Sở Y tế Hà Nội.",
        "Ông Lê Văn Thử được bổ nhiệm giữ chức Giám đốc Sở Y tế Nghệ An.",
    ],
)
def test_the_past_a_wish_or_another_province_is_no_proposal(text: str) -> None:
    assert findings(text).changes == ()
