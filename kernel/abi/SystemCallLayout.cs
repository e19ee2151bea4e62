namespace Skerry.Abi;

/// <summary>Offsets in the frame that a component's system-call stub loads its registers from, in bytes.</summary>
public static class SystemCallLayout
{
    /// <summary>rax: the <see cref="SystemCall"/>; afterwards the <see cref="Status"/>.</summary>
    public const int Number = 0;

    /// <summary>rdi: the capability's address; afterwards the badge.</summary>
    public const int Address = 8;

    /// <summary>rbx: the <see cref="MessageInfo"/>.</summary>
    public const int Info = 16;

    /// <summary>r12 to r15.</summary>
    public const int Word0 = 24;
    public const int Word1 = 32;
    public const int Word2 = 40;
    public const int Word3 = 48;
    public const int Size = 56;
}
