"""The settings, the source files, and whom the sites can write to."""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.doctor.finding import Finding, Patient
from hanoiwatch.errors import HanoiwatchError


def check_settings(patient: Patient) -> Iterator[Finding]:
    """The file has been read when this is asked; a wrong one ends every command with its fault."""
    file = patient.settings_file
    said = f"{file} is valid" if file else "no settings file: everything is by default"
    yield Finding(check="settings", state="ok", said=said)


def check_sources(patient: Patient) -> Iterator[Finding]:
    sources = patient.sources
    if isinstance(sources, HanoiwatchError):
        do = "correct that file, or take it out of the folder"
        yield Finding(check="sources", state="missing", said=str(sources), do=do)
    elif not sources:
        do = "name some in `[sources] enabled`; `hanoiwatch sources list --all` shows all"
        yield Finding(check="sources", state="note", said="a crawl takes none", do=do)
    else:
        yield Finding(check="sources", state="ok", said=f"a crawl takes {len(sources)}")


def check_contact(patient: Patient) -> Iterator[Finding]:
    contact = patient.config.user_agent_contact
    if contact:
        yield Finding(check="contact", state="ok", said=contact)
        return
    sources = () if isinstance(patient.sources, HanoiwatchError) else patient.sources
    live = [source.name for source in sources if not source.is_local]
    if not live:
        yield Finding(check="contact", state="ok", said="not set; no live source is crawled")
        return
    do = (
        "put an address where the sites' people can reach you into hanoiwatch.toml as "
        "`user_agent_contact`"
    )
    said = f"not set, so {len(live)} live sources are refused"
    yield Finding(check="contact", state="missing", said=said, do=do)
