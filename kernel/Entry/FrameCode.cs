using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>All registers of a thread into its object and back, as faults and interrupts need them.</summary>
internal static class FrameCode
{
    /// <summary>
    /// At the door, with the hardware's frame above an error code on the stack, and GS the kernel's. All general registers
    /// into the current thread, which is in rax afterwards; the error code is in r14, rip in r13, and the stack empty.
    /// </summary>
    public static void Save(SourceAssembler a, DoorVariant variant)
    {
        a.push(rax);
        BarrierCode.LeavesWords(a, variant);
        RootCode.EnterKernel(a, variant, rax);
        a.mov(rax, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rax + ThreadLayout.Rdi], rdi);
        a.mov(__qword_ptr[rax + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rax + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rax + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rax + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rax + ThreadLayout.R15], r15);
        a.mov(__qword_ptr[rax + ThreadLayout.Rsi], rsi);
        a.mov(__qword_ptr[rax + ThreadLayout.Rdx], rdx);
        a.mov(__qword_ptr[rax + ThreadLayout.Rcx], rcx);
        a.mov(__qword_ptr[rax + ThreadLayout.R8], r8);
        a.mov(__qword_ptr[rax + ThreadLayout.R9], r9);
        a.mov(__qword_ptr[rax + ThreadLayout.R10], r10);
        a.mov(__qword_ptr[rax + ThreadLayout.R11], r11);
        a.mov(__qword_ptr[rax + ThreadLayout.Rbp], rbp);
        a.pop(__qword_ptr[rax + ThreadLayout.Rax]);
        a.pop(r14);
        a.pop(r13);
        a.mov(__qword_ptr[rax + ThreadLayout.Rip], r13);
        a.pop(rcx);
        a.pop(__qword_ptr[rax + ThreadLayout.Rflags]);
        a.pop(__qword_ptr[rax + ThreadLayout.Rsp]);
        a.or(__byte_ptr[rax + ThreadLayout.Flags], ThreadLayout.FullFrameFlag);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        // The gate clears IF alone; AC would let the kernel touch user pages in spite of SMAP, DF turns copies round.
        a.push(2);
        a.popfq();
    }

    /// <summary>
    /// The extended state of the thread in rax, which is in rcx afterwards. Changes rax. Where there is AVX there is XSAVE, and
    /// XCR0 has none of the bits that rdx would choose.
    /// </summary>
    public static void SaveExtendedState(SourceAssembler a, DoorVariant variant)
    {
        a.mov(rcx, rax);
        a.mov(eax, -1);
        if (variant.Avx)
        {
            a.xsave64(__[rcx + ThreadLayout.ExtendedState]);
            return;
        }
        Label withoutXsave = a.CreateLabel();
        Label done = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasXsave], 0);
        a.je(withoutXsave);
        a.xsave64(__[rcx + ThreadLayout.ExtendedState]);
        a.jmp(done);
        a.Label(ref withoutXsave);
        a.fxsave64(__[rcx + ThreadLayout.ExtendedState]);
        a.Label(ref done);
    }

    /// <summary>Of the thread in rbx. Changes rax.</summary>
    private static void RestoreExtendedState(SourceAssembler a, DoorVariant variant)
    {
        a.mov(eax, -1);
        if (variant.Avx)
        {
            a.xrstor64(__[rbx + ThreadLayout.ExtendedState]);
            return;
        }
        Label withoutXsave = a.CreateLabel();
        Label done = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasXsave], 0);
        a.je(withoutXsave);
        a.xrstor64(__[rbx + ThreadLayout.ExtendedState]);
        a.jmp(done);
        a.Label(ref withoutXsave);
        a.fxrstor64(__[rbx + ThreadLayout.ExtendedState]);
        a.Label(ref done);
    }

    /// <summary>Of the thread in rax, to the instruction behind the last; leaves by iretq.</summary>
    public static void Restore(SourceAssembler a, DoorVariant variant)
    {
        a.and(__byte_ptr[rax + ThreadLayout.Flags], ~ThreadLayout.FullFrameFlag);
        a.mov(rbx, rax);
        a.mov(rsp, __qword_ptr.gs[variant.Mitigated ? CpuLayout.EntryStack : CpuLayout.KernelStack]);
        a.push(Selectors.UserData);
        a.push(__qword_ptr[rbx + ThreadLayout.Rsp]);
        a.push(__qword_ptr[rbx + ThreadLayout.Rflags]);
        a.push(Selectors.UserCode);
        a.push(__qword_ptr[rbx + ThreadLayout.Rip]);
        RestoreExtendedState(a, variant);
        a.mov(rdi, __qword_ptr[rbx + ThreadLayout.Rdi]);
        a.mov(rsi, __qword_ptr[rbx + ThreadLayout.Rsi]);
        a.mov(rdx, __qword_ptr[rbx + ThreadLayout.Rdx]);
        a.mov(rcx, __qword_ptr[rbx + ThreadLayout.Rcx]);
        a.mov(r8, __qword_ptr[rbx + ThreadLayout.R8]);
        a.mov(r9, __qword_ptr[rbx + ThreadLayout.R9]);
        a.mov(r10, __qword_ptr[rbx + ThreadLayout.R10]);
        a.mov(r11, __qword_ptr[rbx + ThreadLayout.R11]);
        a.mov(rbp, __qword_ptr[rbx + ThreadLayout.Rbp]);
        a.mov(r12, __qword_ptr[rbx + ThreadLayout.R12]);
        a.mov(r13, __qword_ptr[rbx + ThreadLayout.R13]);
        a.mov(r14, __qword_ptr[rbx + ThreadLayout.R14]);
        a.mov(r15, __qword_ptr[rbx + ThreadLayout.R15]);
        a.mov(rax, __qword_ptr[rbx + ThreadLayout.Rax]);
        a.mov(rbx, __qword_ptr[rbx + ThreadLayout.Rbx]);
        if (variant.Mitigated)
        {
            a.mov(__qword_ptr.gs[CpuLayout.Scratch], rax);
            BarrierCode.LeavesWords(a, variant);
            RootCode.LeaveKernel(a, variant, rax, al);
            a.mov(rax, __qword_ptr.gs[CpuLayout.Scratch]);
        }
        a.swapgs();
        a.iretq();
    }
}
