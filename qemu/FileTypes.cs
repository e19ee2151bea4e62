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
    public static unsafe bool IsSpecial(string path)
    {
        byte* answer = stackalloc byte[Bytes];
        return Ask(CurrentDirectory, path, 0, TypeWanted, answer) == 0
            && (*(ushort*)(answer + ModeOffset) & TypeMask) != Regular;
    }

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int Ask(int folder, string path, int flags, uint mask, byte* answer);
}
