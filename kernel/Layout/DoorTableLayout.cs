namespace Skerry.Kernel.Layout;

/// <summary>
/// The table of the kernel's doors: for each set of them (kernel/Entry/DoorVariant) its addresses. In words.
/// </summary>
public static class DoorTableLayout
{
    public const int SystemCallEntry = 0;

    /// <summary>Of a table with the addresses of the 256 vectors' doors.</summary>
    public const int VectorTable = 1;
    public const int ResumeThread = 2;

    /// <summary>For the system calls of debugged threads.</summary>
    public const int SystemCallEntryDebugged = 3;
    public const int WordsPerSet = 4;

    /// <summary>Which set a processor needs: the sum of what applies.</summary>
    public const int WithoutAvx = 1;

    /// <summary>And this one while the CPU's kernel entries are recorded.</summary>
    public const int Traced = 2;
    public const int Mitigated = 4;
    public const int Sets = 8;
}
