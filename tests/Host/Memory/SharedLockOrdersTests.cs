using System;
using System.Linq;
using System.Runtime.InteropServices;
using Skerry.Base.Memory;
using Xunit;

namespace Skerry.Tests.Host.Memory;

/// <summary>The lock that one has alone or CPUs share, in every order of steps that x86 CPUs may take.</summary>
public sealed unsafe class SharedLockOrdersTests(ITestOutputHelper output)
{
    private const ulong Stride = 4 * sizeof(int);
    private const int Words = 24;

    /// <summary>
    /// A capital letter has the lock alone, a small one shares it on a CPU of its own; the number is how often.
    /// </summary>
    [Theory]
    [InlineData("A1 b1 c1")]
    [InlineData("A1 B1 c1")]
    [InlineData("A2 b2")]
    [InlineData("A1 b2 c1")]
    public void NobodyIsInBesideOneAloneAndNobodyPasses(string threads)
    {
        using var orders = new Orders<SteppedMemory>(threads);
        orders.All.Explore(orders.Begin);
        output.WriteLine($"{threads}: {orders.All.States} states");
        Assert.Null(orders.All.Failure);
        Assert.True(orders.All.States > 100);
    }

    /// <summary>The case in which the test above fails: who shares looks for others before they can see him.</summary>
    [Fact]
    public void WithoutTheFenceBothAreIn()
    {
        using var orders = new Orders<UnfencedMemory>("A1 b1");
        orders.All.Explore(orders.Begin);
        Assert.NotNull(orders.All.Failure);
    }

    private sealed class Orders<TMemory> : IDisposable
        where TMemory : struct, ILockMemory
    {
        private readonly int* _words = (int*)NativeMemory.AllocZeroed(Words, sizeof(int));
        private readonly bool[] _isAlone;
        private int _alone;
        private int _sharing;

        public Orders(string threads)
        {
            string[] each = threads.Split(' ');
            _isAlone = [.. each.Select(static thread => char.IsUpper(thread[0]))];
            All = new Interleavings(each.Select((thread, i) => (Action)(() => Run(i, thread[1] - '0'))), _words, Words);
        }

        public Interleavings All { get; }

        // Safety: the lock's two words come first in it, and the CPUs' behind it.
        private SharedLock<TMemory>* Lock => (SharedLock<TMemory>*)_words;

        public void Begin()
        {
            Lock->Initialise((int*)(Lock + 1), Stride, (uint)_isAlone.Length);
            _alone = 0;
            _sharing = 0;
        }

        public void Dispose()
        {
            All.Dispose();
            NativeMemory.Free(_words);
        }

        private void Run(int number, int rounds)
        {
            for (int i = 0; i < rounds; i++)
            {
                if (_isAlone[number])
                {
                    BeAlone();
                }
                else
                {
                    Share((uint)number);
                }
            }
        }

        private void BeAlone()
        {
            Walker self = Walker.Current!;
            Lock->Acquire();
            Assert.Equal((0, 0), (_alone, _sharing));
            Assert.DoesNotContain(All.Waiting, other => other != self && other.Ticket < self.Ticket);
            _alone++;
            self.Pause();
            _alone--;
            self.Ticket = -1;
            Lock->Release();
        }

        private void Share(uint cpu)
        {
            Walker self = Walker.Current!;
            // Whoever waits by now is to go first.
            (Walker Other, int Ticket)[] before = [.. All.Waiting.Select(static other => (other, other.Ticket))];
            foreach ((Walker other, int ticket) in before)
            {
                self.Note((ulong)((ticket << 8) + other.Number));
            }
            int* word = Lock->AcquireShared(cpu);
            Assert.Equal(0, _alone);
            Assert.DoesNotContain(before, asked => _isAlone[asked.Other.Number] && asked.Other.Ticket == asked.Ticket);
            self.Ticket = -1;
            _sharing++;
            self.Pause();
            _sharing--;
            SharedLock<TMemory>.ReleaseShared(word);
        }
    }
}
