using System.Runtime.InteropServices;

namespace Skerry.Qemu;

/// <summary>What kind of thing a path names, which .NET does not say: Linux's statx (include/uapi/linux/stat.h).</summary>
public static partial class FileTypes
{
    private const int CurrentDirectory = -100;
    private const uint TypeWanted = 1;
    private const int ModeOffset = 28;
    private const int Bytes = 256;
    private const ushort TypeMask = 0xf000;
    private const ushort Regular = 0x8000;

    /// <summary>Whether something is there that is no regular file: a device, a FIFO, a socket. Links are followed.</summary>
    public static bool IsSpecial(string path) => TryAsk(path, out int type) && type != Regular;

    /// <summary>Whether a file is there that can be read to its end. Links are followed.</summary>
    public static bool IsRegular(string path) => TryAsk(path, out int type) && type == Regular;

    private static unsafe bool TryAsk(string path, out int type)
    {
        byte* answer = stackalloc byte[Bytes];
        bool isThere = Ask(CurrentDirectory, path, 0, TypeWanted, answer) == 0;
        type = *(ushort*)(answer + ModeOffset) & TypeMask;
        return isThere;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Ask(int folder, string path, int flags, uint mask, byte* answer);
}
