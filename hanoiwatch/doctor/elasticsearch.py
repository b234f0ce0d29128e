"""Elasticsearch, where the settings choose it: reached, known, of an age, allowed, in step."""

from __future__ import annotations

from collections.abc import Iterator

from hanoiwatch.doctor.finding import Finding, Patient
from hanoiwatch.errors import ConfigError, IndexUnavailableError, StoreError


def check_elasticsearch(patient: Patient) -> Iterator[Finding]:
    """Nothing is asked, and nothing imported, where the index is a file of our own."""
    if patient.config.store.search != "elasticsearch":
        said = "not used: the search index is a file"
        yield Finding(check="elasticsearch", state="ok", said=said)
        return
    from indexer.search.elastic.examining import examine

    try:
        for fault in (found := examine(patient.config)).faults:
            yield Finding(check="elasticsearch", state="missing", said=fault.said, do=fault.do)
        if not found.faults:
            yield Finding(check="elasticsearch", state="ok", said=found.said)
    except ConfigError as error:
        do = "correct `[elasticsearch]` in the settings file"
        yield Finding(check="elasticsearch", state="missing", said=str(error), do=do)
    except IndexUnavailableError as error:
        do = "start it, or correct address, certificate and credentials in `[elasticsearch]`"
        yield Finding(check="elasticsearch", state="missing", said=str(error), do=do)
    except StoreError as error:
        do = "correct `[elasticsearch]` in the settings file"
        yield Finding(check="elasticsearch", state="missing", said=str(error), do=do)
