using Iced.Intel;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>
/// How a CPU gets to 64-bit mode: the boot CPU from PVH's 32-bit entry, every other one from real mode through the
/// trampoline. Both run the same steps and end in C# with the first identity map.
/// </summary>
internal static class LongMode
{
    /// <summary>Where in the trampoline the descriptor lies that it loads.</summary>
    public const int TrampolineDescriptorOffset = 0x40;

    /// <summary>Page directories of the first identity map: 4 GiB in pages of 2 MiB.</summary>
    private const int FirstDirectories = 4;

    private const short CodeSelector64 = 0x08;
    private const int DataSelector = 0x10;
    private const short CodeSelector32 = 0x18;

    // Intel SDM vol. 3A, 2.5 (control registers) and 2.2.1 (IA32_EFER).
    private const int Cr0Protection = 1 << 0;
    private const int Cr0MonitorCoprocessor = 1 << 1;
    private const int Cr0NumericError = 1 << 5;
    private const int Cr0WriteProtect = 1 << 16;
    private const int Cr0Paging = unchecked((int)(1u << 31));
    private const int Cr4PhysicalAddressExtension = 1 << 5;
    private const int Cr4Fxsr = 1 << 9;
    private const int Cr4SimdExceptions = 1 << 10;
    private const int EferMsr = unchecked((int)0xc000_0080);
    private const int EferLongMode = 1 << 8;
    private const int EferNoExecute = 1 << 11;

