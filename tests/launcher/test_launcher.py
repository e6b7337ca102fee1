"""The launcher, with every tool that it calls replaced: nothing is downloaded, and nothing of this machine is asked."""

import fcntl
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]
PLAIN_TOOLS = (
    *("sh", "dirname", "readlink", "mkdir", "rm", "find", "sed", "grep", "tail", "cut", "cat", "date", "env", "chmod"),
    *("ln", "timeout", "cp", "touch", "uniq"),
)

# Stands for every Python: it runs our snippets with the real one, and only notes what would install something.
PYTHON = """\
#!/bin/sh
case "$*" in
*"print(sys.executable)"*) [ ! -e "$FAKES/old-python" ] || exit 1; echo "$0" ;;
*"import ensurepip"*) [ ! -e "$FAKES/no-ensurepip" ] ;;
*"import virtualenv"*) exit 1 ;;
*"sys.version_info[:2]"*) echo python3.99-venv ;;
*"--python $0 --version"*) [ -e "$FAKES/has-pip" ] ;;
*"-m venv"*)
    for venv; do :; done
    mkdir -p "$venv/bin" "$venv/lib" && ln -sf "$FAKES/python3.99" "$venv/bin/python" ;;
*"-m pip"*)
    echo "pip $*" >>"$FAKES/log"
    [ ! -e "$FAKES/no-registry" ] || { echo "could not reach the registry"; exit 1; }
    case "$*" in *--editable*) cp "$FAKES/loket-command" "${LOKET_VENV:-$CHECKOUT/.venv}/bin/loket" ;; esac ;;
*"-m playwright --version") [ -e "$FAKES/has-libatomic" ] || { echo "libatomic.so.1: cannot open"; exit 1; } ;;
*"-m playwright install"*) echo "playwright" >>"$FAKES/log"; echo "no route to the download"; [ -e "$FAKES/playwright-works" ] &&
    touch "$FAKES/browser" ;;
*) exec "$REAL_PYTHON" "$@" ;;
esac
"""
UV = """\
#!/bin/sh
echo "uv $*" >>"$FAKES/log"
case "$*" in *install*) [ ! -e "$FAKES/uv-fails" ] || { echo "uv is unwell"; exit 1; } ;; esac
case "$*" in
venv*) for venv; do :; done; mkdir -p "$venv/bin" "$venv/lib" && ln -sf "$FAKES/python3.99" "$venv/bin/python" ;;
*--editable*) cp "$FAKES/loket-command" "$CHECKOUT/.venv/bin/loket" ;;
esac
"""
APT_GET = """\
#!/bin/sh
echo "apt-get $*" >>"$FAKES/log"
case "$*" in
*install*venv*) rm "$FAKES/no-ensurepip" ;;
*install*libatomic1) touch "$FAKES/has-libatomic" ;;
*install*chromium*) [ ! -e "$FAKES/apt-fails" ] && touch "$FAKES/browser" ;;
esac
"""
APT_CACHE = """\
#!/bin/sh
echo "  Candidate: $(cat "$FAKES/candidate-$2" 2>/dev/null || echo '(none)')"
"""
# Stands for audit/machine.py in the launcher's eyes.
MACHINE = """\
import os, pathlib, sys
browser = pathlib.Path(os.environ["FAKES"]) / "browser"
if not browser.exists():
    sys.exit(1)
browser.chmod(0o755)
print(browser)
"""
LOKET_COMMAND = """\
#!/bin/sh
printf 'in %s:' "$PWD"
printf ' <%s>' "$@"
exit "${LOKET_ENDS_WITH:-0}"
"""


