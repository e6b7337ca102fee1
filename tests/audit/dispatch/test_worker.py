import os
import subprocess
import sys
import threading

import pytest

from audit.dispatch import worker
from audit.dispatch.worker import Heart, is_dead, this_worker
from audit.store.problem import StoreProblemError


def test_this_worker_lives() -> None:
    assert not is_dead(this_worker())


def test_a_process_that_ended_is_dead() -> None:
    code = "from audit.dispatch.worker import this_worker; print(this_worker())"
    name = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert is_dead(name)


def test_another_process_with_the_same_id_is_not_the_same_worker() -> None:
    machine, _, _ = this_worker().rpartition(" ")
    assert is_dead(f"{machine} 1")


def test_a_worker_of_another_machine_is_never_called_dead() -> None:
    assert not is_dead("machine elsewhere, process 1, started at tick 1")


def test_words_that_are_no_worker_are_never_called_dead() -> None:
    assert not is_dead("somebody")


def test_the_heart_beats_while_the_work_lasts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_RENEW_SECONDS", 0.01)
    beats = threading.Semaphore(0)
    with Heart(beats.release):
        assert beats.acquire(timeout=5)
        assert beats.acquire(timeout=5)
    assert threading.active_count() >= 1
    assert "lease" not in [thread.name for thread in threading.enumerate()]


def test_a_zombie_is_dead() -> None:
    child = subprocess.Popen([sys.executable, "-c", ""])
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    machine = this_worker().rpartition(", process ")[0]
    assert is_dead(f"{machine}, process {child.pid}, started at tick 5")
    child.wait()


def test_the_heart_goes_on_when_the_ledger_is_busy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "_RENEW_SECONDS", 0.01)
    beats = threading.Semaphore(0)

    def busy() -> None:
        beats.release()
        raise StoreProblemError("the ledger is busy")

    with Heart(busy):
        assert beats.acquire(timeout=5)
        assert beats.acquire(timeout=5)
