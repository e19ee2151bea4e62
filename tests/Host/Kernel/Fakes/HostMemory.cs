using System;
using System.Runtime.InteropServices;
using Skerry.Abi.Boot;

namespace Skerry.Tests.Host.Kernel.Fakes;

/// <summary>The cluster's memory: physical address p lies at KernelLayout.DirectMap + p. Mapped once, zeroed for each test.</summary>
internal static unsafe partial class HostMemory
{
    /// <summary>Beyond 512 GiB, and not at a multiple of what the kernel packs addresses into.</summary>
    public const ulong Base = 0x9a_0100_0000;
    public const ulong Length = 8 << 20;

    private const int ReadWrite = 3;
    private const int PrivateAnonymousFixed = 0x32;
    private const int PrivateAnonymousFixedNoReplace = 0x10_0022;

    private static bool isMapped;

    public static byte* Start => (byte*)(KernelLayout.DirectMap + Base);

    public static void Reset()
    {
        if (!isMapped)
        {
            nint mapped = Map((nint)Start, (nuint)Length, ReadWrite, PrivateAnonymousFixedNoReplace, -1, 0);
            if (mapped != (nint)Start)
            {
                throw new InvalidOperationException($"no memory at {(nint)Start:x}");
            }
            isMapped = true;
        }
        new Span<byte>(Start, (int)Length).Clear();
    }

    /// <summary>More, behind it, for a test that makes very much; zeroed. It is no part of the cluster's.</summary>
    /// <returns>The physical address.</returns>
    public static ulong MapMore(ulong bytes)
    {
        nint mapped = Map((nint)Start + (nint)Length, (nuint)bytes, ReadWrite, PrivateAnonymousFixed, -1, 0);
        return mapped == (nint)Start + (nint)Length ? Base + Length : throw new InvalidOperationException("no memory");
    }

    public static byte[] Copy() => new Span<byte>(Start, (int)Length).ToArray();

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nuint length, int protection, int flags, int file, nint offset);
}
