using System.Text;
using Iced.Intel;
using Skerry.Abi;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>
/// The first thing that runs: whether the processor has what the images need. If not, it names what is missing on the
/// serial port and ends the machine. All of it is 32-bit code of the 80386 and CPUID, since the compiler's needs more.
/// </summary>
internal static class ProcessorCheck
{
    private const uint ExtendedLeaves = 0x8000_0000;
    private const uint LastExtendedLeaf = 0x8000_ffff;
    private const byte EndOfNames = 0xff;

    public static void Write(StubFile file)
    {
        file.Function(BootNames.CheckProcessor, Check());
        file.Function(BootNames.NameMissingFeatures, NameMissing());
        file.Function(BootNames.WriteMissingFeatures, WriteMissing());
        file.Function(BootNames.WriteText, WriteText());
    }

    /// <summary>Each name behind the number of its bit in the four words; what is written around them.</summary>
    public static void WriteTexts(StubFile file)
    {
        file.Global(BootNames.FeatureNames);
        foreach (RequiredFeature feature in RequiredFeatures.All)
        {
            file.Bytes([(byte)((int)feature.Word * 32 + feature.Bit)]);
            Text(file, feature.Name);
        }
        file.Bytes([EndOfNames]);
        file.Global(BootNames.LacksForPeople);
        Text(file, "bootstrap failed: processor lacks ");
        file.Global(BootNames.LacksForPrograms);
        Text(file, $"\n@exit {(int)ExitCode.BootFailure} processor lacks ");
        file.Global(BootNames.LacksSeparator);
        Text(file, ", ");
        file.Global(BootNames.LacksEnd);
        Text(file, "\n");
    }

    /// <summary>Keeps ebx and, if nothing is missing, returns.</summary>
    private static StubCode Check()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label noExtended = a.CreateLabel();
        a.mov(ebp, ebx);
        a.mov(edi, code.Absolute(BootNames.MissingFeatures));
        a.mov(eax, 1);
        a.cpuid();
        KeepMissing(a, FeatureWord.BasicEcx, FeatureWord.BasicEdx);
        a.mov(eax, ExtendedLeaves);
        a.cpuid();
        a.xor(ecx, ecx);
        a.xor(edx, edx);
        a.cmp(eax, ExtendedLeaves + 1);
        a.jb(noExtended);
        a.cmp(eax, LastExtendedLeaf);
        a.ja(noExtended);
        a.mov(eax, ExtendedLeaves + 1);
        a.cpuid();
        a.Label(ref noExtended);
        KeepMissing(a, FeatureWord.ExtendedEcx, FeatureWord.ExtendedEdx);
        a.mov(eax, __dword_ptr[edi]);
        a.or(eax, __dword_ptr[edi + 4]);
        a.or(eax, __dword_ptr[edi + 8]);
        a.or(eax, __dword_ptr[edi + 12]);
        a.jne(code.Target(BootNames.NameMissingFeatures));
        a.mov(ebx, ebp);
        a.ret();
        return code;
    }

    private static void KeepMissing(SourceAssembler a, FeatureWord ofEcx, FeatureWord ofEdx)
    {
        a.not(ecx);
        a.and(ecx, RequiredFeatures.Mask(ofEcx));
        a.mov(__dword_ptr[edi + (int)ofEcx * 4], ecx);
        a.not(edx);
        a.and(edx, RequiredFeatures.Mask(ofEdx));
        a.mov(__dword_ptr[edi + (int)ofEdx * 4], edx);
    }

    /// <summary>The two lines that Ending.Fail writes where C# runs, and the end.</summary>
    private static StubCode NameMissing()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        EarlySerial.Initialise(a);
        a.mov(esi, code.Absolute(BootNames.LacksForPeople));
        a.call(code.Target(BootNames.WriteMissingFeatures));
        a.mov(esi, code.Absolute(BootNames.LacksForPrograms));
        a.call(code.Target(BootNames.WriteMissingFeatures));
        a.mov(esi, code.Absolute(BootNames.LacksEnd));
        a.call(code.Target(BootNames.WriteText));
        EarlySerial.End(a);
        return code;
    }

    /// <summary>The text at esi, then the names with commas between them.</summary>
    private static StubCode WriteMissing()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label next = a.CreateLabel();
        Label skip = a.CreateLabel();
        Label missing = a.CreateLabel();
        Label done = a.CreateLabel();
        a.mov(edi, esi);
        a.mov(esi, code.Absolute(BootNames.FeatureNames));
        a.Label(ref next);
        a.xor(eax, eax);
        a.lodsb();
        a.cmp(al, EndOfNames);
        a.je(done);
        a.bt(__dword_ptr[code.Absolute(BootNames.MissingFeatures)], eax);
        a.jb(missing);
        a.Label(ref skip);
        a.lodsb();
        a.test(al, al);
        a.jne(skip);
        a.jmp(next);
        a.Label(ref missing);
        a.push(esi);
        a.mov(esi, edi);
        a.call(code.Target(BootNames.WriteText));
        a.pop(esi);
        a.call(code.Target(BootNames.WriteText));
        a.mov(edi, code.Absolute(BootNames.LacksSeparator));
        a.jmp(next);
        a.Label(ref done);
        a.ret();
        return code;
    }

    /// <summary>From esi to the NUL, which it leaves behind it. Overwrites eax, ecx, edx.</summary>
    private static StubCode WriteText()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label next = a.CreateLabel();
        Label done = a.CreateLabel();
        a.Label(ref next);
        a.lodsb();
        a.test(al, al);
        a.je(done);
        a.mov(cl, al);
        EarlySerial.WriteCl(a);
        a.jmp(next);
        a.Label(ref done);
        a.ret();
        return code;
    }

    private static void Text(StubFile file, string text) => file.Bytes(Encoding.ASCII.GetBytes(text + '\0'));
}
