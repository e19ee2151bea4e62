using System;
using System.Collections.Generic;
using Skerry.Abi;
using Skerry.Kernel.Objects;
using Xunit;

namespace Skerry.Tests.Host.Kernel;

/// <summary>
/// CPUs wait for the lock in turn, one call each, and a call gives way behind each of its steps: every call ends all the
/// same, however the others use theirs.
/// </summary>
public abstract unsafe class ContendedCalls(uint cpus)
{
    /// <summary>Ten times as many as any of them takes.</summary>
    private const int MostRounds = 5_000;

    /// <summary>All invariants take longer than a round.</summary>
    private const int RoundsBetweenChecks = 100;

    private protected readonly World _world = new(cpus);

    /// <summary>Calls that are to be made again, and word 3, in which some are told from others then.</summary>
    private readonly Dictionary<Worker, ((ulong, ulong, ulong, ulong) Call, ulong Word3)> _left = [];

    /// <summary>One call of a worker, which is ready.</summary>
    /// <returns>Whether it is over; made again after one that is not, it goes on where that stopped.</returns>
    private protected bool Invoke(Worker worker, ulong slot, ulong operation, ulong w0 = 0, ulong w1 = 0, ulong w2 = 0)
    {
        (ulong, ulong, ulong, ulong) call = (slot, operation, w0, w1);
        bool goesOn = _left.Remove(worker, out var left) && left.Call == call;
        _world.SwitchTo(worker.Thread);
        bool isOver = _world.InvokeAmongOthers(worker.Thread, slot, operation, w0, w1, w2, goesOn ? left.Word3 : 0);
        if (!isOver)
        {
            _left.Add(worker, (call, worker.Thread->Word3));
        }
        return isOver;
    }

    private protected bool OnTable(Worker worker, CapTableOperation operation, ulong w0, ulong w1 = 0) =>
        Invoke(worker, World.Own, (ulong)operation, w0, w1);

    private protected bool Revoke(Worker worker, uint slot) => OnTable(worker, CapTableOperation.Revoke, slot);

    private protected bool Copy(Worker worker, uint to, uint source) =>
        OnTable(worker, CapTableOperation.Copy, to, World.Pack(source, 7));

    /// <summary>Copies the last of these that is left, in one call, if there is one and room for another.</summary>
    private protected void CopyOne(Worker worker, uint first, uint room)
    {
        uint source = _world.LastFull(first, room);
        uint to = _world.FirstEmpty(first, room);
        if (source != 0 && to != 0)
        {
            Copy(worker, to, source);
        }
    }

    private protected bool Retype(
        Worker worker,
        uint untyped,
        ObjectType type,
        ulong place,
        uint count = 1,
        uint sizeBits = 0
    ) => Invoke(worker, untyped, (ulong)UntypedOperation.Retype, World.RetypeWord(type, count, sizeBits), place, 1);

    /// <summary>In each round the others make their calls (from round 0 on), and then the victim makes its one.</summary>
    private protected void Ends(Func<bool> call, Action<int> others)
    {
        for (int round = 0; round < MostRounds; round++)
        {
            others(round);
            bool isOver = call();
            if (isOver || round % RoundsBetweenChecks == 0)
            {
                Assert.Empty(Invariants.Broken(_world));
            }
            if (isOver)
            {
                TestContext.Current.TestOutputHelper?.WriteLine($"{round} rounds");
                return;
            }
        }
        Assert.Fail($"not over after {MostRounds} calls");
    }

    private protected static void Good(Status status) => Assert.Equal(Status.Ok, status);
}
