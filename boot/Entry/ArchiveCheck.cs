using Iced.Intel;
using Skerry.Abi;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>
/// Whether the loader put the boot archive over bootstrap's own memory, as QEMU does where memory is short. It is asked
/// first of all, in code that lies first of all and has its text in its instructions: what lies behind may be gone.
/// </summary>
internal static class ArchiveCheck
{
    private const string Failure = "boot archive lies over bootstrap's own memory: the machine has too little";

    // PVH's start info and its module list (boot/Loading/StartInfo.cs).
    private const int Magic = 0x336e_c578;
    private const int ModuleCount = 12;
    private const int ModuleList = 16;
    private const int ModuleBase = 0;
    private const int ModuleLength = 8;

    public static void Write(StubFile file)
    {
        file.Function(BootNames.CheckArchive, Check());
        file.Function(BootNames.WriteFour, WriteFour());
    }

    /// <summary>
    /// Keeps ebx, and returns if the archive lies elsewhere, or there is none. How many of the stacks are needed, which are
    /// last of all, is known later: MemoryDiscovery looks at these.
    /// </summary>
    private static StubCode Check()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label over = a.CreateLabel();
        Label elsewhere = a.CreateLabel();
        a.cmp(__dword_ptr[ebx], Magic);
        a.jne(elsewhere);
        a.cmp(__dword_ptr[ebx + ModuleCount], 0);
        a.je(elsewhere);
        a.mov(esi, __dword_ptr[ebx + ModuleList]);
        a.cmp(__dword_ptr[esi + ModuleBase + 4], 0);
        a.jne(elsewhere);
        a.mov(eax, __dword_ptr[esi + ModuleBase]);
        a.cmp(eax, code.Absolute(BootNames.ProcessorStacks));
        a.jae(elsewhere);
        a.cmp(__dword_ptr[esi + ModuleLength + 4], 0);
        a.jne(over);
        a.cmp(__dword_ptr[esi + ModuleLength], 0);
        a.je(elsewhere);
        a.add(eax, __dword_ptr[esi + ModuleLength]);
        a.jb(over);
        a.cmp(eax, code.Absolute(BootNames.BootImageStart));
        a.jbe(elsewhere);
        a.Label(ref over);
        EarlySerial.Initialise(a);
        string text = $"bootstrap failed: {Failure}\n@exit {(int)ExitCode.BootFailure} {Failure}\n";
        for (int i = 0; i < text.Length; i += 4)
        {
            a.mov(ecx, FourOf(text, i));
            a.call(code.Target(BootNames.WriteFour));
        }
        EarlySerial.End(a);
        a.Label(ref elsewhere);
        a.ret();
        return code;
    }

    /// <summary>Four characters, or up to a NUL: those of ecx, from the lowest byte on.</summary>
    private static StubCode WriteFour()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label next = a.CreateLabel();
        Label done = a.CreateLabel();
        a.Label(ref next);
        a.test(cl, cl);
        a.je(done);
        EarlySerial.WriteCl(a);
        a.shr(ecx, 8);
        a.jmp(next);
        a.Label(ref done);
        a.ret();
        return code;
    }

    private static uint FourOf(string text, int start)
    {
        uint four = 0;
        for (int i = start; i < start + 4 && i < text.Length; i++)
        {
            four |= (uint)text[i] << (i - start) * 8;
        }
        return four;
    }
}
