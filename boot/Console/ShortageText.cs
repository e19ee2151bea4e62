using Skerry.Boot.Clusters;

namespace Skerry.Boot.Console;

/// <summary>Why there is no kernel for the boot CPU's cluster, as the end of a line.</summary>
public static class ShortageText<TConsole>
    where TConsole : struct, IConsole
{
    public static void Write(in MemoryShortage shortage)
    {
        Text<TConsole>.Write("cluster 0 needs "u8);
        Text<TConsole>.Write((shortage.Needed + 1023) / 1024);
        Text<TConsole>.Write(" KiB of memory in one piece, and the largest has "u8);
        Text<TConsole>.Write(shortage.Length / 1024);
        Text<TConsole>.Write(" KiB"u8);
    }
}
