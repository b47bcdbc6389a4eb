"""Runs one command as the child of a scheduler and sees that it does not outlive it. Stores nothing, imports nothing heavy.

python -I -S warden.py QUIET GRACE WORDS NOTE... COMMAND...

The scheduler holds the other end of stdin and writes to it: `.` the job is still its own, `t` end it politely, `k` at once.
When nothing comes for QUIET seconds (the scheduler hangs, or cannot reach the ledger) or stdin ends (it is dead), the
command is ended, before another scheduler may begin it: first SIGTERM, then after GRACE seconds SIGKILL, to all processes
of its group. What the command says goes to stderr; its exit status (or 128 and its signal, or SILENT) is the one line on
stdout, and the scheduler answers `a` when that is in the ledger. One that dies before it does so, or says nothing for QUIET
seconds, has not stored it: then the NOTE (so many WORDS) is called with the status, and with `killed` or `ended`.
"""

import os
import select
import signal
import sys
import time

SILENT = 76  # exit status: nothing came from the scheduler, so the command was ended


def main() -> int:
    """Run it, and hand over its exit status."""
    quiet, grace, words = float(sys.argv[1]), float(sys.argv[2]), int(sys.argv[3])
    note, command = sys.argv[4 : 4 + words], sys.argv[4 + words :]
    ears, mouth = os.pipe()
    for end in (ears, mouth):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(mouth)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)  # whoever ends a job tells its scheduler
    streams = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_DUP2, 2, 1)]
    heard_by_all = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD)
    try:
        child = os.posix_spawnp(
            command[0], command, os.environ, file_actions=streams, setpgroup=0, setsigdef=heard_by_all
        )
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr, flush=True)
        code, killed = 127, False
    else:
        code, killed = _watch(child, ears, quiet, grace)
        _signal(child, signal.SIGKILL)  # whom it left behind
    if not _is_stored(code, quiet):
        os.dup2(2, 1)
        os.execv(note[0], [*note, str(code), "killed" if killed else "ended"])
    return 0


def _watch(child: int, ears: int, quiet: float, grace: float) -> tuple[int, bool]:
    """Exit status of the child, and whether it was ended by us."""
    now = time.monotonic()
    kill_at, silent_at = float("inf"), now + quiet
    killed = orphan = silent = False
    listening = [0, ears]
    while True:
        pid, status = os.waitpid(child, os.WNOHANG)
        if pid:
            code = os.waitstatus_to_exitcode(status)
            code = SILENT if silent and code else code if code >= 0 else 128 - code
            return code, killed
        wait = min(kill_at, silent_at, now + 60.0) - now
        ready, _, _ = select.select(listening, [], [], max(0.0, wait))
        now = time.monotonic()
        heard = b""
        if ears in ready:
            os.read(ears, 512)
        if 0 in ready:
            heard = os.read(0, 512)
            if not heard:
                orphan = True
                listening = [ears]
            elif kill_at == float("inf"):
                silent_at = now + quiet
        if (orphan or b"t" in heard or now >= silent_at) and kill_at == float("inf"):
            silent = now >= silent_at
            killed, kill_at, silent_at = True, now + grace, float("inf")
            _signal(child, signal.SIGTERM)
        if b"k" in heard or now >= kill_at:
            killed, kill_at, silent_at = True, now + 1.0, float("inf")
            _signal(child, signal.SIGKILL)


def _is_stored(code: int, quiet: float) -> bool:
    """Hand the exit status over; whether the scheduler lived to store it."""
    try:
        os.write(1, f"{code}\n".encode())
    except BrokenPipeError:
        return False
    while select.select([0], [], [], quiet)[0]:
        heard = os.read(0, 512)
        if not heard or b"a" in heard:
            return bool(heard)
    return False


def _signal(group: int, number: int) -> None:
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return  # all of them have ended (macOS says it is not permitted)


if __name__ == "__main__":
    sys.exit(main())
