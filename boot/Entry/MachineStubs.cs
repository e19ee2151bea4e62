using Iced.Intel;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>Instructions and addresses that C# has no spelling for; declared in boot/Machine/Processor.cs.</summary>
internal static class MachineStubs
{
    public static void Write(StubFile file)
    {
        file.Function("OutByte", OutByte());
        file.Function("InByte", InByte());
        file.Function("ReadMsr", ReadMsr());
        file.Function("Cpuid", Cpuid());
        file.Function("ReadTimeStampCounter", ReadTimeStampCounter());
        file.Function("LoadFaultVectors", LoadFaultVectors());
        file.Function("ReloadRootTable", ReloadRootTable());
        file.Function("HaltForever", HaltForever());
        // Aligned so that the few bytes that run on both page tables lie on one page.
        file.Align(64);
        file.Function("EnterKernel", EnterKernel());
        WriteAddresses(file);
    }

    /// <summary>ulong NAMEAddress(): where the linker put NAME.</summary>
    private static void WriteAddresses(StubFile file)
    {
        string[] symbols =
        [
            "BootImageStart",
            "BootTextEnd",
            "BootRodataEnd",
            "BootImageEnd",
            "BootPointerTable",
            "BootDirectories",
            "BootPageTables",
            "FaultVectorStubs",
            "Idt",
            "Trampoline",
            "TrampolineEnd",
            "EnterKernel",
        ];
        foreach (string symbol in symbols)
        {
            var code = new StubCode();
            code.Assembler.lea(rax, code.At(symbol));
            code.Assembler.ret();
            file.Function(symbol + "Address", code);
        }
    }

    private static StubCode OutByte()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(edx, edi);
        a.mov(eax, esi);
        a.@out(dx, al);
        a.ret();
        return code;
    }

    private static StubCode InByte()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(edx, edi);
        a.xor(eax, eax);
        a.@in(al, dx);
        a.ret();
        return code;
    }

    private static StubCode ReadMsr()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(ecx, edi);
        a.rdmsr();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
        return code;
    }

    /// <summary>void Cpuid(uint leaf, uint subleaf, uint* registers): eax, ebx, ecx, edx are stored in this order.</summary>
    private static StubCode Cpuid()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.push(rbx);
        a.mov(r8, rdx);
        a.mov(eax, edi);
        a.mov(ecx, esi);
        a.cpuid();
        a.mov(__[r8], eax);
        a.mov(__[r8 + 4], ebx);
        a.mov(__[r8 + 8], ecx);
        a.mov(__[r8 + 12], edx);
        a.pop(rbx);
        a.ret();
        return code;
    }

    /// <summary>Ordered behind all earlier loads (Intel SDM vol. 2B, RDTSC).</summary>
    private static StubCode ReadTimeStampCounter()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.lfence();
        a.rdtsc();
        a.shl(rdx, 32);
        a.or(rax, rdx);
        a.ret();
        return code;
    }

    private static StubCode LoadFaultVectors()
    {
        var code = new StubCode();
        code.Assembler.lidt(code.At("IdtPointer"));
        code.Assembler.ret();
        return code;
    }

    /// <summary>Makes changes to the identity map take effect.</summary>
    private static StubCode ReloadRootTable()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rax, cr3);
        a.mov(cr3, rax);
        a.ret();
        return code;
    }

    private static StubCode HaltForever()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        Label again = a.CreateLabel();
        a.Label(ref again);
        a.cli();
        a.hlt();
        a.jmp(again);
        return code;
    }

    /// <summary>
    /// void EnterKernel(rootTable, stackTop, information, cpu, entry): the new root table maps this code where it lies.
    /// The kernel gets rdi = information, rsi = cpu.
    /// </summary>
    private static StubCode EnterKernel()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(cr3, rdi);
        a.mov(rsp, rsi);
        a.mov(rdi, rdx);
        a.mov(rsi, rcx);
        a.xor(ebp, ebp);
        a.jmp(r8);
        return code;
    }
}
