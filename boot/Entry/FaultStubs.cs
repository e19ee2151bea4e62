using Iced.Intel;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>
/// Exceptions in the bootstrap program itself: each ends in C#'s BootFault, which reports and ends the machine. And the one
/// interrupt that there is, which does nothing but end a halt.
/// </summary>
internal static class FaultStubs
{
    /// <summary>Vectors that push an error code (Intel SDM vol. 3A, table 6-1).</summary>
    private static readonly int[] _withErrorCode = [8, 10, 11, 12, 13, 14, 17, 21];

    public static void Write(StubFile file)
    {
        file.Align(BootLayout.FaultStubStride);
        file.Global(BootNames.FaultVectorStubs);
        for (int vector = 0; vector < BootLayout.FaultVectors; vector++)
        {
            file.Align(BootLayout.FaultStubStride);
            file.Door($"FaultVector{vector}", Vector(vector), StubFrame.Unknown);
        }
        file.Align(BootLayout.FaultStubStride);
        file.Door(BootNames.WakeVector, Return(), StubFrame.Unknown);
        file.Door(BootNames.FaultCommon, Common(), StubFrame.Unknown);
    }

    private static StubCode Vector(int vector)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        if (System.Array.IndexOf(_withErrorCode, vector) < 0)
        {
            a.push(0);
        }
        a.push(vector);
        a.jmp(code.Target(BootNames.FaultCommon));
        return code;
    }

    private static StubCode Return()
    {
        var code = new StubCode();
        code.Assembler.iretq();
        return code;
    }

    /// <summary>On the stack: vector, error code, rip, cs, rflags, rsp, ss.</summary>
    private static StubCode Common()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rdi, __[rsp]);
        a.mov(rsi, __[rsp + 8]);
        a.mov(rdx, __[rsp + 16]);
        a.mov(rcx, cr2);
        a.and(rsp, -16);
        a.xor(ebp, ebp);
        a.call(code.Target(BootEntryPoints.EndingFault));
        a.ud2();
        return code;
    }
}