@dataclass(frozen=True)
class Checkout:
    """A checkout with the real launcher, in a folder with a space, and a PATH of nothing but stand-ins and plain tools."""

    root: Path
    fakes: Path

    @property
    def venv(self) -> Path:
        return self.root / ".venv"

    def tool(self, name: str, script: str) -> None:
        path = self.fakes / name
        path.write_text(script)
        path.chmod(0o755)

    def so(self, *facts: str) -> None:
        for fact in facts:
            (self.fakes / fact).touch()

    def environment(self, extra: Mapping[str, str]) -> dict[str, str]:
        home = self.root.parent / "home"
        home.mkdir(exist_ok=True)
        ours = {"PATH": str(self.fakes), "HOME": str(home), "FAKES": str(self.fakes), "CHECKOUT": str(self.root)}
        return ours | {"REAL_PYTHON": sys.executable} | dict(extra)

    def start(self, *words: str, cwd: Path | None = None, **extra: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.root / "loket", *words],
            cwd=cwd or self.root,
            env=self.environment(extra),
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    def log(self) -> list[str]:
        log = self.fakes / "log"
        return log.read_text().splitlines() if log.exists() else []

    def forget(self) -> None:
        (self.fakes / "log").unlink(missing_ok=True)


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    made = Checkout(root=tmp_path / "a checkout", fakes=tmp_path / "fakes")
    made.fakes.mkdir()
    (made.root / "requirements").mkdir(parents=True)
    (made.root / "audit").mkdir()
    shutil.copy(REPOSITORY / "loket", made.root)
    (made.root / "pyproject.toml").write_text("[project]\n")
    (made.root / "requirements/locked.txt").write_text(
        "setuptools==1 \\\n    --hash=sha256:aa\nzope==2 \\\n    --hash=sha256:bb\n"
    )
    (made.root / "requirements/locked-dev.txt").write_text("ruff==3 \\\n    --hash=sha256:cc\n")
    (made.root / "audit/machine.py").write_text(MACHINE)
    for tool in PLAIN_TOOLS:
        (made.fakes / tool).symlink_to(shutil.which(tool) or pytest.skip(f"{tool} is not on this machine"))
    made.tool("python3.99", PYTHON)
    made.tool("python3", PYTHON)
    made.tool("id", "#!/bin/sh\necho 1000\n")
    made.tool("loket-command", LOKET_COMMAND)
    made.so("has-libatomic")
    return made


def as_root(checkout: Checkout) -> None:
    checkout.tool("id", "#!/bin/sh\necho 0\n")
    checkout.tool("apt-get", APT_GET)
    checkout.tool("apt-cache", APT_CACHE)


def test_the_first_start_makes_the_environment_and_then_is_the_command(checkout: Checkout, tmp_path: Path) -> None:
    ended = checkout.start("list", "two words", "", cwd=tmp_path, LOKET_ENDS_WITH="75")
    assert ended.stdout == f"in {tmp_path}: <list> <two words> <>"
    assert ended.returncode == 75
    assert "The environment is ready." in ended.stderr


def test_a_second_start_makes_nothing_and_says_nothing(checkout: Checkout) -> None:
    checkout.start("list")
    checkout.forget()
    ended = checkout.start("list")
    assert (ended.stderr, checkout.log()) == ("", [])


def test_pip_installs_one_small_file_first_then_the_locked_releases_by_hash_then_loket_itself(
    checkout: Checkout,
) -> None:
    checkout.start("list")
    first, everything, loket = checkout.log()
    assert first.endswith(f"--require-hashes -r {checkout.venv}/first.txt")
    assert (checkout.venv / "first.txt").read_text() == "setuptools==1 \\\n    --hash=sha256:aa\n"
    assert everything.endswith(f"--require-hashes -r {checkout.root}/requirements/locked.txt")
    assert loket.endswith(f"--no-deps --no-build-isolation --editable {checkout.root}")


def test_uv_is_used_where_it_is(checkout: Checkout) -> None:
    checkout.tool("uv", UV)
    assert checkout.start("list").returncode == 0
    assert [line.split()[0] for line in checkout.log()] == ["uv"] * 5


def test_where_uv_fails_pip_takes_over(checkout: Checkout) -> None:
    checkout.tool("uv", UV)
    checkout.so("uv-fails")
    ended = checkout.start("list")
    assert "uv is unwell" in ended.stderr
    assert "uv did not manage; going on with pip." in ended.stderr
    assert ended.stdout.endswith("<list>")


@pytest.mark.parametrize("changed", ["pyproject.toml", "requirements/locked.txt", "requirements/locked-dev.txt"])
def test_a_changed_lock_or_project_file_makes_the_environment_anew(checkout: Checkout, changed: str) -> None:
    checkout.start("list")
    (checkout.venv / "left-over").touch()
    with (checkout.root / changed).open("a") as file:
        file.write("# changed\n")
    ended = checkout.start("list")
    assert "Making the environment" in ended.stderr
    assert not (checkout.venv / "left-over").exists()


