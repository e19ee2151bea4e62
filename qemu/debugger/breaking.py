"""Breakpoints in one program of the system."""

import gdb
import programs
from elf import ALONE, Image
from machine import in_kernel, register

# Bytes of a method that are looked through for its first line: what clears its frame has none.
_MOST_BEFORE = 512


def _first_line(start):
    for address in range(start, start + _MOST_BEFORE):
        place = gdb.find_pc_line(address)
        if place.symtab is not None and place.line != 0 and place.pc == address:
            return address
    return start


def set_breakpoint(arguments):
    """A hardware breakpoint, as the program is mapped only later: it can't be written into memory now."""
    if not arguments:
        raise gdb.GdbError("which program? skerry-break PROGRAM [METHOD]")
    image = Image(arguments[0])
    if image.name not in ALONE:
        programs.load(image)
    stop = _first_line(image.function(arguments[1])) if len(arguments) > 1 else image.entry
    condition = "" if image.name in ALONE else f' if $skerry_runs("{image.name}")'
    gdb.execute(f"hbreak *{stop:#x}{condition}")


class Runs(gdb.Function):
    """$skerry_runs(NAME): whether this CPU is in user mode in the program of this name.

    No, while the page of its instruction is not mapped: it comes here once more, when it is."""

    def __init__(self):
        super().__init__("skerry_runs")

    def invoke(self, name):
        program = None if in_kernel() else programs.at(register("rip"))
        return program is not None and program.name == name.string()


class Break(gdb.Command):
    """skerry-break PROGRAM [METHOD]: stop in a program (kernel, core, ping-client), and in no other.

    METHOD is Class.Method as in C#, or a symbol; without one: the program's entry."""

    def __init__(self):
        super().__init__("skerry-break", gdb.COMMAND_BREAKPOINTS)

    def invoke(self, argument, from_tty):
        set_breakpoint(gdb.string_to_argv(argument))


class Start(gdb.Command):
    """skerry-start PROGRAM [METHOD]: run on to there. If that is impossible, gdb ends with an error."""

    def __init__(self):
        super().__init__("skerry-start", gdb.COMMAND_RUNNING)

    def invoke(self, argument, from_tty):
        reason = f"the machine ended, and never came to {argument}"
        try:
            set_breakpoint(gdb.string_to_argv(argument))
            gdb.execute("continue")
        except (gdb.error, gdb.GdbError) as error:
            # QEMU may just close the connection.
            reason = f"{error}, so {reason}" if "connection closed" in str(error) else str(error)
        else:
            if gdb.selected_inferior().threads():
                return
        gdb.write(f"{reason}\n", gdb.STDERR)
        gdb.execute("quit 1")


Runs()
Break()
Start()
