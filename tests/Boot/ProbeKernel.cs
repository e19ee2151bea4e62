using System.IO;
using System.Runtime.InteropServices;
using Iced.Intel;
using Skerry.Abi.Boot;
using Skerry.Tests.Host.Boot;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Boot;

/// <summary>
/// Stands in for the kernel: every CPU checks how it was entered and prints one line with one letter, by its number
/// among the machine's CPUs, or '!' if something is not as promised. It uses no memory but its stack.
/// </summary>
internal static class ProbeKernel
{
    public const char Failure = '!';
    public const int Letters = 26;

    private const ushort SerialPort = 0x3f8;
    private const uint ApicIdRegister = 0x20;

    public static byte[] Build() => ElfMaker.MakeProgram(KernelLayout.Image, ImageMark.Kernel, Code());

    /// <summary>rdi: BootInformation, rsi: index of this CPU, rsp: its StackTop.</summary>
    private static byte[] Code()
    {
        var a = new Assembler(64);
        Label fail = a.CreateLabel();
        Label print = a.CreateLabel();
        a.mov(rax, BootInformation.ExpectedMagic);
        a.cmp(__qword_ptr[rdi + Offset(nameof(BootInformation.Magic))], rax);
        a.jne(fail);
        a.cmp(esi, __dword_ptr[rdi + Offset(nameof(BootInformation.CpuCount))]);
        a.jae(fail);
        a.mov(r8, rsi);
        a.shl(r8, 4);
        a.lea(r8, __[rdi + r8 + Offset(nameof(BootInformation.Cpus))]);
        a.cmp(__qword_ptr[r8 + 8], rsp);
        a.jne(fail);
        // The stack is there, and so is the local APIC, which is this CPU's.
        a.push(rsi);
        a.pop(rsi);
        Label isX2 = a.CreateLabel();
        Label compare = a.CreateLabel();
        a.mov(ecx, LocalApicMode.BaseRegister);
        a.rdmsr();
        a.test(eax, (int)LocalApicMode.X2);
        a.jne(isX2);
        a.mov(rax, KernelLayout.LocalApic + ApicIdRegister);
        a.mov(eax, __dword_ptr[rax]);
        a.shr(eax, 24);
        a.jmp(compare);
        // A processor that has x2APIC is in that mode.
        a.Label(ref isX2);
        a.mov(ecx, LocalApicMode.RegisterOf((int)ApicIdRegister));
        a.rdmsr();
        a.Label(ref compare);
        a.cmp(__dword_ptr[r8], eax);
        a.jne(fail);
        a.mov(eax, 1);
        a.cpuid();
        a.shr(ecx, 21);
        a.and(ecx, 1);
        a.mov(r9d, ecx);
        a.mov(ecx, LocalApicMode.BaseRegister);
        a.rdmsr();
        a.shr(eax, 10);
        a.and(eax, 1);
        a.cmp(eax, r9d);
        a.jne(fail);
        a.mov(rcx, cr3);
        a.cmp(__qword_ptr[rdi + Offset(nameof(BootInformation.RootTable))], rcx);
        a.jne(fail);
        a.mov(eax, __dword_ptr[r8 + 4]);
        a.xor(edx, edx);
        a.mov(ecx, Letters);
        a.div(ecx);
        a.lea(eax, __[rdx + 'A']);
        a.jmp(print);
        a.Label(ref fail);
        a.mov(eax, Failure);
        a.Label(ref print);
        a.mov(dx, SerialPort);
        a.@out(dx, al);
        a.mov(al, (sbyte)'\n');
        a.@out(dx, al);
        Label stop = a.CreateLabel();
        a.Label(ref stop);
        a.cli();
        a.hlt();
        a.jmp(stop);
        using var stream = new MemoryStream();
        a.Assemble(new StreamCodeWriter(stream), KernelLayout.Image);
        return stream.ToArray();
    }

    /// <summary>Of a field; the layout is sequential without objects, and so the same in memory as when marshalled.</summary>
    private static int Offset(string field) => (int)Marshal.OffsetOf<BootInformation>(field);
}
