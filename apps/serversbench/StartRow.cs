using Skerry.Abi;
using Skerry.Base.Measurement;
using Skerry.Base.Startup;

namespace Skerry.Apps.ServersBench;

/// <summary>From when the server began to make this component to its first instruction; once, as it is started once.</summary>
internal static unsafe class StartRow
{
    private static Samples samples;

    /// <param name="environment">Of this component, which nobody runs beside.</param>
    /// <param name="began">Its first reading of the counter.</param>
    public static ulong Run(in Environment environment, ulong began)
    {
        samples.Add(began - environment.MadeAt);
        Report.Print(in environment, "component-start"u8, ref samples);
        return ExitValue.Success;
    }
}
