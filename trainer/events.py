"""Events of a job: JSON lines on a descriptor of their own, so that nothing a library prints is taken for one."""

import json
import os
import sys
import time

# Ends of the process that say what to do next; the caller reads the last event for the reason.
EXIT_CONFIG = 2
EXIT_DATA = 3
EXIT_MEMORY = 4
EXIT_DIVERGED = 6
EXIT_INTERRUPTED = 75


class Stop(Exception):
    """Ends the job with an event of the type `error` and an exit status."""

    def __init__(self, code, message, status):
        super().__init__(message)
        self.code, self.status = code, status


class Events:
    """Writes events with their sequence, which goes on where an earlier process of the job ended."""

    def __init__(self, descriptor, sequence):
        try:
            self._out = os.fdopen(descriptor, "a", buffering=1, encoding="utf-8")
        except OSError:
            self._out = sys.stdout
        self._sequence = sequence

    def emit(self, kind, **fields):
        self._sequence += 1
        line = {"v": 1, "sequence": self._sequence, "at": _now(), "type": kind, **fields}
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


def last_sequence(path):
    """Sequence of the last whole line of an events file; 0 where there is none. A line that was cut off is closed."""
    if not os.path.exists(path):
        return 0
    last = 0
    with open(path, "rb+") as file:
        for line in file:
            if line.endswith(b"\n"):
                try:
                    last = json.loads(line)["sequence"]
                except (ValueError, KeyError):
                    continue
        file.seek(0, os.SEEK_END)
        if file.tell() > 0:
            file.seek(-1, os.SEEK_END)
            if file.read(1) != b"\n":
                file.write(b"\n")
    return last


def _now():
    seconds = time.time()
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(seconds)) + f".{int(seconds * 1000) % 1000:03d}Z"
