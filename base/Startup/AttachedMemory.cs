using System;
using Skerry.Base.Sessions;

namespace Skerry.Base.Startup;

/// <summary>A dataspace and where it is attached.</summary>
public readonly struct AttachedMemory(DataspaceCapability dataspace, ulong address, ulong bytes)
{
    public DataspaceCapability Dataspace { get; } = dataspace;

    public ulong Address { get; } = address;

    public ulong Bytes { get; } = bytes;

    // Safety: valid as long as the dataspace stays attached.
    public unsafe Span<byte> Span => new((void*)Address, (int)Bytes);
}
