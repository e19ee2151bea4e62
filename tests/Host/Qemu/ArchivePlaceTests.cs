using Skerry.Abi.Boot;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Host.Qemu;

/// <summary>A boot archive that would lie over bootstrap is refused before the boot.</summary>
public sealed class ArchivePlaceTests
{
    private const ulong Stacks = (ulong)BootstrapSize.Stacks * BootstrapSize.StackBytes;
    private const ulong Image = ByteSize.Mebi - (ulong)BootstrapSize.StackBytes;

    /// <summary>Bootstrap ends at 2 MiB with one CPU, so that there is room for all of the rest but QEMU's 160 KiB.</summary>
    [Theory]
    [InlineData("""{ "memory": "8M", "cpus": 1 }""", 5 << 20, true)]
    [InlineData("""{ "memory": "8M", "cpus": 1 }""", (6 << 20) - 0x2_8000 - 0x1000, true)]
    [InlineData("""{ "memory": "8M", "cpus": 1 }""", (6 << 20) - 0x2_8000, false)]
    [InlineData("""{ "memory": "8M", "cpus": 256 }""", (6 << 20) - 0x2_8000 - 0x1000, false)]
    [InlineData("""{ "memory": "64M", "cpus": 1 }""", 140 << 20, false)]
    [InlineData("""{ "memory": "64M", "cpus": 1 }, { "memory": "256M", "cpus": 1 }""", 200 << 20, true)]
    [InlineData("""{ "memory": "8G", "cpus": 1 }""", 2_040 << 20, true)]
    [InlineData("""{ "memory": "8G", "cpus": 1 }""", 2_047 << 20, false)]
    public void ItsPlaceIsKnown(string nodes, ulong bytes, bool hasRoom)
    {
        Topology topology = TestFiles.Topology($$"""{ "name": "box", "nodes": [{{nodes}}] }""");
        if (hasRoom)
        {
            ArchivePlace.Check(topology, bytes, Image + Stacks);
            return;
        }
        BadInputException refusal = Assert.Throws<BadInputException>(() =>
            ArchivePlace.Check(topology, bytes, Image + Stacks)
        );
        Assert.Contains("QEMU would put it over bootstrap's own memory, as box has ", refusal.Message);
    }
}
