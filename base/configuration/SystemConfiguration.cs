using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Skerry.Base.Configuration;

/// <summary>
/// A view of a compiled configuration (the archive's <c>system.bin</c>). <see cref="Open"/> checks every record once,
/// so that whoever reads afterwards needs no checks of its own beyond the indices that it makes up itself.
/// </summary>
public readonly ref struct SystemConfiguration
{
    private readonly ReadOnlySpan<byte> _image;
    private readonly SystemHeader _header;

    private SystemConfiguration(ReadOnlySpan<byte> image, SystemHeader header)
    {
        _image = image;
        _header = header;
    }

    /// <summary>
    /// Checks the bytes and, if they are a configuration, gives a view of them. The bytes may be followed by others
    /// (an archive pads its files); they must not change while the view is used.
    /// </summary>
    public static ConfigurationStatus Open(ReadOnlySpan<byte> bytes, out SystemConfiguration configuration)
    {
        configuration = default;
        if (bytes.Length < Unsafe.SizeOf<SystemHeader>())
        {
            return ConfigurationStatus.Truncated;
        }
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(bytes);
        ConfigurationStatus status = ConfigurationChecks.Header(header, bytes.Length);
        if (status != ConfigurationStatus.Ok)
        {
            return status;
        }
        var candidate = new SystemConfiguration(bytes.Slice(0, (int)header.TotalLength), header);
        status = ConfigurationChecks.Records(candidate);
        if (status == ConfigurationStatus.Ok)
        {
            configuration = candidate;
        }
        return status;
    }

    /// <summary>A view of bytes that <see cref="Open"/> has found to be a configuration: nothing is looked at again.</summary>
    /// <returns>An empty one if there are none.</returns>
    public static SystemConfiguration OfChecked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Unsafe.SizeOf<SystemHeader>())
        {
            return default;
        }
        SystemHeader header = MemoryMarshal.Read<SystemHeader>(bytes);
        return new SystemConfiguration(bytes.Slice(0, (int)header.TotalLength), header);
    }

    public SystemHeader Header => _header;

    public uint VcoreCount => _header.Vcores.Count;

    public uint ChildCount => _header.Children.Count;

    public uint ChannelCount => _header.Channels.Count;

    /// <summary>Children that core starts itself, as indices for <see cref="Child"/>.</summary>
    public RecordRange CoreChildren => _header.CoreChildren;

    public VcoreRecord Vcore(uint index) => Record<VcoreRecord>(_header.Vcores, index);

    public MemoryRecord Memory(uint index) => Record<MemoryRecord>(_header.Memory, index);

    public ChildRecord Child(uint index) => Record<ChildRecord>(_header.Children, index);

    public ServiceRecord Service(uint index) => Record<ServiceRecord>(_header.Services, index);

    public RouteRecord Route(uint index) => Record<RouteRecord>(_header.Routes, index);

    public ChannelRecord Channel(uint index) => Record<ChannelRecord>(_header.Channels, index);

    /// <summary>A CPU's, cluster's or node's number, as <see cref="VcoreRecord.CpuSelection"/> says.</summary>
    public uint Identifier(uint index) => Record<uint>(_header.Identifiers, index);

    /// <summary>The UTF-8 bytes of a name or text; empty for the default reference.</summary>
    public ReadOnlySpan<byte> Text(StringReference reference) =>
        _image
            .Slice((int)_header.Strings.Offset, (int)_header.Strings.Count)
            .Slice((int)reference.Offset, (int)reference.Length);

    /// <summary>Whether a vcore names this number in its CPU list.</summary>
    public bool Selects(in VcoreRecord vcore, uint identifier)
    {
        for (uint i = 0; i < vcore.CpuIdentifiers.Count; i++)
        {
            if (Identifier(vcore.CpuIdentifiers.First + i) == identifier)
            {
                return true;
            }
        }
        return false;
    }

    /// <summary>Bytes that a vcore's memory records name together.</summary>
    public ulong BytesOf(RecordRange memory)
    {
        ulong bytes = 0;
        for (uint i = 0; i < memory.Count; i++)
        {
            bytes += Memory(memory.First + i).Size;
        }
        return bytes;
    }

    private T Record<T>(TableReference table, uint index)
        where T : struct
    {
        int size = Unsafe.SizeOf<T>();
        // An index past the end becomes an empty slice, which the read refuses, as the runtime refuses any bad index.
        ReadOnlySpan<byte> bytes =
            index < table.Count ? _image.Slice((int)(table.Offset + index * (uint)size), size) : default;
        return MemoryMarshal.Read<T>(bytes);
    }
}
