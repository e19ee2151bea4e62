namespace Skerry.Boot.Entry;

/// <summary>Symbols of bootstrap's entry that C# does not know by name, and places that the linker script names.</summary>
internal static class BootNames
{
    public const string PvhEntry = nameof(PvhEntry);
    public const string ProcessorEntry32 = nameof(ProcessorEntry32);
    public const string CheckArchive = nameof(CheckArchive);
    public const string WriteFour = nameof(WriteFour);
    public const string CheckProcessor = nameof(CheckProcessor);
    public const string CheckOtherProcessor = nameof(CheckOtherProcessor);
    public const string ReadFeatures = nameof(ReadFeatures);
    public const string ReadApicId = nameof(ReadApicId);
    public const string CompareFeatures = nameof(CompareFeatures);
    public const string NameMissingFeatures = nameof(NameMissingFeatures);
    public const string WriteMissingFeatures = nameof(WriteMissingFeatures);
    public const string WriteText = nameof(WriteText);
    public const string FeatureNames = nameof(FeatureNames);
    public const string OwnFeatures = nameof(OwnFeatures);
    public const string NeededFeatures = nameof(NeededFeatures);
    public const string MissingFeatures = nameof(MissingFeatures);
    public const string LacksForPeople = nameof(LacksForPeople);
    public const string LacksForPrograms = nameof(LacksForPrograms);
    public const string LacksSeparator = nameof(LacksSeparator);
    public const string LacksEnd = nameof(LacksEnd);
    public const string BootLongMode = nameof(BootLongMode);
    public const string ProcessorLongMode = nameof(ProcessorLongMode);
    public const string FaultCommon = nameof(FaultCommon);
    public const string WakeVector = nameof(WakeVector);
    public const string Trampoline = nameof(Trampoline);
    public const string TrampolineEnd = nameof(TrampolineEnd);
    public const string BootStack = nameof(BootStack);
    public const string BootStackTop = nameof(BootStackTop);
    public const string ProcessorStacks = nameof(ProcessorStacks);
    public const string ProcessorStackCount = nameof(ProcessorStackCount);
    public const string NextProcessorStack = nameof(NextProcessorStack);
    public const string ArrivedProcessors = nameof(ArrivedProcessors);
    public const string Gdt = nameof(Gdt);
    public const string GdtPointer = nameof(GdtPointer);
    public const string Idt = nameof(Idt);
    public const string IdtPointer = nameof(IdtPointer);
    public const string BootRootTable = nameof(BootRootTable);
    public const string BootPointerTable = nameof(BootPointerTable);
    public const string BootDirectories = nameof(BootDirectories);
    public const string BootPageTables = nameof(BootPageTables);
    public const string FaultVectorStubs = nameof(FaultVectorStubs);
    public const string BootImageStart = nameof(BootImageStart);
    public const string BootTextEnd = nameof(BootTextEnd);
    public const string BootRodataEnd = nameof(BootRodataEnd);
    public const string BootImageEnd = nameof(BootImageEnd);
}
