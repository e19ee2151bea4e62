using Iced.Intel;
using Skerry.Abi;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Apps.KernelBench.Measured;

/// <summary>
/// The registers of a system call (docs/abi.md), for all stubs that measure one, and the few sequences of instructions
/// that depend on them. Reading the counter destroys rax, so the status is kept before.
/// </summary>
internal static class MeasureRegisters
{
    public static readonly AssemblerRegister64 Number = rax;
    public static readonly AssemblerRegister64 Slot = rdi;
    public static readonly AssemblerRegister64 Info = rbx;
    public static readonly AssemblerRegister64[] Words = [r12, r13, r14, r15];

    /// <summary>Carries nothing over a system call: the processor itself destroys it.</summary>
    public static readonly AssemblerRegister64 KeptStatus = rcx;

    /// <summary>Number and slot, and perhaps the MessageInfo, of a system call that a server makes.</summary>
    public static void Load(SourceAssembler a, SystemCall call, int slotAt, int? infoAt = null)
    {
        a.mov(eax, (int)call);
        a.mov(Slot, __qword_ptr[slotAt]);
        if (infoAt is { } info)
        {
            a.mov(Info, __qword_ptr[info]);
        }
    }

    public static void Keep(SourceAssembler a) => a.mov(KeptStatus, Number);

    /// <summary>What a server adds to the words it received, so that its client sees that they arrived.</summary>
    public static void CountWords(SourceAssembler a)
    {
        foreach (AssemblerRegister64 word in Words)
        {
            a.inc(word);
        }
    }

    public static void Enter(SourceAssembler a, bool dry)
    {
        if (!dry)
        {
            a.syscall();
        }
    }
}
