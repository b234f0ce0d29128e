"""What cannot be run here is read by the programs that would run it, and linted."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from hanoiwatch.config import load_config
from tests.deploy.programs import DEPLOY, ROOT, program

COMPOSE = DEPLOY / "compose.yaml"
DOCKERFILE = DEPLOY / "Dockerfile"


def run(
    *command: str | Path, env: dict[str, str] | None = None, cwd: Path | None = None
) -> subprocess.CompletedProcess:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, env=env, cwd=cwd, timeout=600
    )


def docker_compose() -> Path:
    """The program itself: its wrapper in Python drops the exit code."""
    (found,) = program("linters", "python").parents[1].glob("lib/*/site-packages/compose/docker-*")
    return found


def settings() -> dict[str, str]:
    """`example.env`, filled in."""
    lines = (DEPLOY / "example.env").read_text("utf-8").splitlines()
    pairs = (line.split("=", 1) for line in lines if line and not line.startswith("#"))
    return {name: value or f"{name}-is-set" for name, value in pairs}


@pytest.mark.slow
def test_docker_compose_reads_the_file() -> None:
    said = run(
        docker_compose(), "-f", COMPOSE, "config", "--format", "json",
        env={"PATH": os.environ["PATH"]} | settings(),
    )  # fmt: skip
    assert (said.returncode, said.stderr) == (0, "")
    services = json.loads(said.stdout)["services"]
    assert set(services) == {"elasticsearch", "setup", "kibana", "hanoiwatch"}
    assert services["kibana"]["depends_on"]["setup"]["condition"] == (
        "service_completed_successfully"
    )
    built = services["hanoiwatch"]["build"]
    assert Path(built["context"], built["dockerfile"]).samefile(DOCKERFILE)


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(name for name in settings() if name.isupper()))
def test_docker_compose_asks_for_each_secret(name: str) -> None:
    """Nothing starts with a secret that nobody gave; folders have defaults."""
    env = {"PATH": os.environ["PATH"]} | {k: v for k, v in settings().items() if k != name}
    said = run(docker_compose(), "-f", COMPOSE, "config", "--quiet", env=env)
    if name in ("DESK", "SNAPSHOTS"):
        assert said.returncode == 0, said.stderr
    else:
        assert said.returncode != 0
        assert f"{name} is missing a value: set it in deploy/.env" in said.stderr


@pytest.mark.slow
def test_compose_lint_finds_nothing_of_weight() -> None:
    """Digests of images cannot be looked up here, and limits of processors are the desk's."""
    said = run(program("linters", "compose-lint"), "check", "--fail-on", "high", COMPOSE)
    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.slow
def test_hadolint_finds_nothing() -> None:
    said = run(program("linters", "hadolint"), "--failure-threshold", "style", DOCKERFILE)
    assert (said.returncode, said.stdout) == (0, "")


@pytest.mark.slow
def test_shellcheck_finds_nothing() -> None:
    said = run(program("linters", "shellcheck"), DEPLOY / "elasticsearch" / "setup.sh")
    assert (said.returncode, said.stdout) == (0, "")


def services() -> dict[str, dict]:
    return yaml.safe_load(COMPOSE.read_text("utf-8"))["services"]


def test_every_service_has_a_memory_limit_and_gains_no_privileges() -> None:
    for name, service in services().items():
        assert service.get("mem_limit"), name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert not service.get("privileged"), name


def test_what_stays_up_is_watched() -> None:
    """Of hanoiwatch by the image's own health check."""
    for name, service in services().items():
        if service["restart"] == "unless-stopped":
            assert "healthcheck" in service or "HEALTHCHECK" in DOCKERFILE.read_text(), name


def test_ports_are_open_to_this_machine_alone() -> None:
    ports = [port for service in services().values() for port in service.get("ports", ())]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []


def test_no_file_of_deploy_holds_a_secret() -> None:
    """Whatever is called password, key or token is a reference, or empty."""
    secret = r"\w*(?:PASSWORD|KEY|TOKEN|SECRET)\w*"
    named = re.compile(rf"^\s*{secret}[ \t]*[:=][ \t]*(.*)$", re.MULTILINE)
    for path in [COMPOSE, DEPLOY / "example.env"]:
        values = [value.strip() for value in named.findall(path.read_text("utf-8"))]
        assert values, path
        assert [v for v in values if v and not re.fullmatch(r"\$\{\w+:\?[^}]+\}", v)] == []


