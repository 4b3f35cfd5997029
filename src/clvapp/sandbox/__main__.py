"""One request about one file -> its answer on the standard output."""

import contextlib
import gc
import importlib
import io
import json
import sys
from pathlib import Path
from typing import IO, Any

from clvapp.problems import FarCell
from clvapp.sandbox import Answer, Fault, Request

SECONDS = 40  # of CPU time


def main() -> int:
    """Answer the request that is the first argument. Returns the exit code."""
    gc.disable()  # we make and drop millions of cells, and none refers to another
    request: Request = json.loads(sys.argv[1])
    _limit(request["memory"])
    given = Path(request["path"]).open("rb") if request["path"] else io.BytesIO(sys.stdin.buffer.read())  # noqa: SIM115
    with given:
        return answer(request, given, sys.stdout.buffer)


def answer(request: Request, given: IO[bytes], out: IO[bytes]) -> int:
    """Write what `request` asks about the file `given`. Returns nonzero if the memory ran out."""
    try:
        _write(request, given, out)
    except Fault as fault:
        _say(fault.answer, out)
    except MemoryError:
        _say({"fault": "memory"}, out)
        return 1
    except FarCell as problem:
        _say({"fault": "far", "row": problem.row}, out)
    except Exception:  # noqa: BLE001 - of a damaged file, its readers raise whatever there is
        _say({"fault": "damaged"}, out)
    except BaseException as fault:
        if "Panic" not in type(fault).__name__:
            raise
        _say({"fault": "damaged"}, out)
    return 0


def _write(request: Request, given: IO[bytes], out: IO[bytes]) -> None:
    reader: Any = importlib.import_module(f"clvapp.sandbox.{'parquet' if request['kind'] == 'parquet' else 'book'}")
    if request["count"]:
        _say({"heads": reader.heads(request, given)}, out)
        return
    schema, batches = reader.batches(request, given)
    import pyarrow as pa

    _say({}, out)
    with pa.ipc.new_stream(out, schema) as stream:
        for batch in batches:
            stream.write_batch(batch)


def _say(what: Answer, out: IO[bytes]) -> None:
    out.write(json.dumps(what).encode() + b"\n")
    out.flush()


def _limit(memory: int) -> None:
    """Limit this process's memory and time, where the system can."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 5))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


if __name__ == "__main__":
    sys.exit(main())
