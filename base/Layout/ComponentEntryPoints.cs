using System;

namespace Skerry.Base.Layout;

/// <summary>
/// Where a component's C# and its entry (base/Entry) meet: the symbols that one has and the other uses. Each names what its
/// function is to a component, as every program has its own.
/// </summary>
public static class ComponentEntryPoints
{
    // Functions of C# that the entry calls.
    public const string ComponentMain = nameof(ComponentMain);
    public const string ThreadMain = nameof(ThreadMain);

    /// <summary>What an ordinary component has in place of the former two, which are Skerry.Startup's then.</summary>
    public const string SkerryMain = nameof(SkerryMain);

    /// <summary>Where a vcore begins: by this symbol of the image the checker and core know that it is one.</summary>
    public const string VcoreMain = nameof(VcoreMain);

    /// <summary>The same, for who looks for it in an image.</summary>
    public static ReadOnlySpan<byte> VcoreMark => "VcoreMain"u8;

    // Functions of the entry that C# calls.
    public const string ThreadStart = nameof(ThreadStart);
    public const string ThreadStartAddress = nameof(ThreadStartAddress);
    public const string SystemCallStub = nameof(SystemCallStub);
    public const string ReadTimeStampCounter = nameof(ReadTimeStampCounter);
    public const string StackPointer = nameof(StackPointer);
    public const string PrivilegedStub = nameof(PrivilegedStub);
    public const string JumpStub = nameof(JumpStub);
}
