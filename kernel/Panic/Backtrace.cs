using Skerry.Abi.Boot;
using Skerry.Kernel.Machine;

namespace Skerry.Kernel.Panic;

/// <summary>
/// Who called whom, with names. ilc omits frame pointers in some functions, so the stack is read word by word: what
/// points into the text just behind a call instruction was pushed by that call. A stale word may show a call too many,
/// and calls through registers are missed.
/// </summary>
internal static unsafe class Backtrace
{
    private const int MaximumFrames = 24;
    private const byte NearCall = 0xe8;
    private const int NearCallBytes = 5;

    public static void Write(ulong instruction, ulong stack, ulong stackEnd)
    {
        WriteFrame(instruction, 0);
        WriteCallers(stack, stackEnd);
    }

    public static void WriteCallers(ulong stack, ulong stackEnd)
    {
        int frames = 1;
        for (ulong word = stack & ~7ul; word < stackEnd && frames < MaximumFrames; word += 8)
        {
            ulong candidate = *(ulong*)word;
            if (IsReturnAddress(candidate))
            {
                WriteFrame(candidate, 1);
                frames++;
            }
        }
    }

    private static bool IsReturnAddress(ulong address)
    {
        bool inText = address >= Hardware.TextStart() + NearCallBytes && address < Hardware.TextEnd();
        return inText && *(byte*)(address - NearCallBytes) == NearCall;
    }

    private static void WriteFrame(ulong address, ulong back)
    {
        Console.Write("  ");
        Console.WriteHex(address);
        Console.Write(" ");
        WriteName(address - back);
        Console.Write("\n");
    }

    /// <summary>The table (SymbolTable in build/stubs): count, then (offset from the image base, offset of the name).</summary>
    private static void WriteName(ulong address)
    {
        var table = (uint*)Hardware.SymbolTable();
        if ((ulong)table < KernelLayout.Image || address < Hardware.TextStart() || address >= Hardware.TextEnd())
        {
            Console.Write("?");
            return;
        }
        uint count = table[0];
        uint wanted = (uint)address;
        uint low = 0;
        uint high = count;
        while (high - low > 1)
        {
            uint middle = low + (high - low) / 2;
            if (table[2 + middle * 2] <= wanted)
            {
                low = middle;
            }
            else
            {
                high = middle;
            }
        }
        byte* names = (byte*)(table + 2 + count * 2);
        Console.Write(names + table[3 + low * 2]);
        Console.Write("+");
        Console.WriteDecimal(wanted - table[2 + low * 2]);
    }
}
