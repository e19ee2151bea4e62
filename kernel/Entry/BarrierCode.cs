using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>What the mitigated doors do between two PDs, that is before another address space runs on a CPU.</summary>
internal static class BarrierCode
{
    /// <summary>The return stack buffers of all processors in question have 32 entries at most.</summary>
    private const int ReturnStackEntries = 32;

    private const int PredictorCommand = 0x49;
    private const int PredictorBarrier = 1;

    /// <summary>Of what the hardware pushes on the entry stack: rsp, rflags, rip, error code, from its end.</summary>
    private static readonly int[] PushedWords = [16, 24, 40, 48];

    /// <summary>
    /// Where the swapgs before it was conditional: until the condition is known, nothing behind this is begun, so no load
    /// goes through the other GS base (CVE-2019-1125).
    /// </summary>
    public static void FenceSwapgs(SourceAssembler a, DoorVariant variant)
    {
        if (variant.Mitigated)
        {
            a.lfence();
        }
    }

    /// <summary>
    /// rax is the thread that runs next, in the address space rcx; keeps it and the registers of a message. Changes rcx,
    /// rdx, r8. Behind VERW the kernel reads nothing but that thread's registers and the CPU's block.
    /// </summary>
    public static void Between(StubCode code, DoorVariant variant)
    {
        SourceAssembler a = code.Assembler;
        a.mov(__qword_ptr.gs[CpuLayout.LastUserRoot], rcx);
        ClearBlock(a, variant);
        ClearSelectors(a);
        a.mov(r8, rax);
        FlushPredictor(a);
        StuffReturnStack(a);
        RestoreInitialState(code, variant);
        a.mov(rax, r8);
        // With MD_CLEAR it empties the buffers (Intel, "Microarchitectural Data Sampling"); without, it does nothing.
        a.verw(__word_ptr.gs[CpuLayout.DataSelector]);
    }

    /// <summary>The CPU's block and the entry stack are mapped while the next one runs.</summary>
    private static void ClearBlock(SourceAssembler a, DoorVariant variant)
    {
        a.xor(edx, edx);
        a.mov(__qword_ptr.gs[CpuLayout.Scratch], rdx);
        a.mov(__qword_ptr.gs[CpuLayout.Badge], rdx);
        a.mov(rcx, __qword_ptr.gs[CpuLayout.EntryStack]);
        foreach (int word in PushedWords)
        {
            a.mov(__qword_ptr[rcx - word], rdx);
        }
        if (variant.Traced)
        {
            // The record of this entry is written.
            a.mov(__qword_ptr.gs[CpuLayout.TraceCode], rdx);
            a.mov(__qword_ptr.gs[CpuLayout.TraceInfo], rdx);
            a.mov(__qword_ptr.gs[CpuLayout.TraceObject], rdx);
            a.mov(__qword_ptr.gs[CpuLayout.TraceThread], rdx);
            a.mov(__qword_ptr.gs[CpuLayout.TraceCookie], rdx);
        }
    }

    /// <summary>rdx is 0. Loading GS clears the base of some processors, and the user's is always 0.</summary>
    private static void ClearSelectors(SourceAssembler a)
    {
        a.mov(ds, edx);
        a.mov(es, edx);
        a.mov(fs, edx);
        a.swapgs();
        a.mov(gs, edx);
        a.swapgs();
    }

    /// <summary>Indirect branches are not predicted by what ran before (IBPB: Intel SDM vol. 4, IA32_PRED_CMD).</summary>
    private static void FlushPredictor(SourceAssembler a)
    {
        Label without = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasPredictorBarrier], 0);
        a.je(without);
        a.mov(ecx, PredictorCommand);
        a.mov(eax, PredictorBarrier);
        a.xor(edx, edx);
        a.wrmsr();
        a.Label(ref without);
    }

    /// <summary>A return that is predicted from here runs into a breakpoint, behind which no processor speculates.</summary>
    private static void StuffReturnStack(SourceAssembler a)
    {
        for (int i = 0; i < ReturnStackEntries; i++)
        {
            Label next = a.CreateLabel();
            a.call(next);
            a.int3();
            a.Label(ref next);
        }
        a.add(rsp, ReturnStackEntries * sizeof(ulong));
    }

    /// <summary>x87, MMX and vector registers. Without AVX, what FXRSTOR knows is all there is.</summary>
    private static void RestoreInitialState(StubCode code, DoorVariant variant)
    {
        SourceAssembler a = code.Assembler;
        if (variant.Avx)
        {
            a.mov(eax, -1);
            a.mov(edx, -1);
            a.xrstor64(code.At(EntryNames.InitialExtendedState));
        }
        else
        {
            a.fxrstor64(code.At(EntryNames.InitialExtendedState));
        }
    }

    /// <summary>
    /// For XRSTOR64 and FXRSTOR64 (Intel SDM vol. 1, 10.5.1 and 13.4): control word, MXCSR, and a header that says that all
    /// components are as after reset.
    /// </summary>
    public static void WriteInitialState(StubFile file)
    {
        const int bytes = 576;
        const int controlWord = 0x37f;
        const int mxcsrOffset = 24;
        const int mxcsr = 0x1f80;
        file.Align(64);
        file.Global(EntryNames.InitialExtendedState);
        file.Long($"{controlWord}");
        file.Skip(mxcsrOffset - sizeof(int));
        file.Long($"{mxcsr}");
        file.Skip(bytes - mxcsrOffset - sizeof(int));
    }
}
