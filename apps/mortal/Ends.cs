using System.Runtime.Intrinsics.X86;
using System.Threading;
using Skerry.Base.Sessions;
using Skerry.Base.Startup;

namespace Skerry.Apps.Mortal;

/// <summary>The ways in which it ends badly.</summary>
internal static unsafe class Ends
{
    private const ulong BadValue = 3;
    private const ulong NotEnded = 4;

    /// <summary>Each of them in its turn.</summary>
    public static ulong End(in Environment environment, ulong which)
    {
        switch (which % 5)
        {
            case 0:
                return Crash();
            case 1:
                return BadValue;
            case 2:
                return Busy.Start(in environment, BusyKind.Crashes) ? CallForEver(in environment) : NotEnded;
            case 3:
                return Busy.Start(in environment, BusyKind.Exits) ? CallForEver(in environment) : NotEnded;
            default:
                return ExitValue.RuntimeFailure + 1;
        }
    }

    /// <returns>Never.</returns>
    public static ulong Crash()
    {
        Volatile.Write(ref *(ulong*)8, 1ul);
        return NotEnded;
    }

    private static ulong CallForEver(in Environment environment)
    {
        while (true)
        {
            environment.Pd.Quota(out QuotaState _);
            X86Base.Pause();
        }
    }
}
