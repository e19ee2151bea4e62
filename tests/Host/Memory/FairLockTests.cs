using System.Collections.Generic;
using System.Linq;
using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>Real threads at the lock that is had in the order in which it was asked for.</summary>
public sealed class FairLockTests
{
    private readonly List<int> _order = [];
    private FairLock<ProcessorMemory> _lock;

    /// <summary>Whoever gives it back and asks again at once stands behind all who waited.</summary>
    [Fact]
    public void WhoAsksAgainStandsBehindThoseWhoWait()
    {
        const int waiting = 4;
        _lock.Acquire();
        Thread[] threads = [.. Enumerable.Range(0, waiting).Select(AtTheLock)];
        _lock.Release();
        _lock.Acquire();
        Assert.Equal(Enumerable.Range(0, waiting), _order);
        _lock.Release();
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
    }

    [Fact]
    public void OneHoldsItAtATime()
    {
        const int rounds = 20_000;
        int count = 0;
        Thread[] threads =
        [
            .. Enumerable
                .Range(0, 3)
                .Select(_ => new Thread(() =>
                {
                    for (int i = 0; i < rounds; i++)
                    {
                        _lock.Acquire();
                        count++;
                        _lock.Release();
                    }
                })),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Assert.Equal(threads.Length * rounds, count);
    }

    /// <summary>A thread that has asked for the lock and waits.</summary>
    private Thread AtTheLock(int number)
    {
        using var asked = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            SystemCalls.Waiting = () =>
            {
                SystemCalls.Waiting = null;
                asked.Set();
            };
            _lock.Acquire();
            _order.Add(number);
            _lock.Release();
        });
        thread.Start();
        asked.Wait();
        return thread;
    }
}
