using System.Runtime;
using System.Threading;
using Skerry.Base.Layout;
using Skerry.Base.Startup;

namespace Skerry.Apps.Spinner;

/// <summary>Never gives its CPU away: what runs beside it runs by preemption alone.</summary>
internal static class Program
{
    private static ulong turns;

    [RuntimeExport(ComponentEntryPoints.SkerryMain)]
    private static ulong Main(in Environment _)
    {
        while (true)
        {
            Volatile.Write(ref turns, turns + 1);
        }
    }
}
