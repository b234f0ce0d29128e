"""What our indices are called: ``hanoiwatch-articles-000001``, behind ``hanoiwatch-articles``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Names:
    """Everybody reads the aliases; of each pair of indices the revisions go with the articles."""

    prefix: str

    @property
    def articles(self) -> str:
        return f"{self.prefix}-articles"

    @property
    def revisions(self) -> str:
        return f"{self.prefix}-revisions"

    @property
    def aliases(self) -> tuple[str, str]:
        return self.articles, self.revisions

    def pair(self, number: int) -> tuple[str, str]:
        """The indices of that generation."""
        return f"{self.articles}-{number:06}", f"{self.revisions}-{number:06}"

    def pattern(self, alias: str) -> str:
        return f"{alias}-*"

    @staticmethod
    def number(index: str) -> int:
        """Of an index of ours, its generation; 0 for any other name."""
        end = index.rpartition("-")[2]
        return int(end) if end.isdecimal() else 0
