using Iced.Intel;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>Instructions and addresses that C# has no spelling for; declared in boot/Machine/Processor.cs.</summary>
internal static class MachineStubs
{
    public static void Write(StubFile file)
    {
        file.Function(BootEntryPoints.ProcessorOutByte, OutByte());
        file.Function(BootEntryPoints.ProcessorInByte, InByte());
        file.Function(BootEntryPoints.ProcessorInDoubleWord, InDoubleWord());
        file.Function(BootEntryPoints.ProcessorReadMsr, ReadMsr());
        file.Function(BootEntryPoints.ProcessorWriteMsr, WriteMsr());
        file.Function(BootEntryPoints.ProcessorStopCaching, StopCaching());
        file.Function(BootEntryPoints.ProcessorStartCaching, StartCaching());
        file.Function(BootEntryPoints.ProcessorCpuid, Cpuid());
        file.Function(BootEntryPoints.ProcessorReadTimeStampCounter, ReadTimeStampCounter());
        file.Function(BootEntryPoints.ProcessorLoadFaultVectors, LoadFaultVectors());
        file.Function(BootEntryPoints.ProcessorReloadRootTable, ReloadRootTable());
        file.Function(BootEntryPoints.ProcessorHaltOnce, HaltOnce());
        file.Function(BootEntryPoints.ProcessorHaltForever, HaltForever());
        // Aligned so that the few bytes that run on both page tables lie on one page.
        file.Align(64);
        file.Function(BootEntryPoints.ProcessorEnterKernel, EnterKernel());
        WriteAddresses(file);
    }

    /// <summary>Functions that say where the linker put something.</summary>
    private static void WriteAddresses(StubFile file)
    {
        Address(file, BootEntryPoints.ProcessorImageStart, BootNames.BootImageStart);
        Address(file, BootEntryPoints.ProcessorTextEnd, BootNames.BootTextEnd);
        Address(file, BootEntryPoints.ProcessorRodataEnd, BootNames.BootRodataEnd);
        Address(file, BootEntryPoints.ProcessorImageEnd, BootNames.BootImageEnd);
        Address(file, BootEntryPoints.ProcessorPointerTable, BootNames.BootPointerTable);
        Address(file, BootEntryPoints.ProcessorDirectories, BootNames.BootDirectories);
        Address(file, BootEntryPoints.ProcessorPageTables, BootNames.BootPageTables);
        Address(file, BootEntryPoints.ProcessorFaultVectorStubs, BootNames.FaultVectorStubs);
        Address(file, BootEntryPoints.ProcessorIdt, BootNames.Idt);
        Address(file, BootEntryPoints.ProcessorStacks, BootNames.ProcessorStacks);
        Address(file, BootEntryPoints.ProcessorStackCount, BootNames.ProcessorStackCount);
        Address(file, BootEntryPoints.ProcessorNextStack, BootNames.NextProcessorStack);
        Address(file, BootEntryPoints.ProcessorArrived, BootNames.ArrivedProcessors);
        Address(file, BootEntryPoints.ProcessorOwnFeatures, BootNames.OwnFeatures);
        Address(file, BootEntryPoints.ProcessorNeededFeatures, BootNames.NeededFeatures);
        Address(file, BootEntryPoints.ProcessorTrampoline, BootNames.Trampoline);
        Address(file, BootEntryPoints.ProcessorTrampolineEnd, BootNames.TrampolineEnd);
        Address(file, BootEntryPoints.ProcessorEnterKernelCode, BootEntryPoints.ProcessorEnterKernel);
    }

    private static void Address(StubFile file, string name, string symbol)
    {
        var code = new StubCode();
        code.Assembler.lea(rax, code.At(symbol));
        code.Assembler.ret();
        file.Function(name, code);
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

    private static StubCode InDoubleWord()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(edx, edi);
        a.@in(eax, dx);
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

    /// <summary>An x2APIC's registers are written without waiting for memory (Intel SDM vol. 3A, 11.12.3).</summary>
    private static StubCode WriteMsr()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mfence();
        a.lfence();
        a.mov(ecx, edi);
        a.mov(eax, esi);
        a.mov(rdx, rsi);
        a.shr(rdx, 32);
        a.wrmsr();
        a.ret();
        return code;
    }

    // CR0 (Intel SDM vol. 3A, 2.5): CD: nothing is cached; NW, which is 0 with it where data is in use.
    private const uint CacheDisable = 1u << 30;
    private const uint NotWriteThrough = 1u << 29;

    /// <summary>Steps 3 to 8 of Intel SDM vol. 3A, 12.11.8; CR4.PGE is off in bootstrap.</summary>
    private static StubCode StopCaching()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.mov(rax, cr0);
        a.or(eax, CacheDisable);
        a.and(eax, ~NotWriteThrough);
        a.mov(cr0, rax);
        a.wbinvd();
        a.mov(rax, cr3);
        a.mov(cr3, rax);
        a.ret();
        return code;
    }

    /// <summary>Steps 11 to 13.</summary>
    private static StubCode StartCaching()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.wbinvd();
        a.mov(rax, cr3);
        a.mov(cr3, rax);
        a.mov(rax, cr0);
        a.and(eax, ~(CacheDisable | NotWriteThrough));
        a.mov(cr0, rax);
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
        code.Assembler.lidt(code.At(BootNames.IdtPointer));
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

    /// <summary>An interrupt that has come before waits until behind STI's next instruction (Intel SDM vol. 2B, STI).</summary>
    private static StubCode HaltOnce()
    {
        var code = new StubCode();
        SourceAssembler a = code.Assembler;
        a.sti();
        a.hlt();
        a.cli();
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
