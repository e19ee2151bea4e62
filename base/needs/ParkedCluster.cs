namespace Skerry.Base.Needs;

/// <summary>
/// How the machine's description says that no kernel runs a CPU, as its cluster has too little memory: in place of a
/// cluster stands the number that it would have had. Numbers that a configuration names count such clusters too.
/// </summary>
public static class ParkedCluster
{
    private const uint Mark = 0x8000_0000;

    /// <param name="number">Of the cluster among all that the machine has.</param>
    public static uint Of(uint number) => Mark | number;

    /// <param name="cluster">A CPU's cluster.</param>
    /// <param name="number">What <see cref="Of"/> was given.</param>
    /// <returns>False: a kernel runs there.</returns>
    public static bool Is(uint cluster, out uint number)
    {
        number = cluster & ~Mark;
        return (cluster & Mark) != 0;
    }
}
