using System.Linq;
using Skerry.Qemu.Machines;
using Skerry.Qemu.Topologies;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// A vcore whose children do what they may not, beside two that call each other: 4x4. The end is a success, as only the
/// two are essential and nothing touches them.
/// </summary>
[Collection(QemuCollection.Name)]
public sealed class S04VCoreTests
{
    private const string Template = """
        {
          "vcores": [
            {
              "name": "west",
              "cpus": { "clusters": [1] },
              "memory": [{ "node": "local", "size": "10M" }],
              "children": [
                { "name": "bad", "binary": "faulty", "arguments": "MISDEED", "affinity": { "x": 1 }, "priority": 50 },
                { "name": "server", "binary": "ping-server", "affinity": { "x": 0 }, "provides": ["Ping"] },
                {
                  "name": "client",
                  "binary": "ping-client",
                  "affinity": { "x": 0 },
                  "essential": true,
                  "routes": [{ "service": "Ping", "to": "child:server" }, { "to": "parent" }]
                }
              ]
            }
          ]
        }
        """;

    /// <summary>Reported by name, reason and address, to the parent and by it.</summary>
    [Theory]
    [InlineData("null-write", @"write to 0x0*8 \(no region\) at ip 0x")]
    [InlineData("kernel-address", @"write to 0xffffffff80000000 \(.*\) at ip 0x")]
    [InlineData("non-canonical", @"general protection .* at ip 0x")]
    [InlineData("privileged", @"general protection .* at ip 0x")]
    [InlineData("wild-jump", @"jump to 0x0*12345000 \(no region\) at ip 0x0*12345000")]
    [InlineData("write-text", @"write to 0x0*400000 \(not writable\) at ip 0x")]
    [InlineData("write-rom", @"write to 0x[0-9a-f]+ \(not writable\) at ip 0x")]
    [InlineData("stack-overflow", @"write to 0x0*4[0-9a-f]+ \(no region, below a stack: it is used up\) at ip 0x")]
    public void AMisdeedIsReportedAndTouchesNobody(string misdeed, string report)
    {
        MachineResult result = Run(misdeed, essential: false);
        Assert.Matches(@"west: child bad faulted: " + report, Assert.Single(result.Lines, IsReport));
    }

    /// <summary>Each unknown slot answers with a status; the program says itself if one did not.</summary>
    [Fact]
    public void ABadCapabilityIsAStatus() =>
        Assert.DoesNotContain(Run("bad-capability", essential: true).Lines, IsReport);

    /// <summary>Memory for kernel objects, frames behind dataspaces, CPUs' time: nothing of that is a component's.</summary>
    [Fact]
    public void AComponentIsNoServer() => Assert.DoesNotContain(Run("serve", essential: true).Lines, IsReport);

    [Fact]
    public void AnEndlessLoopTouchesNobody() =>
        Assert.DoesNotContain(Run("endless-loop", essential: false).Lines, IsReport);

    /// <summary>A vcore's routes are its children's: neither its own requests go by them, nor those of who serves.</summary>
    [Theory]
    [InlineData("ping-server", "ping-client")]
    [InlineData("rom-reader", "toucher")]
    public void AVcoresRoutesAreForItsChildren(string server, string client)
    {
        string json = $$"""
            {
              "vcores": [
                {
                  "name": "west",
                  "cpus": { "clusters": [1] },
                  "memory": [{ "node": "local", "size": "10M" }],
                  "children": [
                    { "name": "server", "binary": "{{server}}", "arguments": "system.bin", "provides": ["Ping"] },
                    { "name": "client", "binary": "{{client}}" }
                  ],
                  "routes": [{ "to": "child:server" }]
                }
              ]
            }
            """;
        string essential = server == "ping-server" ? "client" : "server";
        json = json.Replace($"\"{essential}\",", $"\"{essential}\", \"essential\": true,");
        MachineResult result = SystemFile.Run("4x4", ClusterMode.L2, $"vcore-routes-{server}", json);
        result.Require(ExitStatus.Success);
        Assert.Contains($"vcore west: child {essential} exited with 0", result.Lines);
    }

    private static MachineResult Run(string misdeed, bool essential)
    {
        string arguments = $"\"{misdeed}\"" + (essential ? ", \"essential\": true" : "");
        string json = Template.Replace("\"MISDEED\"", arguments);
        MachineResult result = SystemFile
            .Run("4x4", ClusterMode.L2, $"misdeed-{misdeed}", json)
            .Require(ExitStatus.Success);
        Assert.All(result.RecordsOf("test"), test => Assert.Equal("pass", test.Word(1)));
        return result;
    }

    private static bool IsReport(string line) => line.Contains(" faulted: ");
}
