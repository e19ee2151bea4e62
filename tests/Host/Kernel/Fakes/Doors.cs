namespace Skerry.Kernel.Startup;

/// <summary>The doors that the calling CPU was last told to use.</summary>
internal static class Doors
{
    public static bool Traced;

    public static void Use(bool traced) => Traced = traced;
}
