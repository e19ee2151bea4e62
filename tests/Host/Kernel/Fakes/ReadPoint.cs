using System;

namespace Skerry.Kernel;

/// <summary>What another CPU does when this one has come to a place between two reads; once.</summary>
internal static partial class ReadPoint
{
    private static ReadPlace _place;
    private static Action? _change;

    /// <summary>Whether it has been come to since.</summary>
    public static bool IsAwaited => _change != null;

    public static void At(ReadPlace place, Action change)
    {
        _place = place;
        _change = change;
    }

    public static void Reset() => _change = null;

    static partial void OnReached(ReadPlace place)
    {
        Action? change = _change;
        if (change != null && place == _place)
        {
            _change = null;
            change();
        }
    }
}
