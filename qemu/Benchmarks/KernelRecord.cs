using System.Text.Json;

namespace Skerry.Qemu.Benchmarks;

/// <summary>What the kernel's operations cost (<c>docs/figures/kernel.json</c>).</summary>
public sealed record KernelRecord : OperationRecord<KernelFigure>
{
    public static string PathIn(Repository repository) => RecordFiles.PathIn(repository, "kernel");

    public static KernelRecord Read(string path) => RecordFiles.Read<KernelRecord>(path);

    /// <exception cref="JsonException">It is no record.</exception>
    public static KernelRecord Parse(string text) => RecordFiles.Parse<KernelRecord>(text);
}
