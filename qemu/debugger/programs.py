"""Which program an address space holds, and gdb's symbols of it."""

import gdb
from elf import Image, components
from machine import current_thread, in_kernel, is_loaded, register

_PAGE = 4096

_known = []
_loaded = None

# Whether each stop loads the symbols of what runs then.
following = True


def _all():
    if not _known:
        _known.extend(components())
    return _known


def _memory(page):
    """None: nothing is mapped there."""
    try:
        return bytes(gdb.selected_inferior().read_memory(page, _PAGE))
    except gdb.MemoryError:
        return None


def _agrees(image, page, memory):
    code = image.bytes_at(page, _PAGE)
    return memory[: len(code)] == code


def at(instruction):
    """The program that user mode executes at an address of the address space that is loaded; None if it is not known.

    Compared are the page of the instruction, which is mapped, and then all others that are, until one program is left.
    """
    candidates = [image for image in _all() if image.holds(instruction)]
    first = instruction & -_PAGE
    last = max((image.code + len(image.text) for image in candidates), default=0)
    others = range(min((image.code for image in candidates), default=0) & -_PAGE, last, _PAGE)
    for page in [first, *others]:
        memory = _memory(page)
        if memory is None and page == first:
            return None
        if memory is not None:
            candidates = [image for image in candidates if _agrees(image, page, memory)]
        if len(candidates) < 2:
            break
    return candidates[0] if candidates else None


def current():
    """The program of the CPU's thread; None if it is not known, or its address space is not loaded."""
    if not in_kernel():
        return at(register("rip"))
    thread = current_thread()
    return at(int(thread["Rip"])) if thread is not None and is_loaded(thread["Root"]) else None


def load(image):
    """gdb's symbols of components are those of this one."""
    global _loaded
    if _loaded is not None and _loaded.name == image.name:
        return
    if _loaded is not None:
        gdb.execute(f"remove-symbol-file -a {_loaded.code:#x}", to_string=True)
    gdb.execute(f'add-symbol-file "{image.path}"', to_string=True)
    _loaded = image


def follow():
    """After a stop: the symbols of what runs here. If that can't be told, they stay."""
    if not following:
        return
    try:
        program = current()
    except gdb.error:
        # The machine is not so far yet: no kernel, or not even 64-bit mode.
        return
    if program is not None:
        load(program)


def follow_thread(thread):
    """The same for a thread whose address space is loaded."""
    program = at(int(thread["Rip"]))
    if program is not None:
        load(program)


class Program(gdb.Command):
    """skerry-program [NAME]: load the symbols of a component; without a name: of the one that runs on this CPU.

    That happens by itself when the machine stops; after `thread N`, which changes to another CPU, it does not."""

    def __init__(self):
        super().__init__("skerry-program", gdb.COMMAND_FILES)

    def invoke(self, argument, from_tty):
        program = Image(argument.strip()) if argument.strip() else current()
        if program is None:
            raise gdb.GdbError("it is not known which program runs on this CPU")
        load(program)
        print(f"symbols of {program.name}")


Program()
