namespace Skerry.Qemu.Benchmarks;

/// <summary>What core's and a vcore's operations cost (<c>docs/figures/servers.json</c>).</summary>
public sealed record ServersRecord : OperationRecord<ServersFigure>
{
    public static string PathIn(Repository repository) => RecordFiles.PathIn(repository, "servers");

    public static ServersRecord Read(string path) => RecordFiles.Read<ServersRecord>(path);
}
