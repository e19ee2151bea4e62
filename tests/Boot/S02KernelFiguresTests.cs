using System.Collections.Generic;
using System.Linq;
using Skerry.Qemu;
using Skerry.Qemu.Benchmarks;
using Xunit;

namespace Skerry.Tests.Boot;

/// <summary>
/// What the kernel's operations cost is no more than what is on record (docs/figures/kernel.json). Whoever has a reason to
/// let one grow, or has made one cheaper, records anew: <c>skerry bench --suite kernel --record</c>.
/// </summary>
[Collection(CountedCollection.Name)]
public sealed class S02KernelFiguresTests
{
    private static readonly Repository _repository = Repository.Locate();

    [Theory]
    [MemberData(nameof(KernelMachines.Kernels), MemberType = typeof(KernelMachines))]
    public void NoFigureHasGrown(string name)
    {
        IReadOnlyList<KernelFigure> measured = KernelSuite.Run(_repository, KernelMachines.Named(name));
        KernelRecord record = KernelRecord.Read(KernelRecord.PathIn(_repository));
        IReadOnlyList<string> regressions = record.Regressions(measured, [name]);
        Assert.True(
            regressions.Count == 0,
            $"against the record of {record.Date}, {record.Commit}:\n{string.Join('\n', regressions)}"
        );
        IEnumerable<string> known = KernelReference.Read(_repository).Rows.Select(row => row.Name);
        Assert.Empty(measured.Select(figure => figure.Name).Except(known));
        KernelMachines.AreCounted(measured);
    }
}