def test_an_environment_that_was_broken_off_is_made_anew(checkout: Checkout) -> None:
    checkout.so("no-registry")
    broken_off = checkout.start("list")
    assert broken_off.returncode == 3
    assert "could not reach the registry" in broken_off.stderr
    (checkout.fakes / "no-registry").unlink()
    assert checkout.start("list").stdout.endswith("<list>")


def test_an_environment_whose_python_is_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.start("list")
    (checkout.venv / "bin/python").unlink()
    (checkout.venv / "bin/python").symlink_to("/nowhere/python")
    assert checkout.start("list").stdout.endswith("<list>")


def test_an_environment_whose_packages_are_gone_is_made_anew(checkout: Checkout) -> None:
    checkout.start("list")
    shutil.rmtree(checkout.venv / "lib")
    assert "The environment is ready." in checkout.start("list").stderr


def test_a_moved_checkout_gets_a_new_environment(checkout: Checkout, tmp_path: Path) -> None:
    checkout.start("list")
    moved = Checkout(root=tmp_path / "moved", fakes=checkout.fakes)
    checkout.root.rename(moved.root)
    assert "Making the environment" in moved.start("list").stderr


def test_a_link_to_the_launcher_works_from_elsewhere(checkout: Checkout, tmp_path: Path) -> None:
    link = tmp_path / "loket-link"
    link.symlink_to(checkout.root / "loket")
    ended = subprocess.run(
        [link, "list"], cwd="/", env=checkout.environment({}), capture_output=True, text=True, check=False
    )
    assert ended.stdout == "in /: <list>"


def test_a_python_that_does_not_start_is_passed_over(checkout: Checkout) -> None:
    checkout.tool("python3.13", "#!/bin/sh\necho 'pyenv: python3.13: command not found' >&2\nexit 127\n")
    assert checkout.start("list").stdout.endswith("<list>")


def test_without_a_new_enough_python_the_line_to_type_is_printed(checkout: Checkout) -> None:
    checkout.so("old-python")
    ended = checkout.start("list")
    assert ended.returncode == 3
    assert "sudo apt-get install python3 python3-venv" in ended.stderr


def test_a_named_python_that_does_not_fit_is_refused(checkout: Checkout) -> None:
    ended = checkout.start("list", LOKET_PYTHON="/nowhere/python")
    assert (ended.returncode, ended.stderr) == (
        3,
        "loket: LOKET_PYTHON=/nowhere/python does not start, or is older than 3.11.\n",
    )


def test_without_pythons_venv_an_ordinary_user_is_told_what_to_type(checkout: Checkout) -> None:
    checkout.tool("apt-get", APT_GET)
    checkout.so("no-ensurepip")
    ended = checkout.start("list")
    assert ended.returncode == 3
    assert "    sudo apt-get install python3.99-venv\n" in ended.stderr
    assert checkout.log() == []


def test_without_pythons_venv_root_fetches_it(checkout: Checkout) -> None:
    as_root(checkout)
    checkout.so("no-ensurepip")
    ended = checkout.start("list")
    assert ended.stdout.endswith("<list>")
    assert any(line.endswith("install --yes --no-install-recommends python3.99-venv") for line in checkout.log())


def test_without_pythons_venv_a_pip_outside_fills_the_environment(checkout: Checkout) -> None:
    checkout.so("no-ensurepip", "has-pip")
    assert checkout.start("list").stdout.endswith("<list>")
    assert f"-m pip --python {checkout.venv}/bin/python install" in checkout.log()[0]


def test_a_folder_that_cannot_be_written_to_is_explained(checkout: Checkout) -> None:
    ended = checkout.start("list", LOKET_VENV="/proc/loket")
    assert ended.returncode == 3
    assert "name another place in LOKET_VENV" in ended.stderr


