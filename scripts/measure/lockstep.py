"""The whole real server in this process, one pass at a time, with its clients in another process.

Nothing is imitated: it is the server that `evchat-server` runs, with its store, its settings of the garbage collector
and its own loop, which listens on a UNIX socket. At the end of each pass it lets the clients read and write, and waits
for them. So what a pass has to do is the same in every run, and the CPU time of this process is the server's alone.
"""

from __future__ import annotations

import json
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evchat import make_cert
from measure import clients
from measure.counting import Counting
from measure.split import Split
from measure.workloads import Workload, has_tls

_SCRIPTS = Path(__file__).resolve().parents[1]
_PATH = os.pathsep.join((str(_SCRIPTS), str(_SCRIPTS.parent)))
"""Where the processes that are started here find our modules."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a workload in lockstep; `split` measures it by pieces, which makes the whole slower.

    With `count`, callgrind is told to count the instructions of the rounds, and nothing else. With `tally`, rounds are
    not measured but counted: they have the names of COUNTED. Clients come over a UNIX socket, or `tcp`.
    """

    workload: Workload
    dialect: str
    storage: str
    rounds: int
    split: bool = False
    count: bool = False
    tally: bool = False
    tcp: bool = False


Rounds = dict[str, list[dict[str, int]]]
"""By phase, what each round of it took: nanoseconds by piece. The piece "all" is the whole, and "others" is what
threads other than the server's own used of it."""


def measured(run: Run, python: str = sys.executable, wrap: tuple[str, ...] = ()) -> tuple[Rounds, str]:
    """Carries a run out in a process of its own; returns its rounds and what it wrote to stderr.

    `wrap` is a command that runs it, such as valgrind. Raises RuntimeError if it fails.
    """
    plan = json.dumps(asdict(run))
    done = subprocess.run(
        [*wrap, python, "-m", "measure.lockstep", plan],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": _PATH, "PYTHONHASHSEED": "0"},
    )
    if done.returncode:
        raise RuntimeError(f"{run}: {done.stderr[-2000:]}")
    rounds: Rounds = json.loads(done.stdout)
    return rounds, done.stderr


class Lockstep:
    """The server and the one hook behind its own: `rounds` has what was measured, once `play` has returned."""

    def __init__(self, run: Run, folder: Path) -> None:
        from evchat import log
        from evchat.cli import open_store
        from evchat.server.server import Server
        from evchat.settings.model import DEFAULTS, Config, without_limits

        path = str(folder / "socket")
        memory = run.storage == "memory"
        data = None if memory else folder / "data"
        room = replace(DEFAULTS, max_clients=run.workload.clients + run.workload.visitors + 16)
        cert = _certificate(folder) if has_tls(run.dialect) else None
        config = without_limits(
            Config(
                listen=("tcp://127.0.0.1:0" if run.tcp else f"unix://{path}",),
                memory=memory,
                data=data,
                tls_cert=cert,
                tls_key=cert and folder / make_cert.KEY,
                insecure_no_limits=True,
                limits=room,
            )
        )
        log.set_up(config.log_level, config.log_format, limited=False)
        self._measured_by: Split | Counting | None = Counting() if run.tally else None
        self._server = Server(config, open_store(config))
        (url,) = self._server.open()
        if run.tcp:
            path = url.rpartition(":")[2]
        self.rounds: Rounds = defaultdict(list)
        self._count = run.count
        if run.split:
            self._measured_by = Split()
        if isinstance(self._measured_by, Counting):
            self._measured_by.watch(self._server.loop)
        self._ours, theirs = socket.socketpair()
        plan = {"workload": asdict(run.workload), "dialect": run.dialect, "path": path, "rounds": run.rounds}
        self._helper = subprocess.Popen(
            [sys.executable, "-m", "measure.clients", str(theirs.fileno()), json.dumps(plan)],
            pass_fds=[theirs.fileno()],
        )
        theirs.close()
        self._since = self._own_since = self._hooked = 0
        self._server.loop.before_sleep.append(self._passed)

    def play(self) -> None:
        """Runs the server until the clients are done. Raises RuntimeError if they fail."""
        self._server.run()
        self._ours.close()
        if self._helper.wait(30):
            raise RuntimeError("the clients failed")

    def _passed(self) -> None:
        """The end of a pass: the clients' turn."""
        now, own = time.process_time_ns(), time.thread_time_ns()
        pieces = self._measured_by.taken() if self._measured_by is not None else {}
        self._ours.send(b".")
        answer = self._ours.recv(1) or bytes((clients.DONE,))
        if answer[0] == clients.DONE:
            self._tell_callgrind("off")
            self._server.loop.before_sleep.remove(self._passed)
            self._server.stop("done")
            return
        if answer[0] == clients.GO_ON:
            self._hooked += time.thread_time_ns() - own
            return
        if answer[0] != clients.BEGIN:
            whole = now - self._since - self._hooked
            others = whole - (own - self._own_since - self._hooked)
            self.rounds[clients.PHASES[answer[0]]].append({**pieces, "all": whole, "others": others})
        else:
            if self._count or isinstance(self._measured_by, Counting):
                self._stop_the_clock()
            self._tell_callgrind("on")
        if self._measured_by is not None:
            self._measured_by.begin()
        self._hooked = 0
        self._own_since = time.thread_time_ns()
        self._since = time.process_time_ns()

    def _stop_the_clock(self) -> None:
        """Keeps timers from coming due: how many do while a round lasts depends on how busy the machine is."""
        now = self._server.loop.time()
        self._server.loop.time = lambda: now

    def _tell_callgrind(self, state: str) -> None:
        """Switches the counting on or off."""
        if self._count:
            command = ["vgdb", f"--pid={os.getpid()}", "instrumentation", state]
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as switch:
                while switch.poll() is None:
                    pass  # valgrind looks for commands only while it has something to run


def _certificate(folder: Path) -> Path:
    """A certificate in a folder, with its key. Needs the openssl program."""
    subprocess.run(make_cert.command(folder, ["localhost"]), check=True, capture_output=True)
    return folder / make_cert.CERTIFICATE


def main() -> None:
    """Carries out the run that the argument describes, and prints its rounds."""
    plan: dict[str, Any] = json.loads(sys.argv[1])
    run = Run(**{**plan, "workload": Workload(**plan["workload"])})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory(prefix="evchat-bench-") as folder:
        lockstep = Lockstep(run, Path(folder))
        lockstep.play()
    print(json.dumps(lockstep.rounds))


if __name__ == "__main__":
    main()
