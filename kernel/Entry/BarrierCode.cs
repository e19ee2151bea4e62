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

    /// <summary>Of what is pushed on the entry stack: rsp, rflags, rip, error code, and the door's rax, from its end.</summary>
    private static readonly int[] _pushedWords = [16, 24, 40, 48, 56];

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
    /// At a door that leaves something in the CPU's block or on the entry stack, which are mapped while the next one runs: it
    /// is cleared before that is of another PD.
    /// </summary>
    public static void LeavesWords(SourceAssembler a, DoorVariant variant)
    {
        if (variant.Mitigated)
        {
            a.mov(__byte_ptr.gs[CpuLayout.BarrierWork], 1);
        }
    }

    /// <summary>
    /// rax is the thread that runs next; keeps it and the registers of a message. Changes rcx, rdx, which is 0 afterwards, r8
    /// and the stack pointer. Behind VERW the kernel reads nothing but that thread's registers and the CPU's block.
    /// </summary>
    /// <param name="code">The door.</param>
    /// <param name="variant">Its set.</param>
    /// <param name="root">Of that thread's address space, which is another one than ran in user mode last.</param>
    public static void Between(StubCode code, DoorVariant variant, AssemblerRegister64 root)
    {
        SourceAssembler a = code.Assembler;
        a.mov(__qword_ptr.gs[CpuLayout.LastUserRoot], root);
        a.xor(edx, edx);
        a.mov(__qword_ptr.gs[CpuLayout.Badge], rdx);
        ClearTrace(a, variant);
        a.mov(ds, edx);
        a.mov(es, edx);
        a.mov(fs, edx);
        DoWork(a);
        StuffReturnStack(a);
        RestoreInitialState(code, variant);
        // With MD_CLEAR it empties the buffers (Intel, "Microarchitectural Data Sampling"); without, it does nothing.
        a.verw(__word_ptr.gs[CpuLayout.DataSelector]);
    }

    /// <summary>rdx is 0. Loading GS clears the base of some processors, and the user's is always 0.</summary>
    public static void ClearUserGs(SourceAssembler a)
    {
        a.swapgs();
        a.mov(gs, edx);
        a.swapgs();
    }

    private static void ClearTrace(SourceAssembler a, DoorVariant variant)
    {
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

    /// <summary>
    /// What an interrupt has left, which most switches have nothing of; and indirect branches are not predicted by what ran
    /// before (IBPB: Intel SDM vol. 4, IA32_PRED_CMD).
    /// </summary>
    private static void DoWork(SourceAssembler a)
    {
        Label done = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.BarrierWork], 0);
        a.je(done);
        a.mov(__qword_ptr.gs[CpuLayout.Scratch], rdx);
        a.mov(rcx, __qword_ptr.gs[CpuLayout.EntryStack]);
        foreach (int word in _pushedWords)
        {
            a.mov(__qword_ptr[rcx - word], rdx);
        }
        a.mov(cl, __byte_ptr.gs[CpuLayout.HasPredictorBarrier]);
        a.mov(__byte_ptr.gs[CpuLayout.BarrierWork], cl);
        a.test(cl, cl);
        a.je(done);
        a.mov(r8, rax);
        a.mov(ecx, PredictorCommand);
        a.mov(eax, PredictorBarrier);
        a.wrmsr();
        a.mov(rax, r8);
        a.Label(ref done);
    }

    /// <summary>
    /// A return that is predicted from here runs into a breakpoint, behind which no processor speculates. The stack stays as
    /// deep: nobody returns from a door, and each way out loads its own stack pointer.
    /// </summary>
    private static void StuffReturnStack(SourceAssembler a)
    {
        for (int i = 0; i < ReturnStackEntries; i++)
        {
            Label next = a.CreateLabel();
            a.call(next);
            a.int3();
            a.Label(ref next);
        }
    }

    /// <summary>
    /// x87, MMX and vector registers: what FXRSTOR knows, and the upper halves. XRSTOR of the initial state does the same,
    /// and takes a processor twice as long (docs/decisions/0077).
    /// </summary>
    private static void RestoreInitialState(StubCode code, DoorVariant variant)
    {
        if (variant.Avx)
        {
            code.Assembler.vzeroall();
        }
        code.Assembler.fxrstor64(code.At(EntryNames.InitialExtendedState));
    }

    /// <summary>
    /// For FXRSTOR64 (Intel SDM vol. 1, 10.5.1): control word and MXCSR, and zeroes.
    /// </summary>
    public static void WriteInitialState(StubFile file)
    {
        const int bytes = 512;
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
