using System.IO;
using Iced.Intel;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Tests.Host.Boot;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Tests.Boot;

/// <summary>A few instructions as a program that bootstrap loads in core's place.</summary>
internal static class TinyProgram
{
    /// <summary>
    /// Ends the machine at once, from the cluster that has the exit port; elsewhere it stops, so that hundreds of CPUs do
    /// not keep the host from the one that ends it.
    /// </summary>
    public static byte[] Exit(ExitCode code)
    {
        var assembler = new Assembler(64);
        assembler.mov(eax, (int)SystemCall.Invoke);
        assembler.mov(edi, (int)InitialSlot.ExitPort);
        assembler.mov(ebx, (int)MessageInfo.Of((ulong)IoPortsOperation.Out8, MessageLimits.RegisterWords).Value);
        assembler.mov(r12d, 0xf4);
        assembler.mov(r13d, (int)code);
        assembler.syscall();
        assembler.mov(eax, (int)SystemCall.Invoke);
        assembler.mov(edi, (int)InitialSlot.Thread);
        assembler.mov(ebx, (int)MessageInfo.Of((ulong)ThreadOperation.Suspend, MessageLimits.RegisterWords).Value);
        assembler.syscall();
        assembler.ud2();
        return Link(assembler);
    }

    /// <summary>An instruction that no processor knows.</summary>
    public static byte[] Crash()
    {
        var assembler = new Assembler(64);
        assembler.ud2();
        return Link(assembler);
    }

    /// <summary>Runs for ever.</summary>
    public static byte[] Spin()
    {
        var assembler = new Assembler(64);
        Label again = assembler.CreateLabel();
        assembler.Label(ref again);
        assembler.pause();
        assembler.jmp(again);
        return Link(assembler);
    }

    private static byte[] Link(Assembler assembler)
    {
        using var stream = new MemoryStream();
        assembler.Assemble(new StreamCodeWriter(stream), UserLayout.ImageBase);
        return ElfMaker.MakeProgram(UserLayout.ImageBase, ImageMark.Core, stream.ToArray());
    }
}
