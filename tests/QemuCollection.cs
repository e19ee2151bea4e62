using Xunit;

namespace Skerry.Tests;

/// <summary>
/// Tests that start QEMU: one at a time, and beside no others, for a machine with many CPUs takes all that the host has.
/// </summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class QemuCollection
{
    public const string Name = "QEMU";
}
