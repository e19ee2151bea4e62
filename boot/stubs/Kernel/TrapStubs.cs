using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Stubs.Kernel;

/// <summary>The doors of exceptions and interrupts: one small stub for each vector, one common path.</summary>
internal static class TrapStubs
{
    /// <summary>Vectors for which the processor pushes an error code (Intel SDM vol. 3A, table 6-1).</summary>
    private const uint VectorsWithErrorCode =
        1u << 8 | 1u << 10 | 1u << 11 | 1u << 12 | 1u << 13 | 1u << 14 | 1u << 17 | 1u << 21 | 1u << 29 | 1u << 30;

    // The stack when the common path begins.
    private const int VectorOffset = 0;
    private const int CodeSegmentOffset = 24;

    public static string NameOf(int vector) => $"Vector{vector}";

    public static void Write(StubFile file)
    {
        for (int vector = 0; vector < Vectors.Count; vector++)
        {
            file.Function(NameOf(vector), Vector(vector));
        }
        file.Function("TrapCommon", Common());
        file.Function("TrapCritical", Critical());
    }

    private static StubCode Vector(int vector)
    {
        var code = new StubCode();
        Assembler a = code.Assembler;
        bool hasErrorCode = vector < 32 && (VectorsWithErrorCode >> vector & 1) != 0;
        if (!hasErrorCode)
        {
            a.push(0);
        }
        a.push(vector);
        bool critical = vector is Vectors.NonMaskable or Vectors.DoubleFault or Vectors.MachineCheck;
        a.jmp(code.Target(critical ? "TrapCritical" : "TrapCommon"));
        return code;
    }

    private static StubCode Common()
    {
        var code = new StubCode();
        Assembler a = code.Assembler;
        Label fromKernel = a.CreateLabel();
        Label kernelFault = a.CreateLabel();
        a.test(__byte_ptr[rsp + CodeSegmentOffset], 3);
        a.je(fromKernel);
        a.swapgs();
        SaveAll(a);
        SaveExtendedState(a);
        a.xor(ebp, ebp);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target("TrapFromUser"));
        a.jmp(code.Target("Resume"));

        // The kernel has interrupts on only while it idles, with nothing on its stack.
        a.Label(ref fromKernel);
        a.cmp(__qword_ptr.gs[CpuLayout.Current], 0);
        a.jne(kernelFault);
        a.cmp(__qword_ptr[rsp + VectorOffset], Vectors.FirstInterrupt);
        a.jb(kernelFault);
        a.mov(rdi, __qword_ptr[rsp + VectorOffset]);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.xor(ebp, ebp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target("TrapFromIdle"));
        a.jmp(code.Target("Resume"));

        a.Label(ref kernelFault);
        PushAll(a);
        a.mov(rdi, rsp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.and(rsp, -16);
        a.call(code.Target("TrapFromKernel"));
        a.ud2();
        return code;
    }

    /// <summary>
    /// Double fault, NMI and machine check come on stacks of their own, and perhaps between an entry and its swapgs: the
    /// sign of the GS base tells whose it is.
    /// </summary>
    private static StubCode Critical()
    {
        const int gsBase = unchecked((int)0xc000_0101);
        var code = new StubCode();
        Assembler a = code.Assembler;
        Label isKernels = a.CreateLabel();
        PushAll(a);
        a.mov(ecx, gsBase);
        a.rdmsr();
        a.test(edx, edx);
        a.js(isKernels);
        a.swapgs();
        a.Label(ref isKernels);
        a.mov(rdi, rsp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.and(rsp, -16);
        a.call(code.Target("TrapFromKernel"));
        a.ud2();
        return code;
    }

    /// <summary>All registers into the current thread; leaves rbx = thread, rdi = vector, rsi = error code.</summary>
    private static void SaveAll(Assembler a)
    {
        a.mov(__qword_ptr.gs[CpuLayout.Scratch], rax);
        a.mov(rax, __qword_ptr.gs[CpuLayout.Current]);
        a.mov(__qword_ptr[rax + ThreadLayout.Rbx], rbx);
        a.mov(__qword_ptr[rax + ThreadLayout.Rbp], rbp);
        a.mov(__qword_ptr[rax + ThreadLayout.R12], r12);
        a.mov(__qword_ptr[rax + ThreadLayout.R13], r13);
        a.mov(__qword_ptr[rax + ThreadLayout.R14], r14);
        a.mov(__qword_ptr[rax + ThreadLayout.R15], r15);
        a.mov(__qword_ptr[rax + ThreadLayout.Rdi], rdi);
        a.mov(__qword_ptr[rax + ThreadLayout.Rsi], rsi);
        a.mov(__qword_ptr[rax + ThreadLayout.Rdx], rdx);
        a.mov(__qword_ptr[rax + ThreadLayout.R8], r8);
        a.mov(__qword_ptr[rax + ThreadLayout.R9], r9);
        a.mov(__qword_ptr[rax + ThreadLayout.R10], r10);
        a.mov(__qword_ptr[rax + ThreadLayout.Rcx], rcx);
        a.mov(__qword_ptr[rax + ThreadLayout.R11], r11);
        a.mov(rbx, rax);
        a.mov(rax, __qword_ptr.gs[CpuLayout.Scratch]);
        a.mov(__qword_ptr[rbx + ThreadLayout.Rax], rax);
        a.pop(rdi);
        a.pop(rsi);
        a.pop(__qword_ptr[rbx + ThreadLayout.Rip]);
        a.pop(rax);
        a.pop(__qword_ptr[rbx + ThreadLayout.Rflags]);
        a.pop(__qword_ptr[rbx + ThreadLayout.Rsp]);
        a.or(__byte_ptr[rbx + ThreadLayout.Flags], ThreadLayout.FullFrameFlag);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        // The gate clears IF alone; AC would let the kernel touch user pages in spite of SMAP, DF turns copies round.
        a.push(2);
        a.popfq();
    }

    private static void SaveExtendedState(Assembler a)
    {
        Label withoutXsave = a.CreateLabel();
        Label done = a.CreateLabel();
        a.cmp(__byte_ptr.gs[CpuLayout.HasXsave], 0);
        a.je(withoutXsave);
        a.mov(eax, -1);
        a.mov(edx, -1);
        a.xsave64(__[rbx + ThreadLayout.ExtendedState]);
        a.jmp(done);
        a.Label(ref withoutXsave);
        a.fxsave64(__[rbx + ThreadLayout.ExtendedState]);
        a.Label(ref done);
    }

    /// <summary>The order of Panic.KernelFrame, last pushed first.</summary>
    private static void PushAll(Assembler a)
    {
        a.push(rax);
        a.push(rcx);
        a.push(rdx);
        a.push(rbx);
        a.push(rbp);
        a.push(rsi);
        a.push(rdi);
        a.push(r8);
        a.push(r9);
        a.push(r10);
        a.push(r11);
        a.push(r12);
        a.push(r13);
        a.push(r14);
        a.push(r15);
    }
}
