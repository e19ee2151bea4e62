using System.IO;
using Iced.Intel;
using Skerry.Qemu.Machines;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Assembles tiny guests that print on the serial console and end in a chosen way, to test the harness.</summary>
internal sealed class GuestProgram
{
    private const ushort SerialPort = 0x3f8;
    private const ushort DebugExitPort = 0xf4;

    private readonly Assembler _assembler = new(32);

    public GuestProgram Print(string text)
    {
        _assembler.mov(dx, SerialPort);
        foreach (char character in text)
        {
            _assembler.mov(al, (sbyte)character);
            _assembler.@out(dx, al);
        }
        return this;
    }

    public GuestProgram PrintLine(string text) => Print(text + "\r\n");

    /// <summary>Prints eax, ebx, ecx and edx of a CPUID leaf in hexadecimal, one line each.</summary>
    public GuestProgram PrintCpuid(uint leaf, uint subleaf)
    {
        _assembler.mov(eax, leaf);
        _assembler.mov(ecx, subleaf);
        _assembler.cpuid();
        // There is no stack; ebp, esi and edi hold what the first register's printing would destroy.
        _assembler.mov(ebp, ebx);
        _assembler.mov(esi, ecx);
        _assembler.mov(edi, edx);
        PrintEax();
        foreach (AssemblerRegister32 register in new[] { ebp, esi, edi })
        {
            _assembler.mov(eax, register);
            PrintEax();
        }
        return this;
    }

    public GuestProgram Exit(byte code)
    {
        _assembler.mov(dx, DebugExitPort);
        _assembler.mov(eax, (uint)code);
        _assembler.@out(dx, eax);
        return this;
    }

    /// <summary>An interrupt with an empty interrupt table: double fault, then triple fault.</summary>
    public GuestProgram TripleFault()
    {
        _assembler.push(0);
        _assembler.push(0);
        _assembler.lidt(__[esp]);
        _assembler.int3();
        return this;
    }

    public GuestProgram Hang()
    {
        Label here = _assembler.CreateLabel();
        _assembler.Label(ref here);
        _assembler.pause();
        _assembler.jmp(here);
        return this;
    }

    /// <summary>Writes the guest as a file that QEMU boots.</summary>
    public string Save()
    {
        using var code = new MemoryStream();
        _assembler.Assemble(new StreamCodeWriter(code), PvhImage.CodeAddress);
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".elf");
        File.WriteAllBytes(path, PvhImage.Build(code.ToArray()));
        return path;
    }

    private void PrintEax()
    {
        _assembler.mov(ebx, eax);
        _assembler.mov(dx, SerialPort);
        for (int digit = 0; digit < 8; digit++)
        {
            Label letter = _assembler.CreateLabel();
            Label print = _assembler.CreateLabel();
            _assembler.rol(ebx, 4);
            _assembler.mov(eax, ebx);
            _assembler.and(eax, 15);
            _assembler.cmp(eax, 10);
            _assembler.jae(letter);
            _assembler.add(eax, '0');
            _assembler.jmp(print);
            _assembler.Label(ref letter);
            _assembler.add(eax, 'a' - 10);
            _assembler.Label(ref print);
            _assembler.@out(dx, al);
        }
        Print("\r\n");
    }
}
