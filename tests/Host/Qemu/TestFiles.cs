using System.Text;
using Skerry.Qemu.Configuration;
using Skerry.Qemu.Source;
using Skerry.Qemu.Topologies;

namespace Skerry.Tests.Host.Qemu;

/// <summary>Reads topologies and configurations from text, as if they stood in files.</summary>
internal static class TestFiles
{
    public static Topology Topology(string text)
    {
        var diagnostics = new Diagnostics("machine.json");
        return TopologyReader.Read(SourceParser.Parse(Encoding.UTF8.GetBytes(text), diagnostics), diagnostics);
    }

    public static SystemDescription System(string text)
    {
        var diagnostics = new Diagnostics("system.json");
        return SystemReader.Read(SourceParser.Parse(Encoding.UTF8.GetBytes(text), diagnostics), diagnostics);
    }

    /// <summary>File, line and reason: what most tests look at.</summary>
    public static string Short(Diagnostic diagnostic) =>
        $"{diagnostic.File}({diagnostic.Position.Line}): {diagnostic.Reason}";

    /// <summary>One of the topologies that come with Skerry.</summary>
    public static Topology Shipped(string name) => TopologyCatalog.Load(Skerry.Qemu.Repository.Locate(), name);
}
