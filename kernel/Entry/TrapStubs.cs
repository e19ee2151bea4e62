using Iced.Intel;
using Skerry.Abi.Boot;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

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

    public static void Write(StubFile file, DoorVariant variant)
    {
        for (int vector = 0; vector < Vectors.Count; vector++)
        {
            if (vector == Vectors.Debug)
            {
                file.Door(variant.Name(NameOf(vector)), DebugStubs.DebugVector(variant), StubFrame.Trap(words: 0));
            }
            else if (vector != Vectors.PageFault)
            {
                file.Door(
                    variant.Name(NameOf(vector)),
                    Vector(vector, variant),
                    StubFrame.Trap(HasErrorCode(vector) ? 1 : 0)
                );
            }
        }
        file.Door(variant.Name(EntryNames.TrapCommon), Common(variant), StubFrame.Trap(words: 2));
        file.Door(variant.Name(EntryNames.TrapCritical), Critical(variant), StubFrame.Trap(words: 2));
    }

    /// <summary>The addresses of a set's 256 doors.</summary>
    public static void WriteTable(StubFile file, DoorVariant variant)
    {
        file.Global(variant.Name(EntryNames.VectorTable));
        for (int vector = 0; vector < Vectors.Count; vector++)
        {
            file.Quad(variant.Name(NameOf(vector)));
        }
    }

    private static bool HasErrorCode(int vector) => vector < 32 && (VectorsWithErrorCode >> vector & 1) != 0;

    private static StubCode Vector(int vector, DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        if (!HasErrorCode(vector))
        {
            a.push(0);
        }
        a.push(vector);
        bool critical = vector is Vectors.NonMaskable or Vectors.DoubleFault or Vectors.MachineCheck;
        a.jmp(code.Target(variant.Name(critical ? EntryNames.TrapCritical : EntryNames.TrapCommon)));
        return code;
    }

    private static StubCode Common(DoorVariant variant)
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label fromKernel = a.CreateLabel();
        a.test(__byte_ptr[rsp + CodeSegmentOffset], 3);
        a.je(fromKernel);
        a.swapgs();
        BarrierCode.FenceSwapgs(a, variant);
        EntryHooks.Trap(a, variant);
        a.pop(__qword_ptr.gs[CpuLayout.Vector]);
        FrameCode.Save(a, variant);
        EntryHooks.TrapSaved(a, variant);
        FrameCode.SaveExtendedState(a, variant);
        a.xor(ebp, ebp);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Vector]);
        WakeByInterrupt(code, variant);
        a.mov(rsi, r14);
        a.mov(rdx, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target(EntryPoints.TrapsFromUser));
        a.jmp(code.Target(variant.Name(EntryNames.Resume)));

        // An exception of the kernel itself: GS may be the user's, if it struck beside a swapgs.
        a.Label(ref fromKernel);
        a.cmp(__qword_ptr[rsp + VectorOffset], Vectors.FirstInterrupt);
        a.jb(code.Target(variant.Name(EntryNames.TrapCritical)));
        // The kernel has interrupts on only while it idles, with nothing on its stack.
        BarrierCode.FenceSwapgs(a, variant);
        RootCode.EnterKernel(a, variant, rax);
        a.cmp(__qword_ptr.gs[CpuLayout.Current], 0);
        a.jne(code.Target(variant.Name(EntryNames.TrapCritical)));
        a.mov(rdi, __qword_ptr[rsp + VectorOffset]);
        a.mov(rsp, __qword_ptr.gs[CpuLayout.KernelStack]);
        a.xor(ebp, ebp);
        EntryHooks.Idle(a, variant);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.call(code.Target(EntryPoints.TrapsFromIdle));
        a.jmp(code.Target(variant.Name(EntryNames.Resume)));
        return code;
    }

    /// <summary>
    /// The interrupt of a device or the timer, whose vector is in rdi and in the CPU's block, may wake a better thread than
    /// the one in rcx, and is ended here. Else, and for all others, goes on behind this; the vector is in rdi again, the error
    /// code in r14.
    /// </summary>
    private static void WakeByInterrupt(StubCode code, DoorVariant variant)
    {
        SourceAssembler a = code.Assembler;
        Label timer = a.CreateLabel();
        Label asked = a.CreateLabel();
        Label declined = a.CreateLabel();
        Label isX2 = a.CreateLabel();
        Label slow = a.CreateLabel();
        a.cmp(edi, Vectors.FirstDevice);
        a.jb(slow);
        a.cmp(edi, Vectors.Timer);
        a.ja(slow);
        a.mov(r12, rcx);
        SystemCallStubs.ReadTime(a);
        a.cmp(edi, Vectors.Timer);
        a.je(timer);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rdx, r12);
        a.call(code.Target(EntryPoints.FastInterruptsReceived));
        a.jmp(asked);
        a.Label(ref timer);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Self]);
        a.mov(rsi, r12);
        a.mov(rdx, rcx);
        a.call(code.Target(EntryPoints.FastInterruptsTimer));
        a.Label(ref asked);
        a.test(rax, rax);
        a.je(declined);
        a.cmp(__byte_ptr.gs[CpuLayout.HasX2Apic], 0);
        a.jne(isX2);
        const ulong endOfInterrupt = KernelLayout.LocalApic + LocalApicMode.EndOfInterrupt;
        a.mov(__dword_ptr[unchecked((long)endOfInterrupt)], 0);
        a.jmp(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.Label(ref isX2);
        a.mov(r12, rax);
        a.mov(edi, LocalApicMode.RegisterOf(LocalApicMode.EndOfInterrupt));
        a.xor(esi, esi);
        a.call(code.Target(EntryPoints.HardwareWriteModelSpecificRegister));
        a.mov(rax, r12);
        a.jmp(code.Target(variant.Name(EntryNames.SwitchAndResume)));
        a.Label(ref declined);
        a.mov(rdi, __qword_ptr.gs[CpuLayout.Vector]);
        a.Label(ref slow);
    }

    /// <summary>
    /// What nobody recovers from: double fault, NMI and machine check, on stacks of their own, and every exception of the
    /// kernel. It may have come beside a swapgs, behind the switch to the user's root, or with a user's flags: the sign of
    /// the GS base tells whose it is.
    /// </summary>
    private static StubCode Critical(DoorVariant variant)
    {
        const int gsBase = unchecked((int)0xc000_0101);
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label isKernels = a.CreateLabel();
        PushAll(a);
        a.mov(ecx, gsBase);
        a.rdmsr();
        a.test(edx, edx);
        a.js(isKernels);
        a.swapgs();
        a.Label(ref isKernels);
        BarrierCode.FenceSwapgs(a, variant);
        RootCode.EnterKernel(a, variant, rax);
        a.push(2);
        a.popfq();
        a.mov(rdi, rsp);
        a.mov(rsi, __qword_ptr.gs[CpuLayout.Self]);
        a.and(rsp, -16);
        a.call(code.Target(EntryPoints.TrapsFromKernel));
        a.ud2();
        return code;
    }

    /// <summary>The order of Panic.KernelFrame, last pushed first.</summary>
    private static void PushAll(SourceAssembler a)
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
