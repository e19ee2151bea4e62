using System;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using Skerry.Base.Kernel;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>Real threads at the lock that one has alone or CPUs share.</summary>
public sealed unsafe class SharedLockTests : IDisposable
{
    private const int Cpus = 3;
    private const ulong Stride = 64;
    private readonly void* _words = NativeMemory.AllocZeroed(Cpus, (nuint)Stride);
    private readonly List<string> _order = [];
    private SharedLock<ProcessorMemory> _lock;

    public SharedLockTests() => _lock.Initialise((int*)_words, Stride, Cpus);

    public void Dispose() => NativeMemory.Free(_words);

    [Fact]
    public void CpusShareItAtATime()
    {
        int* first = _lock.AcquireShared(0);
        int* second = _lock.AcquireShared(2);
        SharedLock<ProcessorMemory>.ReleaseShared(first);
        SharedLock<ProcessorMemory>.ReleaseShared(second);
        _lock.Acquire();
        _lock.Release();
    }

    /// <summary>
    /// One waits to have it alone, then two CPUs to share it, then another alone: that is the order, though it is shared all
    /// the time until the first has it, and the two have it together.
    /// </summary>
    [Fact]
    public void TheOrderIsThatOfTheQuestions()
    {
        using var together = new Barrier(2);
        int* held = _lock.AcquireShared(0);
        Thread[] threads =
        [
            AtTheLock(() => BeAlone("first")),
            AtTheLock(() => Share(1, together)),
            AtTheLock(() => Share(2, together)),
            AtTheLock(() => BeAlone("last")),
        ];
        Assert.Empty(_order);
        SharedLock<ProcessorMemory>.ReleaseShared(held);
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Assert.Equal(["first", "shared", "shared", "last"], _order);
    }

    /// <summary>Each CPU counts for itself, with the lock shared; whoever is alone takes all counts together.</summary>
    [Fact]
    public void WhoIsAloneIsAlone()
    {
        const int rounds = 30_000;
        long[] counts = new long[Cpus];
        long taken = 0;
        long wrong = 0;
        Thread[] threads =
        [
            .. Enumerable.Range(0, Cpus).Select(cpu => new Thread(() => Count((uint)cpu))),
            .. Enumerable.Range(0, 2).Select(_ => new Thread(TakeAll)),
        ];
        foreach (Thread thread in threads)
        {
            thread.Start();
        }
        foreach (Thread thread in threads)
        {
            thread.Join();
        }
        Assert.Equal(0, wrong);
        Assert.Equal((long)Cpus * rounds, taken + counts.Sum());

        void Count(uint cpu)
        {
            for (int i = 0; i < rounds; i++)
            {
                int* word = _lock.AcquireShared(cpu);
                // Nobody else writes it, unless he is alone.
                long seen = Volatile.Read(ref counts[cpu]);
                Thread.SpinWait(i % 8);
                wrong += Volatile.Read(ref counts[cpu]) == seen ? 0 : 1;
                counts[cpu] = seen + 1;
                SharedLock<ProcessorMemory>.ReleaseShared(word);
            }
        }

        void TakeAll()
        {
            for (int i = 0; i < rounds / 4; i++)
            {
                _lock.Acquire();
                for (int cpu = 0; cpu < Cpus; cpu++)
                {
                    taken += counts[cpu];
                    counts[cpu] = 0;
                }
                _lock.Release();
            }
        }
    }

    private void BeAlone(string name)
    {
        _lock.Acquire();
        _order.Add(name);
        _lock.Release();
    }

    private void Share(uint cpu, Barrier together)
    {
        int* word = _lock.AcquireShared(cpu);
        together.SignalAndWait();
        lock (_order)
        {
            _order.Add("shared");
        }
        SharedLock<ProcessorMemory>.ReleaseShared(word);
    }

    /// <summary>A thread that has asked for the lock and waits.</summary>
    private static Thread AtTheLock(Action action)
    {
        using var asked = new ManualResetEventSlim();
        var thread = new Thread(() =>
        {
            SystemCalls.Waiting = () =>
            {
                SystemCalls.Waiting = null;
                asked.Set();
            };
            action();
        });
        thread.Start();
        asked.Wait();
        return thread;
    }
}
