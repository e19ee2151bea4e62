using System.Text;
using Skerry.Base.Configuration;
using Skerry.Core.Links;
using Skerry.Qemu;
using Skerry.Qemu.Configuration;
using Skerry.Tests.Host.Qemu;
using Xunit;

namespace Skerry.Tests.Host.Links;

/// <summary>Which end a component may open is what the configuration says.</summary>
public sealed class ChannelDirectoryTests
{
    private static readonly byte[] _system = SystemWriter.Write(
        TestFiles.System(
            """
            {
              "vcores": [
                { "name": "west", "cpus": { "clusters": [0] }, "memory": [{ "node": "local", "size": "4M" }],
                  "children": [{ "name": "a", "binary": "x", "essential": true }, { "name": "b", "binary": "x" }] },
                { "name": "east", "cpus": { "clusters": [1] }, "memory": [{ "node": "local", "size": "4M" }],
                  "children": [{ "name": "a", "binary": "x" }] }
              ],
              "channels": [
                { "name": "first", "between": ["west/a", "east/a"], "slots": 8 },
                { "name": "second", "between": ["west/b", "west/a"], "slots": 16 }
              ]
            }
            """
        )
    );

    [Theory]
    [InlineData(0, "a", true, 0u, 0u)]
    [InlineData(0, "a -> ", true, 0u, 0u)]
    [InlineData(0, "a -> first", true, 0u, 0u)]
    [InlineData(0, "a -> second", true, 1u, 1u)]
    [InlineData(0, "b -> ", true, 1u, 0u)]
    [InlineData(1, "a -> first", true, 0u, 1u)]
    [InlineData(0, "b -> first", false, 0u, 0u)]
    [InlineData(1, "a -> second", false, 0u, 0u)]
    [InlineData(1, "b", false, 0u, 0u)]
    [InlineData(0, "", false, 0u, 0u)]
    [InlineData(0, " -> first", false, 0u, 0u)]
    [InlineData(0, "a -> firs", false, 0u, 0u)]
    public void ALabelNamesAChildsEnd(uint vcore, string label, bool found, uint channel, uint side)
    {
        Assert.Equal(ConfigurationStatus.Ok, SystemConfiguration.Open(_system, out SystemConfiguration system));
        byte[] text = Encoding.UTF8.GetBytes(label);
        Assert.Equal(found, ChannelDirectory.TryFindByLabel(in system, vcore, text, out ChannelEndId end));
        Assert.Equal((channel, side), (end.Channel, end.Side));
    }
}
