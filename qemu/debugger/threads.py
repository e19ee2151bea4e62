"""The kernel's threads, as text."""

import gdb
import programs
from machine import changed, cpu, current_thread, is_loaded, kernel_object

# What a function keeps, and so what a backtrace begins with (System V ABI, figure 3.4).
_SAVED = {
    "rip": "Rip", "rsp": "Rsp", "rbp": "Rbp", "rbx": "Info", "r12": "Word0", "r13": "Word1", "r14": "Word2",
    "r15": "Word3",
}  # fmt: skip

# What a thread waits for, by its state: the kind of object, and the field that names it.
_AWAITED = {
    "Sending": ("Endpoint", "WaitingOn"),
    "Receiving": ("Endpoint", "WaitingOn"),
    "AwaitingReply": ("Reply", "AwaitedReply"),
    "Waiting": ("Notification", "WaitingOn"),
}


def thread_of(argument):
    """By an expression for its pointer; without one, that which the CPU runs."""
    if argument.strip():
        return kernel_object("Thread", gdb.parse_and_eval(argument))
    thread = current_thread()
    if thread is None:
        raise gdb.GdbError("this CPU runs no thread")
    return thread


def _waits_for(thread, state):
    if state not in _AWAITED:
        return "nothing"
    (kind, field) = _AWAITED[state]
    place = int(thread[field])
    if kind != "Reply":
        return f"{kind} {place:#x}"
    return f"{kind} {place:#x} of thread {int(kernel_object(kind, place)['Owner']):#x}"


def _faults(thread, state):
    """Its fault is told by these, not its registers."""
    return f", fault {thread['FaultLabel']} at {int(thread['FaultWord0']):#x}" if state == "Faulted" else ""


def describe(thread):
    """Lines about a thread. Where it runs is asked of this CPU: the state of one that runs in user mode says nothing."""
    block = cpu()
    state = str(thread["State"])
    runs = block is not None and int(block["Current"]) == int(thread)
    rank = int(thread["Rank"])
    context = block["Charged"] if runs else thread["SchedContext"]
    yield f"thread {int(thread):#x}: {'Running' if runs else state + _faults(thread, state)}"
    yield f"  priority  {rank - 1 if rank else 'none'}, flags {thread['Flags']}"
    yield f"  affinity  CPU {int(thread['Cpu'])} of the cluster"
    yield f"  waits for {'nothing' if runs else _waits_for(thread, state)}"
    if int(context):
        yield f"  time      budget {int(context['Budget'])} ticks, period {int(context['Period'])}, used {int(context['Consumed'])}"
    yield f"  registers rip {int(thread['Rip']):#x} rsp {int(thread['Rsp']):#x} rax {int(thread['Rax']):#x}"
    yield f"  space     {int(thread['AddressSpace']):#x}, root {int(thread['Root']):#x}, {_program(thread)}"


def _program(thread):
    root = int(thread["Root"])
    if root == 0:
        return "no program"
    with changed({} if is_loaded(root) else {"cr3": root}):
        program = programs.at(int(thread["Rip"]))
    return f"program {program.name}" if program is not None else "an unknown program"


class Thread(gdb.Command):
    """skerry-thread [POINTER]: a thread of the kernel; without a pointer that which this CPU runs."""

    def __init__(self):
        super().__init__("skerry-thread", gdb.COMMAND_DATA)

    def invoke(self, argument, from_tty):
        for line in describe(thread_of(argument)):
            print(line)


class CurrentThread(gdb.Function):
    """$skerry_thread(): pointer to the thread that this CPU runs; 0 if it idles."""

    def __init__(self):
        super().__init__("skerry_thread")

    def invoke(self):
        thread = current_thread()
        return thread if thread is not None else kernel_object("Thread", 0)


class Backtrace(gdb.Command):
    """skerry-backtrace [POINTER]: where a thread is in user mode, though it does not run or its address space is not loaded.

    Without a pointer: as backtrace, and that also with mitigations=on, where the kernel's page tables map no user memory."""

    def __init__(self):
        super().__init__("skerry-backtrace", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        thread = thread_of(argument)
        registers = {} if is_loaded(thread["Root"]) else {"cr3": int(thread["Root"])}
        if argument.strip():
            registers |= {name: int(thread[field]) for name, field in _SAVED.items()}
        with changed(registers):
            programs.follow_thread(thread)
            gdb.execute("backtrace")
        programs.follow()


Thread()
CurrentThread()
Backtrace()
