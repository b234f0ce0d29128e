"""Puts a node together, once for each version and source, from jars of Maven Central.

It lies in the user's cache (`HANOIWATCH_CACHE`, else `XDG_CACHE_HOME`, else ``~/.cache``), never
in the repository. Two processes that build at once wait for each other.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
POM = HERE / "pom.xml"
JAVA = HERE / "java"
LEAST_JDK = 21
"""Elasticsearch 9 starts on nothing older."""
_DESCRIPTOR = """\
name={name}
description={name}
version={version}
elasticsearch.version={version}
java.version=21
classname={main}
"""
_JVM_HOMES = Path("/usr/lib/jvm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """A node that can be started."""

    folder: Path
    jdk: Path

    @property
    def classpath(self) -> str:
        return f"{self.folder / 'launcher'}:{self.folder / 'lib'}/*"


def why_no_node() -> str:
    """What this machine lacks to build a node; empty where it lacks nothing."""
    if _find_jdk() is None:
        return f"no JDK of {LEAST_JDK} or newer in JAVA_HOME or {_JVM_HOMES}"
    if shutil.which("mvn") is None:
        return "no Maven (mvn) on the PATH"
    return ""


def elasticsearch_version() -> str:
    found = re.search(r"<elasticsearch.version>([^<]+)", POM.read_text())
    assert found
    return found[1]


def build() -> Home:
    """The node's home, built where it is not there yet."""
    jdk = _find_jdk()
    assert jdk, why_no_node()
    folder = _cache() / f"{elasticsearch_version()}-{_digest()}"
    with _alone(folder.with_suffix(".lock")):
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            _fetch(folder)
            _compile(folder, jdk)
            (folder / "complete").touch()
    return Home(folder=folder, jdk=jdk)


def _cache() -> Path:
    base = os.environ.get("HANOIWATCH_CACHE") or os.environ.get("XDG_CACHE_HOME")
    folder = Path(base) if base else Path.home() / ".cache"
    made = folder / "hanoiwatch-elasticnode"
    made.mkdir(parents=True, exist_ok=True)
    return made


def _digest() -> str:
    """Of everything that it is built from."""
    files = [POM, Path(__file__), *sorted(JAVA.glob("*.java"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


@contextmanager
def _alone(lock: Path) -> Iterator[None]:
    with lock.open("w") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def _fetch(folder: Path) -> None:
    for name in ("config", "plugins", "modules"):
        (folder / name).mkdir(parents=True)
    subprocess.run(
        ["mvn", "-q", "-B", "-f", POM, "dependency:copy-dependencies",
         f"-DoutputDirectory={folder / 'lib'}"],
        check=True,
    )  # fmt: skip
    netty = _module(folder, "transport-netty4", "org.elasticsearch.transport.netty4.Netty4Plugin")
    for jar in [*(folder / "lib").glob("netty-*"), *(folder / "lib").glob("transport-netty4-*")]:
        jar.rename(netty / jar.name)


def _module(folder: Path, name: str, main: str) -> Path:
    module = folder / "modules" / name
    module.mkdir()
    descriptor = _DESCRIPTOR.format(name=name, main=main, version=elasticsearch_version())
    (module / "plugin-descriptor.properties").write_text(descriptor)
    return module


def _compile(folder: Path, jdk: Path) -> None:
    javac = [jdk / "bin" / "javac", "-proc:none", "-cp", f"{folder / 'lib'}/*"]
    subprocess.run([*javac, "-d", folder / "launcher", JAVA / "Main.java"], check=True)
    parts = [JAVA / "Parts.java", JAVA / "Root.java"]
    subprocess.run([*javac, "-d", folder / "classes", *parts], check=True)
    jar = _module(folder, "parts", "Parts") / "parts.jar"
    subprocess.run([jdk / "bin" / "jar", "cf", jar, "-C", folder / "classes", "."], check=True)


def _find_jdk() -> Path | None:
    """The newest JDK that has a compiler."""
    homes = [Path(os.environ["JAVA_HOME"])] if "JAVA_HOME" in os.environ else []
    if _JVM_HOMES.is_dir():
        homes += sorted(_JVM_HOMES.iterdir())
    versions = {_javac_version(home): home for home in homes}
    newest = max(versions, default=0)
    return versions[newest] if newest >= LEAST_JDK else None


def _javac_version(home: Path) -> int:
    javac = home / "bin" / "javac"
    if not javac.exists():
        return 0
    said = subprocess.run([javac, "-version"], capture_output=True, text=True, check=False)
    found = re.search(r"javac (\d+)", said.stdout)
    return int(found[1]) if found else 0
