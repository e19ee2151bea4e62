using Iced.Intel;
using Skerry.Abi.Boot;
using Skerry.Stubs.Assembly;
using static Iced.Intel.AssemblerRegisters;

namespace Skerry.Boot.Entry;

/// <summary>32-bit code that asks CPUID: for the features of the CPU that runs it, and for its APIC id.</summary>
internal static class FeatureReading
{
    private const uint Structured = 7;
    private const uint State = 0xd;
    private const uint ExtendedTopology = 0xb;
    private const uint ExtendedLeaves = 0x8000_0000;
    private const uint LastExtendedLeaf = 0x8000_ffff;
    private const uint Extended = ExtendedLeaves + 1;
    private const uint Sizes = ExtendedLeaves + 8;

    /// <summary>Bits of a physical address that are not counted.</summary>
    private const int UncountedBits = 32;

    /// <summary>36 bits, where no leaf says how many (Intel SDM vol. 3A, 4.1.4).</summary>
    private const int LeastAddressBits = 0xf;

    public static void Write(StubFile file)
    {
        file.Function(BootNames.ReadFeatures, ReadFeatures());
        file.Function(BootNames.ReadApicId, ReadApicId());
    }

    /// <summary>FeatureWords to edi. Overwrites eax, ebx, ecx, edx, esi.</summary>
    private static StubCode ReadFeatures()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        a.xor(eax, eax);
        for (int i = 0; i < FeatureWords.Count; i++)
        {
            a.mov(__dword_ptr[edi + i * sizeof(uint)], eax);
        }
        ReadBasic(a);
        ReadExtended(a);
        a.ret();
        return code;
    }

    private static void ReadBasic(SourceAssembler a)
    {
        Label done = a.CreateLabel();
        a.xor(eax, eax);
        a.cpuid();
        a.mov(esi, eax);
        Ask(a, 1);
        Keep(a, FeatureWord.BasicEcx, ecx);
        Keep(a, FeatureWord.BasicEdx, edx);
        a.cmp(esi, Structured);
        a.jb(done);
        Ask(a, Structured);
        Keep(a, FeatureWord.StructuredEbx, ebx);
        Keep(a, FeatureWord.StructuredEcx, ecx);
        Keep(a, FeatureWord.StructuredEdx, edx);
        a.cmp(esi, State);
        a.jb(done);
        a.mov(eax, State);
        a.mov(ecx, 1);
        a.cpuid();
        a.test(eax, eax);
        a.je(done);
        Ask(a, State);
        Keep(a, FeatureWord.StateComponents, eax);
        a.Label(ref done);
    }

    private static void ReadExtended(SourceAssembler a)
    {
        Label done = a.CreateLabel();
        a.mov(eax, ExtendedLeaves);
        a.cpuid();
        a.mov(esi, eax);
        a.mov(__dword_ptr[edi + (int)FeatureWord.AddressBits * sizeof(uint)], LeastAddressBits);
        a.cmp(esi, LastExtendedLeaf);
        a.ja(done);
        a.cmp(esi, Extended);
        a.jb(done);
        Ask(a, Extended);
        Keep(a, FeatureWord.ExtendedEcx, ecx);
        Keep(a, FeatureWord.ExtendedEdx, edx);
        a.cmp(esi, Sizes);
        a.jb(done);
        Ask(a, Sizes);
        Keep(a, FeatureWord.SizesEbx, ebx);
        a.movzx(ecx, al);
        a.sub(ecx, UncountedBits);
        a.jb(done);
        a.mov(eax, 1);
        a.shl(eax, cl);
        a.sub(eax, 1);
        Keep(a, FeatureWord.AddressBits, eax);
        a.Label(ref done);
    }

    /// <summary>To edx: by the topology leaf, which has 32 bits, or else by leaf 1. Overwrites eax, ebx, ecx.</summary>
    private static StubCode ReadApicId()
    {
        var code = new StubCode(32);
        SourceAssembler a = code.Assembler;
        Label narrow = a.CreateLabel();
        a.xor(eax, eax);
        a.cpuid();
        a.cmp(eax, ExtendedTopology);
        a.jb(narrow);
        Ask(a, ExtendedTopology);
        a.test(ebx, ebx);
        a.je(narrow);
        a.ret();
        a.Label(ref narrow);
        Ask(a, 1);
        a.mov(edx, ebx);
        a.shr(edx, 24);
        a.ret();
        return code;
    }

    private static void Ask(SourceAssembler a, uint leaf)
    {
        a.mov(eax, leaf);
        a.xor(ecx, ecx);
        a.cpuid();
    }

    private static void Keep(SourceAssembler a, FeatureWord word, AssemblerRegister32 register) =>
        a.mov(__dword_ptr[edi + (int)word * sizeof(uint)], register);
}
