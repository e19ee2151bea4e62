using Iced.Intel;
using Skerry.Abi;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>
/// What the traced doors do beyond the plain ones: at the entry they remember when and what, at every exit they have the
/// record written (kernel/Tracing). In the plain sets each of these is nothing.
/// </summary>
internal static class EntryHooks
{
    /// <summary>At a system call, behind swapgs. Keeps rax, rbx, rcx, rsp, rdi and r12 to r15.</summary>
    public static void SystemCall(SourceAssembler a, DoorVariant variant)
    {
        if (!variant.Traced)
        {
            return;
        }
        a.mov(__qword_ptr.gs[CpuLayout.TraceCode], rax);
        StartNow(a);
        a.mov(rax, __qword_ptr.gs[CpuLayout.TraceCode]);
        a.mov(__qword_ptr.gs[CpuLayout.TraceKind], (int)TraceKind.SystemCall);
        a.mov(__qword_ptr.gs[CpuLayout.TraceInfo], rbx);
        a.mov(__qword_ptr.gs[CpuLayout.TraceObject], rdi);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr.gs[CpuLayout.TraceThread], rdx);
        a.mov(rdx, __qword_ptr[rdx + ThreadLayout.Cookie]);
        a.mov(__qword_ptr.gs[CpuLayout.TraceCookie], rdx);
    }

    /// <summary>At a fault or interrupt of a user, behind swapgs, before any register is saved. Keeps all but the flags.</summary>
    public static void Trap(SourceAssembler a, DoorVariant variant)
    {
        if (!variant.Traced)
        {
            return;
        }
        a.mov(__qword_ptr.gs[CpuLayout.TraceObject], rax);
        a.mov(__qword_ptr.gs[CpuLayout.TraceThread], rdx);
        StartNow(a);
        a.mov(rax, __qword_ptr.gs[CpuLayout.TraceObject]);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.TraceThread]);
    }

    /// <summary>Behind FrameCode.Save: the thread is in rax, the error code in r14. Changes rcx.</summary>
    public static void TrapSaved(SourceAssembler a, DoorVariant variant)
    {
        if (!variant.Traced)
        {
            return;
        }
        a.mov(rcx, __qword_ptr.gs[CpuLayout.Vector]);
        a.mov(__qword_ptr.gs[CpuLayout.TraceCode], rcx);
        a.mov(__qword_ptr.gs[CpuLayout.TraceKind], (int)TraceKind.Vector);
        a.mov(__qword_ptr.gs[CpuLayout.TraceObject], r14);
        RememberThread(a);
    }

    /// <summary>The same of a page fault, whose address is in r12 and the thread in rcx, which is kept. Changes rax.</summary>
    public static void PageFaultSaved(SourceAssembler a, DoorVariant variant)
    {
        if (!variant.Traced)
        {
            return;
        }
        a.mov(__qword_ptr.gs[CpuLayout.TraceCode], Vectors.PageFault);
        a.mov(__qword_ptr.gs[CpuLayout.TraceKind], (int)TraceKind.Vector);
        a.mov(__qword_ptr.gs[CpuLayout.TraceObject], r12);
        a.mov(rax, rcx);
        RememberThread(a);
        a.mov(rcx, rax);
    }

    /// <summary>An interrupt ends the wait of an idle CPU; the vector is in rdi. Changes rax and rdx.</summary>
    public static void Idle(SourceAssembler a, DoorVariant variant)
    {
        if (!variant.Traced)
        {
            return;
        }
        StartNow(a);
        a.mov(__qword_ptr.gs[CpuLayout.TraceCode], rdi);
        a.mov(__qword_ptr.gs[CpuLayout.TraceKind], (int)TraceKind.Vector);
        a.mov(__qword_ptr.gs[CpuLayout.TraceObject], 0);
        a.mov(__qword_ptr.gs[CpuLayout.TraceThread], 0);
        a.mov(__qword_ptr.gs[CpuLayout.TraceCookie], 0);
    }

    /// <summary>Another thread goes on, in rax as before, without the slow path. All that C# preserves stays.</summary>
    public static void Switches(StubCode code, DoorVariant variant)
    {
        if (variant.Traced)
        {
            SourceAssembler a = code.Assembler;
            a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
            a.call(code.Target(EntryPoints.TraceRecorderFastSwitch));
            a.mov(rax, __qword_ptr.gs[CpuLayout.Current]);
        }
    }

    /// <summary>The same thread goes on with the status in rax. Changes rbp, where it is not needed any more.</summary>
    public static void Answers(StubCode code, DoorVariant variant)
    {
        if (variant.Traced)
        {
            SourceAssembler a = code.Assembler;
            a.mov(rbp, rax);
            a.mov(rsi, rax);
            a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
            a.call(code.Target(EntryPoints.TraceRecorderFastAnswer));
            a.mov(rax, rbp);
            a.xor(ebp, ebp);
        }
    }

    /// <summary>The same after a yield that nobody was there for: the current thread is in rdx as before.</summary>
    public static void Yields(StubCode code, DoorVariant variant)
    {
        if (variant.Traced)
        {
            Answers(code, variant);
            ScrubCode.ClearUnused(code.Assembler);
            code.Assembler.mov(rdx, __qword_ptr.gs[CpuLayout.Current]);
        }
    }

    /// <summary>Out of the slow path; the thread to resume is in rax as before.</summary>
    public static void Resumes(StubCode code, DoorVariant variant)
    {
        if (variant.Traced)
        {
            SourceAssembler a = code.Assembler;
            a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
            a.call(code.Target(EntryPoints.TraceRecorderSlow));
            a.mov(rax, __qword_ptr.gs[CpuLayout.Current]);
        }
    }

    private static void StartNow(SourceAssembler a)
    {
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rdx, rax);
        a.mov(__qword_ptr.gs[CpuLayout.TraceStart], rdx);
    }

    private static void RememberThread(SourceAssembler a)
    {
        a.mov(__qword_ptr.gs[CpuLayout.TraceThread], rax);
        a.mov(rcx, __qword_ptr[rax + ThreadLayout.Cookie]);
        a.mov(__qword_ptr.gs[CpuLayout.TraceCookie], rcx);
    }
}
