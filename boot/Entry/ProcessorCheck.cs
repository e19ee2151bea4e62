using System.Text;
using Iced.Intel;
using Skerry.Abi;
using Skerry.Abi.Boot;
using Skerry.Boot.Features;
using Skerry.Boot.Layout;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>
/// The first thing that each processor runs: whether it has what the images need. If the boot CPU has not, it names what
/// is missing on the serial port and ends the machine; any other one leaves word for the boot CPU and stops. All of it is
/// 32-bit code of the 80486 and CPUID, since the compiler's needs more.
/// </summary>
internal static class ProcessorCheck
{
    private const byte EndOfNames = 0xff;

    public static void Write(StubFile file)
    {
        file.Function(BootNames.CheckProcessor, Check());
        file.Function(BootNames.CheckOtherProcessor, CheckOther());
        file.Function(BootNames.CompareFeatures, Compare());
        FeatureReading.Write(file);
        file.Function(BootNames.NameMissingFeatures, NameMissing());
        file.Function(BootNames.WriteMissingFeatures, WriteMissing());
        file.Function(BootNames.WriteText, WriteText());
    }

    /// <summary>What every processor needs; bootstrap adds what it uses of the boot CPU's before it starts others.</summary>
    public static void WriteNeeded(StubFile file)
    {
        file.Align(sizeof(uint));
        file.Global(BootNames.NeededFeatures);
        for (int i = 0; i < FeatureWords.Count; i++)
        {
            file.Long($"{FeatureList.Mask((FeatureWord)i, FeatureUse.Required)}");
        }
    }

    /// <summary>Each name behind the number of its bit in the words; what is written around them.</summary>
    public static void WriteTexts(StubFile file)
    {
        file.Global(BootNames.FeatureNames);
        foreach (RequiredFeature feature in RequiredFeatures.All)
        {
            // None of them is in a word so far back that its number would be the end.
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
        a.mov(ebp, ebx);
        a.mov(edi, code.Absolute(BootNames.OwnFeatures));
        a.call(code.Target(BootNames.ReadFeatures));
        a.mov(esi, edi);
        a.mov(edi, code.Absolute(BootNames.MissingFeatures));
        a.call(code.Target(BootNames.CompareFeatures));
        a.jne(code.Target(BootNames.NameMissingFeatures));
        a.mov(ebx, ebp);
        a.ret();
        return code;
    }

    /// <summary>
    /// Every other CPU, behind the trampoline: the mark at esp (ProcessorMark) gets its id and what it lacks. One that
    /// lacks something stays here, and is counted as one that has come; else this returns.
    /// </summary>
    private static StubCode CheckOther()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label halt = a.CreateLabel();
        a.lea(ebp, __[esp + sizeof(uint)]);
        a.call(code.Target(BootNames.ReadApicId));
        a.mov(__dword_ptr[ebp + ProcessorMark.ApicIdOffset], edx);
        a.lea(edi, __[ebp + ProcessorMark.MissingOffset]);
        a.call(code.Target(BootNames.ReadFeatures));
        a.mov(esi, edi);
        a.call(code.Target(BootNames.CompareFeatures));
        a.jne(halt);
        a.ret();
        a.Label(ref halt);
        a.mov(edx, code.Absolute(BootNames.ArrivedProcessors));
        var arrive = Instruction.Create(Code.Inc_rm32, new MemoryOperand(Register.EDX));
        arrive.HasLockPrefix = true;
        a.AddInstruction(arrive);
        // Its bytes mean the same in 32-bit code.
        a.jmp(code.Target(BootEntryPoints.ProcessorHaltForever));
        return code;
    }

    /// <summary>
    /// Of the words at esi, the needed bits that are not set, to the words at edi, which may be the same. Not zero: there
    /// are some. Overwrites eax, ecx, edx.
    /// </summary>
    private static StubCode Compare()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        a.mov(edx, code.Absolute(BootNames.NeededFeatures));
        a.xor(ecx, ecx);
        for (int i = 0; i < FeatureWords.Count; i++)
        {
            a.mov(eax, __dword_ptr[esi + i * sizeof(uint)]);
            a.not(eax);
            a.and(eax, __dword_ptr[edx + i * sizeof(uint)]);
            a.mov(__dword_ptr[edi + i * sizeof(uint)], eax);
            a.or(ecx, eax);
        }
        a.test(ecx, ecx);
        a.ret();
        return code;
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
