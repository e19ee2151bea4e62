using System;
using Skerry.Base.Startup;
using Skerry.Base.Text;
using Environment = Skerry.Base.Startup.Environment;

namespace Skerry.Apps.Mortal;

/// <summary>Does its steps, one less each time, and ends. What it has made is in use by then.</summary>
internal static class Worker
{
    private const ulong Failed = 2;

    public static ulong Run(in Environment environment, ulong last)
    {
        bool isLast = environment.Restarts == last;
        uint steps = isLast ? Steps.Count : Steps.Count - environment.Restarts % (Steps.Count + 1);
        for (uint i = 0; i < steps; i++)
        {
            if (!Steps.Do(in environment, i))
            {
                Tell(in environment, i);
                return Failed;
            }
        }
        if (isLast)
        {
            return ExitValue.Success;
        }
        // Whoever crashes from now on has nobody who handles it, and so has the thread that has waited for that.
        environment.RegionMap.SetFaultHandler(default);
        return Ends.End(in environment, environment.Restarts / (Steps.Count + 1));
    }

    private static void Tell(in Environment environment, uint step)
    {
        Span<byte> buffer = stackalloc byte[100];
        var text = new TextBuilder(buffer);
        text.Append("@test mortal-step fail "u8).AppendDecimal(step).Append(" of start "u8);
        environment.Log.Write(text.AppendDecimal(environment.Restarts).AppendLine());
    }
}
