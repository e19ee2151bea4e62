"""What gdb knows of Skerry: `source qemu/debugger/skerry.py`, after the images and the connection are set up.

All components lie at the same addresses, so gdb has the symbols of one of them at a time: whenever the machine stops, of
the one whose address space is loaded on the CPU that stopped. The commands are listed by `help user-defined`.
"""

import os
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

import gdb  # noqa: E402 (gdb's own module)
import breaking  # noqa: E402, F401 (each registers its commands)
import path  # noqa: E402, F401
import programs  # noqa: E402
import threads  # noqa: E402, F401

# A breakpoint that is not there is an error, not something to wait for.
gdb.execute("set breakpoint pending off")
# Another CPU that comes by a breakpoint would take a step along.
gdb.execute("set scheduler-locking step")
# An address of a stack has other contents in another address space.
gdb.execute("set stack-cache off")
gdb.events.stop.connect(lambda _: programs.follow())
