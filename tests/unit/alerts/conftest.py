from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.alert_desk import RuleDesk


@pytest.fixture
def rules(tmp_path: Path) -> Iterator[RuleDesk]:
    """A desk without rules yet."""
    desk = RuleDesk(tmp_path / "desk")
    yield desk
    desk.close()
