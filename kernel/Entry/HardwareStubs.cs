using System;
using Iced.Intel;
using Skerry.Kernel.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Kernel.Entry;

/// <summary>One function for each instruction that C# can't spell (kernel/Machine/Hardware.cs).</summary>
internal static class HardwareStubs
{
    public static void Write(StubFile file)
    {
        Ports(file);
        Registers(file);
        Tables(file);
        Addresses(file);
    }

    private static void Leaf(StubFile file, string name, Action<SourceAssembler> body)
    {
        var code = new StubCode();
        body(code.Assembler);
        code.Assembler.ret();
        file.Function(name, code);
    }

    private static void WriteModelSpecificRegister(SourceAssembler a)
    {
        a.mov(ecx, edi);
        a.mov(eax, esi);
        a.mov(rdx, rsi);
        a.shr(rdx, 32);
        a.wrmsr();
    }

    private static void Ports(StubFile file)
    {
        Leaf(
            file,
            EntryPoints.HardwareOut8,
            a =>
            {
                a.mov(edx, edi);
                a.mov(eax, esi);
                a.@out(dx, al);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareIn8,
            a =>
            {
                a.mov(edx, edi);
                a.xor(eax, eax);
                a.@in(al, dx);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareOut16,
            a =>
            {
                a.mov(edx, edi);
                a.mov(eax, esi);
                a.@out(dx, ax);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareIn16,
            a =>
            {
                a.mov(edx, edi);
                a.xor(eax, eax);
                a.@in(ax, dx);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareOut32,
            a =>
            {
                a.mov(edx, edi);
                a.mov(eax, esi);
                a.@out(dx, eax);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareIn32,
            a =>
            {
                a.mov(edx, edi);
                a.@in(eax, dx);
            }
        );
    }

    private static void Registers(StubFile file)
    {
        Leaf(
            file,
            EntryPoints.HardwareReadTimeStampCounter,
            a =>
            {
                a.rdtsc();
                a.shl(rdx, 32);
                a.or(rax, rdx);
            }
        );
        Leaf(file, EntryPoints.HardwareReadPageFaultAddress, a => a.mov(rax, cr2));
        Leaf(file, EntryPoints.HardwareLoadRoot, a => a.mov(cr3, rdi));
        Leaf(file, EntryPoints.HardwareInvalidatePage, a => a.invlpg(__[rdi]));
        Leaf(file, EntryPoints.HardwareReadControl4, a => a.mov(rax, cr4));
        Leaf(file, EntryPoints.HardwareWriteControl4, a => a.mov(cr4, rdi));
        Leaf(file, EntryPoints.HardwareFramePointer, a => a.mov(rax, rbp));
        Leaf(file, EntryPoints.HardwareWriteModelSpecificRegister, WriteModelSpecificRegister);
        Leaf(
            file,
            EntryPoints.HardwareWriteModelSpecificRegisterInOrder,
            a =>
            {
                a.mfence();
                a.lfence();
                WriteModelSpecificRegister(a);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareReadModelSpecificRegister,
            a =>
            {
                a.mov(ecx, edi);
                a.rdmsr();
                a.shl(rdx, 32);
                a.or(rax, rdx);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareReadExtendedControl,
            a =>
            {
                a.xor(ecx, ecx);
                a.xgetbv();
                a.shl(rdx, 32);
                a.or(rax, rdx);
            }
        );
        Leaf(
            file,
            EntryPoints.HardwareWriteExtendedControl,
            a =>
            {
                a.xor(ecx, ecx);
                a.mov(eax, edi);
                a.xor(edx, edx);
                a.xsetbv();
            }
        );
        Leaf(file, EntryPoints.HardwareJump, a => a.jmp(rsi));
        Leaf(file, EntryPoints.HardwareLoadInterruptTable, a => a.lidt(__[rdi]));
        Leaf(
            file,
            EntryPoints.HardwareHaltForever,
            a =>
            {
                Label again = a.CreateLabel();
                a.Label(ref again);
                a.cli();
                a.hlt();
                a.jmp(again);
            }
        );
    }

    /// <summary>
    /// rdi: GDT pointer, rsi: IDT pointer. No selector is left that names another table: without LLDT the local descriptor
    /// table would be what is at linear address 0 (Intel SDM vol. 3A, table 10-1). The bases of FS and GS, which a null
    /// selector clears on some processors alone, are the caller's to set.
    /// </summary>
    private static void Tables(StubFile file) =>
        Leaf(
            file,
            EntryPoints.HardwareLoadTables,
            a =>
            {
                a.lgdt(__[rdi]);
                a.lidt(__[rsi]);
                a.mov(eax, Selectors.KernelData);
                a.mov(ss, eax);
                a.xor(eax, eax);
                a.lldt(ax);
                a.mov(ds, eax);
                a.mov(es, eax);
                a.mov(fs, eax);
                a.mov(gs, eax);
                // Far return to load CS.
                a.pop(rdx);
                a.push(Selectors.KernelCode);
                a.push(rdx);
                a.mov(ax, Selectors.TaskState);
                a.ltr(ax);
                a.AddInstruction(Instruction.Create(Code.Retfq));
            }
        );

    private static void Addresses(StubFile file)
    {
        Address(file, EntryPoints.HardwareDoorTable, EntryNames.DoorTable);
        Address(file, EntryPoints.HardwareSymbolTable, EntryNames.SymbolTable);
        Address(file, EntryPoints.HardwareEntryStart, EntryNames.EntryStart);
        Address(file, EntryPoints.HardwareEntryEnd, EntryNames.EntryEnd);
        Address(file, EntryPoints.HardwareTextStart, EntryNames.TextStart);
        Address(file, EntryPoints.HardwareTextEnd, EntryNames.TextEnd);
    }

    private static void Address(StubFile file, string name, string symbol)
    {
        var code = new StubCode();
        code.Assembler.lea(rax, code.At(symbol));
        code.Assembler.ret();
        file.Function(name, code);
    }
}
