using System.Collections.Generic;
using System.Linq;
using Skerry.Abi.Boot;
using Skerry.Base.Needs;

namespace Skerry.Tests.Host.Placement;

/// <summary>CPUs as the machine's description has them: of clusters of two, a node each, some of which are parked.</summary>
internal static class PlayedMachine
{
    public const int CpusPerCluster = 2;

    /// <param name="clusters">How many the machine has.</param>
    /// <param name="parked">Which of them bootstrap has parked.</param>
    public static MachineCpu[] Of(int clusters, params IReadOnlyCollection<int> parked) =>
        [
            .. Enumerable
                .Range(0, clusters * CpusPerCluster)
                .Select(cpu => Cpu((uint)cpu / CpusPerCluster, (uint)cpu % CpusPerCluster, parked)),
        ];

    private static MachineCpu Cpu(uint number, uint index, IReadOnlyCollection<int> parked) =>
        new()
        {
            ApicId = number * CpusPerCluster + index,
            Node = number,
            IndexInCluster = index,
            Cluster = parked.Contains((int)number)
                ? ParkedCluster.Of(number)
                : number - (uint)parked.Count(other => other < number),
        };
}