def test_all_that_compose_asks_for_is_in_the_example() -> None:
    asked = set(re.findall(r"\$\{(\w+):\?", COMPOSE.read_text("utf-8")))
    assert asked == settings().keys() - {"DESK", "SNAPSHOTS"}


def test_the_service_s_settings_are_settings() -> None:
    given = services()["hanoiwatch"]["environment"]
    filled = {name: re.sub(r"\$\{\w+:\?[^}]+\}", "given", value) for name, value in given.items()}
    config = load_config(environment=filled)
    assert config.store.search == "elasticsearch"
    assert config.elasticsearch.hosts == ("http://elasticsearch:9200",)
    assert (config.elasticsearch.user, config.elasticsearch.password) == ("hanoiwatch", "given")


def pins(path: Path) -> dict[str, str]:
    return dict(re.findall(r"^([\w.-]+)==([^\s;]+)", path.read_text("utf-8"), re.MULTILINE))


def test_the_image_holds_the_versions_that_are_tested() -> None:
    image, ours = pins(DEPLOY / "requirements.lock"), pins(ROOT / "requirements.lock")
    assert len(image) > 50
    assert {name: v for name, v in image.items() if ours.get(name) != v} == {}
    assert not image.keys() & {"pytest", "mypy", "ruff"}


def test_the_image_holds_all_that_the_program_needs() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[^\w.-]", one)[0].replace("_", "-") for one in project["dependencies"]}
    assert needed - pins(DEPLOY / "requirements.lock").keys() == set()


def test_the_image_takes_every_package_and_runs_as_nobody_special() -> None:
    text = DOCKERFILE.read_text("utf-8")
    copied = set(re.findall(r"^COPY (\w+) \1$", text, re.MULTILINE))
    assert copied == {"hanoiwatch", "crawler", "indexer", "scheduler"}
    ignored = (DEPLOY / "Dockerfile.dockerignore").read_text("utf-8")
    assert {line[1:] for line in ignored.splitlines() if line.startswith("!")} >= copied
    last = text[text.rindex("\nFROM ") :]
    assert re.search(r"^USER 10001:10001$", last, re.MULTILINE)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_the_steps_of_the_image_make_a_program_that_runs(tmp_path: Path) -> None:
    """What its first stage copies and runs, with other folders: stands for a build where no
    image can be made."""
    target, source = tmp_path / "opt", tmp_path / "src"
    stage = DOCKERFILE.read_text("utf-8").replace("\\\n", " ").split("\nFROM ")[1]
    copy_what_it_copies(stage, source)
    steps = re.findall(r"^RUN (.+)$", stage, re.MULTILINE)
    assert len(steps) == 2
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    for step in steps:
        command = step.replace("/opt/hanoiwatch", str(target))
        said = run("sh", "-euc", command, env=dict(os.environ) | {"PATH": path}, cwd=source)
        assert said.returncode == 0, said.stdout + said.stderr
    asked = run(target / "bin" / "hanoiwatch", "--version", env={"PATH": "/usr/bin"}, cwd=tmp_path)
    assert asked.stdout.startswith("hanoiwatch, version "), asked.stderr
    where = run(target / "bin" / "python", "-c", "import indexer; print(indexer.__file__)",
                cwd=tmp_path)  # fmt: skip
    assert where.stdout.startswith(str(target))
    sources = run(target / "bin" / "hanoiwatch", "sources", "list", cwd=tmp_path)
    assert "hanoimoi" in sources.stdout, sources.stderr


def copy_what_it_copies(stage: str, into: Path) -> None:
    for line in re.findall(r"^COPY (.+)$", stage, re.MULTILINE):
        *sources, place = line.split()
        for source in sources:
            to = into / (Path(source).name if place == "./" else place)
            to.parent.mkdir(parents=True, exist_ok=True)
            if (ROOT / source).is_dir():
                shutil.copytree(ROOT / source, to, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / source, to)
