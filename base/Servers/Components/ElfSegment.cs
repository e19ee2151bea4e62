using System;
using Skerry.Abi;

namespace Skerry.Base.Servers.Components;

/// <summary>A part of a program that is loaded: its bytes, and where they belong.</summary>
public readonly ref struct ElfSegment(ReadOnlySpan<byte> content, ulong address, ulong memoryBytes, FrameRights rights)
{
    public ReadOnlySpan<byte> Content { get; } = content;

    public ulong Address { get; } = address;

    /// <summary>At least the content's length; the rest is zero.</summary>
    public ulong MemoryBytes { get; } = memoryBytes;

    public FrameRights Rights { get; } = rights;

    /// <summary>Whether there is an instruction of the file's at this address.</summary>
    public bool IsCode(ulong at) =>
        (Rights & FrameRights.Execute) != 0 && at >= Address && at - Address < (ulong)Content.Length;
}
