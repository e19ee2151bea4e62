using System;
using System.Buffers.Binary;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using Skerry.Base.Configuration;
using Skerry.Qemu.Configuration;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>The compiled configuration: what is written is read back, and damaged bytes lead nobody astray.</summary>
public sealed class SystemImageTests
{
    private static readonly byte[] _demo = SystemWriter.Write(Demo());

    [Fact]
    public void WhatIsWrittenIsReadBack()
    {
        SystemDescription system = Demo();
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(_demo, out SystemConfiguration read));
        Assert.Equal(system.TimeoutSeconds, read.Header.TimeoutSeconds);
        Assert.Equal(system.Vcores.Count, (int)read.VcoreCount);
        Assert.Equal(system.AllChildren.Count, (int)read.ChildCount);
        for (uint i = 0; i < read.VcoreCount; i++)
        {
            CheckVcore(system, read, i);
        }
        ChannelRecord channel = read.Channel(0);
        Assert.Equal("left-right", Text(read, channel.Name));
        Assert.Equal("channel-left", Text(read, read.Child(channel.First).Name));
        Assert.Equal("channel-right", Text(read, read.Child(channel.Second).Name));
        Assert.Equal(64u, channel.Slots);
    }

    [Fact]
    public void RoutesNameTheSiblingThatServes()
    {
        SystemConfiguration.Open(_demo, out SystemConfiguration read);
        VcoreRecord west = read.Vcore(0);
        ChildRecord client = read.Child(west.Children.First + 1);
        Assert.Equal("ping-client", Text(read, client.Name));
        RouteRecord route = read.Route(client.Routes.First);
        Assert.Equal(("Ping", RouteTarget.Child), (Text(read, route.Service), route.Target));
        ChildRecord server = read.Child(route.TargetChild);
        Assert.Equal("ping-server", Text(read, server.Name));
        Assert.Equal("Ping", Text(read, read.Service(server.Services.First).Name));
        Assert.Equal(RouteTarget.Parent, read.Route(client.Routes.First + 1).Target);
    }

    [Fact]
    public void HowOftenAChildIsStartedAgainIsReadBackAndChecked()
    {
        byte[] bytes = SystemWriter.Write(
            TestFiles.System(
                """
                { "children": [{ "name": "a", "binary": "x", "essential": true, "restart": { "times": 7, "on": "end" } }] }
                """
            )
        );
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(bytes, out SystemConfiguration read));
        Assert.Equal((7u, RestartCause.End), (read.Child(0).Restarts, read.Child(0).RestartCause));
        (string Field, uint Value)[] bad =
        [
            (nameof(ChildRecord.Restarts), ConfigurationLimits.Restarts + 1),
            (nameof(ChildRecord.RestartCause), (uint)RestartCause.End + 1),
        ];
        foreach ((string field, uint value) in bad)
        {
            byte[] damaged = [.. bytes];
            int offset = (int)read.Header.Children.Offset + (int)Marshal.OffsetOf<ChildRecord>(field);
            BinaryPrimitives.WriteUInt32LittleEndian(damaged.AsSpan(offset), value);
            Assert.Equal(ConfigurationStatus.BadValue, SystemConfiguration.Open(damaged, out _));
        }
    }

    [Fact]
    public void TheSameConfigurationGivesTheSameBytes() => Assert.Equal(_demo, SystemWriter.Write(Demo()));

    /// <summary>The host's SK0201, for an archive of another make.</summary>
    [Fact]
    public void WithoutAnEssentialChildItIsNone()
    {
        byte[] bytes = [.. _demo];
        for (uint i = 0; i < Header().Children.Count; i++)
        {
            Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(bytes, out _));
            ClearFlags(bytes, i);
        }
        Assert.Equal(ConfigurationStatus.NothingEssential, SystemConfiguration.Open(bytes, out _));
    }

    /// <summary>Nobody starts it.</summary>
    [Fact]
    public void AnEssentialChildThatIsInNoListDoesNotCount()
    {
        SystemDescription system = TestFiles.System(
            """{ "children": [{ "name": "a", "binary": "x", "essential": true }] }"""
        );
        byte[] bytes = SystemWriter.Write(system);
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(bytes, out _));
        int count = (int)Marshal.OffsetOf<SystemHeader>(nameof(SystemHeader.CoreChildren)) + sizeof(uint);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(count), 0);
        Assert.Equal(ConfigurationStatus.NothingEssential, SystemConfiguration.Open(bytes, out _));
    }

    [Fact]
    public void EachStatusHasItsWords()
    {
        ConfigurationStatus[] all = Enum.GetValues<ConfigurationStatus>();
        Assert.Equal(
            all.Length,
            all.Select(status => Encoding.UTF8.GetString(ConfigurationStatusText.Of(status))).Distinct().Count()
        );
    }

    [Fact]
    public void AnEmptyConfigurationIsNone()
    {
        byte[] empty = SystemWriter.Write(
            new SystemDescription
            {
                File = "system.json",
                TimeoutSeconds = 0,
                Verbose = false,
                Children = [],
                Vcores = [],
                Channels = [],
            }
        );
        Assert.Equal(ConfigurationStatus.NothingEssential, SystemConfiguration.Open(empty, out _));
    }

    [Fact]
    public void BytesBehindTheConfigurationDoNotMatter() =>
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open([.. _demo, 1, 2, 3], out _));

    [Theory]
    [InlineData(0, 0u, ConfigurationStatus.WrongMagic)]
    [InlineData(8, 3u, ConfigurationStatus.WrongVersion)]
    [InlineData(12, 1u, ConfigurationStatus.WrongLength)]
    [InlineData(12, 0xffff_ffffu, ConfigurationStatus.WrongLength)]
    [InlineData(12, 0xffffu, ConfigurationStatus.Truncated)]
    [InlineData(20, 2u, ConfigurationStatus.BadValue)]
    [InlineData(24, 0u, ConfigurationStatus.BadTable)]
    [InlineData(24, 97u, ConfigurationStatus.BadTable)]
    [InlineData(28, 65u, ConfigurationStatus.BadTable)]
    [InlineData(48, 0xffff_fff8u, ConfigurationStatus.BadTable)]
    [InlineData(84, 0u, ConfigurationStatus.BadString)]
    [InlineData(88, 7u, ConfigurationStatus.BadReference)]
    [InlineData(92, 0xffff_ffffu, ConfigurationStatus.BadReference)]
    public void ADamagedHeaderIsNamed(int offset, uint value, ConfigurationStatus expected) =>
        Assert.Equal(expected, OpenDamaged(offset, value));

    [Theory]
    [InlineData(nameof(VcoreRecord.CpuSelection), 3u, ConfigurationStatus.BadValue)]
    [InlineData(nameof(VcoreRecord.Priority), 256u, ConfigurationStatus.BadValue)]
    [InlineData(nameof(VcoreRecord.Children), 0xffff_ffffu, ConfigurationStatus.BadReference)]
    [InlineData(nameof(VcoreRecord.Name), 0xffff_ffffu, ConfigurationStatus.BadString)]
    public void ADamagedVcoreIsNamed(string field, uint value, ConfigurationStatus expected)
    {
        int table = (int)Header().Vcores.Offset;
        int offset = (int)Marshal.OffsetOf<VcoreRecord>(field);
        Assert.Equal(expected, OpenDamaged(table + offset, value));
    }

    /// <summary>Names go into lines of the console, where one with a line feed would forge others.</summary>
    [Theory]
    [InlineData("ping-server")]
    [InlineData("Ping")]
    [InlineData("left-right")]
    [InlineData("west")]
    public void ANameThatNoFileMayHaveIsNone(string name)
    {
        byte[] pattern = Encoding.ASCII.GetBytes(name);
        int strings = (int)Header().Strings.Offset;
        int at = strings + _demo.AsSpan(strings).IndexOf(pattern);
        foreach (byte character in "\n\e\0 @/\u007f\u00ff"u8)
        {
            byte[] bytes = [.. _demo];
            bytes[at + 1] = character;
            Assert.Equal(ConfigurationStatus.BadString, SystemConfiguration.Open(bytes, out _));
        }
    }

    /// <summary>Its lines would be core's.</summary>
    [Fact]
    public void AVcoreThatIsCalledCoreIsNone()
    {
        byte[] bytes = [.. _demo];
        int strings = (int)Header().Strings.Offset;
        "core"u8.CopyTo(bytes.AsSpan(strings + _demo.AsSpan(strings).IndexOf("west"u8)));
        Assert.Equal(ConfigurationStatus.BadString, SystemConfiguration.Open(bytes, out _));
    }

    /// <summary>Two of 2^63 bytes would come to nothing.</summary>
    [Theory]
    [InlineData(nameof(MemoryRecord.Size), 1ul << 63)]
    [InlineData(nameof(MemoryRecord.Size), (1ul << 52) + 4096)]
    [InlineData(nameof(MemoryRecord.Size), 4097ul)]
    [InlineData(nameof(MemoryRecord.Size), 0ul)]
    [InlineData(nameof(MemoryRecord.Start), 1ul << 63)]
    [InlineData(nameof(MemoryRecord.Start), 1ul)]
    public void AMemoryEntryThatCannotBeIsNamed(string field, ulong value)
    {
        byte[] bytes = [.. _demo];
        int offset = (int)Header().Memory.Offset + (int)Marshal.OffsetOf<MemoryRecord>(field);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(offset), value);
        Assert.Equal(ConfigurationStatus.BadValue, SystemConfiguration.Open(bytes, out _));
    }

    [Fact]
    public void ShortBytesAreTruncated()
    {
        for (int length = 0; length < _demo.Length; length++)
        {
            Assert.Equal(ConfigurationStatus.Truncated, SystemConfiguration.Open(_demo.AsSpan(0, length), out _));
        }
    }

    [Fact]
    public void DamagedBytesLeadNobodyOutside() =>
        Prop.ForAll<int, byte, byte>((at, value, more) => ReadsSafely(at, value, more)).Check(SoakConfig.Of(2000));

    [Fact]
    public void RandomBytesLeadNobodyOutside() =>
        Prop.ForAll<byte[]>(bytes => ReadsSafely([.. _demo.AsSpan(0, 16), .. bytes, .. new byte[256]]))
            .Check(SoakConfig.Of(2000));

    private static bool ReadsSafely(int at, byte value, byte more)
    {
        byte[] bytes = [.. _demo];
        int first = (at & int.MaxValue) % bytes.Length;
        bytes[first] = value;
        bytes[(first + more) % bytes.Length] ^= more;
        return ReadsSafely(bytes);
    }

    /// <summary>Reads all that a good status promises; an exception would be an access outside.</summary>
    private static bool ReadsSafely(byte[] bytes)
    {
        ConfigurationStatus status = SystemConfiguration.Open(bytes, out SystemConfiguration read);
        if (status != ConfigurationStatus.Ok)
        {
            return Enum.IsDefined(status);
        }
        int length = 0;
        for (uint i = 0; i < read.VcoreCount; i++)
        {
            VcoreRecord vcore = read.Vcore(i);
            length += read.Text(vcore.Name).Length + read.Text(vcore.Binary).Length;
            read.Selects(vcore, uint.MaxValue);
            for (uint m = 0; m < vcore.Memory.Count; m++)
            {
                _ = read.Memory(vcore.Memory.First + m);
            }
            length += Children(read, vcore.Children) + Routes(read, vcore.Routes);
        }
        length += Children(read, read.CoreChildren);
        for (uint i = 0; i < read.ChannelCount; i++)
        {
            ChannelRecord channel = read.Channel(i);
            length += read.Text(channel.Name).Length;
            _ = read.Child(channel.First);
            _ = read.Child(channel.Second);
        }
        return length >= 0;
    }

    private static int Children(SystemConfiguration read, RecordRange range)
    {
        int length = 0;
        for (uint i = 0; i < range.Count; i++)
        {
            ChildRecord child = read.Child(range.First + i);
            length += read.Text(child.Name).Length + read.Text(child.Binary).Length + read.Text(child.Arguments).Length;
            for (uint s = 0; s < child.Services.Count; s++)
            {
                length += read.Text(read.Service(child.Services.First + s).Name).Length;
            }
            length += Routes(read, child.Routes);
        }
        return length;
    }

    private static int Routes(SystemConfiguration read, RecordRange range)
    {
        int length = 0;
        for (uint i = 0; i < range.Count; i++)
        {
            RouteRecord route = read.Route(range.First + i);
            length += read.Text(route.Service).Length + read.Text(route.Label).Length;
            if (route.Target == RouteTarget.Child)
            {
                _ = read.Child(route.TargetChild);
            }
        }
        return length;
    }

    private static void CheckVcore(SystemDescription system, SystemConfiguration read, uint index)
    {
        VcoreDescription expected = system.Vcores[(int)index];
        VcoreRecord vcore = read.Vcore(index);
        Assert.Equal(expected.Name, Text(read, vcore.Name));
        Assert.Equal(expected.CpuIdentifiers.Count, (int)vcore.CpuIdentifiers.Count);
        Assert.True(read.Selects(vcore, expected.CpuIdentifiers[0]));
        Assert.False(read.Selects(vcore, 99));
        Assert.Equal(expected.Memory[0].Size, read.Memory(vcore.Memory.First).Size);
        for (int i = 0; i < expected.Children.Count; i++)
        {
            ChildRecord child = read.Child(vcore.Children.First + (uint)i);
            Assert.Equal(expected.Children[i].Name, Text(read, child.Name));
            Assert.Equal(expected.Children[i].Arguments, Text(read, child.Arguments));
            Assert.Equal((index, expected.Children[i].RamQuota), (child.Owner, child.RamQuota));
            Assert.Equal(ChildRecord.ClusterFromAffinity, child.Cluster);
        }
    }

    private static void ClearFlags(byte[] bytes, uint child)
    {
        uint offset = Header().Children.Offset + child * (uint)Marshal.SizeOf<ChildRecord>();
        offset += (uint)Marshal.OffsetOf<ChildRecord>(nameof(ChildRecord.Flags));
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan((int)offset), 0);
    }

    private static ConfigurationStatus OpenDamaged(int offset, uint value)
    {
        byte[] bytes = [.. _demo];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(offset), value);
        return SystemConfiguration.Open(bytes, out _);
    }

    private static SystemHeader Header()
    {
        SystemConfiguration.Open(_demo, out SystemConfiguration read);
        return read.Header;
    }

    private static string Text(SystemConfiguration read, StringReference text) =>
        Encoding.UTF8.GetString(read.Text(text));

    private static SystemDescription Demo()
    {
        var repository = Skerry.Qemu.Repository.Locate();
        return SystemReader.ReadFile(repository.Find(repository.Configurations, "demo", "configuration"));
    }
}
