using Skerry.Abi;
using Skerry.Kernel.Memory;
using Skerry.Kernel.Objects;
using Skerry.Kernel.Scheduling;

namespace Skerry.Kernel.Operations;

/// <summary>Operations of threads: breakpoints and single step. A thread's CPU stands still meanwhile.</summary>
/// <remarks>
/// Debug control register DR7 (Intel SDM vol. 3B, 18.2.4), for breakpoint i:
/// <code>
///   31 30 29 28 27 26 25 24 23 22 21 20 19 18 17 16        7  6  5  4  3  2  1  0
///  +-----+-----+-----+-----+-----+-----+-----+-----+-    -+--+--+--+--+--+--+--+--+
///  |LEN 3|R/W 3|LEN 2|R/W 2|LEN 1|R/W 1|LEN 0|R/W 0|  0   |G3|L3|G2|L2|G1|L1|G0|L0|
///  +-----+-----+-----+-----+-----+-----+-----+-----+-    -+--+--+--+--+--+--+--+--+
/// </code>
/// </remarks>
internal static unsafe class ThreadDebugOperations
{
    private const uint Count = 4;

    public static Status SetBreakpoint(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        uint index = arguments.Low(arguments.Word0);
        uint kind = arguments.High(arguments.Word0) & 0xff;
        uint length = arguments.High(arguments.Word0) >> 8;
        ulong address = arguments.Word1;
        bool isLength = length is 1 or 2 or 4 or 8;
        bool isKind = kind is (uint)BreakpointKind.Write or (uint)BreakpointKind.ReadWrite;
        if (index >= Count || !isLength || (!isKind && (kind != (uint)BreakpointKind.Execute || length != 1)))
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        if ((address & (length - 1)) != 0)
        {
            return arguments.Refuse(Status.Misaligned, 1);
        }
        if (!PageTables.IsUserRange(address, length))
        {
            return arguments.Refuse(Status.InvalidAddress, 1);
        }
        // 1, 2, 4 and 8 bytes are 0, 1, 3 and 2.
        uint code = length == 8 ? 2 : length - 1;
        ulong fields = (kind | code << 2) << (int)(16 + 4 * index) | 1u << (int)(2 * index);
        Change(cpu, thread, index, address, fields);
        return Status.Ok;
    }

    public static Status ClearBreakpoint(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if (arguments.Word0 >= Count)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        Change(cpu, thread, (uint)arguments.Word0, 0, 0);
        return Status.Ok;
    }

    public static Status SetSingleStep(Cpu* cpu, Thread* thread, InvocationArguments arguments)
    {
        if (arguments.Word0 > 1)
        {
            return arguments.Refuse(Status.InvalidArgument, 0);
        }
        Threads.Hold(cpu, thread, out Cpu* home, out Cpu* place);
        thread->SingleSteps = arguments.Word0 != 0;
        Debugging.Update(home, thread);
        Threads.Release(cpu, home, place);
        return Status.Ok;
    }

    private static void Change(Cpu* cpu, Thread* thread, uint index, ulong address, ulong fields)
    {
        ulong mask = 0xful << (int)(16 + 4 * index) | 1ul << (int)(2 * index);
        Threads.Hold(cpu, thread, out Cpu* home, out Cpu* place);
        thread->Breakpoints[index] = address;
        thread->DebugControl = thread->DebugControl & ~mask | fields;
        Debugging.Update(home, thread);
        Threads.Release(cpu, home, place);
    }
}
