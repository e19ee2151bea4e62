using System;
using System.Globalization;

namespace Skerry.Qemu.Commands;

/// <summary>How fast random calls are made, and how long the rest will take.</summary>
/// <param name="calls">Of one piece.</param>
/// <param name="piecesBehind">That are to be made after this one.</param>
public sealed class FuzzProgress(ulong calls, int piecesBehind)
{
    /// <summary>Between two remarks.</summary>
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(5);

    private TimeSpan _last = TimeSpan.Zero;

    /// <param name="made">Calls of this piece until now.</param>
    /// <param name="elapsed">Since the piece was begun.</param>
    /// <returns>A remark, or null if the last was not long ago.</returns>
    public string? Remark(ulong made, TimeSpan elapsed)
    {
        if (elapsed - _last < _pause || made == 0)
        {
            return null;
        }
        _last = elapsed;
        double rate = made / elapsed.TotalSeconds;
        double left = (calls > made ? calls - made : 0) + (double)calls * piecesBehind;
        string pieces =
            piecesBehind == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {piecesBehind} more pieces");
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{made} of {calls} calls{pieces}, {rate:F0} calls a second, {Text(TimeSpan.FromSeconds(left / rate))} left"
        );
    }

    private static string Text(TimeSpan time) =>
        time.TotalHours >= 1
            ? string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours} h {time.Minutes} min")
        : time.TotalMinutes >= 1 ? string.Create(CultureInfo.InvariantCulture, $"{time.Minutes} min {time.Seconds} s")
        : string.Create(CultureInfo.InvariantCulture, $"{time.Seconds} s");
}
