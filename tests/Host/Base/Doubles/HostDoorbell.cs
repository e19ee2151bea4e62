using System;
using System.Threading;
using Skerry.Base.Channels;

namespace Skerry.Tests.Host.Base;

/// <summary>A doorbell and who waits for it: like a notification, rings coalesce.</summary>
internal sealed class HostDoorbell
{
    public static readonly HostDoorbell[] All = new HostDoorbell[16];
    private readonly AutoResetEvent _rung = new(false);
    private int _rings;

    public int Rings => _rings;

    public void Ring()
    {
        Interlocked.Increment(ref _rings);
        _rung.Set();
    }

    /// <returns>False if nobody rang in time.</returns>
    public bool Wait(TimeSpan limit) => _rung.WaitOne(limit);

    /// <summary>Names one of <see cref="All"/>: the target's structures hold no references.</summary>
    public readonly struct Handle(int index) : IDoorbell
    {
        public void Ring() => All[index].Ring();
    }
}
