namespace Skerry.Kernel.Entry;

/// <summary>Symbols of the entry that C# does not know by name. Doors have a set's suffix behind theirs (DoorVariant).</summary>
internal static class EntryNames
{
    public const string KernelEntry = nameof(KernelEntry);
    public const string SystemCallEntry = nameof(SystemCallEntry);
    public const string SystemCallEntryDebugged = nameof(SystemCallEntryDebugged);
    public const string SwitchSpace = nameof(SwitchSpace);
    public const string SwitchAndResume = nameof(SwitchAndResume);
    public const string Resume = nameof(Resume);
    public const string ResumeThread = nameof(ResumeThread);
    public const string TrapCommon = nameof(TrapCommon);
    public const string TrapCritical = nameof(TrapCritical);
    public const string VectorTable = nameof(VectorTable);
    public const string DoorTable = nameof(DoorTable);
    public const string SymbolTable = nameof(SymbolTable);
    public const string EntryStart = nameof(EntryStart);
    public const string EntryEnd = nameof(EntryEnd);
    public const string TextStart = nameof(TextStart);
    public const string TextEnd = nameof(TextEnd);
    public const string InitialExtendedState = nameof(InitialExtendedState);
}
