namespace Skerry.Kernel.Layout;

/// <summary>
/// Segment selectors. SYSRET takes the user's from STAR: data at base + 8, code at base + 16 (Intel SDM vol. 2B), hence
/// the order.
/// </summary>
public static class Selectors
{
    public const int KernelCode = 0x08;
    public const int KernelData = 0x10;
    public const int UserData = 0x18 | 3;
    public const int UserCode = 0x20 | 3;
    public const int TaskState = 0x28;
}
