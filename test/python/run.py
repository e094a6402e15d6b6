"""Runs another program (FILE ARGUMENTS..., or -c CODE) and leaves without the interpreter's teardown.

Arrow's threads sometimes abort in that teardown, long after the program has done and printed everything (apache/arrow issues 34314 and 50482,
huggingface/datasets issue 7566): "terminate called without an active exception". An exception of the program itself still ends it as always.
"""

import os
import runpy
import sys

sys.argv = sys.argv[1:]
if sys.argv[0] == "-c":
    exec(compile(sys.argv[1], "<code>", "exec"), {"__name__": "__main__"})
else:
    sys.path[0] = os.path.dirname(os.path.abspath(sys.argv[0]))
    runpy.run_path(sys.argv[0], run_name="__main__")
sys.stdout.flush()
sys.stderr.flush()
os._exit(0)
