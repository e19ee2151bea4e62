namespace Skerry.Kernel.Startup;

/// <summary>The doors that the calling CPU was last told to use.</summary>
internal static class Doors
{
    public static bool Traced;

    public static unsafe void Use(Cpu* cpu) => Traced = cpu->Trace.Writer.IsOn;
}