def test_two_starts_at_once_make_one_environment(checkout: Checkout) -> None:
    checkout.venv.mkdir()
    lock = (checkout.venv / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    waiting = subprocess.Popen(
        [checkout.root / "loket", "list"],
        env=checkout.environment({}),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        assert waiting.stderr is not None
        assert (
            waiting.stderr.readline()
            == "loket: Another loket is at work in this environment; waiting until it is done ...\n"
        )
        assert checkout.log() == []
    finally:
        lock.close()
    out, _ = waiting.communicate(timeout=30)
    assert out.endswith("<list>")
    assert len(checkout.log()) == 3


def test_an_environment_in_use_is_not_remade_under_the_running_command(checkout: Checkout) -> None:
    checkout.tool(
        "loket-command",
        '#!/bin/sh\necho started\nread -r line\n[ -e "$CHECKOUT/.venv/lib/loket-stamp" ] && echo "still whole"\n',
    )
    checkout.start("list")
    running = subprocess.Popen(
        [checkout.root / "loket"],
        env=checkout.environment({}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert running.stdout is not None
    assert running.stdout.readline() == "started\n"
    (checkout.root / "pyproject.toml").write_text("[project]\n# changed\n")
    remaking = subprocess.Popen(
        [checkout.root / "loket"],
        env=checkout.environment({}),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert remaking.stderr is not None
    assert "waiting until it is done" in remaking.stderr.readline()
    out, _ = running.communicate("go on\n", timeout=30)
    assert out == "still whole\n"
    _, err = remaking.communicate(timeout=30)
    assert "The environment is ready." in err


def test_a_browser_is_looked_for_only_by_commands_that_need_one(checkout: Checkout) -> None:
    assert "Chromium" not in checkout.start("explain", "phone_offered").stderr
    assert "No Chromium was found" in checkout.start("demo").stderr


def test_the_installed_browser_is_noted_and_not_looked_for_again(checkout: Checkout) -> None:
    checkout.so("browser")
    assert "Chromium" not in checkout.start("demo").stderr
    assert (checkout.venv / "browser").read_text() == f"{checkout.fakes}/browser\n"
    (checkout.root / "audit/machine.py").unlink()
    assert checkout.start("demo").stderr == ""


def test_a_library_that_playwrights_driver_lacks_is_fetched_by_root(checkout: Checkout) -> None:
    as_root(checkout)
    checkout.so("browser")
    (checkout.fakes / "has-libatomic").unlink()
    ended = checkout.start("demo")
    assert "libatomic.so.1: cannot open" in ended.stderr
    assert checkout.log()[-1].endswith("libatomic1")
    assert (checkout.venv / "browser").exists()


def test_a_library_that_playwrights_driver_lacks_is_named_to_an_ordinary_user(checkout: Checkout) -> None:
    checkout.so("browser")
    (checkout.fakes / "has-libatomic").unlink()
    ended = checkout.start("demo")
    assert ended.stderr.endswith("loket:     sudo apt-get install libatomic1\n")
    assert not (checkout.venv / "browser").exists()


def test_a_noted_browser_that_is_gone_is_looked_for_again(checkout: Checkout) -> None:
    checkout.so("browser")
    checkout.start("demo")
    (checkout.fakes / "browser").unlink()
    assert "No Chromium was found" in checkout.start("demo").stderr


def test_playwrights_browser_is_the_second_way(checkout: Checkout) -> None:
    checkout.so("playwright-works")
    ended = checkout.start("run", "https://agency.example")
    assert "The browser is ready:" in ended.stderr
    assert ended.stdout.endswith("<run> <https://agency.example>")


def test_the_distributions_browser_is_the_third_way(checkout: Checkout) -> None:
    as_root(checkout)
    (checkout.fakes / "candidate-chromium-headless-shell").write_text("156.0.8078.79-1~deb12u1")
    ended = checkout.start("demo", PLAYWRIGHT_BROWSERS_PATH=str(checkout.fakes))
    assert "Playwright's Chromium could not be fetched" in ended.stderr
    assert "The browser is ready:" in ended.stderr
    assert checkout.log()[-1].endswith("chromium-headless-shell")


def test_ubuntus_snap_is_not_taken_for_a_browser(checkout: Checkout) -> None:
    as_root(checkout)
    (checkout.fakes / "candidate-chromium").write_text("2:1snap1-0ubuntu2")
    ended = checkout.start("demo", PLAYWRIGHT_BROWSERS_PATH=str(checkout.fakes))
    assert "Ubuntu's is a snap" in ended.stderr
    assert "-m playwright install --with-deps --only-shell chromium" in ended.stderr
    assert not any("chromium" in line for line in checkout.log() if line.startswith("apt-get"))


def test_without_any_browser_each_failure_is_said_and_the_command_still_starts(checkout: Checkout) -> None:
    checkout.tool("apt-get", APT_GET)
    checkout.tool("apt-cache", APT_CACHE)
    (checkout.fakes / "candidate-chromium").write_text("156.0.8078.79-1~deb12u1")
    ended = checkout.start("demo")
    assert ended.stderr.splitlines()[2:] == [
        "loket: No Chromium was found on this machine.",
        "loket: Fetching Playwright's Chromium ...",
        "loket:     no route to the download",
        "loket: Playwright's Chromium could not be fetched: the lines above say why.",
        "loket: The distribution's Chromium was not tried: that needs root, or sudo without a password.",
        "loket: There is still no Chromium. Type this, then start again:",
        "loket:     sudo apt-get install chromium",
    ]
    assert ended.stdout.endswith("<demo>")


def test_a_machine_that_uses_anothers_browser_is_left_alone(checkout: Checkout) -> None:
    ended = checkout.start("run", "x", LOKET_WITHOUT_BROWSER="1")
    assert "Chromium" not in ended.stderr


def with_checks(checkout: Checkout, **codes: int) -> None:
    """Make the development environment, with checks that end with these codes."""
    checkout.so("browser")
    checkout.start("list")
    for tool in ("ruff", "mypy", "lint-imports", "pytest"):
        path = checkout.venv / "bin" / tool
        path.write_text(f'#!/bin/sh\necho "{tool} <$*>"\nexit {codes.get(tool, 0)}\n')
        path.chmod(0o755)


def test_the_tools_for_testing_are_added_to_an_environment_that_stands(checkout: Checkout) -> None:
    with_checks(checkout)
    checkout.forget()
    ended = checkout.start("test")
    assert any(line.endswith("locked-dev.txt") for line in checkout.log())
    assert ended.returncode == 0
    checkout.forget()
    checkout.start("list")
    checkout.start("test")
    assert checkout.log() == []


def test_all_checks_run_and_the_worst_exit_code_is_passed_on(checkout: Checkout) -> None:
    with_checks(checkout, mypy=2, pytest=1)
    ended = checkout.start("test", cwd=Path("/"))
    assert ended.returncode == 2
    ran = [line for line in ended.stdout.splitlines() if line.endswith(">")]
    assert ran[:4] == ["ruff <check .>", "ruff <format --check .>", "mypy <>", "lint-imports <>"]
    assert ran[4].startswith("pytest <")
    verdicts = [line.rpartition(" (")[0].split(maxsplit=1) for line in ended.stdout.splitlines()[-5:]]
    assert verdicts == [
        ["ok", "ruff check"],
        ["ok", "ruff format"],
        ["FAILED", "mypy --strict"],
        ["ok", "import contracts"],
        ["FAILED", "all tests"],
    ]


def test_words_after_test_go_to_pytest_alone(checkout: Checkout) -> None:
    with_checks(checkout, pytest=5)
    ended = checkout.start("test", "-k", "two words")
    assert ended.returncode == 5
    assert ended.stdout.startswith("pytest <")
    assert ended.stdout.endswith(" -k two words>\n")


def test_a_home_that_cannot_be_written_to_holds_no_cache(checkout: Checkout) -> None:
    checkout.tool("python3.99", PYTHON.replace('echo "pip $*"', 'echo "$PIP_NO_CACHE_DIR pip $*"'))
    assert checkout.start("list", HOME="/proc/none").returncode == 0
    assert all(line.startswith("1 pip ") for line in checkout.log())


def test_the_launcher_is_clean_for_shellcheck() -> None:
    shellcheck = shutil.which("shellcheck")
    if shellcheck is None:
        pytest.skip("shellcheck is not on this machine")
    scripts = [REPOSITORY / name for name in ("loket", "requirements/lock", ".ci/run")]
    ended = subprocess.run([shellcheck, *scripts], capture_output=True, text=True, check=False)
    assert ended.stdout == ""
