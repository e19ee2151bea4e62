using System;

namespace Skerry.Kernel;

/// <summary>What another CPU does when this one has come to a place between two reads; once.</summary>
internal static partial class ReadPoint
{
    private static ReadPlace awaited;
    private static Action? pending;

    /// <summary>Whether it has been come to since.</summary>
    public static bool IsAwaited => pending != null;

    public static void At(ReadPlace place, Action change)
    {
        awaited = place;
        pending = change;
    }

    public static void Reset() => pending = null;

    static partial void OnReached(ReadPlace place)
    {
        Action? change = pending;
        if (change != null && place == awaited)
        {
            pending = null;
            change();
        }
    }
}