    /// <summary>PVH: 32-bit, flat, paging off, ebx = physical address of hvm_start_info.</summary>
    public static StubCode BootProcessorEntry()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        a.cli();
        a.cld();
        a.mov(esp, code.Absolute(BootNames.BootStackTop));
        a.call(code.Target(BootNames.CheckArchive));
        a.call(code.Target(BootNames.CheckProcessor));
        WriteFirstMap(code);
        EnterLongMode(code, BootNames.BootLongMode);
        return code;
    }

    /// <summary>
    /// Where the trampoline jumps to: 32-bit, flat, paging off. Every other CPU takes the next stack in the order in which
    /// they come: APIC ids may lie far apart. Who finds none was not started by bootstrap, and halts.
    /// </summary>
    public static StubCode ProcessorEntry()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        a.mov(ax, DataSelector);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        TakeStack(code);
        a.call(code.Target(BootNames.CheckOtherProcessor));
        EnterLongMode(code, BootNames.ProcessorLongMode);
        return code;
    }

    /// <summary>Real mode, cs = TrampolineAddress / 16, ip = 0 (Intel SDM vol. 3A, 9.4.4). No stack is used.</summary>
    public static StubCode Trampoline()
    {
        var code = new StubCode(16);
        SourceAssembler a = code.Assembler;
        a.cli();
        a.cld();
        a.xor(ax, ax);
        a.mov(ds, ax);
        a.lgdt(__dword_ptr[BootLayout.TrampolineAddress + TrampolineDescriptorOffset]);
        a.mov(eax, cr0);
        a.or(eax, Cr0Protection);
        a.mov(cr0, eax);
        a.AddInstruction(
            Instruction.CreateBranch(
                Code.Jmp_ptr1632,
                (ushort)CodeSelector32,
                code.Absolute(BootNames.ProcessorEntry32)
            )
        );
        return code;
    }

    public static StubCode BootProcessorContinuation()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        LoadSegments(a);
        a.lea(rsp, code.At(BootNames.BootStackTop));
        a.mov(edi, ebx);
        a.xor(ebp, ebp);
        a.call(code.Target(BootEntryPoints.BootstrapMain));
        a.ud2();
        return code;
    }

    /// <summary>The upper half of rsp means nothing in 32-bit code; esp is at the CPU's mark.</summary>
    public static StubCode ProcessorContinuation()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        LoadSegments(a);
        a.mov(esp, esp);
        a.lidt(code.At(BootNames.IdtPointer));
        a.mov(rdi, rsp);
        a.xor(ebp, ebp);
        a.call(code.Target(BootEntryPoints.ProcessorsMain));
        a.ud2();
        return code;
    }

    /// <summary>To esp: the mark at the stack's end. 32-bit code.</summary>
    private static void TakeStack(StubCode code)
    {
        SourceAssembler a = code.Assembler;
        a.mov(eax, 1);
        a.mov(edx, code.Absolute(BootNames.NextProcessorStack));
        var next = Instruction.Create(Code.Xadd_rm32_r32, new MemoryOperand(Register.EDX), Register.EAX);
        next.HasLockPrefix = true;
        a.AddInstruction(next);
        a.mov(edx, code.Absolute(BootNames.ProcessorStackCount));
        a.cmp(eax, __dword_ptr[edx]);
        // Its bytes mean the same in 32-bit code.
        a.jae(code.Target(BootEntryPoints.ProcessorHaltForever));
        a.add(eax, 1);
        a.imul(eax, eax, BootLayout.ProcessorStackBytes);
        a.mov(esp, code.Absolute(BootNames.ProcessorStacks));
        a.lea(esp, __[esp + eax - ProcessorMark.Bytes]);
    }

    /// <summary>Identity map of the first 4 GiB in pages of 2 MiB; C# narrows and extends it (boot/Memory).</summary>
    private static void WriteFirstMap(StubCode code)
    {
        const int tableEntry = 0x3; // present, writable
        const int pageEntry = 0x83; // present, writable, 2 MiB
        SourceAssembler a = code.Assembler;
        a.mov(eax, code.Absolute(BootNames.BootPointerTable));
        a.or(eax, tableEntry);
        a.mov(__dword_ptr[code.Absolute(BootNames.BootRootTable)], eax);
        a.mov(edi, code.Absolute(BootNames.BootPointerTable));
        a.mov(eax, code.Absolute(BootNames.BootDirectories));
        a.or(eax, tableEntry);
        for (int i = 0; i < FirstDirectories; i++)
        {
            a.mov(__dword_ptr[edi + i * 8], eax);
            a.add(eax, 4096);
        }
        a.mov(edi, code.Absolute(BootNames.BootDirectories));
        a.mov(eax, pageEntry);
        a.mov(ecx, FirstDirectories * 512);
        Label next = a.CreateLabel();
        a.Label(ref next);
        a.mov(__dword_ptr[edi], eax);
        a.add(eax, 0x20_0000);
        a.add(edi, 8);
        a.dec(ecx);
        a.jne(next);
    }

    /// <summary>Intel SDM vol. 3A, 9.8.5. Keeps ebx. Write protection holds for ring 0 too, so that W^X means something.</summary>
    private static void EnterLongMode(StubCode code, string continuation)
    {
        SourceAssembler a = code.Assembler;
        a.mov(eax, cr4);
        a.or(eax, Cr4PhysicalAddressExtension | Cr4Fxsr | Cr4SimdExceptions);
        a.mov(cr4, eax);
        a.mov(eax, code.Absolute(BootNames.BootRootTable));
        a.mov(cr3, eax);
        a.mov(ecx, EferMsr);
        a.rdmsr();
        a.or(eax, EferLongMode | EferNoExecute);
        a.wrmsr();
        a.mov(eax, Cr0Paging | Cr0WriteProtect | Cr0NumericError | 0x10 | Cr0MonitorCoprocessor | Cr0Protection);
        a.mov(cr0, eax);
        a.lgdt(__[code.Absolute(BootNames.GdtPointer)]);
        a.AddInstruction(
            Instruction.CreateBranch(Code.Jmp_ptr1632, (ushort)CodeSelector64, code.Absolute(continuation))
        );
    }

    private static void LoadSegments(SourceAssembler a)
    {
        a.mov(eax, DataSelector);
        a.mov(ds, ax);
        a.mov(es, ax);
        a.mov(ss, ax);
        a.xor(eax, eax);
        a.mov(fs, ax);
        a.mov(gs, ax);
    }
}
